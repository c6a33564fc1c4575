import { describe, expect, test } from 'vitest';
import { modelOf, node } from '../../test/run-model.js';
import { OptionError } from '../errors.js';
import { Network } from '../models/index.js';
import { formatLayers, parseLayers } from './layers.js';

const model = modelOf({
  inputs: { picture: ['N', 3, 'H', 'W'] },
  outputs: { mixed5: 4 },
  nodes: [
    { ...node('Relu', ['picture'], ['mixed3']), name: '' },
    { ...node('Relu', ['mixed3'], ['mixed4']), name: 'block4' },
    node('Relu', ['mixed4'], ['features:0']),
    node('Relu', ['features:0'], ['features']),
    node('Relu', ['features'], ['mixed5']),
    node('Relu', ['mixed5'], ['a/b c.d']),
  ],
});
const network = new Network(model, { name: 'test.onnx', sha256: '0'.repeat(64) });
const parse = (text: string) => parseLayers(text, network);

function refusal(text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof OptionError && error.code === 'option/layer') return error.message;
    throw error;
  }
  return expect.fail('nothing was thrown');
}

describe('a list of layers', () => {
  test('counts each with 1', () => {
    expect(parse('mixed3,mixed5')).toEqual([
      { name: 'mixed3', weight: 1 },
      { name: 'mixed5', weight: 1 },
    ]);
  });

  test('takes weights, whole, broken, negative or with an exponent', () => {
    const weights = parse('mixed3:2,mixed4:0.5,mixed5:-1,features:1e-3,mixed3:0').map(({ weight }) => weight);
    expect(weights).toEqual([2, 0.5, -1, 0.001, 0]);
  });

  test('does not mind spaces and empty places', () => {
    expect(parse(' mixed3 : 2 ,, mixed5,')).toEqual(parse('mixed3:2,mixed5'));
  });

  test('knows layers by their nodes', () => expect(parse('block4:3')).toEqual([{ name: 'mixed4', weight: 3 }]));

  test('takes a name that ends in a number for a name before it takes it for a weight', () => {
    expect(parse('features:0')).toEqual([{ name: 'features:0', weight: 1 }]);
    expect(parse('features:0:0.5')).toEqual([{ name: 'features:0', weight: 0.5 }]);
    expect(parse('features:2')).toEqual([{ name: 'features', weight: 2 }]);
  });

  test('takes patterns, for all layers that match', () => {
    const names = (text: string) => parse(text).map(({ name }) => name);
    expect(names('mixed*')).toEqual(['mixed3', 'mixed4', 'mixed5']);
    expect(names('*e*:2')).toEqual(['mixed3', 'mixed4', 'features:0', 'features', 'mixed5']);
    expect(names('m*d5')).toEqual(['mixed5']);
    expect(names('mixed*3')).toEqual(['mixed3']);
    expect(names('**fea**tures**')).toEqual(['features:0', 'features']);
    expect(refusal('mixed*ed3')).toContain('no layer "mixed*ed3"');
    expect(refusal('.*')).toContain('no layer ".*"');
  });

  test('takes channels and one place of them', () => {
    expect(parse('mixed3[12],mixed4[3 7-9,7]:2,mixed5[0]@8,9:-1,features@1,2')).toEqual([
      { name: 'mixed3', weight: 1, channels: [12] },
      { name: 'mixed4', weight: 2, channels: [3, 7, 8, 9] },
      { name: 'mixed5', weight: -1, channels: [0], place: { x: 8, y: 9 } },
      { name: 'features', weight: 1, place: { x: 1, y: 2 } },
    ]);
  });

  test('takes any name that a file may have', () => {
    expect(parse('a/b c.d:2')).toEqual([{ name: 'a/b c.d', weight: 2 }]);
  });
});

