import { expect, test } from 'vitest';
import { playOrder } from './play-order.js';

test.each([
  [false, 'none', [1, 2, 3, 4]],
  [true, 'none', [4, 3, 2, 1]],
  [false, 'ping-pong', [1, 2, 3, 4, 3, 2]],
  [true, 'ping-pong', [4, 3, 2, 1, 2, 3]],
  [false, 'seamless', [1, 2, 3, 4]],
] as const)('reverse %s, loop %s', (reverse, loop, expected) => {
  expect([...playOrder(4, { reverse, loop })]).toEqual(expected);
});

test('a single frame is shown once', () => {
  expect([...playOrder(1, { reverse: false, loop: 'ping-pong' })]).toEqual([1]);
});
