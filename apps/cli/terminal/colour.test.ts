import { expect, test } from 'vitest';
import { colourFor, hasColour } from './colour.js';

const terminal = { isTTY: true };

test('terminals get colours, pipes and dumb terminals do not', () => {
  expect(hasColour({ TERM: 'xterm' }, terminal)).toBe(true);
  expect(hasColour({}, terminal)).toBe(true);
  expect(hasColour({ TERM: 'dumb' }, terminal)).toBe(false);
  expect(hasColour({ TERM: 'xterm' }, {})).toBe(false);
});

test('NO_COLOR takes colours away unless it is empty', () => {
  expect(hasColour({ NO_COLOR: '1' }, terminal)).toBe(false);
  expect(hasColour({ NO_COLOR: '' }, terminal)).toBe(true);
});

test('FORCE_COLOR gives colours to pipes, 0 and false take them away, and NO_COLOR is stronger', () => {
  expect(hasColour({ FORCE_COLOR: '1' }, {})).toBe(true);
  expect(hasColour({ FORCE_COLOR: '' }, {})).toBe(true);
  expect(hasColour({ FORCE_COLOR: '0' }, terminal)).toBe(false);
  expect(hasColour({ FORCE_COLOR: 'false' }, terminal)).toBe(false);
  expect(hasColour({ FORCE_COLOR: '1', NO_COLOR: '1' }, terminal)).toBe(false);
});

test('styles can be nested, and leave the text alone when colours are off', () => {
  const on = colourFor({}, terminal);
  expect(on.bold(on.cyan('x'))).toBe('\x1b[1m\x1b[36mx\x1b[39m\x1b[22m');
  const off = colourFor({}, {});
  expect([off.bold, off.dim, off.cyan, off.green, off.yellow, off.red].map((style) => style('x')).join('')).toBe(
    'xxxxxx',
  );
});
