import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { durationText, type ProgressState, progressLine } from './bar.js';
import { colourFor, plain } from './colour.js';

const state: ProgressState = {
  columns: 100,
  octave: 2,
  octaves: 4,
  step: 13,
  steps: 20,
  objective: 0.95312,
  progress01: 0.5251,
  elapsedMs: 9000,
  remainingMs: 8000,
  colour: plain,
};

test('a wide line says everything', () => {
  expect(progressLine(state)).toBe(
    'octave 2/4  step 13/20  ▕███████████████▊              ▏  52 %  objective 0.953  8 s left',
  );
});

test('a line fits every width from 20 on, and always has a bar and the percentage', () => {
  const hard = { ...state, octaves: 32, octave: 31, step: 9999, steps: 10_000, objective: -1234.5, remainingMs: 1e9 };
  for (const some of [state, hard, { ...hard, progress01: 1 }]) {
    for (let columns = 20; columns <= 200; columns++) {
      const line = progressLine({ ...some, columns });
      expect(line.length).toBeLessThanOrEqual(columns);
      expect(line).toMatch(/▕.{6,30}▏ +\d+ %/);
    }
  }
});

test('a narrower line drops the objective, then the step, the octave and the time', () => {
  const parts = (columns: number): string => {
    const line = progressLine({ ...state, columns });
    return ['objective', 'step', 'octave', 'left'].filter((word) => line.includes(word)).join(' ');
  };
  const seen = Array.from({ length: 81 }, (_, i) => parts(100 - i));
  expect([...new Set(seen)]).toEqual(['objective step octave left', 'step octave left', 'octave left', 'left', '']);
});

test('the bar is empty at the start, full at the end, and grows by eighths', () => {
  const bar = (progress01: number): string => /▕(.*)▏/.exec(progressLine({ ...state, progress01 }))![1]!;
  expect(bar(0)).toBe(' '.repeat(30));
  expect(bar(1)).toBe('█'.repeat(30));
  expect(bar(1.5)).toBe('█'.repeat(30));
  expect(bar(1 / 240)).toBe(`▏${' '.repeat(29)}`);
  expect(new Set(Array.from({ length: 241 }, (_, i) => bar((i + 0.01) / 240))).size).toBe(241);
});

test('the percentage is 100 only when all is done', () => {
  expect(progressLine({ ...state, progress01: 0.9999 })).toContain(' 99 %');
  expect(progressLine({ ...state, progress01: 1 })).toContain('100 %');
});

test('before the first step the time so far stands for the time left, and there is no objective', () => {
  const line = progressLine({
    ...state,
    step: 0,
    progress01: 0,
    objective: Number.NaN,
    remainingMs: Number.POSITIVE_INFINITY,
  });
  expect(line).toMatch(/step {2}0\/20 .* 0 % {2}9 s so far$/);
  expect(line).not.toContain('objective');
});

test('objectives have three digits that matter', () => {
  const objective = (value: number): string =>
    /objective (\S+)/.exec(progressLine({ ...state, objective: value }))![1]!;
  expect([0, 0.5, -0.0123, 12.345, 1234.5, 1e-5, -2e8].map(objective)).toEqual([
    '0.00',
    '0.500',
    '-0.0123',
    '12.3',
    '1235',
    '1.0e-5',
    '-2.0e+8',
  ]);
});

test('colours take no room', () => {
  const coloured = progressLine({ ...state, colour: colourFor({ FORCE_COLOR: '1' }, {}) });
  expect(coloured).not.toBe(progressLine(state));
  expect(stripVTControlCharacters(coloured)).toBe(progressLine(state));
});

test('durations are said in their two largest units', () => {
  const seconds = [0, 0.4, 8, 59.4, 59.6, 60, 130, 3599, 3600, 3899, 7200, 86_399, 86_400, 97_200, 1e6];
  expect(seconds.map((value) => durationText(value * 1000))).toEqual([
    '0 s',
    '0 s',
    '8 s',
    '59 s',
    '1 min',
    '1 min',
    '2 min 10 s',
    '59 min 59 s',
    '1 h',
    '1 h 5 min',
    '2 h',
    '1 d',
    '1 d',
    '1 d 3 h',
    '11 d 14 h',
  ]);
  expect(durationText(-5)).toBe('0 s');
});
