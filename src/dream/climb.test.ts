import { describe, expect, test } from 'vitest';
import { noise } from '../../test/run-model.js';
import { arrayRaster, atOnce, gaussianBlur, type Size } from '../image/index.js';
import { Climb, type ClimbOptions, hold } from './climb.js';
import { divided, measure, type Normalizer, normalizeBands } from './normalize.js';
import { totalVariationGradient } from './penalty.js';
import { dreamOptionsOf } from './presets/index.js';

const size = { width: 12, height: 9 };
const shape = [3, size.height, size.width];
const gradients = [1, 2, 3].map((seed) => noise(shape, seed).data);
const start = noise(shape, 9).data.map((value) => value / 2);
const plane = size.width * size.height;
const unit = [
  { low: -1, high: 1 },
  { low: -1, high: 1 },
  { low: -1, high: 1 },
];

type Values = Readonly<Record<string, unknown>>;

const normalize = (values: Float32Array, normalizer: Normalizer) =>
  divided(values, atOnce(measure(values, normalizer)));
const createRaster = (of: Size) => arrayRaster(new Float32Array(3 * of.width * of.height), of);

/** What a climb is given besides its options, as values. */
interface Given {
  readonly ranges?: ClimbOptions['ranges'];
  readonly original?: Float32Array;
  readonly mask?: Float32Array;
  readonly steps?: number;
}

/** Where a climb has come after some steps. */
function climbed(values: Values, given: Given = {}): Float32Array {
  const { ranges = unit, original = start, steps = 1, mask } = given;
  const options = dreamOptionsOf({ stepSize: 0.1, normalize: 'none', clip: false, steps, ...values });
  const rasters = {
    original: arrayRaster(original, size),
    ...(mask && { mask: arrayRaster(mask, size) }),
    createRaster,
  };
  const climb = new Climb({ options, size, order: 'RGB', ranges, ...rasters });
  const picture = start.slice();
  for (let step = 0; step < steps; step++) {
    atOnce(climb.move(arrayRaster(picture, size), arrayRaster(gradients[step]!, size), step));
  }
  return picture;
}

function expectMoved(picture: Float32Array, direction: (i: number) => number, digits = 5): void {
  picture.forEach((value, i) => {
    expect(value).toBeCloseTo(start[i]! + direction(i), digits);
  });
}

const [first, second, third] = gradients as [Float32Array, Float32Array, Float32Array];

describe('a step', () => {
  test('moves along the gradient by its size times half the range of each channel', () => {
    const ranges = [
      { low: 0, high: 1 },
      { low: -1, high: 1 },
      { low: -123, high: 132 },
    ];
    const halves = [0.5, 1, 127.5];
    expectMoved(climbed({}, { ranges }), (i) => 0.1 * halves[Math.floor(i / plane)]! * first[i]!);
  });

  test('leaves the gradient as it is', () => {
    const before = first.slice();
    climbed({ smooth: 1, bands: 2, tv: 1, normalize: 'std', optimizer: 'momentum' });
    expect(first).toEqual(before);
  });

  test('normalises', () => {
    const uphill = normalize(first, 'mean-abs');
    expectMoved(climbed({ normalize: 'mean-abs' }), (i) => 0.1 * uphill[i]!);
  });

  test('smooths with the mean of three Gaussians of half, once and twice the sigma', () => {
    const blurred = [0.6, 1.2, 2.4].map((sigma) => gaussianBlur(first, size, sigma));
    const mean = (i: number) => blurred.reduce((sum, values) => sum + values[i]! / 3, 0);
    expectMoved(climbed({ smooth: 1.2 }), (i) => 0.1 * mean(i));
  });

  test('smooths first, levels the bands then, and normalises what comes of it', () => {
    const blurred = [0.5, 1, 2].map((sigma) => gaussianBlur(first, size, sigma));
    const smooth = first.map((_, i) => blurred.reduce((sum, values) => sum + values[i]! / 3, 0));
    const uphill = normalize(atOnce(normalizeBands(smooth, size, 2)), 'std');
    expectMoved(climbed({ smooth: 1, bands: 2, normalize: 'std' }), (i) => 0.1 * uphill[i]!, 4);
  });

  test('gets its size and sigma from their schedules', () => {
    const picture = climbed({ stepSize: 0.2, stepSizeEnd: 0.1 }, { steps: 3 });
    expectMoved(picture, (i) => 0.2 * first[i]! + 0.15 * second[i]! + 0.1 * third[i]!);
    const [slow, fast] = [gaussianBlur(second, size, 0.5), gaussianBlur(second, size, 1)];
    const last = gaussianBlur(second, size, 2);
    const growing = climbed({ smoothEnd: 1 }, { steps: 2 });
    expectMoved(growing, (i) => 0.1 * (first[i]! + (slow[i]! + fast[i]! + last[i]!) / 3));
  });

  test('keeps the memory of its optimizer from step to step, and of no other climb', () => {
    const values = { optimizer: 'momentum', momentum: 0.5 };
    const expected = (i: number) => 0.1 * (1.5 * first[i]! + second[i]!);
    for (let i = 0; i < 2; i++) expectMoved(climbed(values, { steps: 2 }), expected);
  });
});

