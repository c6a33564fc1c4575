import { describe, expect, test } from 'vitest';
import { mean, standardDeviation } from '../../test/at-once.js';
import { noise } from '../../test/run-model.js';
import * as match from './match.js';
import { arrayRaster, wholeOf } from './raster.js';
import { atOnce } from './sliced.js';

const rasterOf = (values: Float32Array, planes: number) =>
  arrayRaster(values, { width: values.length / planes, height: 1 });
const matchMeanAndDeviation = (values: Float32Array, reference: Float32Array, planes: number) =>
  wholeOf(atOnce(match.matchMeanAndDeviation(rasterOf(values, planes), rasterOf(reference, planes))));
const matchHistogram = (values: Float32Array, reference: Float32Array, planes: number) =>
  wholeOf(atOnce(match.matchHistogram(rasterOf(values, planes), rasterOf(reference, planes))));

/** Three planes, each with a spread and a centre of its own. */
function planes(count: number, seed: number): Float32Array {
  return noise([3, count], seed).data.map((value, i) => value * (1 + Math.floor(i / count)) + seed);
}

const planeOf = (values: Float32Array, plane: number) =>
  values.subarray((plane * values.length) / 3, ((plane + 1) * values.length) / 3);

describe('mean and deviation', () => {
  test("become the reference's, plane by plane, whatever its size", () => {
    const [values, reference] = [planes(500, 1), planes(77, 2)];
    const matched = matchMeanAndDeviation(values, reference, 3);
    for (let plane = 0; plane < 3; plane++) {
      expect(mean(planeOf(matched, plane))).toBeCloseTo(mean(planeOf(reference, plane)), 5);
      expect(standardDeviation(planeOf(matched, plane))).toBeCloseTo(standardDeviation(planeOf(reference, plane)), 5);
    }
  });

  test('are reached by moving and stretching alone', () => {
    const matched = matchMeanAndDeviation(new Float32Array([0, 1, 4]), new Float32Array([5, 7, 13]), 1);
    for (const [i, value] of [5, 7, 13].entries()) expect(matched[i]).toBeCloseTo(value, 5);
  });

  test('of a plane of one value: it takes the mean, and nothing is divided by 0', () => {
    const matched = matchMeanAndDeviation(new Float32Array(4).fill(3), new Float32Array([1, 2, 3, 6]), 1);
    expect([...matched]).toEqual([3, 3, 3, 3]);
    expect([...matchMeanAndDeviation(new Float32Array([1, 5]), new Float32Array([2, 2]), 1)]).toEqual([2, 2]);
  });
});

describe('a histogram', () => {
  test("becomes the reference's exactly where the sizes are equal, plane by plane", () => {
    // Not every rank is the same after a division by this size and a multiplication with it.
    const [values, reference] = [planes(1000, 1), planes(1000, 2)];
    const matched = matchHistogram(values, reference, 3);
    for (let plane = 0; plane < 3; plane++) {
      expect(planeOf(matched, plane).toSorted()).toEqual(planeOf(reference, plane).toSorted());
    }
  });

  test('keeps the order of the values', () => {
    const matched = matchHistogram(new Float32Array([0.3, -1, 5, 0.4]), new Float32Array([9, 7, 8, 100]), 1);
    expect([...matched]).toEqual([8, 7, 100, 9]);
  });

  test('of equal values goes by their position', () => {
    const matched = matchHistogram(new Float32Array([1, 1, 0, 1]), new Float32Array([4, 3, 2, 1]), 1);
    expect([...matched]).toEqual([2, 3, 1, 4]);
    const signs = matchHistogram(new Float32Array([0, -0, -1, -2]), new Float32Array([4, 3, 2, 1]), 1);
    expect([...signs]).toEqual([3, 4, 2, 1]);
  });

  test('of another size lies between the ranks of the reference', () => {
    expect([...matchHistogram(new Float32Array([1, 2, 3]), new Float32Array([10, 20]), 1)]).toEqual([10, 15, 20]);
    expect([...matchHistogram(new Float32Array([2, 1]), new Float32Array([10, 20, 60]), 1)]).toEqual([60, 10]);
    expect([...matchHistogram(new Float32Array([2, 1]), new Float32Array([7]), 1)]).toEqual([7, 7]);
    expect([...matchHistogram(new Float32Array([2]), new Float32Array([9, 7]), 1)]).toEqual([7]);
  });

  test('of a picture and itself changes nothing', () => {
    const values = planes(333, 5);
    expect(matchHistogram(values, values, 3)).toEqual(values);
  });
});
