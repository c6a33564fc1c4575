import { expect, test } from 'vitest';
import { batchLine } from './batch-line.js';

const position = { input: 'photo.jpg', index: 3, count: 17, meanMs: 60_000 };
const running = { remainingMs: 30_000, elapsedMs: 30_000, columns: 80 };

test('says which picture of how many, and the time for all once one is done', () => {
  expect(batchLine(position, running)).toBe('3 of 17 · photo.jpg · 14 min 30 s left for all');
  expect(batchLine({ ...position, meanMs: undefined }, running)).toBe('3 of 17 · photo.jpg');
  expect(batchLine({ ...position, what: 'frame', meanMs: undefined }, running)).toBe('frame 3 of 17 · photo.jpg');
  // The bar below says it for the last one.
  expect(batchLine({ ...position, index: 17 }, running)).toBe('17 of 17 · photo.jpg');
});

test('before the first step a picture counts as an average one', () => {
  const unknown = { ...running, remainingMs: Number.POSITIVE_INFINITY, elapsedMs: 1000 };
  expect(batchLine(position, unknown)).toContain('14 min 59 s left');
  expect(batchLine(position, { ...unknown, elapsedMs: 90_000 })).toContain('14 min left');
});

test('fits every width, wide characters counted twice, and keeps the end of a long name', () => {
  const long = { ...position, input: `${'holiday/'.repeat(20)}photo.jpg` };
  for (let columns = 10; columns < 120; columns++) {
    expect(batchLine(long, { ...running, columns }).length).toBeLessThanOrEqual(columns);
  }
  expect(batchLine(long, running)).toMatch(/^3 of 17 · ….+\/photo\.jpg · 14 min 30 s left for all$/);
  const wide = batchLine({ ...position, input: `${'夢'.repeat(50)}.jpg` }, { ...running, columns: 60 });
  expect(wide).toMatch(/ · …夢{9}\.jpg · /);
});

test('a name cannot move the cursor', () => {
  expect(batchLine({ ...position, input: 'a\u001b[2J\nb.jpg' }, running)).toContain(' · a?[2J?b.jpg · ');
});
