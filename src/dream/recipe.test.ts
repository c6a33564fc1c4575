import { describe, expect, test } from 'vitest';
import { mutate } from '../../test/mutate.js';
import { ImageError } from '../errors.js';
import { version } from '../version.js';
import { dreamOptionsOf } from './presets/index.js';
import { canonicalJson, createRecipe, parseRecipe, type Recipe } from './recipe.js';

const recipe = createRecipe({
  options: dreamOptionsOf({ preset: 'keras', seed: 0xffffffff, jitter: 7 }),
  output: { format: 'png', quality: null, depth: '16' },
  model: { name: 'InceptionV3 – größer.onnx', sha256: '0123456789abcdef'.repeat(4) },
  input: { name: '猫 “photo” \\ 1.jpg', sha256: 'f'.repeat(64) },
  runtime: { name: 'onnxruntime-node', version: '1.30.0', threads: 8 },
});
const text = canonicalJson(recipe);

function refusal(damaged: string): string {
  try {
    parseRecipe(damaged, 'dream.png');
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    expect(error.code).toBe('image/no-recipe');
    expect(error.message).toMatch(
      /^dream\.png: expected a pareidolia recipe, got one that cannot be used \(.*\)\. Make /,
    );
    expect(error.message).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    expect(error.message.length).toBeLessThan(500);
    return error.message;
  }
  return expect.fail('nothing was thrown');
}

/** The recipe's text with parts replaced. */
const changed = (parts: object): string => JSON.stringify({ ...recipe, ...parts });

describe('canonical JSON', () => {
  test('sorts keys at every depth and has no spaces', () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }, 'x'], a: { z: true, y: 0.1 } })).toBe(
      '{"a":{"y":0.1,"z":true},"b":[{"c":null,"d":1},"x"]}',
    );
  });

  test('is the same in whatever order a recipe was put together', () => {
    const reversed = (value: unknown): unknown =>
      typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, part]) => [key, reversed(part)]),
          )
        : value;
    expect(Object.keys(reversed(recipe) as object)).not.toEqual(Object.keys(recipe));
    expect(canonicalJson(reversed(recipe))).toBe(text);
  });

  test('leaves out what is undefined and keeps lists in order', () => {
    expect(canonicalJson({ b: undefined, a: [3, 1, 2] })).toBe('{"a":[3,1,2]}');
  });
});

describe('a recipe', () => {
  test('comes back from its text, which then is the same text', () => {
    expect(parseRecipe(text, 'dream.png')).toEqual(recipe);
    expect(canonicalJson(parseRecipe(text, 'dream.png'))).toBe(text);
  });

  test('says which version and kind it is', () => {
    expect(recipe).toMatchObject({ pareidolia: version, kind: 'dream' });
  });

  test('keeps where a dream was stopped', () => {
    const stopped: Recipe = { ...recipe, stopped: { octave: 2, step: 7 } };
    expect(parseRecipe(canonicalJson(stopped), 'dream.png')).toEqual(stopped);
  });

  test('may carry more than this version knows, which is dropped', () => {
    expect(parseRecipe(changed({ mood: 'calm', model: { ...recipe.model, colour: 'red' } }), 'x')).toEqual(recipe);
  });
});

