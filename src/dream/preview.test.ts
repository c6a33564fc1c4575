import { describe, expect, test } from 'vitest';
import { flat, waves } from '../../test/pictures.js';
import { arrayRaster, atOnce, type Size } from '../image/index.js';
import * as preview from './preview.js';

const previewOf = (colours: Float32Array, size: Size) => atOnce(preview.previewOf(arrayRaster(colours, size)));

describe('a preview', () => {
  test('of a small picture has every pixel, red, green and blue in turn, 8 bits each', () => {
    const { width, height, rgb } = previewOf(new Float32Array([0, 1, 0.5, -1, 2, 0.2]), { width: 2, height: 1 });
    expect([width, height]).toEqual([2, 1]);
    expect([...rgb]).toEqual([0, 128, 255, 255, 0, 51]);
  });

  test('is at most 512 pixels wide and high, and keeps its proportions', () => {
    const wide = { width: 1030, height: 20 };
    const { width, height, rgb } = previewOf(waves(wide).data, wide);
    expect([width, height, rgb.length]).toEqual([512, 10, 3 * 5120]);
    const tall = { width: 3, height: 4000 };
    expect(previewOf(waves(tall).data, tall)).toMatchObject({ width: 1, height: 512 });
    const full = { width: 512, height: 2 };
    expect(previewOf(waves(full).data, full)).toMatchObject(full);
  });

  test('of one colour is that colour, at any size', () => {
    const { rgb } = previewOf(flat({ width: 700, height: 9 }, 0.4).data, { width: 700, height: 9 });
    expect(new Set(rgb)).toEqual(new Set([102]));
  });
});
