import { describe, expect, test } from 'vitest';
import { largestMagnitude, mean, meanMagnitude, norm, rootMeanSquare, standardDeviation } from '../../test/at-once.js';

const values = new Float32Array([2, -4, 4, 4, -5, 5, 7, -9]);

describe('statistics', () => {
  test('the mean', () => expect(mean(values)).toBe(0.5));

  test('the mean of the magnitudes', () => expect(meanMagnitude(values)).toBe(5));

  test('the norm, and the root of the mean of the squares', () => {
    expect(norm(new Float32Array([2, -4, 4]))).toBe(6);
    expect(rootMeanSquare(new Float32Array([1, -7]))).toBeCloseTo(5, 12);
  });

  test('the largest magnitude, which is 0 where there is nothing', () => {
    expect(largestMagnitude(values)).toBe(9);
    expect(largestMagnitude(new Float32Array())).toBe(0);
  });

  test('the standard deviation is divided by the number of values', () => {
    expect(standardDeviation(new Float32Array([2, 4, 4, 4, 5, 5, 7, 9]))).toBe(2);
  });

  test('a constant does not deviate', () => {
    const constant = new Float32Array(1000).fill(0.1);
    expect(standardDeviation(constant)).toBeLessThan(1e-12);
    expect(mean(constant)).toBeCloseTo(Math.fround(0.1), 12);
  });

  test('a shift leaves the deviation as it is, even a large one', () => {
    const shifted = Float32Array.from({ length: 4096 }, (_, i) => 65536 + (i % 2));
    expect(standardDeviation(shifted)).toBe(0.5);
  });

  test('ten million small values are not lost on a large one', () => {
    const many = new Float32Array(10_000_001).fill(1e-4);
    many[0] = 1e4;
    expect(mean(many) * many.length).toBeCloseTo(1e4 + 1e7 * Math.fround(1e-4), 3);
  });
});
