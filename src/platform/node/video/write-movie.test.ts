import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withoutFfmpeg } from '../../../../test/e2e/programs.js';
import { decodedElsewhere, distance, frame, hasFfmpeg, newFolder, probed } from '../../../../test/movies.js';
import { OptionError, OutputError } from '../../../errors.js';
import { movieFormatOf } from './movie-format.js';
import { openMovie, readMovieRecipe } from './read-movie.js';
import { pictureOfRgb } from './rgb.js';
import { createMovie, type MovieOptions } from './write-movie.js';

const size = { width: 91, height: 61 };
const recipe = '{"kind":"zoom","text":"<é & 字>"}';
const count = 8;

async function write(path: string, options: Partial<MovieOptions> = {}): Promise<void> {
  const movie = await createMovie(path, { ...size, fps: 12.5, recipe, ...options });
  for (let i = 0; i < count; i++) await movie.add(frame(i));
  await movie.finish();
  expect(movie.frames).toBe(count);
}

/** All frames one behind the other, cut to the size they had before padding. */
async function readBack(path: string): Promise<{ rgb: Uint8Array; times: number[] }> {
  const movie = await openMovie(path);
  const parts: Uint8Array[] = [];
  const times: number[] = [];
  for await (const { data, timestamp, width, height } of movie.frames()) {
    expect({ width, height }).toEqual({ width: movie.info.width, height: movie.info.height });
    parts.push(cut(data, width, height));
    times.push(timestamp);
  }
  await movie.close();
  return { rgb: Buffer.concat(parts), times };
}

function cut(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const rows: Uint8Array[] = [];
  for (let y = 0; y < (rgb.length / 3 / width / height) * height; y++) {
    if (y % height < size.height) rows.push(rgb.subarray(y * width * 3, (y * width + size.width) * 3));
  }
  return Buffer.concat(rows);
}

const expected = Buffer.concat(Array.from({ length: count }, (_, i) => frame(i).data));

/**
 * Frames come in their order, and none has other colours; what 256 colours or 4:2:0 do to them is allowed. Another matrix
 * would put them 11 apart.
 */
function expectAlike(rgb: Uint8Array, limit = 3): void {
  expect(rgb.length).toBe(expected.length);
  const { mean, bias } = distance(rgb, expected);
  expect(mean).toBeLessThan(limit);
  for (const colour of bias) expect(Math.abs(colour)).toBeLessThan(limit / 2);
}

const muxed = [
  ['movie.mp4', 'h264', 92, 62],
  ['movie.mov', 'h264', 92, 62],
  ['movie.mkv', 'h264', 92, 62],
  ['movie.webm', 'vp9', 92, 62],
  ['av1.webm', 'av1', 91, 61],
  ['av1.mp4', 'av1', 91, 61],
  ['vp9.mkv', 'vp9', 92, 62],
  ['movie.avi', 'mjpeg', 91, 61],
  ['movie.gif', 'gif', 91, 61],
] as const;

describe.each(muxed)('%s (%s)', (name, codec, width, height) => {
  const options = codec === 'vp9' || codec === 'av1' ? { codec, quality: 95 } : {};

  test('is what FFmpeg takes it for', async (context) => {
    if (!hasFfmpeg) context.skip(withoutFfmpeg);
    const path = join(await newFolder(), name);
    await write(path, options);
    const found = probed(path);
    expect(found).toMatchObject({ codec_name: codec, width, height, avg_frame_rate: '25/2', nb_read_frames: '8' });
    expect(found['duration']).toBeCloseTo(count / 12.5, 2);
    if (codec !== 'mjpeg' && codec !== 'gif') expect(found['color_space']).toBe('bt709');
    const comment = found.tags['comment'] ?? found.tags['COMMENT'] ?? found.tags['MOVIE/COMMENT'];
    expect(JSON.parse(comment ?? '')).toEqual(JSON.parse(recipe));
    const theirs = cut(decodedElsewhere(path, codec === 'mjpeg' ? 'centre' : 'left'), width, height);
    // FFmpeg stretches the 46 chroma columns of an odd width over all 91.
    expectAlike(theirs, codec === 'av1' ? 6 : 3);
  });

  test('is read back, with its recipe and its times', async () => {
    const path = join(await newFolder(), name);
    await write(path, options);
    const { rgb, times } = await readBack(path);
    expectAlike(rgb, codec === 'av1' ? 4 : 3);
    for (const [i, time] of times.entries()) expect(time).toBeCloseTo(i / 12.5, 3);
    expect(JSON.parse((await readMovieRecipe(path)) ?? '')).toEqual(JSON.parse(recipe));
  });
});

