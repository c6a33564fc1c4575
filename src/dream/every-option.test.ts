/** Every option and every preset, end to end: with another value the dream is another one, and still a picture. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flat, noise, waves } from '../../test/pictures.js';
import type { Picture } from '../image/index.js';
import type { Network } from '../models/index.js';
import { loadNetwork } from '../platform/node/models/load-network.js';
import { createNodePlatform, type NodePlatform } from '../platform/node/platform.js';
import { type DreamOptions, dreamOptions } from './options.js';
import { planDream } from './plan.js';
import { dreamOptionsOf, presets } from './presets/index.js';
import { dream } from './run.js';

let platform: NodePlatform;
let network: Network;
beforeAll(async () => {
  [platform, network] = [await createNodePlatform({ threads: 1 }), await loadNetwork()];
});
afterAll(() => platform.close());

type Values = Readonly<Partial<Record<keyof DreamOptions, string | number | boolean | null>>>;

const size = { width: 64, height: 54 };
const picture = waves(size);
const base: Values = { layers: 'mixed0', octaves: 2, octaveScale: 1.2, steps: 2, stepSize: 0.05, jitter: 4, seed: 1 };

/** Values to try, for every option there is, each beside what has to be set for it to matter. */
const trials: Readonly<Record<string, readonly Values[]>> = {
  layers: [{ layers: 'mixed0:-1' }, { layers: '*ed1[0-9]' }, { layers: 'mixed1[5]@3,2' }],
  objective: [
    ...['mean-square', 'sum', 'l1', 'l2'].map((objective) => ({ objective, normalize: 'none', layers: 'mixed1' })),
    ...['best-match', 'channel-match', 'product', 'inversion', 'caricature', 'direction'].map((objective) => ({
      objective,
    })),
    ...['best-match', 'inversion', 'direction'].map((objective) => ({ objective, tile: 40 })),
  ],
  guideWeights: [{ objective: 'best-match', guideWeights: '1,-0.5' }],
  unlike: [{ unlike: 5, layers: 'mixed1' }],
  border: [{ border: 2 }],
  relu: [{ relu: 'guided' }, { relu: 'redirected', layers: 'activation_3[3]@9,9' }],
  maxObjective: [{ maxObjective: -1 }],
  steps: [{ steps: 3 }],
  stepSize: [{ stepSize: 0.02 }],
  stepSizeEnd: [{ stepSizeEnd: 0.01 }],
  schedule: [{ schedule: 'cosine', stepSizeEnd: 0.01, steps: 4 }],
  normalize: ['standardize', 'mean-abs', 'rms', 'l2', 'max', 'clip-norm', 'none'].map((normalize) => ({ normalize })),
  bands: [{ bands: 3 }],
  smooth: [{ smooth: 1.5 }],
  smoothEnd: [{ smoothEnd: 2 }],
  optimizer: [{ optimizer: 'momentum' }, { optimizer: 'adam' }],
  momentum: [{ optimizer: 'momentum', momentum: 0.2 }],
  tv: [{ tv: 0.5 }],
  pull: [{ pull: 0.5 }],
  jitter: [{ jitter: 0 }],
  pad: [{ pad: 8 }],
  padWith: [{ pad: 8, padWith: 'grey' }],
  randomScale: [{ randomScale: 0.2 }],
  randomRotate: [{ randomRotate: 30 }, { randomRotate: 30, tile: 40 }],
  space: [{ space: 'fourier' }, { space: 'fourier', optimizer: 'adam' }],
  colour: [{ colour: 'decorrelated' }, { colour: 'decorrelated', space: 'fourier', optimizer: 'adam' }],
  perOctave: [{ perOctave: '1 steps=4' }, { perOctave: 'last layers=mixed1[3; 5] jitter=0; 1-2 step-size=0.02' }],
  clip: [{ clip: false }],
  sigmoid: [{ sigmoid: true }, { sigmoid: true, space: 'fourier', optimizer: 'adam' }],
  seed: [{ seed: 2 }],
  octaves: [{ octaves: 1 }],
  octaveScale: [{ octaveScale: 1.3 }],
  octavesAbove: [{ octavesAbove: 1 }],
  detail: [{ detail: false }],
  octaveSizes: [{ octaveSizes: '50,64' }],
  size: [{ size: 56 }],
  tile: [{ tile: 40 }],
  precision: [{ precision: 'int8' }, { precision: 'int8', tile: 40, objective: 'inversion' }],
  maskFeather: [{ maskFeather: 4 }],
  strength: [{ strength: 0.4 }],
  keepColour: [{ keepColour: true }],
  match: [{ match: 'mean-std' }, { match: 'histogram' }],
};

