import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { waves } from '../../../../test/pictures.js';
import type { Picture } from '../../../image/index.js';
import { createMovieRecipe, frameRecipe, MovieScript, zoomSettingsOf } from '../../../movie/index.js';
import { FrameFolder } from './frame-folder.js';

const settings = zoomSettingsOf({ seed: 5 });
const script = new MovieScript(settings);
const named = { name: 'x', sha256: '0'.repeat(64) };
const runtime = { name: 'none', version: '1', threads: 1 };
const size = { width: 9, height: 7 };
const recipe = createMovieRecipe({ ...settings, model: named, inputs: [named], runtime, size });
const recipeOf = (frame: number, before: string | null) => frameRecipe(recipe, script.frame(frame), before);

let path: string;
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'pareidolia-frames-')), 'frames');
});
afterEach(() => rm(join(path, '..'), { recursive: true, force: true }));

/** Writes some frames, each a little lighter than the one before. */
async function writeFrames(folder: FrameFolder, first: number, last: number): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (let frame = first; frame <= last; frame++) {
    const { data } = waves(size);
    const picture = { ...size, data: data.map((value) => value + frame / 1000) };
    pictures.push(await folder.write(frame, picture, recipeOf(frame, folder.digestOf(frame - 1)), recipe));
  }
  return pictures;
}

describe('a folder of frames', () => {
  test('is made with its first frame, and holds what it gave back', async () => {
    const empty = await FrameFolder.open(path);
    expect({ count: empty.count, recipe: empty.recipe }).toEqual({ count: 0, recipe: undefined });
    const pictures = await writeFrames(empty, 1, 3);
    expect((await readdir(path)).sort()).toEqual(['00001.png', '00002.png', '00003.png', 'movie.json']);
    const folder = await FrameFolder.open(path);
    expect(folder.recipe).toEqual(recipe);
    expect(await folder.firstFlaw(recipeOf)).toBeUndefined();
    expect(await folder.read(2)).toEqual(pictures[1]);
    // 16 bits: steps of 1/65535.
    expect(pictures[0]!.data.every((value) => Math.abs(value * 65535 - Math.round(value * 65535)) < 0.01)).toBe(true);
  });

  test.each([
    ['missing', (file: string) => rm(file)],
    [
      'damaged',
      async (file: string) => {
        const bytes = await readFile(file);
        bytes[bytes.length - 20]! ^= 1;
        await writeFile(file, bytes);
      },
    ],
    ['damaged', async (file: string) => writeFile(file, await readFile(file.replace('00002', '00001')))],
  ] as const)('notices a frame that is %s', async (fault, spoil) => {
    await writeFrames(await FrameFolder.open(path), 1, 3);
    const folder = await FrameFolder.open(path);
    await spoil(folder.fileOf(2));
    expect(await folder.firstFlaw(recipeOf)).toEqual({ frame: 2, fault });
    expect(
      await folder.firstFlaw(async (frame, before) => (frame > 1 ? undefined : recipeOf(frame, before))),
    ).toBeUndefined();
  });

  test('notices frames of another movie, and of other options from some frame on', async () => {
    await writeFrames(await FrameFolder.open(path), 1, 3);
    const folder = await FrameFolder.open(path);
    const other = new MovieScript(zoomSettingsOf({ seed: 5, camera: '1 zoom=1.02 ease=hold; 3 zoom=1.5' }));
    const flaw = await folder.firstFlaw((frame, before) => frameRecipe(recipe, other.frame(frame), before));
    expect(flaw).toEqual({ frame: 3, fault: 'made otherwise' });
    const model = { ...recipe, model: { ...named, sha256: '1'.repeat(64) } };
    const first = await folder.firstFlaw((frame, before) => frameRecipe(model, script.frame(frame), before));
    expect(first).toEqual({ frame: 1, fault: 'made otherwise' });
  });

  test('loses what comes after a frame that is made again, and nothing before that', async () => {
    await writeFrames(await FrameFolder.open(path), 1, 4);
    await writeFile(join(path, '.00005.png.77-0123456789ab.tmp'), 'half');
    await writeFile(join(path, 'notes.txt'), 'mine');
    const folder = await FrameFolder.open(path);
    expect(await folder.firstFlaw(recipeOf)).toBeUndefined();
    expect((await readdir(path)).length).toBe(7);
    await writeFrames(folder, 2, 2);
    expect((await readdir(path)).sort()).toEqual(['00001.png', '00002.png', 'movie.json', 'notes.txt']);
    expect((await FrameFolder.open(path)).count).toBe(2);
  });

  test('does not take frames that nothing tells of, unless it is told to', async () => {
    await writeFrames(await FrameFolder.open(path), 1, 2);
    for (const spoil of [
      () => writeFile(join(path, 'movie.json'), '{"frames": 3}'),
      () => rm(join(path, 'movie.json')),
    ]) {
      await spoil();
      await expect(FrameFolder.open(path)).rejects.toThrow(/holds frames that no movie\.json tells of\. Use --force/);
    }
    const forced = await FrameFolder.open(path, true);
    expect(forced.count).toBe(0);
    await writeFrames(forced, 1, 1);
    expect((await readdir(path)).sort()).toEqual(['00001.png', 'movie.json']);
  });

  test('is written into by one at a time', async () => {
    const folder = await FrameFolder.claim(path);
    await expect(FrameFolder.claim(path)).rejects.toThrow(`${path}: process ${process.pid} since `);
    await writeFrames(folder, 1, 1);
    expect((await FrameFolder.open(path)).count).toBe(1);
    folder.release();
    expect((await readdir(path)).sort()).toEqual(['00001.png', 'movie.json']);
    (await FrameFolder.claim(path)).release();
  });

  test('that was claimed for nothing goes again', async () => {
    (await FrameFolder.claim(join(path, 'deep'))).release();
    expect(await readdir(join(path, '..'))).toEqual([]);
    await writeFile(path, 'mine');
    await expect(FrameFolder.claim(path)).rejects.toThrow(/the folder cannot be made \(a file has that name\)/);
  });

  test('is no file', async () => {
    await writeFile(path, 'mine');
    await expect(FrameFolder.open(path)).rejects.toThrow(/expected a folder for frames, but it is a file/);
  });
});
