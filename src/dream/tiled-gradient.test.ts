import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesOf, flat, noise, waves } from '../../test/pictures.js';
import { arrayRaster, type Picture, type Size, type StoredRaster } from '../image/index.js';
import { type Network, toNetwork } from '../models/index.js';
import { loadNetwork } from '../platform/node/models/load-network.js';
import { createNodePlatform, type NodePlatform } from '../platform/node/platform.js';
import type { FloatTensor, Session } from '../platform/platform.js';
import { shareLayers } from './element-weights.js';
import { planDream } from './plan.js';
import { dreamOptionsOf } from './presets/index.js';
import { drawInteger } from './random.js';
import { dream } from './run.js';
import { buildStepGraph, strideOf } from './step-graph.js';
import * as tiled from './tiled-gradient.js';
import { placeTiles, planTiles, type Stride } from './tiles.js';
import { drawView, type View } from './view.js';

const place = { seed: 5, octave: 1, step: 3 };

interface Gradient {
  readonly objective: number;
  readonly gradient: Float32Array;
}

/** The gradient of values in memory. */
async function tiledGradient(
  session: Session,
  inputName: string,
  values: Float32Array,
  options: Omit<tiled.TiledGradientOptions, 'gradient'>,
): Promise<Gradient> {
  // What was there before does not count.
  const gradient = new Float32Array(values.length).fill(7);
  const [picture, into] = [values, gradient].map((data) => arrayRaster(data, options.size)) as [
    StoredRaster,
    StoredRaster,
  ];
  const objective = await tiled.tiledGradient(session, inputName, picture, { ...options, gradient: into });
  return { objective, gradient };
}

/** What leaves on one side comes in on the other. */
function roll(data: Float32Array, { width, height }: Size, dx: number, dy: number): Float32Array {
  const positive = (position: number, size: number) => ((position % size) + size) % size;
  return data.map((_, i) => {
    const [x, y, channel] = [i % width, Math.floor(i / width) % height, Math.floor(i / (width * height))];
    return data[(channel * height + positive(y - dy, height)) * width + positive(x - dx, width)]!;
  });
}

/** The shift that jitter draws at `place`. */
function drawnShift(jitter: number): { dx: number; dy: number } {
  const draw = (purpose: number) => drawInteger(-jitter, jitter, place.seed, place.octave, place.step, purpose);
  return { dx: draw(0), dy: draw(1) };
}

function rolled(size: Size, jitter: number): View {
  const options = dreamOptionsOf({ jitter });
  return drawView(size, options, [0, 0, 0], place.seed, place.octave, place.step);
}

/** The largest difference from what is expected of each element. */
function worst(got: Float32Array, expected: (i: number) => number): number {
  return got.reduce((most, value, i) => Math.max(most, Math.abs(value - expected(i))), 0);
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((value, i) => {
    ab += value * b[i]!;
    aa += value * value;
    bb += b[i]! * b[i]!;
  });
  return ab / Math.sqrt(aa * bb);
}

