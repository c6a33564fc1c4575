import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesOf, flat, noise, waves } from '../../test/pictures.js';
import { ImageError, MemoryError, OptionError } from '../errors.js';
import type { Picture, Size } from '../image/index.js';
import { type Network, toNetwork } from '../models/index.js';
import { loadNetwork } from '../platform/node/models/load-network.js';
import { createNodePlatform, type NodePlatform } from '../platform/node/platform.js';
import type { DreamEvent } from './events.js';
import { type Plan, type PlanLimits, planDream } from './plan.js';
import { dreamOptionsOf } from './presets/index.js';
import { dream, type RunOptions } from './run.js';
import { buildStepGraph } from './step-graph.js';

let platform: NodePlatform;
let network: Network;
beforeAll(async () => {
  [platform, network] = [await createNodePlatform({ threads: 1 }), await loadNetwork()];
});
afterAll(() => platform.close());

type Values = Readonly<Record<string, unknown>>;
type Finished = Extract<DreamEvent, { type: 'finished' }>;
type Step = Extract<DreamEvent, { type: 'step' }>;

/** A dream of few, small steps unless told otherwise. */
function planOf(size: Size, values: Values = {}, limits?: PlanLimits): Plan {
  const few = { layers: 'mixed2', octaves: 1, steps: 2, seed: 1, jitter: 8 };
  return planDream(network, size, dreamOptionsOf({ ...few, ...values }), limits);
}

async function eventsOf(
  picture: Picture,
  values: Values = {},
  options: Partial<RunOptions> = {},
): Promise<DreamEvent[]> {
  const events: DreamEvent[] = [];
  for await (const event of dream(planOf(picture, values), picture, { platform, ...options })) events.push(event);
  return events;
}

const finishOf = (events: readonly DreamEvent[]): Finished => events.at(-1) as Finished;
const stepsOf = (events: readonly DreamEvent[]): Step[] =>
  events.filter((event): event is Step => event.type === 'step');

async function dreamOf(picture: Picture, values: Values = {}, options: Partial<RunOptions> = {}): Promise<Finished> {
  const last = finishOf(await eventsOf(picture, values, options));
  expect(last.type).toBe('finished');
  return last;
}

/** The mean of a layer's activations, as the network computes it for a whole picture. */
async function layerMean({ width, height, data }: Picture, layer: string, values: Values = {}): Promise<number> {
  const { layers, options } = planOf({ width, height }, { ...values, layers: layer });
  const graph = buildStepGraph(network, width, height, { layers, kind: options.objective, border: options.border });
  const session = await platform.createSession(graph.toBytes(platform));
  const feed = { dims: [1, 3, height, width], data: toNetwork(data, network.preprocessing) };
  const { objective } = await session.run({ [graph.inputName]: feed });
  await session.close();
  return objective!.data[0]!;
}

const small: Size = { width: 96, height: 83 };

describe('a step size of 0', () => {
  test.each<[string, Size, Values]>([
    ['one octave', small, {}],
    ['octaves', { width: 151, height: 107 }, { octaves: 4, octaveScale: 1.2 }],
    ['octaves above the picture', { width: 97, height: 83 }, { octaves: 4, octavesAbove: 2, octaveScale: 1.3 }],
    ['only octaves below it', { width: 131, height: 101 }, { octaves: 1, octavesAbove: 0, steps: 1, octaveScale: 1.5 }],
    ['tiles', { width: 141, height: 117 }, { octaves: 2, octaveScale: 1.2, tile: 90, jitter: 32 }],
    ['without clipping', { width: 151, height: 107 }, { octaves: 3, octaveScale: 1.2, clip: false }],
  ])('gives every pixel back: %s', async (_, size, values) => {
    // Noise of 8 bits overshoots as far as anything does when it is resized.
    const picture = noise(size);
    const { picture: dreamed } = await dreamOf(picture, { steps: 1, ...values, stepSize: 0 });
    expect(dreamed).toMatchObject(size);
    expect(bytesOf(dreamed)).toEqual(bytesOf(picture));
  });

  test('without detail gives the picture back as resizing leaves it, in its place', async () => {
    const picture = waves({ width: 151, height: 107 });
    const values = { steps: 1, stepSize: 0, detail: false, octaves: 8, octaveScale: 1.05, octavesAbove: 1 };
    const { picture: dreamed } = await dreamOf(picture, values);
    const differences = dreamed.data.map((value, i) => Math.abs(value - picture.data[i]!));
    const mean = differences.reduce((a, b) => a + b, 0) / differences.length;
    // A shift by half a pixel would change these waves by 0.02 in the mean. Measured: 0.002.
    expect(mean).toBeLessThan(0.004);
  });
});

