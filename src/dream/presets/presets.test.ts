/** What presets promise: the numbers as they were published, typed in from the sources, not from the preset files. */
import { describe, expect, test } from 'vitest';
import { parseOptions } from '../option.js';
import { type DreamOptions, dreamOptions } from '../options.js';
import { dreamOptionsOf } from './index.js';

describe('presets of the first hour', () => {
  test('article: three layers with weight 1, 100 steps of 0.01 of [−1, 1], by the deviation, one scale', () => {
    expect(dreamOptionsOf({ preset: 'article' })).toMatchObject({
      layers: 'mixed3,mixed5,mixed7',
      objective: 'mean',
      border: 0,
      maxObjective: null,
      steps: 100,
      stepSize: 0.01,
      normalize: 'std',
      octaves: 1,
      octavesAbove: 0,
      jitter: 0,
      clip: true,
      size: 0,
    });
  });

  test("tensorflow: the tutorial's octaves −2 to 2 of 1.3, 50 steps of 0.01 each, by the deviation", () => {
    expect(dreamOptionsOf({ preset: 'tensorflow' })).toMatchObject({
      layers: 'mixed3,mixed5',
      objective: 'mean',
      border: 0,
      maxObjective: null,
      steps: 50,
      stepSize: 0.01,
      normalize: 'std',
      octaves: 5,
      octaveScale: 1.3,
      octavesAbove: 2,
      detail: false,
      jitter: 0,
      clip: true,
    });
  });

  test("keras: the example's four weighted layers, squares without a border of 2, 20 steps, 3 octaves of 1.4", () => {
    expect(dreamOptionsOf({ preset: 'keras' })).toMatchObject({
      layers: 'mixed4:1.0,mixed5:1.5,mixed6:2.0,mixed7:2.5',
      objective: 'mean-square',
      border: 2,
      maxObjective: 15,
      steps: 20,
      stepSize: 0.01,
      normalize: 'mean-abs',
      octaves: 3,
      octaveScale: 1.4,
      octavesAbove: 0,
      detail: true,
      jitter: 0,
      clip: false,
    });
  });

  test("google: the notebook's step of 1.5 of 255, 10 steps, 4 octaves of 1.4, jitter 32, by the mean magnitude", () => {
    const options = dreamOptionsOf({ preset: 'google' });
    expect(options).toMatchObject({
      objective: 'mean-square',
      border: 0,
      maxObjective: null,
      steps: 10,
      normalize: 'mean-abs',
      octaves: 4,
      octaveScale: 1.4,
      octavesAbove: 0,
      detail: true,
      jitter: 32,
      clip: true,
    });
    // Half the range from 0 to 255 is 127.5.
    expect(options.stepSize * 127.5).toBeCloseTo(1.5, 12);
  });
});

/** Expects a preset to differ from the defaults in these options and in no others. Steps are in units of 0 to 255. */
function expectExactly(preset: string, { step, ...expected }: Partial<DreamOptions> & { step: number }): void {
  const { stepSize, ...options } = dreamOptionsOf({ preset });
  const { stepSize: _, ...defaults } = parseOptions(dreamOptions, {});
  expect(options).toEqual({ ...defaults, ...expected });
  // Half the range from 0 to 255 is 127.5.
  expect(stepSize * 127.5).toBeCloseTo(step, 10);
}

