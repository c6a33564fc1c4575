/** A mask says where a picture dreams, and its recipe knows which mask it was. */
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, expect, test } from 'vitest';
import { photo } from './photos.js';
import { newFolder, quick, runCli } from './run-cli.js';

let cwd: string;
const cli = (...args: string[]) => runCli(args, { cwd });
const file = (name: string) => join(cwd, name);

/** White on the right half, black on the left. */
async function writeMask(path: string): Promise<void> {
  const [width, height] = [96, 80];
  const half = Uint8Array.from({ length: width * height }, (_, i) => (i % width < width / 2 ? 0 : 255));
  await sharp(half, { raw: { width, height, channels: 1 } })
    .png()
    .toFile(path);
}

beforeEach(async () => {
  cwd = await newFolder();
  await photo(96, 80).png().toFile(file('photo.png'));
  await writeMask(file('mask.png'));
});

test('black stays as it is and white dreams', async () => {
  const { code, stderr } = await cli('dream', 'photo.png', '--mask', 'mask.png', '-o', 'dream.png', ...quick);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const [before, after] = await Promise.all(
    ['photo.png', 'dream.png'].map((name) => sharp(file(name)).removeAlpha().raw().toBuffer()),
  );
  const change = { left: 0, right: 0 };
  after!.forEach((value, i) => {
    change[Math.floor(i / 3) % 96 < 48 ? 'left' : 'right'] += Math.abs(value - before![i]!);
  });
  expect(change.left).toBe(0);
  expect(change.right).toBeGreaterThan(0);
});

test('a rerun takes the same mask, and asks for it when it has moved', async () => {
  await cli('dream', 'photo.png', '--mask', 'mask.png', '--mask-feather', '3', '-o', 'dream.png', ...quick);
  expect((await cli('rerun', 'dream.png')).code).toBe(0);
  expect(await readFile(file('dream-rerun.png'))).toEqual(await readFile(file('dream.png')));
  await rename(file('mask.png'), file('moved.png'));
  const lost = await cli('rerun', 'dream.png', '--force');
  expect(lost.code).toBe(3);
  expect(lost.stderr).toContain('was made from mask.png');
  expect(lost.stderr).toContain('Name the original with --mask.');
  expect((await cli('rerun', 'dream.png', '--force', '--mask', 'moved.png')).code).toBe(0);
});
