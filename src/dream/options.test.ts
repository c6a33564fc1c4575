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
    const message = `--preset: expected one of ${Object.keys(presets).join(', ')}, got ${got}.`;
    expect(() => dreamOptionsOf({ preset })).toThrow(new OptionError('option/invalid', message));
  });
});