describe('a part of a layer', () => {
  test('is a channel, a few, or a range of them, each once', () => {
    expect(parse('mixed3[12]')).toEqual([{ name: 'mixed3', channels: [12], weight: 1 }]);
    for (const list of ['3 7-9', ' 3  7 8 9 ', '3,7-9', '3, 7, 8-9', '3+7-9', '3;7-9', '3 7-9 8']) {
      expect(parse(`mixed3[${list}]`)).toEqual([{ name: 'mixed3', channels: [3, 7, 8, 9], weight: 1 }]);
    }
  });

  test('is a place, of all channels or of some', () => {
    expect(parse('mixed3@8,9')).toEqual([{ name: 'mixed3', place: { x: 8, y: 9 }, weight: 1 }]);
    expect(parse('mixed3[4]@8,9')).toEqual([{ name: 'mixed3', channels: [4], place: { x: 8, y: 9 }, weight: 1 }]);
    expect(parse(' mixed3 [4] @ 8 , 9 ')).toEqual(parse('mixed3[4]@8,9'));
  });

  test('takes a weight', () => {
    expect(parse('mixed3[4]:-2')).toEqual([{ name: 'mixed3', channels: [4], weight: -2 }]);
    expect(parse('mixed3@8,9:0.5')).toEqual([{ name: 'mixed3', place: { x: 8, y: 9 }, weight: 0.5 }]);
    expect(parse('mixed3[1,2]@8,9:3')).toEqual([
      { name: 'mixed3', channels: [1, 2], place: { x: 8, y: 9 }, weight: 3 },
    ]);
  });

  test('stands among other layers', () => {
    const layers = parse('mixed3[1,2],mixed4@0,7,mixed5:2,mixed3@1,2:3,mixed4[5]');
    expect(layers).toEqual([
      { name: 'mixed3', channels: [1, 2], weight: 1 },
      { name: 'mixed4', place: { x: 0, y: 7 }, weight: 1 },
      { name: 'mixed5', weight: 2 },
      { name: 'mixed3', place: { x: 1, y: 2 }, weight: 3 },
      { name: 'mixed4', channels: [5], weight: 1 },
    ]);
  });

  test('of a layer whose name ends in a number', () => {
    expect(parse('features:0[3]')).toEqual([{ name: 'features:0', channels: [3], weight: 1 }]);
    expect(parse('features:0@1,2')).toEqual([{ name: 'features:0', place: { x: 1, y: 2 }, weight: 1 }]);
    expect(parse('features:0[3]:2')).toEqual([{ name: 'features:0', channels: [3], weight: 2 }]);
  });
});

describe('a pattern', () => {
  test('is every layer that matches', () => {
    expect(parse('mixed*').map(({ name }) => name)).toEqual(['mixed3', 'mixed4', 'mixed5']);
    expect(parse('*ed4,f*s').map(({ name }) => name)).toEqual(['mixed4', 'features']);
    expect(parse('*')).toHaveLength(6);
  });

  test('gives each of them its weight, channels and place', () => {
    expect(parse('mixed*[1]@2,3:0.5')).toEqual(
      ['mixed3', 'mixed4', 'mixed5'].map((name) => ({ name, channels: [1], place: { x: 2, y: 3 }, weight: 0.5 })),
    );
  });

  test('takes every other character as it is', () => {
    expect(parse('a/b c.*').map(({ name }) => name)).toEqual(['a/b c.d']);
    expect(refusal('a/b c+*')).toContain('no layer "a/b c+*"');
    expect(refusal('mixed.')).toContain('no layer "mixed."');
  });

  test('that matches nothing is refused', () => expect(refusal('conv*')).toContain('no layer "conv*"'));
});

