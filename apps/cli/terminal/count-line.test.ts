import { expect, test } from 'vitest';
import { colourFor } from './colour.js';
import { countLine } from './count-line.js';

const colour = colourFor({ NO_COLOR: '1' }, process.stderr);
const line = (columns: number, done = 37, remainingMs = 300_000) =>
  countLine({ what: 'mixed4', done, count: 768, remainingMs, elapsedMs: 15_000, columns, colour });

test('says how many are done and how long the rest takes', () => {
  expect(line(80)).toMatch(/^mixed4 {3}37 of 768 ▕█[▏▎▍▌▋▊▉]? +▏ {2}5 min left$/);
  expect(line(80, 0, Number.POSITIVE_INFINITY)).toMatch(/ 0 of 768 ▕ +▏ {2}15 s so far$/);
  expect(line(80, 768, 0)).toMatch(/768 of 768 ▕█+▏ {2}0 s left$/);
});

test.each([20, 30, 40, 50, 80, 200])('takes no more than %i columns', (columns) => {
  for (const done of [0, 37, 768]) expect(line(columns, done, 86_400_000 * 3.2).length).toBeLessThanOrEqual(columns);
});

test('a narrow terminal gets no bar', () => {
  expect(line(30)).toBe('mixed4   37 of 768  5 min left');
});
