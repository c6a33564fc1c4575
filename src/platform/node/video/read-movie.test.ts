import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, test } from 'vitest';
import { withoutFfmpeg } from '../../../../test/e2e/programs.js';
import {
  decodedElsewhere,
  distance,
  frame,
  hasFfmpeg,
  make,
  newFolder,
  ran,
  soundDigests,
} from '../../../../test/movies.js';
import { MovieError } from '../../../errors.js';
import type { MovieFrame } from './movie.js';
import { openMovie, readMovieRecipe } from './read-movie.js';
import { createMovie } from './write-movie.js';

const h264 = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p'];
const tagged = ['-vf', 'scale=out_color_matrix=bt709:out_range=tv', '-colorspace', 'bt709', '-color_range', 'tv'];

async function framesOf(path: string, range = {}): Promise<MovieFrame[]> {
  const movie = await openMovie(path);
  const frames: MovieFrame[] = [];
  for await (const frame of movie.frames(range)) frames.push(frame);
  await movie.close();
  return frames;
}

async function refusal(path: string): Promise<MovieError> {
  const error = await framesOf(path).catch((thrown: unknown) => thrown);
  if (!(error instanceof MovieError)) throw error;
  return error;
}

describe("FFmpeg's movies", () => {
  beforeEach((context) => {
    if (!hasFfmpeg) context.skip(withoutFfmpeg);
  });

  test.each([
    ['H.264', 'x.mp4', [...h264, ...tagged]],
    ['H.264 in 4:4:4', 'x.mkv', ['-c:v', 'libx264', ...tagged, '-pix_fmt', 'yuv444p']],
    ['H.264 of 10 bits', 'x.mov', ['-c:v', 'libx264', ...tagged, '-pix_fmt', 'yuv420p10le']],
    ['HEVC', 'x.mp4', ['-c:v', 'libx265', '-x265-params', 'log-level=error', ...tagged, '-pix_fmt', 'yuv420p']],
    ['VP8', 'x.webm', ['-c:v', 'libvpx', '-b:v', '1M']],
    ['VP9', 'x.webm', ['-c:v', 'libvpx-vp9', '-b:v', '1M', ...tagged, '-pix_fmt', 'yuv420p']],
    ['VP9 of red, green and blue', 'x.webm', ['-c:v', 'libvpx-vp9', '-b:v', '1M', '-pix_fmt', 'gbrp']],
    ['H.264 of grey', 'x.mp4', ['-c:v', 'libx264', ...tagged, '-pix_fmt', 'gray']],
    ['MJPEG', 'x.avi', ['-c:v', 'mjpeg', '-q:v', '2', '-pix_fmt', 'yuvj420p']],
  ])('%s in %s has the colours that FFmpeg finds', async (_, name, args) => {
    const path = join(await newFolder(), name);
    make(path, '-t', '0.4', '-an', ...args);
    const frames = await framesOf(path);
    expect(frames.length).toBe(10);
    const theirs = decodedElsewhere(path, name === 'x.avi' ? 'centre' : 'left');
    const { mean, bias } = distance(Buffer.concat(frames.map(({ data }) => data)), theirs);
    expect(mean).toBeLessThan(1.5);
    for (const colour of bias) expect(Math.abs(colour)).toBeLessThan(0.7);
  });

  test('VP9 of odd sizes keeps its last row and column', async () => {
    const path = join(await newFolder(), 'odd.webm');
    make(
      path,
      '-t',
      '0.2',
      '-an',
      '-vf',
      'crop=95:63:0:0:exact=1,drawbox=c=red:t=fill',
      '-c:v',
      'libvpx-vp9',
      '-b:v',
      '1M',
      '-pix_fmt',
      'yuv420p',
    );
    const frames = await framesOf(path);
    expect(frames[0]).toMatchObject({ width: 95, height: 63 });
    for (const [i, value] of frames[0]!.data.entries())
      expect(Math.abs(value - (i % 3 === 0 ? 255 : 0))).toBeLessThan(12);
  });

  test.each([90, 180, 270])('turned by %d degrees come upright', async (degrees) => {
    const folder = await newFolder();
    const path = join(folder, 'turned.mp4');
    make(join(folder, 'x.mp4'), '-t', '0.2', '-an', ...h264, ...tagged);
    ran('ffmpeg', [
      '-v',
      'error',
      '-i',
      join(folder, 'x.mp4'),
      '-c',
      'copy',
      '-metadata:s:v',
      `rotate=${degrees}`,
      path,
    ]);
    const frames = await framesOf(path);
    const size = degrees === 180 ? { width: 96, height: 64 } : { width: 64, height: 96 };
    expect(frames[0]).toMatchObject(size);
    const movie = await openMovie(path);
    expect(movie.info).toMatchObject({ ...size, rotation: 360 - degrees === 180 ? 180 : 360 - degrees });
    await movie.close();
    const { mean } = distance(Buffer.concat(frames.map(({ data }) => data)), decodedElsewhere(path));
    // FFmpeg turns before it interpolates chroma, which then lies on the other side.
    expect(mean).toBeLessThan(5);
  });

  test('with pixels that are not square come with square ones', async () => {
    const path = join(await newFolder(), 'wide.mp4');
    make(path, '-t', '0.2', '-an', ...h264, '-aspect', '3:1');
    const frames = await framesOf(path);
    expect(frames[0]).toMatchObject({ width: 192, height: 64 });
    expect(frames[0]!.data.length).toBe(192 * 64 * 3);
  });

  test('are probed', async () => {
    const folder = await newFolder();
    make(join(folder, 'x.mp4'), ...h264, '-c:a', 'aac');
    const movie = await openMovie(join(folder, 'x.mp4'));
    expect(movie.info).toEqual({
      ...{ container: 'MP4', codec: 'avc', width: 96, height: 64, fps: 25, variable: false },
      ...{ duration: 2, rotation: 0 },
    });
    expect(movie.audio).toMatchObject({ codec: 'aac', channels: 1, sampleRate: 44_100 });
    await movie.close();
  });

  test('of a varying rate keep their times', async () => {
    const path = join(await newFolder(), 'x.mp4');
    make(path, '-an', '-vf', "select='not(mod(n,5))+gt(n,40)'", '-fps_mode', 'vfr', ...h264);
    const movie = await openMovie(path);
    expect(movie.info).toMatchObject({ variable: true });
    await movie.close();
    const frames = await framesOf(path);
    expect(frames.length).toBe(18);
    expect(frames[1]).toMatchObject({ timestamp: 0.2, duration: expect.closeTo(0.2, 6) });
    expect(frames[17]).toMatchObject({ timestamp: expect.closeTo(1.96, 6), duration: expect.closeTo(0.04, 6) });
  });

  test.each([
    ['x.mp4', h264],
    ['x.mkv', h264],
    ['x.webm', ['-c:v', 'libvpx-vp9', '-b:v', '1M']],
    ['x.avi', ['-c:v', 'mjpeg', '-q:v', '2', '-pix_fmt', 'yuvj420p']],
    ['x.gif', []],
  ])('are counted, and read from a time to a time: %s', async (name, args) => {
    const path = join(await newFolder(), name);
    make(path, '-an', ...args);
    const part = { start: 1, end: 1.2 };
    const times = (await framesOf(path, part)).map(({ timestamp }) => Number(timestamp.toFixed(2)));
    expect(times).toEqual([1, 1.04, 1.08, 1.12, 1.16]);
    const movie = await openMovie(path);
    expect([await movie.count(), await movie.count(part)]).toEqual([50, 5]);
    await movie.close();
  });

  test.each([
    ['x.mp4', ['-c:a', 'aac'], 'y.mp4'],
    ['x.mp4', ['-c:a', 'aac'], 'y.mkv'],
    ['x.webm', ['-c:v', 'libvpx-vp9', '-c:a', 'libopus'], 'y.webm'],
    ['x.webm', ['-c:v', 'libvpx-vp9', '-c:a', 'libopus'], 'y.mp4'],
    ['x.avi', ['-c:v', 'mjpeg', '-c:a', 'pcm_s16le'], 'y.avi'],
    ['x.avi', ['-c:v', 'mjpeg', '-c:a', 'libmp3lame'], 'y.avi'],
    ['x.avi', ['-c:v', 'mjpeg', '-c:a', 'libmp3lame'], 'y.mp4'],
  ])('give their sound as it is: %s %j to %s', async (from, args, to) => {
    const folder = await newFolder();
    const [source, target] = [join(folder, from), join(folder, to)];
    make(source, ...args);
    const movie = await openMovie(source);
    const { width, height, fps } = movie.info;
    const writer = await createMovie(target, { width, height, fps, audio: movie.audio });
    for await (const frame of movie.frames()) await writer.add(frame);
    await writer.finish();
    await movie.close();
    expect(soundDigests(target)).toEqual(soundDigests(source));
  });

  test('give a part of their sound', async () => {
    const folder = await newFolder();
    const [source, target] = [join(folder, 'x.mp4'), join(folder, 'y.mp4')];
    make(source, ...h264, '-c:a', 'aac');
    const movie = await openMovie(source);
    const writer = await createMovie(target, { width: 96, height: 64, audio: movie.audio, audioStart: 1 });
    for await (const frame of movie.frames({ start: 1, end: 1.4 })) await writer.add(frame);
    await writer.finish();
    await movie.close();
    const [all, part] = [soundDigests(source), soundDigests(target)];
    const first = all.indexOf(part[0]!);
    expect(part).toEqual(all.slice(first, first + part.length));
    // 1024 samples a packet; up to a tenth of a second more than the pictures
    expect((part.length * 1024) / 44_100).toBeGreaterThan(0.4);
    expect((part.length * 1024) / 44_100).toBeLessThan(0.55);
  });

  test('whose sound does not fit are refused with a sentence', async () => {
    const folder = await newFolder();
    make(join(folder, 'x.mp4'), ...h264, '-c:a', 'aac');
    const movie = await openMovie(join(folder, 'x.mp4'));
    const options = { width: 96, height: 64, audio: movie.audio };
    await expect(createMovie(join(folder, 'y.webm'), options)).rejects.toThrow(
      'sound in aac does not fit into WebM, expected opus, vorbis. Write an MKV, or leave the sound out.',
    );
    await expect(createMovie(join(folder, 'y.avi'), options)).rejects.toThrow('sound in aac does not fit into AVI');
    await expect(createMovie(join(folder, 'y.gif'), options)).rejects.toThrow('audio: a GIF has no sound.');
    await movie.close();
  });

  test('without pictures, or in a codec that is not known, are refused', async () => {
    const folder = await newFolder();
    const sound = join(folder, 'sound.mp4');
    make(sound, '-vn', '-c:a', 'aac');
    expect((await refusal(sound)).message).toBe(
      `${sound}: expected a movie, got a file without pictures. Name a movie.`,
    );
    const old = join(folder, 'old.mp4');
    make(old, '-c:v', 'mpeg4', '-an');
    expect(await refusal(old)).toMatchObject({
      code: 'movie/codec',
      message: `${old}: its pictures are in mp4v, expected H.264, HEVC, VP8, VP9 or AV1. Convert it first.`,
    });
    const avi = join(folder, 'old.avi');
    make(avi, '-c:v', 'mpeg4', '-an');
    expect((await refusal(avi)).message).toContain('its pictures are in FMP4, expected MJPG in an AVI.');
  });
});