test('an animated WebP is read back, with its recipe', async () => {
  const path = join(await newFolder(), 'movie.webp');
  await write(path, { quality: 95 });
  expectAlike((await readBack(path)).rgb);
  expect(await readMovieRecipe(path)).toBe(recipe);
});

test('a folder of frames holds numbered PNGs with the recipe, exact to the bit', async () => {
  const path = join(await newFolder(), 'new', 'frames/');
  await write(path);
  expect((await readdir(path)).sort()).toEqual(Array.from({ length: count }, (_, i) => `0000${i + 1}.png`));
  expect(Buffer.compare((await readBack(path)).rgb, expected)).toBe(0);
  expect(await readMovieRecipe(path)).toBe(recipe);
});

test('raw samples are the samples', async () => {
  const path = join(await newFolder(), 'movie.rgb');
  await write(path, { format: 'raw', recipe: undefined });
  expect(Buffer.compare(await readFile(path), expected)).toBe(0);
});

test.each(['mp4', 'webm', 'avi', 'gif', 'webp'])('equal movies are equal files: %s', async (extension) => {
  const folder = await newFolder();
  await write(join(folder, `a.${extension}`));
  await new Promise((resolve) => setTimeout(resolve, 1100)); // a clock of whole seconds would have moved
  await write(join(folder, `b.${extension}`));
  const [a, b] = [await readFile(join(folder, `a.${extension}`)), await readFile(join(folder, `b.${extension}`))];
  expect(Buffer.compare(a, b)).toBe(0);
});

test.each(['mp4', 'webm', 'avi'])('more quality takes more bytes: %s', async (extension) => {
  const folder = await newFolder();
  const bytes = async (quality: number) => {
    const path = join(folder, `${quality}.${extension}`);
    await write(path, { quality });
    return (await stat(path)).size;
  };
  expect(await bytes(30)).toBeLessThan(await bytes(95));
});

test('more frames than one run of the H.264 encoder holds keep their order', async () => {
  const path = join(await newFolder(), 'long.mp4');
  const movie = await createMovie(path, { width: 32, height: 16, fps: 100 });
  for (let i = 0; i < 520; i++) {
    await movie.add({ width: 32, height: 16, data: new Uint8Array(32 * 16 * 3).fill(i % 200) });
  }
  await movie.finish();
  const read = await openMovie(path);
  expect(await read.count()).toBe(520);
  let number = 0;
  for await (const { data, timestamp } of read.frames()) {
    expect(timestamp).toBeCloseTo(number / 100, 4);
    expect(Math.abs(data[0]! - (number % 200))).toBeLessThan(4);
    number += 1;
  }
  expect(number).toBe(520);
  await read.close();
});

test.each([
  ['mp4', [0.5, 0.1, 0.25]],
  ['webm', [0.5, 0.1, 0.25]],
  ['gif', [0.5, 0.1, 0.25]],
  ['webp', [0.5, 0.1, 0.25]],
])('frames of their own durations: %s', async (extension, durations) => {
  const path = join(await newFolder(), `slow.${extension}`);
  const movie = await createMovie(path, size);
  for (const [i, duration] of durations.entries()) await movie.add(frame(i), duration);
  await movie.finish();
  const read = await openMovie(path);
  const found: number[] = [];
  for await (const { duration } of read.frames()) found.push(duration);
  expect(read.info.variable).toBe(true);
  expect(found.length).toBe(3);
  // WebM does not say how long the last frame lasts.
  if (extension === 'webm') found.pop();
  for (const [i, duration] of found.entries()) expect(duration).toBeCloseTo(durations[i]!, 3);
  await read.close();
});

test('pictures are taken as frames are', async () => {
  const folder = await newFolder();
  const { data, ...shape } = frame(1);
  for (const name of ['a.avi', 'b.avi']) {
    const movie = await createMovie(join(folder, name), shape);
    await movie.add(name === 'a.avi' ? { ...shape, data } : pictureOfRgb(data, shape.width, shape.height));
    await movie.finish();
  }
  expect(Buffer.compare(await readFile(join(folder, 'a.avi')), await readFile(join(folder, 'b.avi')))).toBe(0);
});

test('H.264 and VP9 repeat the last column and row of odd sizes, and say so', async () => {
  const folder = await newFolder();
  const odd = await createMovie(join(folder, 'odd.mp4'), size);
  expect(odd).toMatchObject({ width: 92, height: 62, padding: { right: 1, bottom: 1 } });
  await odd.abort();
  const even = await createMovie(join(folder, 'even.mp4'), { width: 90, height: 61 });
  expect(even).toMatchObject({ width: 90, height: 62, padding: { right: 0, bottom: 1 } });
  await even.abort();
  const vp9 = await createMovie(join(folder, 'odd.webm'), size);
  expect(vp9).toMatchObject({ width: 92, height: 62, padding: { right: 1, bottom: 1 } });
  await vp9.abort();
  const av1 = await createMovie(join(folder, 'av1.webm'), { ...size, codec: 'av1' });
  expect(av1).toMatchObject({ ...size, padding: { right: 0, bottom: 0 } });
  await av1.abort();
});