describe('the same dream', () => {
  const values = { octaves: 2, octaveScale: 1.2, steps: 2, tile: 80, jitter: 16 };
  const picture = waves({ width: 120, height: 104 });

  test('comes of the same seed, to the last bit', async () => {
    const [one, other] = [
      await dreamOf(picture, { ...values, seed: 7 }),
      await dreamOf(picture, { ...values, seed: 7 }),
    ];
    expect(other.picture.data).toEqual(one.picture.data);
    expect(other.objectiveLast).toBe(one.objectiveLast);
  });

  test('does not come of another seed', async () => {
    const [one, other] = [
      await dreamOf(picture, { ...values, seed: 7 }),
      await dreamOf(picture, { ...values, seed: 8 }),
    ];
    expect(bytesOf(other.picture)).not.toEqual(bytesOf(one.picture));
  });

  test('comes again of the seed that was drawn', async () => {
    const events = await eventsOf(picture, { ...values, seed: null });
    const { seed } = events[0] as Extract<DreamEvent, { type: 'started' }>;
    expect(seed).toBeGreaterThanOrEqual(0);
    const again = await dreamOf(picture, { ...values, seed });
    expect(again.picture.data).toEqual(finishOf(events).picture.data);
  });

  test('comes of the plan, whatever was dreamed before with it', async () => {
    const plan = planOf(picture, values);
    const results: Float32Array[] = [];
    for (let i = 0; i < 2; i++) {
      for await (const event of dream(plan, picture, { platform })) {
        if (event.type === 'finished') results.push(event.picture.data);
      }
    }
    expect(results[1]).toEqual(results[0]);
  });

  test('leaves the picture it was given as it was', async () => {
    const before = picture.data.slice();
    await dreamOf(picture, values);
    expect(picture.data).toEqual(before);
  });
});

describe('the objective', () => {
  test('rises, and is what the network says of the result', async () => {
    const picture = waves(small);
    const { objectiveFirst, objectiveLast, picture: dreamed } = await dreamOf(picture, { steps: 6, jitter: 0 });
    expect(objectiveLast).toBeGreaterThan(1.2 * objectiveFirst);
    expect(objectiveFirst).toBeCloseTo(await layerMean(picture, 'mixed2'), 5);
    expect(objectiveLast).toBeCloseTo(await layerMean(dreamed, 'mixed2'), 4);
  });

  test('rises in every step while steps are small', async () => {
    const steps = stepsOf(await eventsOf(waves(small), { steps: 6, jitter: 0, stepSize: 0.002 }));
    const objectives = steps.map(({ objective }) => objective);
    expect(objectives).toEqual(objectives.toSorted((a, b) => a - b));
    expect(new Set(objectives).size).toBe(6);
  });

  test('rises when it is the mean of squares inside a border', async () => {
    const values = { objective: 'mean-square', border: 2, normalize: 'mean-abs', steps: 4, jitter: 0 };
    const { objectiveFirst, objectiveLast } = await dreamOf(waves(small), values);
    expect(objectiveFirst).toBeCloseTo(await layerMean(waves(small), 'mixed2', values), 5);
    expect(objectiveLast).toBeGreaterThan(1.2 * objectiveFirst);
  });

  test('of a negative weight falls', async () => {
    const picture = waves(small);
    const { picture: dreamed } = await dreamOf(picture, { layers: 'mixed2:-1', steps: 4, jitter: 0 });
    expect(await layerMean(dreamed, 'mixed2')).toBeLessThan(0.95 * (await layerMean(picture, 'mixed2')));
  });

  test('of two layers is the weighted sum of their means', async () => {
    const picture = waves(small);
    const { objectiveFirst } = await dreamOf(picture, { layers: 'mixed0:2,mixed2:-0.5', steps: 1, jitter: 0 });
    const [low, high] = [await layerMean(picture, 'mixed0'), await layerMean(picture, 'mixed2')];
    expect(objectiveFirst).toBeCloseTo(2 * low - 0.5 * high, 5);
  });

  test('of two layers rises more in the one that weighs more', async () => {
    const picture = waves(small);
    const rise = async (layers: string, layer: string) => {
      const { picture: dreamed } = await dreamOf(picture, { layers, steps: 4, jitter: 0 });
      return (await layerMean(dreamed, layer)) / (await layerMean(picture, layer));
    };
    expect(await rise('mixed0:3,mixed2:0.1', 'mixed0')).toBeGreaterThan(await rise('mixed0:0.1,mixed2:3', 'mixed0'));
    expect(await rise('mixed0:0.1,mixed2:3', 'mixed2')).toBeGreaterThan(await rise('mixed0:3,mixed2:0.1', 'mixed2'));
  });

  test('ends each octave when it passes its limit, before the picture moves on', async () => {
    const events = await eventsOf(waves(small), { octaves: 2, octaveScale: 1.1, steps: 9, maxObjective: 0.001 });
    expect(stepsOf(events).map(({ octave, step }) => [octave, step])).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect(
      stepsOf(events)
        .map(({ progress01 }) => progress01)
        .at(-1),
    ).toBe(1);
    expect(bytesOf(finishOf(events).picture)).toEqual(bytesOf(waves(small)));
    expect(finishOf(events).stopped).toBeUndefined();
  });

  test('lets the octave run to its end below the limit', async () => {
    const events = await eventsOf(waves(small), { steps: 3, maxObjective: 1e6 });
    expect(stepsOf(events)).toHaveLength(3);
  });
});

