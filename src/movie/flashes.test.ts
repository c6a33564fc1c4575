import { describe, expect, test } from 'vitest';
import { flat } from '../../test/pictures.js';
import type { Picture } from '../image/index.js';
import { FlashMeter } from './flashes.js';

const size = { width: 48, height: 36 };

/** sRGB of a relative luminance. */
function shade(light: number): number {
  return light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
}

/** A grey picture, in a part of which, from the left top corner, the light is another. */
function picture(light: number, part: { width: number; height: number; light: number }): Picture {
  const grey = flat(size, shade(light));
  grey.data.forEach((_, i) => {
    const [x, y] = [i % size.width, Math.floor(i / size.width) % size.height];
    if (x < part.width && y < part.height) grey.data[i] = shade(part.light);
  });
  return grey;
}

/** What the meter says of two seconds at 24 frames a second, in a part of which two lights take turns. */
function worst(hertz: number, lights: readonly [number, number], part: { width: number; height: number } = size) {
  const meter = new FlashMeter();
  for (let frame = 0; frame < 48; frame++) {
    const turn = Math.floor((2 * hertz * frame) / 24) % 2;
    meter.add(picture(0.3, { ...part, light: lights[turn]! }), frame / 24);
  }
  return meter.worst;
}

describe('a movie', () => {
  test.each([
    [4, [0.2, 0.5], 4],
    [6, [0.2, 0.31], 6],
    [12, [0.75, 0.95], 12],
  ] as const)('that flashes %d times a second between %j is warned of', (hertz, lights, flashes) => {
    expect(worst(hertz, lights)?.flashes).toBe(flashes);
  });

  test.each([
    ['three times a second', 3, [0.1, 0.9]],
    ['by less than a tenth', 6, [0.2, 0.29]],
    ['between bright and brighter', 6, [0.82, 1]],
  ] as const)('that flashes %s is not', (_, hertz, lights) => {
    expect(worst(hertz, lights)).toBeUndefined();
  });

  test('is warned of where a quarter of a ninth of the picture flashes, not less', () => {
    expect(worst(4, [0.1, 0.5], { width: 8, height: 6 })?.flashes).toBe(4);
    expect(worst(4, [0.1, 0.5], { width: 8, height: 3 })).toBeUndefined();
  });

  test('is not warned of for getting lighter and darker slowly, in small steps', () => {
    const meter = new FlashMeter();
    for (let frame = 0; frame < 100; frame++) meter.add(flat(size, 0.5 + 0.4 * Math.sin(frame / 8)), frame / 25);
    expect(meter.worst).toBeUndefined();
  });

  test('the warning says when', () => {
    const meter = new FlashMeter();
    for (let frame = 0; frame < 100; frame++) {
      meter.add(flat(size, frame >= 50 && frame < 75 && frame % 4 < 2 ? 0.9 : 0.2), frame / 25);
    }
    expect(meter.worst?.at).toBeGreaterThan(1.7);
    expect(meter.worst?.at).toBeLessThan(2.2);
  });
});