describe('is refused', () => {
  test('with the nearest names when a name is wrong', () => {
    expect(refusal('mixed3,mixd5')).toMatch(
      /^--layers: the network has no layer "mixd5"\. The nearest names are mixed5, .*; `pareidolia layers` lists them all\.$/,
    );
    expect(refusal('mixd5:2')).toContain('no layer "mixd5"');
  });

  test('when there is nothing in it', () => {
    for (const text of ['', ' , ,', 'mixed3:0', 'mixed3:0,mixed5:-0']) {
      expect(refusal(text)).toBe(`--layers: expected at least one layer with a weight, got "${text}".`);
    }
  });

  test('when a weight is no number', () => {
    expect(refusal('mixed3:')).toBe('--layers: expected a number after "mixed3:", got "".');
    expect(refusal('mixed3:big')).toBe('--layers: expected a number after "mixed3:", got "big".');
    expect(refusal('mixed3:Infinity')).toContain('got "Infinity"');
    expect(refusal('mixed3:1:2')).toContain('no layer "mixed3:1"');
  });

  test('when channels are no numbers, or none', () => {
    for (const list of ['x', '-1', '1.5', '9-7', '1-', '0-999999999']) {
      expect(refusal(`mixed3[${list}]`)).toBe(
        `--layers: expected channel numbers such as mixed3[12] or mixed3[3 7-9], got "${list}".`,
      );
    }
    expect(refusal('mixed3[]')).toBe('--layers: expected channel numbers such as mixed3[12], got none.');
    expect(refusal('mixed3[ ]')).toContain('got none.');
  });

  test('when brackets or places are not finished', () => {
    expect(refusal('mixed3[1')).toContain('no layer "mixed3[1"');
    expect(refusal('mixed3@8')).toContain('no layer "mixed3@8"');
    expect(refusal('mixed3@8,')).toContain('no layer');
    expect(refusal('mixed3@-1,2')).toContain('no layer');
  });

  test('when a weight has no name, though a node has none', () => {
    expect(refusal(':2')).toContain('no layer ""');
  });

  test('when channels are no numbers, none, or more than there can be', () => {
    for (const text of ['mixed3[]', 'mixed3[ ]']) expect(refusal(text)).toContain('expected channel numbers');
    for (const channels of ['a', '-1', '1.5', '9-7', '0-100000', '0-60000 0-60000', '1-']) {
      expect(refusal(`mixed3[${channels}]`)).toContain(
        `--layers: expected channel numbers such as mixed3[12] or mixed3[3 7-9], got "${channels}".`,
      );
    }
  });

  test('when it names the picture, or a name that every object has', () => {
    for (const text of ['picture', 'constructor', '__proto__']) expect(refusal(text)).toContain(`no layer "${text}"`);
  });

  test('at once, however long it is', () => {
    const start = performance.now();
    const long = ['x'.repeat(20_000), '*a'.repeat(5000), '['.repeat(5000), 'x@1,'.repeat(5000), ','.repeat(20_000)];
    for (const text of long) expect(refusal(text).length).toBeLessThan(400);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('channels by how strong they are', () => {
  test('are left to be found', () => {
    expect(parse('mixed4[strongest 10]:0.5,mixed5[ weakest 2 ]@3,4')).toEqual([
      { name: 'mixed4', weight: 0.5, ranked: { which: 'strongest', count: 10 } },
      { name: 'mixed5', weight: 1, ranked: { which: 'weakest', count: 2 }, place: { x: 3, y: 4 } },
    ]);
  });

  test.each(['mixed4[strongest]', 'mixed4[strongest 0]', 'mixed4[strong 3]', 'mixed4[weakest -1]'])(
    'are refused when they cannot be read: %s',
    (text) => expect(refusal(text)).toContain('expected channel numbers'),
  );
});

describe('classes', () => {
  const labels = ['tench, Tinca tinca', 'tabby, tabby cat', 'crane', 'tiger cat'];
  const classifier = new Network(model, { name: 'test.onnx', sha256: '0'.repeat(64), card: { labels } });
  const classes = (text: string) => parseLayers(text, classifier)[0]!.channels;

  test('go by their labels, or one of several names', () => {
    expect(classes('mixed5[tabby cat]')).toEqual([1]);
    expect(classes('mixed5[Tabby]')).toEqual([1]);
    expect(classes('mixed5[tiger cat; tench, Tinca tinca]')).toEqual([3, 0]);
    expect(classes('mixed5[2]')).toEqual([2]);
  });

  test('that there are not are refused with the nearest', () => {
    expect(() => classes('mixed5[tiger]')).toThrow(/knows no class "tiger"\. The nearest names are .*tiger cat/);
  });
});

test('layers are written as they are read', () => {
  const text = 'mixed3,mixed4[1 2 7]:-0.5,mixed5[strongest 3],features:0@2,1:4';
  expect(formatLayers(parse(text))).toBe(text);
  expect(parse(formatLayers(parse('mixed*[0-3],block4:2')))).toEqual(parse('mixed*[0-3],block4:2'));
});