describe('the arithmetic of tiles', () => {
  /** A session that answers with `gradient` and counts; what is tested here is where its answers go. */
  function answering(gradient: (tile: FloatTensor) => Float32Array) {
    const tiles: FloatTensor[] = [];
    const session: Session = {
      async run(feeds) {
        const tile = feeds['in']!;
        tiles.push({ dims: tile.dims, data: tile.data.slice() });
        const objective = { dims: [], data: Float32Array.of(tiles.length) };
        return { objective, gradient: { dims: tile.dims, data: gradient(tile) } };
      },
      async close() {},
    };
    return { session, tiles };
  }

  const sizes: (Size & { tile: number; stride: number })[] = [
    { width: 50, height: 40, tile: 0, stride: 1 },
    { width: 129, height: 65, tile: 32, stride: 1 },
    { width: 130, height: 41, tile: 32, stride: 8 },
    { width: 41, height: 200, tile: 32, stride: 16 },
    { width: 97, height: 33, tile: 24, stride: 5 },
    { width: 1, height: 77, tile: 16, stride: 2 },
  ];
  const cases = [0, 3, 32, 4096].flatMap((jitter) => sizes.map((size) => ({ ...size, jitter })));

  async function run(given: (typeof cases)[number], gradient: (tile: FloatTensor) => Float32Array) {
    const picture = noise(given).data;
    const { session, tiles } = answering(gradient);
    const stride: Stride = { horizontal: given.stride, vertical: given.stride };
    const tiling = planTiles(given, given.tile, stride);
    const view = rolled(given, given.jitter);
    const result = await tiledGradient(session, 'in', picture, { size: given, tiling, view, place });
    return { picture, tiling, tiles, ...result };
  }

  test('every pixel gets a gradient, once, to the last row and column', async () => {
    for (const given of cases) {
      const { gradient } = await run(given, ({ data }) => new Float32Array(data.length).fill(1));
      expect(worst(gradient, () => 1)).toBeLessThan(1e-6);
    }
  });

  test('a gradient goes where its pixel came from', async () => {
    for (const given of cases) {
      const { picture, gradient } = await run(given, ({ data }) => data);
      expect(worst(gradient, (i) => picture[i]!)).toBeLessThan(1e-6);
    }
  });

  test('tiles are all of one size and read from the rolled picture', async () => {
    for (const given of cases) {
      const { picture, tiles, tiling } = await run(given, ({ data }) => data);
      const { dx, dy } = drawnShift(given.jitter);
      const moved = roll(picture, given, dx, dy);
      const draws = [place.seed, place.octave, place.step];
      const columns = placeTiles(given.width, tiling.horizontal, ...draws, 2);
      const rows = placeTiles(given.height, tiling.vertical, ...draws, 3);
      const spots = rows.flatMap((row) => columns.map((column) => ({ x: column.start, y: row.start })));
      expect(tiles.length).toBe(spots.length);
      const [w, h] = [tiling.horizontal.length, tiling.vertical.length];
      tiles.forEach(({ dims, data }, index) => {
        expect(dims).toEqual([1, 3, h, w]);
        const { x, y } = spots[index]!;
        const from = (i: number) =>
          (Math.floor(i / (w * h)) * given.height + y + (Math.floor(i / w) % h)) * given.width + x + (i % w);
        expect(worst(data, (i) => moved[from(i)]!)).toBe(0);
      });
    }
  });

  test('the objective is the mean over the tiles', async () => {
    const { objective, tiles } = await run({ ...sizes[1]!, jitter: 0 }, ({ data }) => data);
    expect(objective).toBeCloseTo((tiles.length + 1) / 2, 5);
  });

  test('the picture is not written to', async () => {
    const { picture } = await run({ ...sizes[1]!, jitter: 7 }, ({ data }) => data.fill(9));
    expect(picture).toEqual(noise(sizes[1]!).data);
  });
});