describe('a step', () => {
  test('with clipping keeps colours between black and white', async () => {
    const { picture } = await dreamOf(noise(small), { steps: 3, stepSize: 0.5 });
    expect(picture.data.every((value) => value >= 0 && value <= 1)).toBe(true);
    const free = await dreamOf(noise(small), { steps: 3, stepSize: 0.5, clip: false });
    expect(free.picture.data.some((value) => value < 0) && free.picture.data.some((value) => value > 1)).toBe(true);
  });

  test('moves by its size times half the range, times the gradient over its deviation', async () => {
    const picture = flat(small);
    const { picture: dreamed } = await dreamOf(picture, { steps: 1, stepSize: 0.02, jitter: 0, clip: false });
    const moves = dreamed.data.map((value, i) => value - picture.data[i]!);
    const mean = moves.reduce((a, b) => a + b, 0) / moves.length;
    const deviation = Math.sqrt(moves.reduce((sum, move) => sum + (move - mean) ** 2, 0) / moves.length);
    // Colours go from 0 to 1, so half their range is 0.5.
    expect(deviation).toBeCloseTo(0.01, 5);
  });

  test('by the mean magnitude moves by that in the mean', async () => {
    const picture = flat(small);
    const { picture: dreamed } = await dreamOf(picture, {
      ...{ steps: 1, stepSize: 0.02, jitter: 0, clip: false, normalize: 'mean-abs' },
    });
    const mean =
      dreamed.data.reduce((sum, value, i) => sum + Math.abs(value - picture.data[i]!), 0) / dreamed.data.length;
    expect(mean).toBeCloseTo(0.01, 5);
  });
});

