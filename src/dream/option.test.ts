import { describe, expect, test } from 'vitest';
import { OptionError } from '../errors.js';
import { flagOf, type OptionTable, parseOption, parseOptions } from './option.js';

const table = {
  steps: { kind: 'integer', default: 20, min: 1, max: 100, group: 'how to climb', help: 'steps' },
  stepSize: { kind: 'number', default: 0.5, min: -1, max: 1, group: 'how to climb', help: 'length' },
  normalize: { kind: 'choice', default: 'std', choices: ['std', 'mean-abs'], group: 'how to climb', help: 'norm' },
  clip: { kind: 'flag', default: true, group: 'how to climb', help: 'clip' },
  layers: { kind: 'text', default: 'mixed3', group: 'what to excite', help: 'layers' },
  seed: { kind: 'optional', default: null, min: 0, max: 255, whole: true, group: 'how to climb', help: 'seed' },
  limit: { kind: 'optional', default: null, min: 0, max: 1, whole: false, group: 'how to climb', help: 'limit' },
} as const satisfies OptionTable;

const defaults = { steps: 20, stepSize: 0.5, normalize: 'std', clip: true, layers: 'mixed3', seed: null, limit: null };

function refusal(values: unknown, what?: string): OptionError {
  try {
    parseOptions(table, values, what);
  } catch (error) {
    if (error instanceof OptionError) return error;
    throw error;
  }
  return expect.fail('nothing was thrown');
}

const message = (name: keyof typeof table, value: unknown): string => {
  const error = refusal({ [name]: value });
  expect(error.code).toBe('option/invalid');
  return error.message;
};

describe('options', () => {
  test('that are left out take their defaults', () => {
    expect(parseOptions(table, {})).toEqual(defaults);
    expect(parseOptions(table, { steps: undefined, seed: undefined })).toEqual(defaults);
  });

  test('keep the values that are given', () => {
    const values = { ...defaults, steps: 100, stepSize: -1, normalize: 'mean-abs', clip: false, seed: 0, limit: 0.25 };
    expect(parseOptions(table, values)).toEqual(values);
  });

  test('come as text from a command line', () => {
    const texts = { steps: '7', stepSize: '-2.5e-1', clip: 'false', seed: ' 255 ', limit: '1' };
    expect(parseOptions(table, texts)).toEqual({
      ...defaults,
      steps: 7,
      stepSize: -0.25,
      clip: false,
      seed: 255,
      limit: 1,
    });
    expect(parseOption('clip', table.clip, 'true')).toBe(true);
  });

  test('may be left open when they are optional, and only then', () => {
    expect(parseOption('seed', table.seed, null)).toBeNull();
    expect(message('steps', null)).toBe('--steps: expected a whole number from 1 to 100, got null.');
    expect(message('layers', null)).toContain('got null');
    expect(message('clip', null)).toContain('got null');
  });
});

describe('one sentence says what is wrong with', () => {
  test.each([
    [0, '0'],
    [101, '101'],
    [1.5, '1.5'],
    ['1.5', '"1.5"'],
    ['', '""'],
    ['  ', '"  "'],
    ['ten', '"ten"'],
    ['1e3', '"1e3"'],
    ['Infinity', '"Infinity"'],
    ['0x', '"0x"'],
    ['5px', '"5px"'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [10n, '10'],
    [true, 'true'],
    [[5], 'a list'],
    [{ valueOf: () => 5 }, 'an object'],
    [Symbol('five'), 'Symbol(five)'],
  ])('a whole number: case %#', (value, got) => {
    expect(message('steps', value)).toBe(`--steps: expected a whole number from 1 to 100, got ${got}.`);
  });

  test('other numbers', () => {
    expect(message('stepSize', 1.01)).toBe('--step-size: expected a number from -1 to 1, got 1.01.');
    expect(message('limit', '2')).toBe('--limit: expected a number from 0 to 1, got "2".');
    expect(message('seed', 0.5)).toBe('--seed: expected a whole number from 0 to 255, got 0.5.');
  });

  test('choices', () => {
    const expected = '--normalize: expected one of std, mean-abs';
    expect(message('normalize', 'max')).toBe(`${expected}, got "max".`);
    expect(message('normalize', 'STD')).toBe(`${expected}, got "STD".`);
    expect(message('normalize', 0)).toBe(`${expected}, got 0.`);
    expect(message('normalize', 'constructor')).toContain(expected);
  });

  test('flags', () => {
    for (const value of ['yes', '1', 1, 'TRUE', ''])
      expect(message('clip', value)).toContain('expected true or false, got');
  });

  test('texts', () => {
    expect(message('layers', '  ')).toBe('--layers: expected a line of text, at most 20000 characters, got "  ".');
    for (const value of [3, 'a\nb', 'a\u001b[2Jb', 'a\u202eb', 'x'.repeat(20_001)]) {
      expect(message('layers', value)).toContain('expected a line of text');
    }
  });

  test('unknown names, with the nearest ones', () => {
    const error = refusal({ step: 3 }, 'preset "mine"');
    expect(error.code).toBe('option/unknown');
    expect(error.message).toBe('preset "mine": there is no option "step". Did you mean steps, stepSize, seed?');
  });

  test('names that every object has', () => {
    for (const name of ['constructor', 'toString', '__proto__']) {
      expect(refusal(JSON.parse(`{"${name}": 1}`)).message).toContain(`there is no option "${name}"`);
    }
  });

  test('what is no object of options', () => {
    const texts = [null, undefined, [], 5, 'steps=5', () => 5].map((values) => refusal(values).message);
    for (const text of texts) expect(text).toMatch(/^options: expected an object of options, got /);
    expect(texts[0]).toContain('got null');
    expect(texts[2]).toContain('got a list');
  });

  test('hostile values: one short line without control characters', () => {
    const hostile = [
      '\u001b]0;owned\u0007',
      '\n\n\n',
      '\u009b31m',
      '\u202eabc',
      'x'.repeat(1e6),
      '\u{1F600}'.repeat(1e5),
    ];
    for (const value of hostile) {
      for (const text of [message('steps', value), refusal({ [value]: 1 }).message]) {
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(text.length).toBeLessThan(300);
      }
    }
  });
});

test('the command line spells camelCase with dashes', () => {
  expect(flagOf('steps')).toBe('--steps');
  expect(flagOf('octaveScale')).toBe('--octave-scale');
  expect(flagOf('maxObjective')).toBe('--max-objective');
});