describe.each(['mp4', 'webm', 'avi', 'gif', 'webp'])('a %s that is given up', (extension) => {
  test('leaves nothing behind', async () => {
    const folder = await newFolder();
    const movie = await createMovie(join(folder, `x.${extension}`), size);
    await movie.add(frame(0));
    await movie.abort();
    await movie.abort();
    expect(await readdir(folder)).toEqual([]);
  });

  test('leaves the old file as it was', async () => {
    const folder = await newFolder();
    const path = join(folder, `x.${extension}`);
    await writeFile(path, 'old');
    await expect(createMovie(path, size)).rejects.toThrow(`${path} exists already.`);
    const movie = await createMovie(path, { ...size, overwrite: true });
    const wrong = movie.add(frame(0, 60, 61));
    await expect(wrong).rejects.toThrow('frame 1: expected 91×61 as the first, got 60×61.');
    expect(await readdir(folder)).toEqual([`x.${extension}`]);
    expect(await readFile(path, 'utf8')).toBe('old');
  });

  test('is not there without a frame', async () => {
    const folder = await newFolder();
    const movie = await createMovie(join(folder, `x.${extension}`), size);
    await expect(movie.finish()).rejects.toThrow(OutputError);
    expect(await readdir(folder)).toEqual([]);
  });
});

test('formats go by the extension', async () => {
  const folder = await newFolder();
  await mkdir(join(folder, 'there'));
  expect(movieFormatOf('a.MP4')).toBe('mp4');
  expect(movieFormatOf('a/b.webm')).toBe('webm');
  expect(movieFormatOf(join(folder, 'there'))).toBe('frames');
  expect(movieFormatOf('not-there/')).toBe('frames');
  expect(movieFormatOf('-')).toBe('raw');
});

test.each([
  ['x.wmv', '.wmv'],
  ['x', 'no extension'],
])('%s is refused', (path, got) => {
  const known = '.mp4, .mov, .mkv, .webm, .avi, .gif or .webp';
  const message = `${path}: expected a name ending in ${known}, or in / for a folder of frames, got ${got}.`;
  expect(() => movieFormatOf(path)).toThrow(message);
});

test.each<[string, Partial<MovieOptions>, string]>([
  ['x.mp4', { width: 0 }, 'width: expected 1 to 16384 pixels in a MP4, got 0.'],
  ['x.mp4', { fps: 0 }, 'fps: expected more than 0 and at most 1000, got 0.'],
  ['x.gif', { fps: 60 }, 'fps: expected at most 50 in a GIF, got 60. Write an MP4, or fewer frames.'],
  ['x.webm', { codec: 'h264' }, 'codec: expected vp9 or av1 in a WebM, got h264.'],
  ['x.avi', { codec: 'h264' }, 'codec: expected none in a AVI, got h264.'],
  ['x.gif', { quality: 50 }, 'quality: a GIF takes none, got 50. Leave the quality out.'],
  ['x.mp4', { quality: 101 }, 'quality: expected a whole number from 1 to 100, got 101.'],
  ['x.mp4', { loop: 2 }, 'loop: expected a GIF or WebP, got a MP4. Leave it out.'],
  ['x.rgb', { format: 'raw', recipe: '{}' }, 'recipe: a raw stream has no place for it. Leave it out.'],
])('%s with %j is refused', async (name, options, message) => {
  const folder = await newFolder();
  const error = await createMovie(join(folder, name), { ...size, ...options }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OptionError);
  expect((error as Error).message).toBe(message);
  expect(await readdir(folder)).toEqual([]);
});

test('frames have a rate or durations, not both', async () => {
  const movie = await createMovie(join(await newFolder(), 'x.mp4'), { ...size, fps: 25 });
  await expect(movie.add(frame(0), 1)).rejects.toThrow(
    'frame 1: at 25 frames a second all last as long. Leave out one of both.',
  );
});

test('an AVI has frames of one duration only', async () => {
  const movie = await createMovie(join(await newFolder(), 'x.avi'), size);
  await expect(movie.add(frame(0), 1)).rejects.toThrow(
    'frame 1: in an AVI all frames last as long. Leave the duration out.',
  );
});
