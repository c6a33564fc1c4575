import { describe, expect, test } from 'vitest';
import { scheduled } from './schedule.js';

const valuesOf = (schedule: 'constant' | 'linear' | 'cosine', steps: number) =>
  Array.from({ length: steps }, (_, step) => scheduled(schedule, 2, 6, step, steps));

describe('a schedule', () => {
  test('that is constant keeps its first value', () => expect(valuesOf('constant', 3)).toEqual([2, 2, 2]));

  test('that is linear goes from its first value to its last in even steps', () => {
    expect(valuesOf('linear', 5)).toEqual([2, 3, 4, 5, 6]);
  });

  test('along a cosine has the same ends and middle, and is slow at both ends', () => {
    const [first, early, middle, late, last] = valuesOf('cosine', 5);
    expect([first, last]).toEqual([2, 6]);
    expect(middle).toBeCloseTo(4, 12);
    expect(early).toBeCloseTo(4 - 2 * Math.SQRT1_2, 12);
    expect(late).toBeCloseTo(4 + 2 * Math.SQRT1_2, 12);
  });

  test('of a single step is its first value', () => {
    expect(valuesOf('linear', 1)).toEqual([2]);
    expect(valuesOf('cosine', 1)).toEqual([2]);
  });
});
