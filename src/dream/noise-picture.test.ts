import { expect, test } from 'vitest';
import { gaussianBlur } from '../image/index.js';
import { noisePicture } from './noise-picture.js';

const size = { width: 70, height: 54 };

function deviation(values: ArrayLike<number>): number {
  const numbers = Array.from(values);
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  return Math.sqrt(numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length);
}

test('noise is faint, around middle grey, and all of it follows from its seed', () => {
  const { width, height, data } = noisePicture(size, 7);
  expect({ width, height }).toEqual(size);
  expect(data).toHaveLength(3 * 70 * 54);
  expect(noisePicture(size, 7).data).toEqual(data);
  expect(noisePicture(size, 8).data).not.toEqual(data);
  expect(data.reduce((sum, value) => sum + value, 0) / data.length).toBeCloseTo(0.5, 1);
  expect(deviation(data)).toBeGreaterThan(1e-3);
  expect(deviation(data)).toBeLessThan(0.05);
});

test('noise has coarse structure as well as fine, and more light and dark than colour', () => {
  const { data } = noisePicture({ width: 128, height: 128 }, 1);
  const plane = 128 * 128;
  const coarse = gaussianBlur(data, { width: 128, height: 128 }, 8);
  // White noise keeps about a thirtieth of its deviation under such a blur.
  expect(deviation(coarse) / deviation(data)).toBeGreaterThan(0.2);
  const light = Array.from({ length: plane }, (_, i) => data[i]! + data[plane + i]! + data[2 * plane + i]!);
  const colour = Array.from({ length: plane }, (_, i) => data[i]! - data[plane + i]!);
  expect(deviation(light)).toBeGreaterThan(3 * deviation(colour));
});

test('noise has the levels of a 16-bit picture, whatever the last digits of a sine are', () => {
  const levels = noisePicture(size, 3).data.map((value) => value * 65_535);
  expect(levels.every((level) => Math.abs(level - Math.round(level)) < 0.02)).toBe(true);
});
