import { mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { noise } from '../../../../test/pictures.js';
import { ImageError } from '../../../errors.js';
import { arrayRaster, wholeOf } from '../../../image/index.js';
import { openCheckpoint, writeCheckpoint } from './checkpoint-file.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pareidolia-checkpoint-'));
  path = join(folder, 'x.checkpoint');
});
afterEach(() => rm(folder, { recursive: true }));

const size = { width: 31, height: 17 };
const [colours, plane] = [noise(size).data, noise(size, 2).data.slice(0, 31 * 17)];
const checkpoint = { facts: { step: 3, recipe: 'é' }, rasters: [arrayRaster(colours, size), arrayRaster(plane, size)] };

test('what was written is read again', async () => {
  await writeCheckpoint(path, checkpoint);
  const read = openCheckpoint(path)!;
  expect(read.facts).toEqual(checkpoint.facts);
  expect(read.rasters.map(({ planes }) => planes)).toEqual([3, 1]);
  expect(read.rasters.map(wholeOf)).toEqual([colours, plane]);
  read.close();
  expect(await readdir(folder)).toEqual(['x.checkpoint']);
});

test('a new one takes the place of the old one, which can still be read where it is open', async () => {
  await writeCheckpoint(path, checkpoint);
  const old = openCheckpoint(path)!;
  await writeCheckpoint(path, { facts: 'new', rasters: [] });
  const read = openCheckpoint(path)!;
  expect(read).toMatchObject({ facts: 'new', rasters: [] });
  expect(wholeOf(old.rasters[1]!)).toEqual(plane);
  old.close();
  read.close();
});

test('none is undefined', () => {
  expect(openCheckpoint(path)).toBeUndefined();
});

describe('is refused', () => {
  const refusal = (reason: string) =>
    new ImageError('image/unreadable', `${path}: expected a whole checkpoint, got a damaged one (${reason}).`);

  test('when any byte is another one', async () => {
    await writeCheckpoint(path, checkpoint);
    const { length } = await readFile(path);
    for (const at of [length - 1, length - 33, 800, 60]) {
      await writeCheckpoint(path, checkpoint);
      const file = await open(path, 'r+');
      const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
      await file.write(Buffer.of(buffer[0]! ^ 1), 0, 1, at);
      await file.close();
      expect(() => openCheckpoint(path)).toThrow(ImageError);
    }
  });

  test.each([1, 40, 5000])('when %s bytes are missing', async (count) => {
    await writeCheckpoint(path, checkpoint);
    await truncate(path, (await readFile(path)).length - count);
    expect(() => openCheckpoint(path)).toThrow(refusal('it does not have the length it should have'));
  });

  test.each([
    ['something else', Buffer.from('hello'), 'it is something else'],
    ['nothing', Buffer.alloc(0), 'it is something else'],
    ['no header', Buffer.from('pareidolia checkpoint 1\n{"facts":1'), 'it has no header'],
    [
      'rasters beyond measure',
      Buffer.from('pareidolia checkpoint 1\n{"rasters":[{"planes":3,"width":1e9,"height":-1}]}\n'),
      'it names no rasters',
    ],
  ])('when it holds %s', async (_, bytes, reason) => {
    await writeFile(path, bytes);
    expect(() => openCheckpoint(path)).toThrow(refusal(reason));
  });
});
