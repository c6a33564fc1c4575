import { describe, expect, test } from 'vitest';
import { parseVariation, tableOf } from './vary.js';

const valuesOf = (text: string) => parseVariation(text).values.map(({ value }) => value);

describe('--vary', () => {
  test.each<[string, string, unknown[]]>([
    ['steps=10,20,40', 'steps', [10, 20, 40]],
    ['step-size = 0.01, 0.02', 'stepSize', [0.01, 0.02]],
    ['--stepSize=0.01', 'stepSize', [0.01]],
    ['layers=mixed3,mixed5', 'layers', ['mixed3', 'mixed5']],
    ['layers=mixed3,mixed4[1,2]', 'layers', ['mixed3', 'mixed4[1,2]']],
    ['layers=mixed3,mixed5;mixed4', 'layers', ['mixed3,mixed5', 'mixed4']],
    ['octave-sizes=100,200;', 'octaveSizes', ['100,200']],
    ['detail=true,false', 'detail', [true, false]],
    ['stepSizeEnd=none,0.1', 'stepSizeEnd', [null, 0.1]],
    ['preset=classic,lucid', 'preset', ['classic', 'lucid']],
    ['steps=10,10', 'steps', [10]],
  ])('%s', (text, name, values) => {
    expect(parseVariation(text).name).toBe(name);
    expect(valuesOf(text)).toEqual(values);
  });

  test.each([
    ['steps', /expected NAME=VALUES, got "steps"/],
    ['steps=', /expected values/],
    ['steps=10,x', /--steps: expected a whole number .* got "x"/],
    ['stesp=10', /no option "stesp"\. Did you mean steps/],
    ['preset=clasic', /--preset: expected one of classic/],
  ])('%s is refused', (text, message) => {
    expect(() => parseVariation(text)).toThrow(message);
  });
});

describe('a table', () => {
  const told = (combinations: readonly { told: string }[]) => combinations.map((each) => each.told);
  const steps = parseVariation('steps=1,2');
  const layers = parseVariation('layers=mixed3,mixed5');
  const jitter = parseVariation('jitter=0,8');

  test('of one option is one row', () => {
    const { columns, rows } = tableOf([steps]);
    expect(told(columns)).toEqual(['steps 1', 'steps 2']);
    expect(rows).toEqual([{ values: {}, told: '' }]);
  });

  test('of more has the first along its rows, and all combinations of the others down its columns', () => {
    const { columns, rows } = tableOf([steps, layers, jitter]);
    expect(told(columns)).toEqual(['steps 1', 'steps 2']);
    expect(told(rows)).toEqual([
      'layers mixed3, jitter 0',
      'layers mixed3, jitter 8',
      'layers mixed5, jitter 0',
      'layers mixed5, jitter 8',
    ]);
    expect(rows[2]!.values).toEqual({ layers: 'mixed5', jitter: 0 });
  });

  test('of too many is refused', () => {
    const many = parseVariation(`seed=${[...Array(40).keys()].join(',')}`);
    const more = parseVariation(`steps=${Array.from({ length: 40 }, (_, i) => i + 1).join(',')}`);
    expect(() => tableOf([many, more])).toThrow(/at most 1000 pictures, got 1600/);
  });
});
