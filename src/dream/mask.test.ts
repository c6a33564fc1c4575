import { describe, expect, test } from 'vitest';
import { noise } from '../../test/pictures.js';
import {
  arrayRaster,
  gaussianBlur,
  lumaRaster,
  type Picture,
  rasterPictureOf,
  type Size,
  wholeOf,
} from '../image/index.js';
import * as mask from './mask.js';

const size = { width: 12, height: 10 };
const maskPlane = (picture: Picture, to: Size, feather: number) =>
  wholeOf(mask.maskPlane(rasterPictureOf(picture), to, feather));
const maskAt = (plane: Float32Array, from: Size, to: Size) => wholeOf(mask.maskAt(arrayRaster(plane, from), to));
/** White on the left, black on the right. */
const halves: Picture = { ...size, data: Float32Array.from({ length: 360 }, (_, i) => (i % 12 < 6 ? 1 : 0)) };

describe('a mask', () => {
  test('is the luma of its picture', () => {
    const picture = noise(size);
    const plane = maskPlane(picture, size, 0);
    const light = wholeOf(lumaRaster(arrayRaster(picture.data, size)));
    plane.forEach((value, i) => {
      expect(value).toBeCloseTo(light[i]!, 6);
    });
  });

  test('is black where its picture is transparent', () => {
    const alpha = Float32Array.from({ length: 120 }, (_, i) => (i < 60 ? 0 : 0.5));
    const plane = maskPlane({ ...size, data: new Float32Array(360).fill(1), alpha }, size, 0);
    expect(new Set(plane.slice(0, 60))).toEqual(new Set([0]));
    for (const value of plane.slice(60)) expect(value).toBeCloseTo(0.5, 6);
  });

  test('takes the size of the picture it is for, and never leaves 0 to 1 where it is resized', () => {
    for (const to of [
      { width: 31, height: 17 },
      { width: 7, height: 9 },
    ]) {
      const planes = [maskPlane(halves, to, 0), maskAt(maskPlane(halves, size, 0), size, to)];
      for (const plane of planes) {
        expect(plane.length).toBe(to.width * to.height);
        expect(plane.every((value) => value >= 0 && value <= 1)).toBe(true);
        expect([plane[0], plane.at(-1)]).toEqual([1, 0]);
      }
    }
  });

  test('is feathered by a Gaussian, in pixels of the picture it is for', () => {
    const to = { width: 24, height: 20 };
    expect(maskPlane(halves, to, 1.5)).toEqual(gaussianBlur(maskPlane(halves, to, 0), to, 1.5));
    const row = maskPlane(halves, to, 1.5).slice(0, 24);
    expect([...row]).toEqual([...row].toSorted((a, b) => b - a));
    expect(row[11]! + row[12]!).toBeCloseTo(1, 5);
  });
});
