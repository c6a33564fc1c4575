import { expect, test } from 'vitest';
import { luma } from './colour.js';
import { inferno } from './inferno.js';

test('heat goes from black over purple and orange to light yellow, and is lighter throughout', () => {
  const lumas = Array.from({ length: 201 }, (_, i) => luma(Float32Array.from(inferno(i / 200)))[0]!);
  expect(lumas[0]).toBeLessThan(0.01);
  expect(lumas[200]).toBeGreaterThan(0.95);
  for (let i = 1; i <= 200; i++) expect(lumas[i], `${i}`).toBeGreaterThan(lumas[i - 1]!);
  const [red, green, blue] = inferno(0.35);
  expect(blue > green && red > blue).toBe(true);
});

test('its colours are those of matplotlib', () => {
  // matplotlib.colormaps['inferno'](i) for i in 0, 100, 200, 255
  for (const [i, expected] of [
    [0, [0.001462, 0.000466, 0.013866]],
    [100, [0.565854, 0.143567, 0.408258]],
    [200, [0.985952, 0.61575, 0.025592]],
    [255, [0.988362, 0.998364, 0.644924]],
  ] as const) {
    inferno(i / 255).forEach((value, channel) => void expect(Math.abs(value - expected[channel]!)).toBeLessThan(0.03));
  }
});

test('what is beyond the ends is at the ends, and what is no number is cold', () => {
  expect([inferno(-3), inferno(Number.NaN)]).toEqual([inferno(0), inferno(0)]);
  expect(inferno(7)).toEqual(inferno(1));
});
