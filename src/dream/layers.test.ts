import { describe, expect, test } from 'vitest';
import { modelOf, node } from '../../test/run-model.js';
import { OptionError } from '../errors.js';
import { Network } from '../models/index.js';
import { parseLayers } from './layers.js';

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

  test('takes any name that a file may have', () => {
    expect(parse('a/b c.d:2')).toEqual([{ name: 'a/b c.d', weight: 2 }]);
  });
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

  test('when a weight has no name, though a node has none', () => {
    expect(refusal(':2')).toContain('no layer ""');
  });

  test('when it names the picture, or a name that every object has', () => {
    for (const text of ['picture', 'constructor', '__proto__']) expect(refusal(text)).toContain(`no layer "${text}"`);
  });

  test('at once, however long it is', () => {
    const start = performance.now();
    expect(refusal('x'.repeat(1_000_000)).length).toBeLessThan(400);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
