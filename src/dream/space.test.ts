import { describe, expect, test } from 'vitest';
import { noise } from '../../test/run-model.js';
import { atOnce } from '../image/index.js';
import * as spaces from './space.js';

const size = { width: 23, height: 14 };
const pixels = (seed: number) => noise([3, size.height, size.width], seed).data;
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/** A space that does its work at once. */
function createSpace(...given: Parameters<typeof spaces.createSpace>) {
  const space = spaces.createSpace(...given)!;
  return {
    encode: (gradient: Float32Array) => atOnce(space.encode(gradient)),
    decode: (parameters: Float32Array) => atOnce(space.decode(parameters)),
  };
}

test('plain pixels need no space', () => {
  expect(spaces.createSpace({ space: 'pixels', colour: 'rgb', optimizer: 'adam' }, size, 'RGB')).toBeUndefined();
});

describe.each([
  { space: 'fourier', colour: 'rgb' },
  { space: 'pixels', colour: 'decorrelated' },
  { space: 'fourier', colour: 'decorrelated' },
] as const)('$space, $colour', (options) => {
  const space = createSpace({ optimizer: 'adam', ...options }, size, 'RGB');

  test('takes a gradient back by the transpose of what it does to parameters', () => {
    const gradient = pixels(1);
    const parameters = noise([space.encode(gradient).length], 2).data;
    const [left, right] = [dot(gradient, space.decode(parameters)), dot(space.encode(gradient), parameters)];
    expect(Math.abs(left - right)).toBeLessThan(1e-4 * Math.abs(left));
  });

  test('climbs: a step along its own gradient goes uphill', () => {
    const gradient = pixels(3);
    expect(dot(gradient, space.decode(space.encode(gradient)))).toBeGreaterThan(0);
  });

  test('knows which channel is red', () => {
    const flipped = (values: Float32Array) => {
      const plane = values.length / 3;
      return Float32Array.from(values, (_, i) => values[(2 - Math.floor(i / plane)) * plane + (i % plane)]!);
    };
    const reversed = createSpace({ optimizer: 'adam', ...options }, size, 'BGR');
    const through = ({ encode, decode }: typeof space, values: Float32Array) => decode(encode(values));
    const expected = flipped(through(space, pixels(4)));
    through(reversed, flipped(pixels(4))).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 4);
    });
  });
});

test('in Fourier space coarse structure moves further than fine structure', () => {
  const square = { width: 32, height: 32 };
  const gain = (waves: number, optimizer: 'adam' | 'ascent' = 'adam') => {
    const { encode, decode } = createSpace({ space: 'fourier', colour: 'rgb', optimizer }, square, 'RGB');
    const wave = Float32Array.from({ length: 3 * 32 * 32 }, (_, i) => Math.cos((2 * Math.PI * waves * (i % 32)) / 32));
    return Math.sqrt(dot(decode(encode(wave)), wave) / dot(wave, wave));
  };
  // Twice the frequency, half the scale.
  expect(gain(2) / gain(1)).toBeCloseTo(1 / 2, 4);
  expect(gain(8) / gain(4)).toBeCloseTo(1 / 2, 4);
  // A gradient passes the scale twice, so that each time it is the root.
  expect(gain(2, 'ascent') / gain(1, 'ascent')).toBeCloseTo(Math.SQRT1_2, 4);
  expect(gain(4)).toBeCloseTo((Math.SQRT2 / 8) * (32 / 4), 4);
});