describe('sizes', () => {
  test('octaves go from small to large, and the ones that are too small are named', () => {
    const { octaves, leftOut, totalSteps } = planOf(
      { width: 150, height: 100 },
      { octaves: 5, octaveScale: 1.5, steps: 3 },
    );
    const sizes = (list: readonly Size[]) => list.map(({ width, height }) => [width, height]);
    expect(sizes(leftOut)).toEqual([[30, 20]]);
    expect(sizes(octaves)).toEqual([
      [44, 30],
      [67, 44],
      [100, 67],
      [150, 100],
    ]);
    expect(totalSteps).toBe(12);
  });

  test('above the picture are larger, and the result is of its size again', async () => {
    const plan = planOf(small, { octaves: 3, octavesAbove: 1, octaveScale: 1.2 });
    expect(plan.octaves.map(({ width, height }) => [width, height])).toEqual([
      [80, 69],
      [96, 83],
      [115, 100],
    ]);
    const { picture } = await dreamOf(waves(small), { octaves: 3, octavesAbove: 1, octaveScale: 1.2, steps: 1 });
    expect(picture).toMatchObject(small);
    expect(picture.data.length).toBe(3 * 96 * 83);
  });

  test('shrink to the longest side that is asked for, alpha with them, and never grow', async () => {
    const given = { ...waves({ width: 200, height: 150 }), alpha: new Float32Array(200 * 150).fill(0.25) };
    const { picture } = await dreamOf(given, { size: 120, steps: 1 });
    expect([picture.width, picture.height, picture.data.length]).toEqual([120, 90, 3 * 120 * 90]);
    expect(picture.alpha!.length).toBe(120 * 90);
    expect(picture.alpha!.every((value) => Math.abs(value - 0.25) < 1e-6)).toBe(true);
    expect(planOf(small, { size: 500 }).picture).toEqual(small);
  });

  test('that are too small for the network are refused with the size it needs, which then works', () => {
    const attempt = (size: Size) => () => planOf(size, { layers: 'mixed5,mixed7' });
    expect(attempt({ width: 400, height: 40 })).toThrow(
      new ImageError(
        'image/too-small',
        'The picture is 400×40 pixels, expected at least 43×43 for mixed5, mixed7. Use a larger picture or an earlier layer.',
      ),
    );
    expect(attempt({ width: 42, height: 43 })).toThrow(ImageError);
    expect(attempt({ width: 43, height: 43 })().octaves).toHaveLength(1);
  });

  test('of tiles that are too small for the network are refused, not left out', () => {
    const attempt = (tile: number) => () => planOf({ width: 300, height: 200 }, { layers: 'mixed7', tile, octaves: 3 });
    expect(attempt(40)).toThrow(
      new OptionError(
        'option/invalid',
        '--tile: expected at least 58 for mixed7, got 40. Use larger tiles, or an earlier layer.',
      ),
    );
    expect(attempt(58)().octaves).toHaveLength(3);
  });

  test('of octaves may be given, in any order; tiles of the large ones start on the grid of the stride', () => {
    const { octaves } = planOf({ width: 300, height: 150 }, { layers: 'mixed3', octaveSizes: '600,100', tile: 128 });
    expect(octaves.map(({ width, height }) => [width, height])).toEqual([
      [600, 300],
      [100, 50],
    ]);
    expect(octaves[0]!.tiling).toEqual({
      horizontal: { length: 136, count: 6, grid: 16 },
      vertical: { length: 140, count: 3, grid: 16 },
    });
  });

  test('that need more memory than there is are refused with both numbers', () => {
    const attempt =
      (memoryBytes: number, values: Values = {}) =>
      () =>
        planOf({ width: 900, height: 700 }, { layers: 'mixed5', ...values }, { memoryBytes });
    expect(attempt(64e6)).toThrow(MemoryError);
    expect(attempt(64e6)).toThrow(
      /^A dream of 900×700 needs at least about \d{3} MB of memory, 64 MB may be taken\. Use a smaller --size\.$/,
    );
    expect(attempt(64e6, { tile: 512 })).toThrow(
      /^A dream of 900×700 needs about \d{3} MB of memory, 64 MB may be taken\. Use a smaller --tile or --size\.$/,
    );
    const { peakBytes } = attempt(Number.POSITIVE_INFINITY, { tile: 512 })();
    expect(attempt(peakBytes, { tile: 512 })().peakBytes).toBe(peakBytes);
    expect(attempt(peakBytes - 1, { tile: 512 })).toThrow(MemoryError);
    expect(attempt(64e6, { tile: 200 })).toThrow(/ Use a smaller --size\.$/);
  });

  test('has the largest tiles that fit into the memory, where their size is left open', () => {
    const tileFor = (memoryBytes: number) => {
      const plan = planOf({ width: 900, height: 700 }, { layers: 'mixed5' }, { memoryBytes });
      expect(plan.peakBytes).toBeLessThanOrEqual(memoryBytes);
      expect(plan.octaves[0]!.tiling.horizontal.length).toBeLessThanOrEqual(1.125 * plan.options.tile);
      return plan.options.tile;
    };
    expect(tileFor(Number.POSITIVE_INFINITY)).toBe(512);
    const tiles = [500e6, 450e6, 400e6, 380e6].map(tileFor);
    expect(tiles).toEqual([...tiles].toSorted((a, b) => b - a));
    expect(tiles.at(-1)).toBeLessThan(300);
  });

  test('keeps large pictures out of the memory where there is scratch storage', () => {
    const storageOf = (width: number, limits: PlanLimits) => planOf({ width, height: 2000 }, {}, limits).storage;
    expect(storageOf(6000, { scratch: true })).toBe('scratch');
    expect(storageOf(6000, {})).toBe('memory');
    expect(storageOf(600, { scratch: true })).toBe('memory');
    const [large, larger] = [60e6, 120e6].map(
      (pixels) =>
        planOf({ width: pixels / 6000, height: 6000 }, {}, { scratch: true, resultBytesPerPixel: 1 }).peakBytes,
    );
    expect(larger! - large!).toBeLessThan(70e6);
  });
});

