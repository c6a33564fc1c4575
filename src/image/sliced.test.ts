import { describe, expect, test } from 'vitest';
import { atOnce, inSlicesWith, type Sliced } from './sliced.js';

/** Work of some slices, each of which takes so many milliseconds, that notes where it is. */
function* work(done: string[], slices: number, sliceMs: number): Sliced<string> {
  for (let i = 0; i < slices; i++) {
    const end = performance.now() + sliceMs;
    while (performance.now() < end);
    done.push(`slice ${i}`);
    yield;
  }
  return 'result';
}

describe('sliced work', () => {
  test('is done at once for whoever wants that', () => {
    const done: string[] = [];
    expect(atOnce(work(done, 3, 0))).toBe('result');
    expect(done).toEqual(['slice 0', 'slice 1', 'slice 2']);
  });

  test('lets others have their turn when it takes long', async () => {
    const done: string[] = [];
    const inSlices = inSlicesWith(async () => void done.push('pause'));
    expect(await inSlices(work(done, 2, 25))).toBe('result');
    expect(done).toEqual(['slice 0', 'pause', 'slice 1', 'pause']);
  });

  test('counts what went before, so that many short pieces of work are no long one', async () => {
    const done: string[] = [];
    const inSlices = inSlicesWith(async () => void done.push('pause'));
    for (let i = 0; i < 60; i++) await inSlices(work(done, 1, 1));
    expect(done.filter((what) => what === 'pause').length).toBeGreaterThan(2);
  });

  test('ends where a pause throws', async () => {
    const done: string[] = [];
    const inSlices = inSlicesWith(() => Promise.reject(new Error('given up')));
    await expect(inSlices(work(done, 2, 25))).rejects.toThrow('given up');
    expect(done).toEqual(['slice 0']);
  });

  test('has no breaks where there is no pause', async () => {
    expect(await inSlicesWith(undefined)(work([], 2, 15))).toBe('result');
  });
});
