import { describe, expect, test } from 'vitest';
import { distance, frame } from '../../../../test/movies.js';
import { rgbToYuv420, yuv420Bytes, yuv420Planes, yuvToRgb } from './yuv.js';

const layout = { bits: 8, interleaved: false, matrix: 'bt709', fullRange: false } as const;

// ITU-R BT.709, table 3: what each colour becomes in 8 bits.
test.each([
  ['black', [0, 0, 0], [16, 128, 128]],
  ['white', [255, 255, 255], [235, 128, 128]],
  ['red', [255, 0, 0], [63, 102, 240]],
  ['green', [0, 255, 0], [173, 42, 26]],
  ['blue', [0, 0, 255], [32, 240, 118]],
])('%s', (_, rgb, yuv) => {
  const picture = Uint8Array.from({ length: 5 * 3 * 3 }, (_, i) => rgb[i % 3]!);
  const coded = rgbToYuv420(picture, 5, 3);
  expect(coded).toEqual(
    Uint8Array.from([...Array(15).fill(yuv[0]), ...Array(6).fill(yuv[1]), ...Array(6).fill(yuv[2])]),
  );
  const back = yuvToRgb(coded, yuv420Planes(5, 3), { ...layout, width: 5, height: 3, shiftX: 1, shiftY: 1 });
  expect(Math.max(...back.map((value, i) => Math.abs(value - picture[i]!)))).toBeLessThanOrEqual(1);
});

test.each([
  [91, 61],
  [90, 60],
  [31, 30],
])('%d×%d comes back without a shift of its colours', (width, height) => {
  const { data } = frame(3, width, height);
  const coded = rgbToYuv420(data, width, height);
  expect(coded.length).toBe(yuv420Bytes(width, height));
  const back = yuvToRgb(coded, yuv420Planes(width, height), { ...layout, width, height, shiftX: 1, shiftY: 1 });
  const { mean, bias } = distance(back, data);
  expect(mean).toBeLessThan(1);
  for (const colour of bias) expect(Math.abs(colour)).toBeLessThan(0.5);
});

describe('other layouts', () => {
  test('10 bits, two bytes a sample', () => {
    const samples = Uint16Array.of(64, 940, 512, 512, 512, 512);
    const planes = [
      { offset: 0, stride: 4 },
      { offset: 4, stride: 4 },
      { offset: 8, stride: 4 },
    ];
    const rgb = yuvToRgb(new Uint8Array(samples.buffer), planes, {
      ...layout,
      ...{ width: 2, height: 1, shiftX: 0, shiftY: 0, bits: 10 },
    });
    expect([...rgb]).toEqual([0, 0, 0, 255, 255, 255]);
  });

  test('NV12, full range, BT.601: red as a JPEG has it', () => {
    const bytes = Uint8Array.of(76, 76, 76, 76, 85, 255);
    const planes = [
      { offset: 0, stride: 2 },
      { offset: 4, stride: 2 },
    ];
    const rgb = yuvToRgb(bytes, planes, {
      ...{ width: 2, height: 2, shiftX: 1, shiftY: 1, bits: 8, interleaved: true, matrix: 'bt601', fullRange: true },
    });
    for (let i = 0; i < 12; i += 3) {
      expect(rgb[i]).toBeGreaterThanOrEqual(253);
      expect(Math.max(rgb[i + 1]!, rgb[i + 2]!)).toBeLessThanOrEqual(1);
    }
  });
});
