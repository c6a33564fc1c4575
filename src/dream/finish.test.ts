import { describe, expect, test } from 'vitest';
import { mean } from '../../test/at-once.js';
import { noise, waves } from '../../test/pictures.js';
import {
  arrayRaster,
  atOnce,
  keepColour,
  lumaRaster,
  matchHistogram,
  matchMeanAndDeviation,
  partsOf,
  type Raster,
  wholeOf,
} from '../image/index.js';
import { finish } from './finish.js';
import { dreamOptionsOf } from './presets/index.js';

const size = { width: 17, height: 11 };
const [original, dreamed] = [waves(size).data, noise(size).data];
const [before, after] = [arrayRaster(original, size), arrayRaster(dreamed, size)];
const luma = (colours: Raster) => wholeOf(lumaRaster(colours));
const finished = (values: Readonly<Record<string, unknown>>) =>
  wholeOf(atOnce(finish(after, before, dreamOptionsOf(values))));

describe('the end of a dream', () => {
  test('gives the dream as it is when nothing is asked', () => expect(finished({})).toEqual(dreamed));

  test('of strength 0 is the original, bit for bit, whatever else is asked', () => {
    expect(finished({ strength: 0 })).toEqual(original);
    expect(finished({ strength: 0, keepColour: true, match: 'histogram' })).toEqual(original);
  });

  test('of strength 1 is the dream, bit for bit', () => expect(finished({ strength: 1 })).toEqual(dreamed));

  test('of a strength between lies that part of the way', () => {
    finished({ strength: 0.25 }).forEach((value, i) => {
      expect(value).toBeCloseTo(0.75 * original[i]! + 0.25 * dreamed[i]!, 6);
    });
  });

  test("matches the original's tones as asked", () => {
    expect(finished({ match: 'histogram' })).toEqual(wholeOf(atOnce(matchHistogram(after, before))));
    const expected = atOnce(matchMeanAndDeviation(after, before));
    expect(mean(finished({ match: 'mean-std' }))).toBeCloseTo(mean(partsOf(expected)), 2);
  });

  test('keeps the colours after it has matched the tones', () => {
    const expected = wholeOf(keepColour(atOnce(matchHistogram(after, before)), before));
    finished({ match: 'histogram', keepColour: true, clip: false }).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 6);
    });
  });

  test('with kept colours has the luma of the dream', () => {
    const kept = luma(arrayRaster(finished({ keepColour: true, clip: false }), size));
    const expected = luma(after);
    kept.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 5);
    });
  });

  test('holds what it has made between black and white, when colours are held at all', () => {
    const outside = (values: Float32Array) => values.some((value) => value < 0 || value > 1);
    for (const values of [{ keepColour: true }, { match: 'mean-std', stepSize: 1 }]) {
      expect(outside(finished(values))).toBe(false);
    }
    expect(outside(finished({ keepColour: true, clip: false }))).toBe(true);
  });

  test('leaves the original where a mask is black, bit for bit, and nowhere else', () => {
    const mask = Float32Array.from({ length: size.width * size.height }, (_, i) => (i % 3) / 2);
    const options = dreamOptionsOf({ match: 'mean-std' });
    const result = wholeOf(atOnce(finish(after, before, options, { mask: arrayRaster(mask, size) })));
    const free = finished({ match: 'mean-std' });
    result.forEach((value, i) => {
      expect(value).toBe(mask[i % mask.length] === 0 ? original[i] : free[i]);
    });
  });
});
