import { describe, expect, test } from 'vitest';
import { OptionError } from '../errors.js';
import { flagOf, type Option, parseOption, parseOptions } from './option.js';
import { dreamOptions, outputOptions } from './options.js';
import { defaultPreset, dreamOptionsOf, type Preset, presets } from './presets/index.js';

const all: [string, Option][] = Object.entries({ ...dreamOptions, ...outputOptions });

describe('every option', () => {
  test.each(all)('%s takes its own default', (name, option) => {
    expect(parseOption(name, option, option.default)).toBe(option.default);
    if (option.default !== null) expect(parseOption(name, option, String(option.default))).toBe(option.default);
  });

  test.each(all.filter(([, { kind }]) => ['integer', 'number', 'optional'].includes(kind)))(
    '%s takes its limits and nothing beyond',
    (name, option) => {
      const { min, max } = option as Extract<Option, { kind: 'number' }>;
      for (const value of [min, max]) expect(parseOption(name, option, value)).toBe(value);
      for (const value of [min - 1, max + 1]) {
        expect(() => parseOption(name, option, value)).toThrow(
          new RegExp(`^${flagOf(name)}: expected a (whole )?number from ${min} to ${max}, got -?[\\d.]+\\.$`),
        );
      }
    },
  );

  test('has a flag of its own and one line of help that starts small and ends without a stop', () => {
    expect(new Set(all.map(([name]) => flagOf(name))).size).toBe(all.length);
    for (const [, { help }] of all) {
      expect(help.length).toBeLessThan(160);
      expect(help).toMatch(/^[a-z][^\n]*[^.\s]$/);
    }
  });

  test('is set when nothing is asked for', () => {
    const options = dreamOptionsOf();
    expect(Object.keys(options)).toEqual(Object.keys(dreamOptions));
    expect(options).toEqual(parseOptions(dreamOptions, {}));
  });
});

describe('presets', () => {
  test.each(Object.entries<Preset>(presets))('%s can be dreamed, and says where it is from', (name, preset) => {
    const options = dreamOptionsOf({ preset: name });
    expect(options).toMatchObject(preset.options);
    expect(preset.title).not.toBe('');
    expect(preset.source).not.toBe('');
  });

  test('the default is one of them', () => expect(Object.keys(presets)).toContain(defaultPreset));

  // The numbers below are typed in from the sources, not from the preset files.
  test('article: three layers with weight 1, 100 steps of 0.01 of [−1, 1], by the deviation, one scale', () => {
    expect(dreamOptionsOf({ preset: 'article' })).toMatchObject({
      layers: 'mixed3,mixed5,mixed7',
      objective: 'mean',
      border: 0,
      maxObjective: null,
      steps: 100,
      stepSize: 0.01,
      normalize: 'std',
      octaves: 1,
      octavesAbove: 0,
      jitter: 0,
      clip: true,
      size: 0,
    });
  });

  test("tensorflow: the tutorial's octaves −2 to 2 of 1.3, 50 steps of 0.01 each, by the deviation", () => {
    expect(dreamOptionsOf({ preset: 'tensorflow' })).toMatchObject({
      layers: 'mixed3,mixed5',
      objective: 'mean',
      border: 0,
      maxObjective: null,
      steps: 50,
      stepSize: 0.01,
      normalize: 'std',
      octaves: 5,
      octaveScale: 1.3,
      octavesAbove: 2,
      detail: false,
      jitter: 0,
      clip: true,
    });
  });

  test("keras: the example's four weighted layers, squares without a border of 2, 20 steps, 3 octaves of 1.4", () => {
    expect(dreamOptionsOf({ preset: 'keras' })).toMatchObject({
      layers: 'mixed4:1.0,mixed5:1.5,mixed6:2.0,mixed7:2.5',
      objective: 'mean-square',
      border: 2,
      maxObjective: 15,
      steps: 20,
      stepSize: 0.01,
      normalize: 'mean-abs',
      octaves: 3,
      octaveScale: 1.4,
      octavesAbove: 0,
      detail: true,
      jitter: 0,
      clip: false,
    });
  });

  test("google: the notebook's step of 1.5 of 255, 10 steps, 4 octaves of 1.4, jitter 32, by the mean magnitude", () => {
    const options = dreamOptionsOf({ preset: 'google' });
    expect(options).toMatchObject({
      objective: 'mean-square',
      border: 0,
      maxObjective: null,
      steps: 10,
      normalize: 'mean-abs',
      octaves: 4,
      octaveScale: 1.4,
      octavesAbove: 0,
      detail: true,
      jitter: 32,
      clip: true,
    });
    // Half the range from 0 to 255 is 127.5.
    expect(options.stepSize * 127.5).toBeCloseTo(1.5, 12);
  });

  test('give way to single options, also to ones set to null', () => {
    const options = dreamOptionsOf({ preset: 'keras', steps: '3', maxObjective: null, clip: true });
    expect(options).toMatchObject({ steps: 3, maxObjective: null, clip: true, border: 2, octaves: 3 });
  });

  test('do not give way to options that are undefined', () => {
    expect(dreamOptionsOf({ preset: 'article', steps: undefined }).steps).toBe(100);
    expect(dreamOptionsOf({ preset: undefined })).toEqual(dreamOptionsOf({ preset: defaultPreset }));
  });

  test.each([
    ['deep', '"deep"'],
    ['', '""'],
    ['constructor', '"constructor"'],
    ['__proto__', '"__proto__"'],
    [5, '5'],
    [{ toString: 1 }, 'an object'],
    [null, 'null'],
  ])('that do not exist are refused: %j', (preset, got) => {
    const message = `--preset: expected one of classic, article, tensorflow, keras, google, got ${got}.`;
    expect(() => dreamOptionsOf({ preset })).toThrow(new OptionError('option/invalid', message));
  });
});