describe('is refused', () => {
  test('what is no JSON, without repeating it', () => {
    for (const damaged of ['', ' ', text.slice(0, -1), `${text},`, '\u001b]0;title\u0007', 'undefined', '{\u2028}']) {
      expect(refusal(damaged)).toContain('(it is not JSON)');
    }
  });

  test('what is JSON but no recipe', () => {
    for (const damaged of ['null', '42', '"text"', '[]', '[[[[]]]]'])
      expect(refusal(damaged)).toContain('is not an object');
    expect(refusal('{}')).toContain('its kind is undefined');
    expect(refusal(changed({ kind: 'movie' }))).toContain('its kind is "movie"');
    expect(refusal(changed({ kind: { toString: 1 } }))).toContain('its kind is an object');
  });

  test.each(['options', 'output', 'model', 'input', 'runtime', 'pareidolia'])('a recipe without %s', (field) => {
    const { [field as keyof Recipe]: _, ...rest } = recipe;
    expect(refusal(JSON.stringify(rest))).toMatch(new RegExp(field));
    for (const wrong of [null, 5, [], [{}]]) expect(refusal(changed({ [field]: wrong }))).toMatch(new RegExp(field));
  });

  test('digests that are none', () => {
    for (const sha256 of [
      '',
      'F'.repeat(64),
      'f'.repeat(63),
      'f'.repeat(65),
      'g'.repeat(64),
      5,
      null,
      ['f'.repeat(64)],
    ]) {
      expect(refusal(changed({ model: { name: 'x', sha256 } }))).toContain('digest');
      expect(refusal(changed({ input: { name: 'x', sha256 } }))).toContain('digest');
    }
  });

  test('names that are empty, long, or more than one line', () => {
    for (const name of ['', 'a\nb', '\u001b[2J', '\u009b2J', 'a\u2028b', 'x'.repeat(1001), 5, null]) {
      expect(refusal(changed({ input: { ...recipe.input, name } }))).toContain('input.name is not a short text');
      expect(refusal(changed({ output: { ...recipe.output, format: name } }))).toContain('format is not a short text');
    }
  });

  test('options that this version refuses, in its own words', () => {
    const options = (parts: object) => refusal(changed({ options: { ...recipe.options, ...parts } }));
    expect(options({ steps: 0 })).toContain('(--steps: expected a whole number from 1 to 10000, got 0)');
    expect(options({ glow: 1 })).toContain('there is no option "glow"');
    expect(options({ objective: 'median' })).toContain('--objective: expected one of mean, mean-square');
    expect(options({ layers: 'mixed3\u001b[2J' })).toContain('--layers: expected a line of text');
    expect(refusal(changed({ output: { ...recipe.output, quality: 101 } }))).toContain('--quality');
  });

  test('numbers beyond all reason', () => {
    for (const number of ['1e400', '-1e400', '1e308', '9007199254740993', '-1', '0', '1.5']) {
      const huge = (field: string) => refusal(text.replace(new RegExp(`"${field}":\\d+`), `"${field}":${number}`));
      expect(huge('steps')).toContain('--steps');
      expect(huge('octaves')).toContain('--octaves');
      expect(huge('threads')).toContain('runtime.threads');
      const stopped = canonicalJson({ ...recipe, stopped: { octave: 1, step: 1 } });
      expect(refusal(stopped.replace('"octave":1', `"octave":${number}`))).toContain('stopped.octave');
      expect(refusal(stopped.replace('"step":1', `"step":${number}`))).toContain('stopped.step');
    }
  });

  test('depth that would overflow the stack', () => {
    const deep = (levels: number) => `${'[{"a":'.repeat(levels)}1${'}]'.repeat(levels)}`;
    expect(refusal(deep(100_000))).toMatch(/recipe/);
    expect(refusal(text.replace('"kind":"dream"', `"kind":${deep(10_000)}`))).toContain('its kind is a list');
  });

  test('keys that would reach every object, which reach none', () => {
    const pollution =
      '"__proto__":{"polluted":true,"steps":5,"isAdmin":true},"constructor":{"prototype":{"polluted":true}},';
    const top = text.replace('{', `{${pollution}`);
    expect(parseRecipe(top, 'dream.png')).toEqual(recipe);
    expect(refusal(text.replace('"options":{', `"options":{${pollution}`))).toMatch(
      /there is no option "(__proto__|constructor)"/,
    );
    expect(refusal(text.replace('"output":{', `"output":{${pollution}`))).toMatch(
      /there is no option "(__proto__|constructor)"/,
    );
    const model = parseRecipe(text.replace('"model":{', `"model":{${pollution}`), 'dream.png').model;
    expect(Object.keys(model)).toEqual(['name', 'sha256']);
    expect(canonicalJson(JSON.parse(top))).toContain('"__proto__":{');
    expect('polluted' in {}).toBe(false);
    expect(Object.getPrototypeOf(parseRecipe(top, 'dream.png'))).toBe(Object.prototype);
  });
});

describe('damaged texts give a recipe or the refusal, never another error', () => {
  const whole = canonicalJson({ ...recipe, stopped: { octave: 1, step: 3 } });

  /** How many damaged texts were read as recipes. */
  function readOf(texts: readonly string[]): number {
    return texts.filter((damaged) => {
      try {
        const read = parseRecipe(damaged, 'dream.png');
        // What was accepted is a whole recipe, which reads back as it is.
        expect(parseRecipe(canonicalJson(read), 'dream.png')).toEqual(read);
        return true;
      } catch (error) {
        if (error instanceof ImageError && error.code === 'image/no-recipe') return false;
        throw new Error(`not a refusal: ${damaged}`, { cause: error });
      }
    }).length;
  }

  test('bytes turned, cut out, doubled, moved', () => {
    const bytes = new TextEncoder().encode(whole);
    const texts = Array.from({ length: 200 }, (_, seed) => new TextDecoder().decode(mutate(bytes, seed)));
    expect(readOf(texts)).toBeLessThan(100);
  });

  test('each key and each value replaced by what JSON can hold', () => {
    const tokens = [...whole.matchAll(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null/g)];
    const others = [
      'null',
      'true',
      '-1',
      '1.5',
      '1e999',
      '""',
      '"x"',
      '"\\u0000"',
      '"__proto__"',
      '[]',
      '{}',
      '[{"a":[1]}]',
    ];
    const texts = tokens.flatMap(({ 0: token, index }) =>
      others.map((other) => whole.slice(0, index) + other + whole.slice(index + token.length)),
    );
    expect(texts.length).toBeGreaterThan(500);
    const read = readOf(texts);
    expect(read).toBeGreaterThan(20);
    expect(read).toBeLessThan(texts.length / 4);
  });
});
