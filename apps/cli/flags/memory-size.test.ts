import { expect, test } from 'vitest';
import { OptionError } from '../../../src/index.js';
import { parseMemorySize } from './memory-size.js';

test.each([
  ['1.5GiB', 1_610_612_736],
  ['800MB', 800_000_000],
  [' 2 gb ', 2_000_000_000],
  ['512mib', 536_870_912],
  ['100000B', 100_000],
  ['0.5KiB', 512],
])('%s', (text, bytes) => {
  expect(parseMemorySize('--max-memory', text)).toBe(bytes);
});

test.each(['', '12', 'GB', '-1GB', '1,5GB', '1e3MB', '5 parsecs', '0MB', '9999999TB', '1.GB', 'NaNMB'])(
  'is refused: "%s"',
  (text) => {
    expect(() => parseMemorySize('--max-memory', text)).toThrow(
      new OptionError('option/invalid', `--max-memory: expected a size such as 800MB or 1.5GiB, got "${text}".`),
    );
  },
);