describe('torn files', () => {
  test.each(['mp4', 'mov', 'mkv', 'webm', 'avi', 'gif', 'webp'])(
    'a %s that ends early is refused',
    async (extension) => {
      const folder = await newFolder();
      const path = join(folder, `x.${extension}`);
      const movie = await createMovie(path, { width: 91, height: 61 });
      for (let i = 0; i < 5; i++) await movie.add(frame(i));
      await movie.finish();
      const whole = await readFile(path);
      for (const part of [0.3, 0.7, 0.95]) {
        const torn = join(folder, `torn.${extension}`);
        await writeFile(torn, whole.subarray(0, Math.floor(whole.length * part)));
        const error = await refusal(torn);
        expect(error.code).toBe('movie/unreadable');
        expect(error.message).toMatch(/^\S+: .*\.$/);
        expect(error.message).not.toContain('\n');
      }
    },
  );

  test.each(['x.mp4', 'x.avi', 'x.gif'])('an empty %s', async (name) => {
    const path = join(await newFolder(), name);
    await writeFile(path, '');
    expect(await refusal(path)).toMatchObject({
      code: 'movie/format',
      message: `${path}: expected a movie, got an empty file. Copy it again.`,
    });
  });

  test.each([
    ['text', Buffer.from('hello\n')],
    ['zeros', Buffer.alloc(5000)],
    ['a picture', Buffer.from('\x89PNG\r\n\x1a\n and so on', 'latin1')],
  ])('%s is no movie', async (_, bytes) => {
    const path = join(await newFolder(), 'x.mp4');
    await writeFile(path, bytes);
    expect(await refusal(path)).toMatchObject({
      code: 'movie/format',
      message: `${path}: expected a movie (MP4, MOV, MKV, WebM, AVI, GIF or WebP), got something else. Name a movie.`,
    });
    await expect(readMovieRecipe(path)).rejects.toThrow(MovieError);
  });

  test('no file', async () => {
    const path = join(await newFolder(), 'x.mp4');
    expect(await refusal(path)).toMatchObject({
      code: 'movie/missing',
      message: `${path}: no such file. Check the name of the movie.`,
    });
  });
});