describe('transparency', () => {
  test('passes through as it is', async () => {
    const alpha = Float32Array.from({ length: 96 * 83 }, (_, i) => (i % 97) / 96);
    const { picture } = await dreamOf({ ...waves(small), alpha }, { octaves: 2, octaveScale: 1.1, steps: 1 });
    expect(picture.alpha).toEqual(alpha);
    expect('alpha' in (await dreamOf(waves(small), { steps: 1 })).picture).toBe(false);
  });
});

describe('events', () => {
  const values = { octaves: 2, octaveScale: 1.1, steps: 2 };

  test('come in order, with counts that fit', async () => {
    const events = await eventsOf(waves(small), values);
    expect(events.map(({ type }) => type)).toEqual([
      'started',
      ...['octave', 'step', 'step'],
      ...['octave', 'step', 'step'],
      'finished',
    ]);
    expect(events[0]).toEqual({ type: 'started', octaves: 2, totalSteps: 4, seed: 1 });
    expect(events[1]).toEqual({ type: 'octave', octave: 1, width: 87, height: 75 });
    expect(events[4]).toEqual({ type: 'octave', octave: 2, width: 96, height: 83 });
    expect(stepsOf(events).map(({ octave, step, stepsDone }) => [octave, step, stepsDone])).toEqual([
      [1, 1, 1],
      [1, 2, 2],
      [2, 1, 3],
      [2, 2, 4],
    ]);
    expect(finishOf(events).steps).toBe(4);
    expect(finishOf(events).stopped).toBeUndefined();
  });

  test('tell progress that grows to 1, and times that make sense', async () => {
    const steps = stepsOf(await eventsOf(waves(small), values));
    const progress = steps.map(({ progress01 }) => progress01);
    expect(progress[0]).toBeGreaterThan(0);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(new Set(progress).size).toBe(4);
    expect(progress.at(-1)).toBeCloseTo(1, 12);
    // The first octave is smaller than the second: half the steps are less than half of the work.
    expect(progress[1]).toBeLessThan(0.5);
    const elapsed = steps.map(({ elapsedMs }) => elapsedMs);
    expect(elapsed).toEqual(elapsed.toSorted((a, b) => a - b));
    expect(steps.every(({ remainingMs }) => Number.isFinite(remainingMs) && remainingMs >= 0)).toBe(true);
    expect(steps.at(-1)!.remainingMs).toBeCloseTo(0, 3);
  });

  test('can be sent elsewhere as they are', async () => {
    const events = await eventsOf(waves(small), { ...values, steps: 1 }, { previewEveryMs: 0 });
    expect(new Set(events.map(({ type }) => type))).toEqual(
      new Set(['started', 'octave', 'step', 'preview', 'finished']),
    );
    expect(structuredClone(events)).toEqual(events);
  });

  test('show the picture as it stands, as often as asked', async () => {
    const picture = { ...flat(small), data: flat(small).data.map((_, i) => Math.floor(i / (96 * 83)) / 2) };
    const events = await eventsOf(picture, { steps: 3, stepSize: 0 }, { previewEveryMs: 0 });
    const previews = events.filter((event) => event.type === 'preview');
    expect(previews).toHaveLength(3);
    expect(previews[0]).toMatchObject(small);
    expect(previews[0]!.rgb.length).toBe(3 * 96 * 83);
    expect([...previews[0]!.rgb.slice(-6)]).toEqual([0, 128, 255, 0, 128, 255]);
    const rare = await eventsOf(picture, { steps: 3 }, { previewEveryMs: 600_000 });
    expect(rare.some(({ type }) => type === 'preview')).toBe(false);
  });
});

