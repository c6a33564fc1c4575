import { describe, expect, test } from 'vitest';
import {
  DownloadError,
  GradientError,
  ImageError,
  MemoryError,
  ModelError,
  MovieError,
  OptionError,
  OutputError,
  PlatformError,
} from '../../src/index.js';
import { describeError, exitCodeOf } from './exit-codes.js';

/** What V8 throws for an array that there is no room for. */
function arrayTooLarge(): unknown {
  try {
    return new ArrayBuffer(Number.MAX_SAFE_INTEGER);
  } catch (error) {
    return error;
  }
}

const foreseen = [
  [2, new OptionError('option/invalid', 'A sentence.')],
  [3, new ImageError('image/format', 'A sentence.')],
  [3, new MovieError('movie/format', 'A sentence.')],
  [4, new ModelError('model/format', 'A sentence.')],
  [4, new GradientError('gradient/missing-rule', 'A sentence.')],
  [5, new MemoryError('memory/too-large', 'A sentence.')],
  [6, new OutputError('output/write', 'A sentence.')],
  [7, new DownloadError('download/failed', 'A sentence.')],
  [1, new PlatformError('platform/runtime', 'A sentence.')],
] as const;

test.each(foreseen.map(([code, error]) => [error.name, code, error] as const))('%s ends with %d', (_, code, error) => {
  expect(exitCodeOf(error)).toBe(code);
  expect(describeError(error)).toBe('A sentence.');
});

describe('what was not foreseen', () => {
  test('ends with 1 and a stack trace', () => {
    const error = new TypeError('x is not a function');
    expect(exitCodeOf(error)).toBe(1);
    expect(describeError(error)).toMatch(/^This is a bug in pareidolia, .+\nTypeError: x is not a function\n {4}at /);
    expect(exitCodeOf('text')).toBe(1);
    expect(describeError('text')).toMatch(/\ntext$/);
  });

  test('is the memory when an array cannot be made', () => {
    const error = arrayTooLarge();
    expect(error).toBeInstanceOf(RangeError);
    expect(exitCodeOf(error)).toBe(5);
    expect(describeError(error)).toMatch(/^The memory ran out\. .+\.$/);
    expect(exitCodeOf(new RangeError('Invalid array length'))).toBe(1);
  });
});