describe('with the built-in network', () => {
  let platform: NodePlatform;
  let network: Network;
  beforeAll(async () => {
    [platform, network] = [await createNodePlatform({ threads: 1 }), await loadNetwork()];
  });
  afterAll(() => platform.close());

  const layers = ['mixed3', 'mixed5'];

  async function gradientOf(
    picture: Float32Array,
    size: Size,
    tile: number,
    stride: Stride,
    jitter = 0,
  ): Promise<Gradient> {
    const tiling = planTiles(size, tile, stride);
    const { horizontal, vertical } = tiling;
    const shared = horizontal.count * vertical.count > 1;
    const objective = { layers: layers.map((name) => ({ name, weight: 1 })), kind: 'mean' as const, border: 0, shared };
    const graph = buildStepGraph(network, horizontal.length, vertical.length, objective);
    const session = await platform.createSession(graph.toBytes(platform));
    const result = await tiledGradient(session, graph.inputName, picture, {
      ...{ size, tiling, place, view: rolled(size, jitter) },
      ...(shared && { shared: shareLayers(network, graph.grids, size, objective) }),
    });
    await session.close();
    return result;
  }

  const values = (picture: Picture) => toNetwork(picture.data, network.preprocessing);
  const none: Stride = { horizontal: 1, vertical: 1 };

  test('its stride is that of the coarsest layer on the way', () => {
    expect(strideOf(network, { width: 299, height: 107 }, ['mixed0'])).toEqual({ horizontal: 8, vertical: 8 });
    expect(strideOf(network, { width: 299, height: 107 }, layers)).toEqual({ horizontal: 16, vertical: 16 });
  });

  test.each([
    ['whole', { width: 101, height: 93 }, 0],
    ['in tiles', { width: 145, height: 117 }, 96],
  ])('jitter is rolling the picture, computing, and rolling back, exactly: %s', async (_, size, tile) => {
    const picture = values(noise(size));
    const stride = { horizontal: 16, vertical: 16 };
    const jittered = await gradientOf(picture, size, tile, stride, 40);
    const { dx, dy } = drawnShift(40);
    expect([dx, dy]).not.toEqual([0, 0]);
    const moved = await gradientOf(roll(picture, size, dx, dy), size, tile, stride);
    expect(jittered.objective).toBe(moved.objective);
    expect(jittered.gradient).toEqual(roll(moved.gradient, size, -dx, -dy));
  });

  // Measured: cosines of 0.976 for waves and 0.983 for noise on the grid, of 0.37 and 0.32 for tiles that start anywhere.
  // What remains is that tiles of 224 do not see as far as the whole picture does.
  test.each([
    ['waves', waves],
    ['noise', noise],
  ])('tiles on the grid of the stride agree with the whole picture: %s', async (_, make) => {
    const size = { width: 363, height: 299 };
    const picture = values(make(size));
    const stride = strideOf(network, size, layers);
    const whole = await gradientOf(picture, size, 0, none);
    const onGrid = await gradientOf(picture, size, 224, stride);
    const anywhere = await gradientOf(picture, size, 224, none);
    expect(cosine(onGrid.gradient, whole.gradient)).toBeGreaterThan(0.95);
    expect(cosine(anywhere.gradient, whole.gradient)).toBeLessThan(0.6);
    expect(Math.abs(onGrid.objective / whole.objective - 1)).toBeLessThan(0.1);
  });

  /**
   * How much the dream changed pixels in a band of ±2 px along lines, compared with pixels away from all of these
   * lines. `edges` are where tiles begin and end, `fades` the middles between two tiles, in the first step.
   */
  async function bands(given: Picture, jitter: number): Promise<{ edges: number; fades: number }> {
    const options = dreamOptionsOf({ octaves: 1, steps: 5, seed: 1, layers: layers.join(), tile: 128, jitter });
    const plan = planDream(network, given, options);
    const { horizontal } = plan.octaves[0]!.tiling;
    expect(horizontal.count).toBe(3);
    const starts = placeTiles(given.width, horizontal, 1, 0, 0, 2).map(({ start }) => start);
    const around = (lines: number[]) => new Set(lines.flatMap((line) => [line - 2, line - 1, line, line + 1]));
    const inner = starts.slice(1);
    const edges = around([...inner, ...starts.slice(0, -1).map((start) => start + horizontal.length)]);
    const fades = around(inner.map((start, i) => Math.round((start + starts[i]! + horizontal.length) / 2)));

    let dreamed: Picture | undefined;
    for await (const event of dream(plan, given, { platform })) if (event.type === 'finished') dreamed = event.picture;
    const { width, height } = given;
    const sums = { edges: [0, 0], fades: [0, 0], elsewhere: [0, 0] };
    dreamed!.data.forEach((value, i) => {
      const at = [i % width, Math.floor(i / width) % height];
      // The outermost pixels of a picture always change less: fewer elements of the network see them.
      if (at.some((position) => position < 32 || position >= width - 32)) return;
      const change = Math.abs(value - given.data[i]!);
      const add = (band: keyof typeof sums) => {
        sums[band][0]! += change;
        sums[band][1]! += 1;
      };
      const [onEdge, inFade] = [edges, fades].map((lines) => at.some((position) => lines.has(position)));
      if (onEdge) add('edges');
      if (inFade) add('fades');
      if (!onEdge && !inFade) add('elsewhere');
    });
    const [edge, fade, elsewhere] = [sums.edges, sums.fades, sums.elsewhere].map(([sum, count]) => sum! / count!);
    return { edges: edge! / elsewhere!, fades: fade! / elsewhere! };
  }

  // Tiles of 128 are smaller than what one element of these layers sees: whatever lies beyond a tile's edge is missed
  // most here, and what is left of borders is at its worst. It is a soft change as wide as the overlap, not a line.
  test.each([
    { kind: 'flat grey', make: flat, jitter: 0 },
    { kind: 'flat grey', make: flat, jitter: 32 },
    { kind: 'noise', make: noise, jitter: 0 },
    { kind: 'noise', make: noise, jitter: 32 },
  ])('tiles leave no lines: $kind, jitter $jitter', async ({ make, jitter }) => {
    const { edges, fades } = await bands(make({ width: 300, height: 300 }), jitter);
    expect(Math.abs(edges - 1)).toBeLessThan(0.15);
    expect(fades).toBeGreaterThan(0.75);
    expect(fades).toBeLessThan(1.4);
  });
});

test('test pictures are what they say', () => {
  expect(new Set(bytesOf(noise({ width: 99, height: 99 }))).size).toBe(256);
});
