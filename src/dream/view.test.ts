import { describe, expect, test } from 'vitest';
import { noise } from '../../test/run-model.js';
import { arrayRaster, atOnce, type StoredRaster } from '../image/index.js';
import { drawView, type Rectangle, type View, type ViewOptions, viewSize } from './view.js';
import { warpedView } from './warped-view.js';

const size = { width: 19, height: 13 };
const picture = noise([3, size.height, size.width], 1).data;
const raster = arrayRaster(picture, size);
const read = (view: View, from: StoredRaster, rectangle: Rectangle) => atOnce(view.read(from, rectangle));
const still: ViewOptions = { jitter: 0, pad: 0, padWith: 'mirror', randomScale: 0, randomRotate: 0 };
const middles = [0.1, 0.2, 0.3];
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const ones = (length: number) => new Float32Array(length).fill(1);

const cases: Partial<ViewOptions>[] = [
  {},
  { jitter: 9 },
  { pad: 5 },
  { pad: 5, padWith: 'grey', jitter: 3 },
  { randomScale: 0.4 },
  { randomRotate: 40, padWith: 'grey' },
  { pad: 30, randomScale: 0.2, randomRotate: 90, jitter: 8 },
];

describe.each(cases)('a view: %j', (options) => {
  const given = { ...still, ...options };
  const view = drawView(size, given, middles, 3, 0, 1);
  const whole = { left: 0, top: 0, ...viewSize(size, given) };

  test('is the same again in the same step', () => {
    expect(read(drawView(size, given, middles, 3, 0, 1), raster, whole)).toEqual(read(view, raster, whole));
  });

  test('writes a gradient by the transpose of reading', () => {
    const nothing = read(view, arrayRaster(new Float32Array(picture.length), size), whole);
    const seen = read(view, raster, whole).map((value, i) => value - nothing[i]!);
    const gradient = noise([seen.length], 2).data;
    const back = new Float32Array(picture.length);
    const weights = { columns: ones(whole.width), rows: ones(whole.height) };
    atOnce(view.add(arrayRaster(back, size), whole, gradient, weights));
    expect(Math.abs(dot(seen, gradient) - dot(picture, back))).toBeLessThan(1e-3);
  });

  test('shows in a rectangle what it shows there as a whole', () => {
    const part = { left: 4, top: 3, width: 8, height: 6 };
    const all = read(view, raster, whole);
    read(view, raster, part).forEach((value, i) => {
      const [x, y, channel] = [i % 8, Math.floor(i / 8) % 6, Math.floor(i / 48)];
      expect(value).toBe(all[(channel * whole.height + 3 + y) * whole.width + 4 + x]);
    });
  });
});

describe('a warp', () => {
  const warp = { view: size, shiftX: 0, shiftY: 0, scale: 1, angle: 0, around: 'mirror' } as const;
  const rectangle = { left: 0, top: 0, ...size };
  const at = (values: Float32Array, x: number, y: number) => values[y * size.width + x];

  test('that does nothing shows the picture itself', () => {
    expect(read(warpedView(size, warp), raster, rectangle)).toEqual(picture);
  });

  test('shifts to the right and down', () => {
    const seen = read(warpedView(size, { ...warp, shiftX: 2, shiftY: 3 }), raster, rectangle);
    expect(at(seen, 7, 9)).toBe(at(picture, 5, 6));
    // What comes in is the picture mirrored at its edge.
    expect(at(seen, 1, 9)).toBe(at(picture, 0, 6));
    expect(at(seen, 0, 9)).toBe(at(picture, 1, 6));
  });

  test('turns to the right about the centre, and half around is upside down', () => {
    const half = read(warpedView(size, { ...warp, angle: Math.PI }), raster, rectangle);
    expect(at(half, 3, 2)).toBeCloseTo(at(picture, 15, 10)!, 5);
    const square = { width: 13, height: 13 };
    const quarter = warpedView(square, { ...warp, view: square, angle: Math.PI / 2 });
    const values = noise([3, 13, 13], 3).data;
    const turned = read(quarter, arrayRaster(values, square), { left: 0, top: 0, ...square });
    // The left end of the top row comes to the top of the right column.
    expect(turned[12]).toBeCloseTo(values[0]!, 5);
  });

  test('shows the picture larger', () => {
    const seen = read(warpedView(size, { ...warp, scale: 3 }), raster, rectangle);
    expect(at(seen, 9, 6)).toBeCloseTo(at(picture, 9, 6)!, 6);
    expect(at(seen, 12, 9)).toBeCloseTo(at(picture, 10, 7)!, 5);
  });

  test('shows grey around a picture, which no gradient reaches', () => {
    const view = warpedView(size, { ...warp, view: { width: 23, height: 17 }, around: middles });
    const seen = read(view, raster, { left: 0, top: 0, width: 2, height: 2 });
    middles.forEach((middle, channel) => {
      expect(seen[4 * channel]).toBeCloseTo(middle, 6);
    });
    expect(read(view, raster, { left: 2, top: 2, ...size })).toEqual(picture);
  });
});
