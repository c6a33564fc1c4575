import { expect, test } from 'vitest';
import { hartley } from '../../test/at-once.js';
import { nextSmooth } from './fourier.js';

function noise(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(i * 12.9898) * Math.cos(i * 78.233));
}

/** The transform by its definition. */
function bySum(values: Float32Array, width: number, height: number): Float64Array {
  return Float64Array.from(values, (_, at) => {
    const plane = Math.floor(at / (width * height)) * width * height;
    const [v, u] = [Math.floor((at - plane) / width), at % width];
    let sum = 0;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const angle = 2 * Math.PI * ((u * x) / width + (v * y) / height);
        sum += values[plane + y * width + x]! * (Math.cos(angle) + Math.sin(angle));
      }
    }
    return sum / Math.sqrt(width * height);
  });
}

test.each([
  [1, 1, 1],
  [8, 6, 3],
  [5, 9, 2],
  [20, 12, 3],
  [27, 25, 1],
  [32, 1, 3],
  [1, 30, 2],
])('is the sum it is defined by: %i×%i, %i planes', (width, height, planes) => {
  const values = noise(planes * width * height);
  const expected = bySum(values, width, height);
  hartley(values, { width, height }).forEach((value, i) => {
    expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-5);
  });
});

test('is its own inverse', () => {
  const size = { width: 60, height: 45 };
  const values = noise(3 * 60 * 45);
  hartley(hartley(values, size), size).forEach((value, i) => {
    expect(Math.abs(value - values[i]!)).toBeLessThan(1e-6);
  });
});

test('the next smooth size has no factors but 2, 3 and 5', () => {
  expect([1, 2, 7, 11, 13, 97, 600, 601, 1021].map(nextSmooth)).toEqual([1, 2, 8, 12, 15, 100, 600, 625, 1024]);
});
