import { describe, expect, test } from 'vitest';
import { noise } from '../../test/pictures.js';
import * as colour from './colour.js';
import { arrayRaster, wholeOf } from './raster.js';

/** Y, Cb and Cr of one pixel as ITU-R BT.601 has them, for colours from 0 to 1. */
function yCbCr(colours: Float32Array, pixel: number): readonly [number, number, number] {
  const size = colours.length / 3;
  const [r, g, b] = [colours[pixel]!, colours[size + pixel]!, colours[2 * size + pixel]!];
  const y = 0.299 * r + 0.587 * g + 0.114 * b;
  return [y, (b - y) / 1.772, (r - y) / 1.402];
}

const size = { width: 13, height: 9 };
const rasterOf = (values: Float32Array) => arrayRaster(values, { width: values.length / 3, height: 1 });
const luma = (values: Float32Array) => wholeOf(colour.lumaRaster(rasterOf(values)));
const keepColour = (picture: Float32Array, colours: Float32Array) =>
  wholeOf(colour.keepColour(rasterOf(picture), rasterOf(colours)));

describe('luma', () => {
  test('is 0.299 R + 0.587 G + 0.114 B', () => {
    const { data } = noise(size);
    luma(data).forEach((value, i) => {
      expect(value).toBeCloseTo(yCbCr(data, i)[0], 6);
    });
  });

  test('of a grey is that grey', () => expect(luma(new Float32Array(3).fill(0.25))[0]).toBeCloseTo(0.25, 6));
});

describe('keeping colours', () => {
  test("takes the picture's luma and the other one's Cb and Cr", () => {
    const [picture, colours] = [noise(size, 1).data, noise(size, 2).data];
    const mixed = keepColour(picture, colours);
    for (let i = 0; i < size.width * size.height; i++) {
      const [y, cb, cr] = yCbCr(mixed, i);
      expect(y).toBeCloseTo(yCbCr(picture, i)[0], 5);
      expect(cb).toBeCloseTo(yCbCr(colours, i)[1], 5);
      expect(cr).toBeCloseTo(yCbCr(colours, i)[2], 5);
    }
  });

  test('of a picture and itself changes nothing', () => {
    const { data } = noise(size);
    expect(keepColour(data, data)).toEqual(data);
  });
});