describe('folders of pictures', () => {
  async function picture(path: string, grey: number, width = 8): Promise<void> {
    const background = { r: grey, g: grey, b: grey };
    await sharp({ create: { width, height: 6, channels: 3, background } }).toFile(path);
  }

  test('come in natural order, without what is hidden or no picture', async () => {
    const folder = await newFolder();
    for (const [name, grey] of [
      ['f10.png', 30],
      ['f2.png', 20],
      ['f1.png', 10],
      ['.f0.png', 0],
    ] as const) {
      await picture(join(folder, name), grey);
    }
    await writeFile(join(folder, 'notes.txt'), 'x');
    const movie = await openMovie(folder, { fps: 10 });
    expect(movie.info).toMatchObject({ width: 8, height: 6, fps: 10, duration: 0.3 });
    expect([await movie.count(), await movie.count({ start: 0.1 })]).toEqual([3, 2]);
    const found: [number, number][] = [];
    for await (const { data, timestamp } of movie.frames({ start: 0.1 })) found.push([data[0]!, timestamp]);
    expect(found).toEqual([
      [20, 0.1],
      [30, 0.2],
    ]);
    expect(await readMovieRecipe(folder)).toBeUndefined();
  });

  test('of unequal sizes, or none, are refused', async () => {
    const folder = await newFolder();
    expect((await refusal(folder)).message).toBe(
      `${folder}: expected a folder of pictures, got one without. Name another.`,
    );
    await picture(join(folder, '1.png'), 1);
    await picture(join(folder, '2.png'), 2, 9);
    expect((await refusal(folder)).message).toBe(
      `${join(folder, '2.png')}: expected 8×6 as 1.png, got 9×6. Make all the same size.`,
    );
    await mkdir(join(folder, 'sub'));
  });
});

test('a comment that is no JSON is no recipe', async (context) => {
  if (!hasFfmpeg) context.skip(withoutFfmpeg);
  const path = join(await newFolder(), 'x.mp4');
  make(path, '-t', '0.1', '-metadata', 'comment=a day at the sea');
  expect(await readMovieRecipe(path)).toBeUndefined();
});
