import { expect, test } from 'vitest';
import { alongSigmoid, sigmoidSlope } from './sigmoid.js';

const ranges = [
  { low: -1, high: 1 },
  { low: -123.7, high: 131.3 },
];

test.each(ranges)('a value of %j moves by its slope times a small change', (range) => {
  const span = range.high - range.low;
  for (const share of [0.01, 0.2, 0.5, 0.77, 0.99]) {
    const value = range.low + share * span;
    const [up, down] = [1, -1].map((sign) => alongSigmoid(value, sign * 1e-5 * span, range));
    expect((up! - down!) / (2e-5 * span)).toBeCloseTo(sigmoidSlope(value, range), 6);
  }
  expect(sigmoidSlope((range.low + range.high) / 2, range)).toBe(1);
});

test.each(ranges)('a value of %j never passes black or white, and finds its way back from there', (range) => {
  const span = range.high - range.low;
  for (const value of [range.low - span, range.low, range.high, range.high + span, range.low + 0.3 * span]) {
    for (const change of [-5 * span, -0.1 * span, 0.1 * span, 5 * span]) {
      const moved = alongSigmoid(value, change, range);
      expect(moved >= range.low && moved <= range.high).toBe(true);
    }
  }
  expect(alongSigmoid(range.high, -2 * span, range)).toBeLessThan((range.low + range.high) / 2 + 0.1 * span);
});

test('there and back again is where it began', () => {
  const there = alongSigmoid(0.3, 0.2, ranges[0]!);
  expect(there).toBeGreaterThan(0.3);
  expect(alongSigmoid(there, -0.2, ranges[0]!)).toBeCloseTo(0.3, 12);
});

test('no change leaves every value as it is, bit for bit', () => {
  for (const value of [-1, -0.1, 0.3, 1, 1.5]) expect(alongSigmoid(value, 0, ranges[0]!)).toBe(value);
});
