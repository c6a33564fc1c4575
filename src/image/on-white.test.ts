import { expect, test } from 'vitest';
import { onWhite } from './on-white.js';

test('what is transparent lies on white, an opaque picture stays as it is', () => {
  const data = Float32Array.from([0, 0.5, 0.25, 1, 1, 0]);
  const size = { width: 2, height: 1 };
  expect(onWhite({ ...size, data })).toEqual({ ...size, data });
  const alpha = Float32Array.from([0, 0.5]);
  expect(onWhite({ ...size, data, alpha })).toEqual({ ...size, data: Float32Array.from([1, 0.75, 1, 1, 1, 0.5]) });
});
