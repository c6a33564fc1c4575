import { describe, expect, test } from 'vitest';
import { noise } from '../../test/run-model.js';
import { gaussianBlur } from './blur.js';
import type { Size } from './resize.js';

/** Where a mirror at the edges, the edge pixels included, shows a position. */
function mirrored(position: number, size: number): number {
  if (position < 0) return mirrored(-1 - position, size);
  return position < size ? position : mirrored(2 * size - 1 - position, size);
}

/** A Gaussian over the plane, summed pixel by pixel. */
function directBlur(data: Float32Array, { width, height }: Size, sigma: number, radius: number): number[] {
  const weight = (dx: number, dy: number) => Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma));
  return Array.from(data, (_, i) => {
    const [x, y, plane] = [i % width, Math.floor(i / width) % height, Math.floor(i / (width * height))];
    let [sum, total] = [0, 0];
    for (let dy = -radius; dy <= radius; dy++) {
      for (let dx = -radius; dx <= radius; dx++) {
        const at = (plane * height + mirrored(y + dy, height)) * width + mirrored(x + dx, width);
        sum += data[at]! * weight(dx, dy);
        total += weight(dx, dy);
      }
    }
    return sum / total;
  });
}

describe('a Gaussian blur', () => {
  test.each<[string, Size, number, number | undefined]>([
    ['a small sigma', { width: 11, height: 7 }, 0.5, undefined],
    ['a sigma of 1.3', { width: 11, height: 7 }, 1.3, undefined],
    ['a kernel larger than the picture, mirrored more than once', { width: 4, height: 3 }, 4, undefined],
    ['a cut kernel', { width: 11, height: 7 }, 5, 4],
    ['a single row', { width: 9, height: 1 }, 1, undefined],
    ['a single column', { width: 1, height: 9 }, 1, undefined],
  ])('is the direct sum over the mirrored plane: %s', (_, size, sigma, radius) => {
    const data = noise([2 * size.width * size.height]).data;
    const expected = directBlur(data, size, sigma, radius ?? Math.ceil(3 * sigma));
    const blurred = gaussianBlur(data, size, sigma, radius);
    blurred.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 6);
    });
  });

  test('leaves a constant as it is, at the borders too', () => {
    const blurred = gaussianBlur(new Float32Array(3 * 5 * 8).fill(0.7), { width: 5, height: 8 }, 2);
    for (const value of blurred) expect(value).toBeCloseTo(0.7, 6);
  });

  test('keeps the sum, since what a mirror shows is not lost', () => {
    const data = noise([12 * 10]).data;
    const total = (values: Float32Array) => values.reduce((a, b) => a + b, 0);
    expect(total(gaussianBlur(data, { width: 12, height: 10 }, 1.5))).toBeCloseTo(total(data), 4);
  });

  test('with a sigma of 0 copies', () => {
    const data = noise([6]).data;
    const copy = gaussianBlur(data, { width: 3, height: 2 }, 0);
    expect(copy).toEqual(data);
    expect(copy).not.toBe(data);
  });

  test('does not mix planes', () => {
    const data = new Float32Array(2 * 4 * 4).fill(1, 16);
    const blurred = gaussianBlur(data, { width: 4, height: 4 }, 3);
    expect(Math.max(...blurred.slice(0, 16))).toBe(0);
  });
});
