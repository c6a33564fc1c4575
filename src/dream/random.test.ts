import { describe, expect, test } from 'vitest';
import { drawInteger, freshSeed } from './random.js';

/** χ² of counts against a uniform distribution; about as large as the number of counts when it is one. */
function chiSquared(counts: readonly number[]): number {
  const mean = counts.reduce((a, b) => a + b, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
}

function countsOf(draws: Iterable<number>, size: number): number[] {
  const counts = Array<number>(size).fill(0);
  for (const value of draws) counts[value]! += 1;
  return counts;
}

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

describe('a draw', () => {
  test('is the same at the same place', () => {
    for (const place of [[1, 2, 3], [0], [0xffffffff, 31, 9999, 4]]) {
      expect(drawInteger(-512, 512, ...place)).toBe(drawInteger(-512, 512, ...place));
    }
  });

  test('does not change between versions, or old recipes would give other dreams', () => {
    const draws = range(8).map((step) => drawInteger(-32, 32, 1, 0, step, 0));
    expect(draws).toEqual([-32, 2, -17, 0, -30, -16, -16, -8]);
    expect(drawInteger(0, 0xffffffff, 0xffffffff, 3, 7, 2)).toBe(2632916532);
  });

  test('stays within its limits and reaches both', () => {
    const draws = range(2000).map((i) => drawInteger(-3, 4, 7, i));
    expect(Math.min(...draws)).toBe(-3);
    expect(Math.max(...draws)).toBe(4);
    expect(draws.every(Number.isInteger)).toBe(true);
  });

  test('of a single value is that value', () => expect(drawInteger(5, 5, 1, 2, 3)).toBe(5));

  // 99.99 % of uniform draws lie below these limits.
  test.each([
    ['step', (i: number) => [42, 0, i, 0]],
    ['octave', (i: number) => [42, i, 0, 0]],
    ['seed', (i: number) => [i, 0, 0, 0]],
    ['large seed', (i: number) => [0xffffffff - i, 0, 0, 0]],
    ['purpose', (i: number) => [42, 0, 0, i]],
  ])('is uniform over each %s', (_, place) => {
    const draws = (size: number) => range(20_000).map((i) => drawInteger(0, size - 1, ...place(i)));
    expect(chiSquared(countsOf(draws(65), 65))).toBeLessThan(118);
    expect(chiSquared(countsOf(draws(2), 2))).toBeLessThan(16);
  });

  test('has nothing to do with its neighbours', () => {
    for (const axis of range(4)) {
      const pairs = range(20_000).map((i) => {
        const place = [3, 1, 4, 1];
        place[axis] = i;
        const next = [...place];
        next[axis] = i + 1;
        return drawInteger(0, 7, ...place) * 8 + drawInteger(0, 7, ...next);
      });
      expect(chiSquared(countsOf(pairs, 64))).toBeLessThan(117);
    }
  });

  test('depends on which coordinate is which, and on how many there are', () => {
    const draw = (...place: number[]) => drawInteger(0, 0xffffffff, ...place);
    const draws = [draw(1, 2), draw(2, 1), draw(1, 2, 0), draw(0, 1, 2), draw(1), draw(), draw(0), draw(0, 0)];
    expect(new Set(draws).size).toBe(draws.length);
  });

  test('gives different streams to seeds next to each other', () => {
    const stream = (seed: number) => range(20).map((step) => drawInteger(-32, 32, seed, 0, step, 0));
    const streams = range(200).map((seed) => stream(seed).join());
    expect(new Set(streams).size).toBe(200);
  });
});

test('fresh seeds are whole, fit the option, and differ', () => {
  const seeds = range(20).map(() => freshSeed());
  expect(new Set(seeds).size).toBeGreaterThan(18);
  for (const seed of seeds) expect(seed >= 0 && seed <= 0xffffffff && Number.isInteger(seed)).toBe(true);
});
