import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PlatformError } from '../../../errors.js';
import { createScratch } from './scratch.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pareidolia-scratch-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a scratch file', () => {
  test('gives back what was written, and 0 where nothing was', () => {
    const scratch = createScratch(10, folder);
    scratch.write(Uint8Array.of(1, 2, 3), 4);
    const bytes = new Uint8Array(10);
    scratch.read(bytes, 0);
    expect([...bytes]).toEqual([0, 0, 0, 0, 1, 2, 3, 0, 0, 0]);
    scratch.clear();
    scratch.read(bytes, 0);
    expect([...bytes]).toEqual(Array(10).fill(0));
    scratch.close();
    scratch.close();
  });

  test('has no name that could stay behind', async () => {
    const scratch = createScratch(1000, folder);
    expect(await readdir(folder)).toEqual([]);
    scratch.close();
  });

  test('is refused where there is no room, with the numbers', () => {
    expect(() => createScratch(2 ** 50, folder)).toThrow(
      expect.objectContaining({
        code: 'platform/scratch',
        message: expect.stringMatching(
          /: the picture's scratch file cannot be used \(1125899907 MB are needed, \d+ MB are free\)\. Free some room, or name another folder in TMPDIR\.$/,
        ),
      }),
    );
  });

  test('is refused in a folder that is not there', () => {
    expect(() => createScratch(10, join(folder, 'no'))).toThrow(PlatformError);
  });
});