/** White on the left and black on the right, as a grey picture. */
const mask: Picture = { ...size, data: picture.data.map((_, i) => (i % size.width < 32 ? 1 : 0)) };

/** What guided dreams go by, and a vector over the channels of mixed0. */
const guides = [noise({ width: 80, height: 70 }), flat({ width: 66, height: 90 })];
const direction = Float32Array.from({ length: 256 }, (_, i) => Math.sin(i));

/** Dreams that several options are compared with. */
const known = new Map<string, Float32Array>();

async function comparedWith(values: Values): Promise<Float32Array> {
  const key = JSON.stringify(values);
  const result = known.get(key) ?? (await dreamed(values));
  known.set(key, result);
  return result;
}

async function dreamed(values: Values): Promise<Float32Array> {
  const plan = planDream(network, picture, dreamOptionsOf({ ...base, ...values }), { guides });
  for await (const event of dream(plan, picture, { platform, mask, guides, direction })) {
    if (event.type === 'finished') return event.picture.data;
  }
  return expect.fail('the dream did not finish');
}

describe('every option', () => {
  test('is tried here', () => {
    expect(Object.keys(trials).toSorted()).toEqual(Object.keys(dreamOptions).toSorted());
  });

  test.each(Object.entries(trials).flatMap(([name, list]) => list.map((values) => [name, values] as const)))(
    '%s makes another dream: %j',
    async (name, values) => {
      // What else is set belongs to both dreams, so that the difference is this option's.
      const { [name as keyof Values]: _, ...others } = values;
      const [without, result] = [await comparedWith(others), await dreamed(values)];
      expect(result).not.toEqual(without);
      expect(result.every(Number.isFinite)).toBe(true);
      if (values.clip !== false) expect(result.every((value) => value >= 0 && value <= 1)).toBe(true);
    },
  );

  test.each<Values>([{ octaves: 3 }, { detail: false }, { tv: 0.5, match: 'mean-std' }, { octavesAbove: 1 }])(
    'leaves what is masked black as it was, bit for bit: %j',
    async (values) => {
      const result = await dreamed(values);
      const changed = (x: number) => result.some((value, i) => i % size.width === x && value !== picture.data[i]);
      expect(Array.from({ length: 64 }, (_, x) => changed(x))).toEqual(Array.from({ length: 64 }, (_, x) => x < 32));
    },
  );

  test.each<Values>([
    { optimizer: 'adam', bands: 3, smooth: 1, normalize: 'none', pull: 0.1, layers: 'mixed0[3 8-12],mixed1:0.5' },
    { relu: 'guided', objective: 'l2', normalize: 'standardize', match: 'histogram', tile: 40, keepColour: true },
  ])('together with others comes out the same again, to the last bit: %j', async (values) => {
    expect(await dreamed(values)).toEqual(await dreamed(values));
  });
});

describe('every preset', () => {
  test.each(Object.keys(presets))('%s dreams', async (preset) => {
    const plan = planDream(
      network,
      picture,
      dreamOptionsOf({ preset, octaves: 1, octavesAbove: 0, steps: 1, jitter: 0, seed: 1 }),
    );
    for await (const event of dream(plan, picture, { platform })) {
      if (event.type !== 'finished') continue;
      expect(event.picture.data.every(Number.isFinite)).toBe(true);
      expect(event.picture.data).not.toEqual(picture.data);
      expect(event.objectiveLast).toBeGreaterThan(event.objectiveFirst);
    }
  });
});