describe('preset', () => {
  const squares = { layers: 'mixed4', objective: 'mean-square', normalize: 'mean-abs' } as const;

  test('tensorflow-2016: squares, mean |g|, 10 steps of 1.5, 4 octaves of 1.4, tiles of 512 shifted by up to 512', () => {
    expectExactly('tensorflow-2016', { ...squares, step: 1.5, steps: 10, jitter: 256, clip: false });
  });

  test('lapnorm: 4 bands, 10 steps of 1.0, 3 octaves of 1.4 from the size of the picture up', () => {
    expectExactly('lapnorm', {
      ...{ layers: 'mixed5', normalize: 'none', bands: 4, step: 1, steps: 10 },
      ...{ octaves: 3, octavesAbove: 2, detail: false, jitter: 256, clip: false },
    });
  });

  test('deepdreamvideo: 5 iterations of 1.5, 4 octaves of 1.5, jitter 32', () => {
    expectExactly('deepdreamvideo', { ...squares, step: 1.5, steps: 5, octaveScale: 1.5 });
  });

  test('deepdreamanim: 10 iterations of 1.5, 4 octaves of 1.5, jitter 32', () => {
    expectExactly('deepdreamanim', { ...squares, step: 1.5, steps: 10, octaveScale: 1.5 });
  });

  test('crowsonkb: norms, mean |g|, 10 steps of 1.0, two scales an octave, not clipped', () => {
    const octaves = { octaves: 7, octaveScale: Math.SQRT2 };
    expectExactly('crowsonkb', { ...squares, objective: 'l2', step: 1, steps: 10, ...octaves, clip: false });
    // From a short side of 1024 down to 128.
    expect(1024 / octaves.octaveScale ** (octaves.octaves - 1)).toBeCloseTo(128, 6);
  });

  // lr 0.09 counts in ImageNet's deviations of 0.229, 0.224 and 0.225 of the range from 0 to 1.
  const lr = (0.09 * 255 * (0.229 + 0.224 + 0.225)) / 3;
  // ((i + 1) / 10) × 2 + 0.5 for the first and the last of 10 iterations.
  const smoothing = { normalize: 'standardize', smooth: 0.7, smoothEnd: 2.5 } as const;
  const pyramid = { octaves: 4, octaveScale: 1.8, detail: false, jitter: 32 };

  test('gordic: squares, smoothed by 0.7 to 2.5, standardized, 10 steps of 0.09 deviations, 4 levels of 1.8', () => {
    const layers = { layers: 'mixed2', objective: 'mean-square' } as const;
    expectExactly('gordic', { ...layers, ...smoothing, ...pyramid, step: lr, steps: 10 });
  });

  test('mlx: the same on Mixed_5d and Mixed_6e of InceptionV3', () => {
    const layers = { layers: 'mixed2,mixed7', objective: 'mean-square' } as const;
    expectExactly('mlx', { ...layers, ...smoothing, ...pyramid, step: lr, steps: 10 });
  });

  test('hvass: squares, smoothed by 4 i / 10 + 0.5, 10 steps of 3.0, 4 repeats at 0.7, tiles of 400', () => {
    expectExactly('hvass', {
      ...{ layers: 'mixed4', objective: 'mean-square', smooth: 0.5, smoothEnd: (4 * 9) / 10 + 0.5, step: 3, steps: 10 },
      ...{ octaves: 5, octaveScale: 1 / 0.7, detail: false, jitter: 100, tile: 400, clip: false, keepColour: true },
    });
  });

  test('neural-dream: Adam at 1.5 on 1000 times the norm, 2 octaves of 0.6 with 50 steps each', () => {
    expectExactly('neural-dream', {
      ...{ layers: 'mixed5:1000', objective: 'l2', normalize: 'none', optimizer: 'adam', step: 1.5, steps: 50 },
      ...{ octaves: 2, octaveScale: 1 / 0.6, detail: false, clip: false },
    });
  });

  test('tfjs: sums, by the RMS, 80 iterations of 1.0, one scale, clipped', () => {
    const layers = { layers: 'mixed3', objective: 'sum', normalize: 'rms' } as const;
    expectExactly('tfjs', { ...layers, step: 1, steps: 80, octaves: 1, jitter: 0 });
  });

  test('lucid: Adam at 0.05 on the spectrum, 512 steps, pad 12, jitter 8, scales of 0.9 to 1.1, turns of 10 degrees', () => {
    const { stepSize, ...options } = dreamOptionsOf({ preset: 'lucid' });
    expect(stepSize).toBe(0.05);
    expect(options).toMatchObject({
      ...{
        layers: 'mixed4',
        objective: 'mean-square',
        relu: 'redirected',
        normalize: 'none',
        optimizer: 'adam',
        steps: 512,
      },
      ...{ space: 'fourier', colour: 'decorrelated', sigmoid: true, octaves: 1 },
      ...{ jitter: 8, pad: 12, padWith: 'grey', randomScale: 0.1, randomRotate: 10 },
    });
  });
});
