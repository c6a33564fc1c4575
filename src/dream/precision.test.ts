/** Dreams in 8 bits: how near they are to those in float32, and that they are repeatable. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waves } from '../../test/pictures.js';
import { arrayRaster } from '../image/index.js';
import type { Network } from '../models/index.js';
import { loadNetwork } from '../platform/node/models/load-network.js';
import { createNodePlatform, type NodePlatform } from '../platform/node/platform.js';
import type { Platform } from '../platform/platform.js';
import { parseLayers } from './layers.js';
import { createOctaveSession } from './octave-session.js';
import { planDream } from './plan.js';
import { dreamOptionsOf } from './presets/index.js';
import { resolvePrecision } from './resolve-precision.js';
import { dream } from './run.js';
import { SessionCache } from './session-cache.js';
import type { DreamState } from './state.js';
import { buildStepGraph } from './step-graph.js';

let platform: NodePlatform;
let network: Network;
beforeAll(async () => {
  [platform, network] = [await createNodePlatform({ threads: 1 }), await loadNetwork()];
});
afterAll(() => platform.close());

const size = { width: 96, height: 80 };
const picture = waves(size);
const values = { layers: 'mixed1', octaves: 2, octaveScale: 1.3, steps: 3, seed: 1, precision: 'int8' };

test('a step in 8 bits has the objective and the direction of one in float32', async () => {
  const layers = parseLayers('mixed0,mixed3', network);
  const graph = buildStepGraph(network, 128, 112, { layers, kind: 'mean', border: 0 });
  const session = createOctaveSession(new SessionCache(platform), { graph, precision: 'int8' });
  const data = waves({ width: 128, height: 112 }).data.map((value) => 2 * value - 1);
  const step = () =>
    session.step((compiled) => compiled.run({ [network.inputName]: { dims: [1, 3, 112, 128], data: data.slice() } }));
  const [float, bytes] = [await step(), await step()];
  expect(bytes['objective']!.data[0]).toBeCloseTo(float['objective']!.data[0]!, 1);
  expect(bytes['peaks']).toBeDefined();
  const [a, b] = [float['gradient']!.data, bytes['gradient']!.data];
  const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  expect(dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))).toBeGreaterThan(0.7);
  expect(session.ranges().every((range) => Number.isFinite(range) && range >= 0)).toBe(true);
});

async function dreamed(given: object, run: Partial<Parameters<typeof dream>[2]> = {}) {
  const plan = planDream(network, picture, dreamOptionsOf({ ...values, ...given }));
  for await (const event of dream(plan, picture, { platform, ...run })) if (event.type === 'finished') return event;
  return expect.fail('the dream did not finish');
}

describe('a dream in 8 bits', () => {
  test('climbs as high as one in float32, by another way', async () => {
    const [bytes, float] = [await dreamed({ steps: 8 }), await dreamed({ steps: 8, precision: 'float32' })];
    expect(bytes.picture.data).not.toEqual(float.picture.data);
    const gain = (event: typeof bytes): number => event.objectiveLast - event.objectiveFirst;
    expect(gain(bytes)).toBeGreaterThan(0.9 * gain(float));
  });

  test('goes on from any step to the same bytes, and is the same again', async () => {
    const states: DreamState[] = [];
    const checkpoint = async ({ dreamed, optimizer, ...state }: DreamState): Promise<void> => {
      const plane = (index: number) => dreamed.rows(index, 0, dreamed.height).slice();
      const data = Float32Array.from([0, 1, 2].flatMap((index) => [...plane(index)]));
      // As a file keeps it.
      const kept = JSON.parse(JSON.stringify(state)) as typeof state;
      states.push({ ...kept, dreamed: arrayRaster(data, dreamed), optimizer });
    };
    const whole = await dreamed({}, { checkpoint });
    expect(states).toHaveLength(6);
    expect(states.every(({ ranges }) => ranges.length > 0)).toBe(true);
    for (const resumeFrom of [states[1]!, states[3]!]) {
      expect((await dreamed({}, { resumeFrom })).picture.data).toEqual(whole.picture.data);
    }
  });

  test('in tiles, around a mask, stays in float32 where an octave asks for it', async () => {
    const mask = { ...size, data: picture.data.map((_, i) => (i % size.width < 48 ? 1 : 0)) };
    const { picture: result } = await dreamed({ tile: 64, perOctave: '1 precision=float32' }, { mask });
    const changed = (x: number) => result.data.some((value, i) => i % 96 === x && value !== picture.data[i]);
    expect([0, 47, 48, 95].map(changed)).toEqual([true, true, false, false]);
  });
});

test('a plan says what computes in float32 all the same, and why', () => {
  const plan = planDream(network, picture, dreamOptionsOf({ ...values, relu: 'guided', perOctave: '2 relu=plain' }));
  expect(plan.octaves.map(({ precision, graph }) => [precision, graph.floatReason])).toEqual([
    ['float32', 'guided ReLUs have no form in 8 bits'],
    ['int8', undefined],
  ]);
});

describe('the precision auto', () => {
  const options = dreamOptionsOf({ ...values, precision: 'auto' });
  const long = { ...options, steps: 5000, perOctave: '1 steps=1' };

  test('has to be measured before a plan', () => {
    expect(() => planDream(network, picture, options)).toThrow(
      '--precision: auto has to be measured first, which is done for single dreams (resolvePrecision). Choose float32 or int8.',
    );
  });

  test('is float32 for dreams that are over before it is measured', async () => {
    const refusing: Platform = { ...platform, createSession: () => expect.fail('nothing is measured') };
    const resolved = await resolvePrecision(options, { network, picture, platform: refusing });
    expect(resolved).toEqual({ ...options, precision: 'float32' });
  });

  test.each([
    [
      '8 bits where they are faster, but for octaves that are over before',
      'bytes',
      'int8',
      '1 precision=float32; 1 steps=1',
    ],
    ['float32 where that is faster', 'float', 'float32', '1 steps=1'],
  ])('is %s', async (_, faster, precision, perOctave) => {
    const needs = { network, picture, platform: slowedDown(faster === 'bytes') };
    expect(await resolvePrecision(long, needs)).toEqual({ ...long, precision, perOctave });
  });
});

/** The platform with one kind of step made slower than the other. */
function slowedDown(float: boolean): Platform {
  return {
    ...platform,
    async createSession(model) {
      const session = await platform.createSession(model);
      return {
        close: () => session.close(),
        run: async (feeds) => {
          if (!('quantisation' in feeds) === float) await new Promise((resolve) => setTimeout(resolve, 400));
          return session.run(feeds);
        },
      };
    },
  };
}