describe('ending early', () => {
  test('by stopping keeps what there is, and tells where it was', async () => {
    const stop = new AbortController();
    const picture = waves(small);
    const events: DreamEvent[] = [];
    const plan = planOf(picture, { octaves: 2, octaveScale: 1.1, steps: 5 });
    for await (const event of dream(plan, picture, { platform, stop: stop.signal })) {
      events.push(event);
      if (event.type === 'step' && event.octave === 1 && event.step === 2) stop.abort();
    }
    const last = finishOf(events);
    expect(last).toMatchObject({ type: 'finished', stopped: { octave: 1, step: 2 }, steps: 2, picture: small });
    expect(stepsOf(events)).toHaveLength(2);
    expect(bytesOf(last.picture)).not.toEqual(bytesOf(picture));
    expect(Number.isFinite(last.objectiveLast)).toBe(true);
  });

  test('by stopping before it began still makes one step', async () => {
    const last = await dreamOf(waves(small), { steps: 5 }, { stop: AbortSignal.abort() });
    expect(last).toMatchObject({ stopped: { octave: 1, step: 1 }, steps: 1 });
  });

  test('by stopping in the last step is not early', async () => {
    const last = await dreamOf(waves(small), { steps: 1 }, { stop: AbortSignal.abort() });
    const { elapsedMs: _, ...expected } = await dreamOf(waves(small), { steps: 1 });
    expect(last).toMatchObject(expected);
    expect(last.stopped).toBeUndefined();
  });

  test('by aborting throws the reason, and nothing is finished', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const events: DreamEvent[] = [];
    const run = async () => {
      for await (const event of dream(planOf(small, { steps: 9 }), waves(small), { platform, signal: abort.signal })) {
        events.push(event);
        if (event.type === 'step' && event.step === 2) abort.abort(reason);
      }
    };
    await expect(run()).rejects.toBe(reason);
    expect(stepsOf(events)).toHaveLength(2);
    expect(events.some(({ type }) => type === 'finished')).toBe(false);
  });

  test('by aborting before it began throws before the first step', async () => {
    const signal = AbortSignal.abort(new Error('never mind'));
    await expect(eventsOf(waves(small), {}, { signal })).rejects.toThrow('never mind');
  });

  test('by leaving the loop closes the session', async () => {
    const open = new Set<number>();
    let sessions = 0;
    const counting: RunOptions['platform'] = {
      ...platform,
      async createSession(model, options) {
        const session = await platform.createSession(model, options);
        const id = sessions++;
        open.add(id);
        const close = () => {
          open.delete(id);
          return session.close();
        };
        return { run: (feeds) => session.run(feeds), close };
      },
    };
    for await (const event of dream(planOf(small), waves(small), { platform: counting })) {
      if (event.type === 'step') {
        expect(open.size).toBe(1);
        break;
      }
    }
    expect([sessions, open.size]).toEqual([1, 0]);

    // Octaves larger than a tile share their graph; the others need one each, one after another.
    const picture = waves({ width: 150, height: 150 });
    const values = { octaves: 3, octaveScale: 1.1, tile: 96, steps: 1 };
    for await (const _ of dream(planOf(picture, values), picture, { platform: counting }))
      expect(open.size).toBeLessThan(2);
    expect(open.size).toBe(0);
  });

  test('because the runtime fails throws what it said', async () => {
    const broken: RunOptions['platform'] = {
      ...platform,
      async createSession() {
        return { run: () => Promise.reject(new Error('no more memory')), close: async () => {} };
      },
    };
    await expect(eventsOf(waves(small), {}, { platform: broken })).rejects.toThrow('no more memory');
  });
});