describe('a penalty', () => {
  test('of total variation is taken off after the gradient was normalised', () => {
    const [uphill, rough] = [normalize(first, 'l2'), totalVariationGradient(start, size)];
    expectMoved(climbed({ normalize: 'l2', tv: 0.5 }), (i) => 0.1 * (uphill[i]! - 0.5 * rough[i]!));
  });

  test('pulls back to the original, in units of half the range', () => {
    const original = noise(shape, 8).data;
    const ranges = unit.map(() => ({ low: 0, high: 4 }));
    const picture = climbed({ pull: 0.25 }, { original, ranges });
    expectMoved(picture, (i) => 0.2 * (first[i]! - (0.25 * (start[i]! - original[i]!)) / 2));
  });

  test('by pulling alone ends at the original', () => {
    const options = dreamOptionsOf({ stepSize: 0.5, normalize: 'none', pull: 1, steps: 40, clip: false });
    const original = noise(shape, 8).data;
    const rasters = { original: arrayRaster(original, size), createRaster };
    const climb = new Climb({ options, size, order: 'RGB', ranges: unit, ...rasters });
    const picture = start.slice();
    for (let step = 0; step < 40; step++) atOnce(climb.move(arrayRaster(picture, size), createRaster(size), step));
    picture.forEach((value, i) => {
      expect(value).toBeCloseTo(original[i]!, 5);
    });
  });

  test('passes through the optimizer with the gradient', () => {
    const values = { optimizer: 'momentum', momentum: 0.5, pull: 1 };
    const direction = (i: number) => {
      const one = first[i]!;
      const two = second[i]! - 0.1 * one;
      return 0.1 * one + 0.1 * (0.5 * one + two);
    };
    expectMoved(climbed(values, { steps: 2 }), direction);
  });
});

describe('a mask', () => {
  test('scales the step of each pixel, in every channel', () => {
    const mask = Float32Array.from({ length: plane }, (_, i) => (i % 5) / 4);
    expectMoved(climbed({}, { mask }), (i) => 0.1 * mask[i % plane]! * first[i]!);
  });

  test('of black everywhere leaves every bit as it is', () => {
    expect(climbed({ tv: 1, normalize: 'std' }, { mask: new Float32Array(plane) })).toEqual(start);
  });
});

describe('clipping', () => {
  test('holds each channel in its own range, after the step', () => {
    const ranges = [
      { low: -1, high: 1 },
      { low: -0.25, high: 0.5 },
      { low: 0, high: 2 },
    ];
    const free = climbed({ stepSize: 2 }, { ranges });
    climbed({ stepSize: 2, clip: true }, { ranges }).forEach((value, i) => {
      const { low, high } = ranges[Math.floor(i / plane)]!;
      expect(value).toBe(Math.min(Math.max(free[i]!, low), high));
    });
  });

  test('is done in place', () => {
    const values = new Float32Array([-2, 0.5, 3]);
    hold(values, { low: -1, high: 1 });
    expect([...values]).toEqual([-1, 0.5, 1]);
  });
});
