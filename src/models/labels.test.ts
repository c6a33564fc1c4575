import { describe, expect, test } from 'vitest';
import { labelsFromLines, labelsOf } from './labels.js';

describe('labels in the metadata of a file', () => {
  test.each([
    ['a dictionary of Python', "{0: 'person', 1: 'bicycle', 2: \"it's\"}", ['person', 'bicycle', "it's"]],
    ['such a dictionary in another order', "{1: 'b', 0: 'a',\n}", ['a', 'b']],
    ['a list of Python', "['tench, Tinca tinca', 'a\\'b', '\\xe9t\\u00e9']", ['tench, Tinca tinca', "a'b", 'été']],
    ['JSON', '["tench", "gold \\"fish\\""]', ['tench', 'gold "fish"']],
    ['a dictionary in JSON', '{"0": "tench", "1": "goldfish"}', ['tench', 'goldfish']],
    ['lines', 'tench, Tinca tinca\ngoldfish\r\nshark\n', ['tench, Tinca tinca', 'goldfish', 'shark']],
    ['commas', 'cat, dog ,slug', ['cat', 'dog', 'slug']],
    ['marks that change what is around them', "['a\\n\u202eb', 'c']", ['an\ufffdb', 'c']],
  ])('are read from %s', (_, text, labels) => {
    expect(labelsOf({ names: text })).toEqual(labels);
  });

  test.each([
    '',
    'cat',
    '{',
    '[1, 2]',
    "{0: 'a', 2: 'c'}",
    "{0: 'a', 0: 'b'}",
    "{'cat': 0, 'dog': 1}",
    "['a' 'b']",
    "['a",
  ])('are not found in %s', (text) => {
    expect(labelsOf({ names: text })).toBeUndefined();
  });

  test('stand under one of a few keys, of which the first with labels counts', () => {
    expect(labelsOf({ names: '["a","b"]', labels: '["c","d"]' })).toEqual(['c', 'd']);
    expect(labelsOf({ names: '["a","b"]', labels: 'version 2' })).toEqual(['a', 'b']);
    expect(labelsOf({ author: '["a","b"]', description: 'cats, dogs' })).toBeUndefined();
  });

  test('are read in a moment, however strange they are', () => {
    for (const text of [
      `{${"0: '\\".repeat(50_000)}`,
      `[${' '.repeat(200_000)}`,
      `['${"\\'".repeat(100_000)}`,
      '{9999999: "a"}',
    ]) {
      const startedAt = performance.now();
      expect(labelsOf({ names: text })).toBeUndefined();
      expect(performance.now() - startedAt).toBeLessThan(1000);
    }
  });
});

test('a text file has a name a line, and may end in empty ones', () => {
  expect(labelsFromLines('tench\r\n great white shark \n\nhen\n\n')).toEqual(['tench', 'great white shark', '', 'hen']);
});
