import { describe, expect, test } from 'vitest';
import { noise, waves } from '../../test/pictures.js';
import { modelOf, node } from '../../test/run-model.js';
import { arrayRaster, pictureOf, rasterPictureOf, resize, type Size, wholeOf } from '../image/index.js';
import { Network } from '../models/index.js';
import * as octaves from './octaves.js';
import { type Plan, planDream } from './plan.js';
import { dreamOptionsOf } from './presets/index.js';

const network = new Network(
  modelOf({ inputs: { x: ['N', 3, 'H', 'W'] }, outputs: { y: 4 }, nodes: [node('Relu', ['x'], ['y'])] }),
  { name: 'test.onnx', sha256: '0'.repeat(64) },
);
const [full, half] = [
  { width: 24, height: 18 },
  { width: 12, height: 9 },
];
const planOf = (values: Readonly<Record<string, unknown>> = {}) =>
  planDream(network, full, dreamOptionsOf({ layers: 'y', ...values }));
const originalAtSize = (plan: Plan, values: Float32Array, to: Size) =>
  wholeOf(octaves.originalAtSize(plan, arrayRaster(values, full), to));
const dreamAtSize = (plan: Plan, values: Float32Array, dreamed: Float32Array, from: Size, to: Size) =>
  wholeOf(octaves.dreamAtSize(plan, arrayRaster(values, full), arrayRaster(dreamed, from), to));
// From −1 to 1, with the hardest edges there are.
const original = noise(full).data.map((value) => 2 * value - 1);

describe('a picture', () => {
  test('of the right size stays the very same', () => {
    const picture = rasterPictureOf(waves(full));
    expect(octaves.scaled(picture, full)).toBe(picture);
  });

  test('is scaled with its transparency', () => {
    const picture = { ...waves(full), alpha: new Float32Array(24 * 18).fill(0.5) };
    const { data, alpha, ...size } = pictureOf(octaves.scaled(rasterPictureOf(picture), half));
    expect(size).toEqual(half);
    expect(data).toEqual(resize(picture.data, full, half));
    expect(alpha!.length).toBe(108);
  });
});

describe('the original at another size', () => {
  test('is clipped where the dream is, since resizing overshoots', () => {
    const free = originalAtSize(planOf({ clip: false }), original, half);
    expect(free).toEqual(resize(original, full, half));
    const wide = { width: 60, height: 50 };
    expect(Math.max(...originalAtSize(planOf({ clip: false }), original, wide))).toBeGreaterThan(1);
    expect(Math.max(...originalAtSize(planOf(), original, wide))).toBeLessThanOrEqual(1);
  });
});

describe('a dream at another size', () => {
  test('that has changed nothing is the original of that size, bit for bit', () => {
    const plan = planOf();
    const before = originalAtSize(plan, original, half);
    expect(dreamAtSize(plan, original, before, half, full)).toEqual(original);
  });

  test('is the original of that size plus the change, resized', () => {
    const plan = planOf();
    const before = originalAtSize(plan, original, half);
    const change = noise(half, 2).data;
    const dreamed = before.map((value, i) => value + change[i]!);
    const expected = resize(change, half, full);
    dreamAtSize(plan, original, dreamed, half, full).forEach((value, i) => {
      expect(value).toBeCloseTo(original[i]! + expected[i]!, 5);
    });
  });

  test('without detail is itself resized', () => {
    const dreamed = noise(half, 3).data;
    const result = dreamAtSize(planOf({ detail: false }), original, dreamed, half, full);
    expect(result).toEqual(resize(dreamed, half, full));
  });
});
