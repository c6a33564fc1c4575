import { describe, expect, test } from 'vitest';
import { standardDeviation } from '../../test/at-once.js';
import { noise, waves } from '../../test/pictures.js';
import { composed, inverse, seen, viewOf } from './move-camera.js';

const still = { zoom: 1, rotate: 0, panX: 0, panY: 0 };
const size = { width: 33, height: 20 };

/** The largest difference of two pictures, but for some pixels along the border. */
function difference(one: Float32Array, other: Float32Array, border = 0, { width, height } = size): number {
  let most = 0;
  one.forEach((value, i) => {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    const inside = x >= border && y >= border && x < width - border && y < height - border;
    if (inside) most = Math.max(most, Math.abs(value - other[i]!));
  });
  return most;
}

describe('what the camera sees', () => {
  test('is the very same picture when it does not move', () => {
    const picture = noise(size);
    expect(seen(picture, viewOf(still))).toEqual(picture);
  });

  test('moves by whole pixels without a change, and is mirrored beyond the border', () => {
    const { data } = noise(size);
    const { width, height } = size;
    const moved = seen({ ...size, data }, viewOf({ ...still, panX: 3, panY: -2 }));
    const at = (x: number, y: number, channel: number): number => data[(channel * height + y) * width + x]!;
    for (const [x, y, channel] of [
      [0, 2, 0],
      [29, 19, 1],
      [12, 9, 2],
    ] as const) {
      expect(moved.data[(channel * height + y) * width + x]).toBe(at(x + 3, y - 2, channel));
    }
    expect(moved.data[5 * width + width - 1]).toBe(at(width - 3, 3, 0));
    expect(moved.data[10]).toBe(at(13, 1, 0));
  });

  test('turns clockwise by quarters without a change', () => {
    const square = noise({ width: 12, height: 12 });
    const turned = seen(square, viewOf({ ...still, rotate: 90 }));
    const expected = square.data.map((_, i) => {
      const [x, y, plane] = [i % 12, Math.floor(i / 12) % 12, Math.floor(i / 144) * 144];
      return square.data[plane + (11 - x) * 12 + y]!;
    });
    expect(difference(turned.data, expected, 0, { width: 12, height: 12 })).toBeLessThan(1e-6);
  });

  test('comes closer about the middle: a ramp becomes flatter there', () => {
    const ramp = Float32Array.from({ length: 3 * 33 * 20 }, (_, i) => ((i % 33) - 16) / 40);
    const close = seen({ ...size, data: ramp }, viewOf({ ...still, zoom: 1.25 }));
    expect(
      difference(
        close.data,
        ramp.map((value) => value / 1.25),
      ),
    ).toBeLessThan(1e-6);
  });

  test('of a move and its way back is the picture again', () => {
    const picture = waves({ width: 64, height: 48 });
    const view = viewOf({ zoom: 1.03, rotate: 4, panX: 1.5, panY: -0.75 });
    const back = seen(seen(picture, view), inverse(view));
    expect(difference(back.data, picture.data, 8, picture)).toBeLessThan(0.02);
    const nowhere = composed(view, inverse(view));
    for (const [name, value] of Object.entries(nowhere)) {
      expect(value).toBeCloseTo(name === 'xx' || name === 'yy' ? 1 : 0, 12);
    }
  });

  test('of two moves is one view of the picture', () => {
    const picture = waves({ width: 64, height: 48 });
    const [one, other] = [
      viewOf({ zoom: 1.1, rotate: 7, panX: 2, panY: 0 }),
      viewOf({ ...still, zoom: 1.05, panY: 3 }),
    ];
    const twice = seen(seen(picture, one), other);
    const once = seen(picture, composed(other, one));
    expect(difference(once.data, twice.data, 10, picture)).toBeLessThan(0.02);
  });

  test('from afar is calm: noise becomes grey instead of other noise', () => {
    const picture = noise({ width: 64, height: 64 });
    const afar = seen(picture, viewOf({ ...still, zoom: 0.25 }));
    expect(standardDeviation(afar.data)).toBeLessThan(0.4 * standardDeviation(picture.data));
  });
});
