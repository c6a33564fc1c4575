import { describe, expect, test } from 'vitest';
import { mergePyramid, splitPyramid } from '../../test/at-once.js';
import { noise } from '../../test/run-model.js';

function expectClose(values: Float32Array, expected: readonly number[], digits: number): void {
  expect(values.length).toBe(expected.length);
  values.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, digits);
  });
}

describe('a Laplacian pyramid', () => {
  test.each([
    [16, 16, 4],
    [23, 17, 3],
    [5, 40, 5],
    [1, 1, 2],
    [2, 1, 1],
  ])('merged again is what was split: %i×%i in %i bands', (width, height, levels) => {
    const { data } = noise([3, height, width]);
    const bands = splitPyramid(data, { width, height }, levels);
    expect(bands).toHaveLength(levels + 1);
    expectClose(mergePyramid(bands), [...data], 6);
  });

  test('halves each side, rounded up', () => {
    const bands = splitPyramid(new Float32Array(3 * 23 * 10), { width: 23, height: 10 }, 3);
    expect(bands.map(({ width, height, data }) => [width, height, data.length])).toEqual([
      [23, 10, 690],
      [12, 5, 180],
      [6, 3, 54],
      [3, 2, 18],
    ]);
  });

  test('has nothing of a constant in its fine bands, away from the borders', () => {
    const [band, rest] = splitPyramid(new Float32Array(20 * 20).fill(0.8), { width: 20, height: 20 }, 1);
    for (let y = 5; y < 15; y++) {
      for (let x = 5; x < 15; x++) expect(band!.data[y * 20 + x]).toBeCloseTo(0, 6);
    }
    expect(rest!.data[5 * 10 + 5]).toBeCloseTo(0.8, 6);
  });

  test('does not mix planes', () => {
    const data = new Float32Array(2 * 8 * 8).fill(1, 64);
    for (const band of splitPyramid(data, { width: 8, height: 8 }, 2)) {
      expect(Math.max(...band.data.slice(0, band.data.length / 2).map(Math.abs))).toBe(0);
    }
  });

  test("is that of TensorFlow's tutorial of 2016, as NumPy computes its lap_split", () => {
    const [width, height] = [7, 6];
    const data = Float32Array.from({ length: width * height }, (_, i) => {
      const [y, x] = [Math.floor(i / width), i % width];
      return ((3 * y * y + 5 * x + 2 * y * x) % 11) / 10;
    });
    const [fine, middle, rest] = splitPyramid(data, { width, height }, 2);
    // One row of numbers a line of the picture.
    const expectedFine = [
      [-0.151221, 0.273535, 0.723901, 0.125195, 0.66189, 0.118457, 0.682715],
      [0.030322, 0.599023, 0.11413, -0.280786, 0.485278, 0.183325, -0.105817],
      [-0.222607, 0.528418, 0.237012, 0.050879, -0.068335, -0.158984, -0.236841],
      [0.173096, 0.031494, -0.050305, -0.02998, 0.052209, 0.156006, 0.27063],
      [0.100537, 0.178027, 0.309326, 0.526465, -0.301929, -0.007227, 0.297583],
      [0.665039, -0.126563, 0.222601, 0.632593, -0.015112, 0.460962, -0.154181],
    ];
    const expectedMiddle = [
      [0.173704, 0.391793, 0.295914, 0.091096],
      [0.210963, 0.39671, 0.250385, 0.089218],
      [0.149972, 0.245418, 0.175171, 0.035349],
    ];
    expectClose(fine!.data, expectedFine.flat(), 5);
    expectClose(middle!.data, expectedMiddle.flat(), 5);
    expectClose(rest!.data, [0.299791, 0.165781, 0.265733, 0.143716], 5);
  });
});
