/** Dreamed videos: they hold still, keep sound and times, and go on where they stopped. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { luma, type Picture, resize } from '../../src/image/index.js';
import { seen, viewOf } from '../../src/movie/index.js';
import {
  createMovie,
  type MovieAudio,
  type MovieFrame,
  openMovie,
  readMovieRecipe,
  readPictureFile,
} from '../../src/platform/node/index.js';
import { mean } from '../at-once.js';
import { seededRandom } from '../mutate.js';
import { framesIn, type OnLine, runIn } from './movie-runs.js';
import { namesIn, newFolder, quick } from './run-cli.js';

let cwd: string;
const size = { width: 128, height: 84 };
/** Frames last differently long. */
const durations = [0.04, 0.1, 0.04, 0.06, 0.08, 0.04];

/** Two seconds of a tone, in packets of a twentieth of a second. */
const tone: MovieAudio = {
  codec: 'pcm-s16',
  channels: 1,
  sampleRate: 8000,
  codecString: 'pcm-s16',
  async *packets(start) {
    for (let at = 0; at < 40; at++) {
      const samples = Int16Array.from({ length: 400 }, (_, i) => 9000 * Math.sin((400 * at + i) / 3));
      const packet = { data: new Uint8Array(samples.buffer), timestamp: at / 20, duration: 1 / 20, key: true };
      if (packet.timestamp >= start - 1e-6) yield packet;
    }
  },
};

beforeAll(async () => {
  cwd = await newFolder();
  await writeClip('clip.mkv');
});

/** The frames of a camera that goes over the photo of the castle and comes closer. */
async function pan(frames: number): Promise<Picture[]> {
  const { picture } = await readPictureFile('examples/castle.jpg', { size: 2 * size.width });
  return Array.from({ length: frames }, (_, i) => {
    const view = viewOf({ zoom: 2 + 0.01 * i, rotate: 0, panX: 2 * i - 7, panY: 0.6 * i });
    return { ...size, data: resize(seen(picture, view).data, { width: 256, height: 171 }, size) };
  });
}

async function writeClip(name: string): Promise<void> {
  const movie = await createMovie(join(cwd, name), { ...size, codec: 'vp9', quality: 95, audio: tone });
  for (const [i, frame] of (await pan(durations.length)).entries()) await movie.add(frame, durations[i]);
  await movie.finish();
}

const video = (...args: readonly string[]) => ['video', 'clip.mkv', '--seed', '3', ...args];
const fast = [...quick, '--jitter', '4'];

const run = (args: readonly string[], onLine?: OnLine) => runIn(cwd, args, onLine);
const framesOf = (folder: string) => framesIn(join(cwd, folder));

/** The mean luma of every frame in a folder, 0 to 255. */
async function lightsIn(folder: string): Promise<number[]> {
  const names = (await namesIn(join(cwd, folder))).filter((name) => name.endsWith('.png'));
  const pictures = await Promise.all(names.map((name) => readPictureFile(join(cwd, folder, name))));
  return pictures.map(({ picture }) => 255 * mean(luma(picture.data)));
}

async function timesOf(name: string): Promise<Pick<MovieFrame, 'timestamp' | 'duration'>[]> {
  const movie = await openMovie(join(cwd, name));
  const times: Pick<MovieFrame, 'timestamp' | 'duration'>[] = [];
  for await (const { timestamp, duration } of movie.frames()) times.push({ timestamp, duration });
  await movie.close();
  return times;
}

/** The bytes of a movie's sound, one packet after the other. */
async function soundOf(name: string): Promise<Buffer> {
  const movie = await openMovie(join(cwd, name));
  const packets: Uint8Array[] = [];
  for await (const { data } of movie.audio!.packets(0)) packets.push(data);
  await movie.close();
  return Buffer.concat(packets);
}

describe('a dreamed video', () => {
  const look = ['--layers', 'mixed2', '--octaves', '2', '--steps', '4', '--step-size', '0.04', '--jitter', '8'];

  test('flickers at most a third as much as frames dreamed one by one, and is as light', async () => {
    const held = await run(video(...look, '-o', 'held.mkv', '--codec', 'vp9', '--json', '-q'));
    const alone = await run(video(...look, '-o', 'alone/', '--blending', 'none', '--json', '-q'));
    expect([held.code, alone.code]).toEqual([0, 0]);
    const [still, loose] = [held, alone].map(({ stdout }) => JSON.parse(stdout).flicker);
    expect(still.frames).toBe(5);
    expect(loose.dream).toBeGreaterThan(8);
    expect(still.dream).toBeLessThan(loose.dream / 3);
    const lights = await lightsIn('held.mkv.frames');
    for (const [i, light] of (await lightsIn('alone')).entries()) expect(Math.abs(light - lights[i]!)).toBeLessThan(3);
  });

  test('keeps the times of its frames and its sound to the byte, and holds its recipe', async () => {
    expect((await timesOf('held.mkv')).map(({ timestamp }) => timestamp.toFixed(3))).toEqual(
      (await timesOf('clip.mkv')).map(({ timestamp }) => timestamp.toFixed(3)),
    );
    const sound = await soundOf('held.mkv');
    // As long as the pictures, and a little longer, as codecs may need.
    expect(sound.length / 16_000).toBeGreaterThan(0.36);
    expect(sound.length / 16_000).toBeLessThan(0.52);
    expect(sound.equals((await soundOf('clip.mkv')).subarray(0, sound.length))).toBe(true);
    const recipe = JSON.parse((await readMovieRecipe(join(cwd, 'held.mkv')))!);
    expect(recipe).toMatchObject({ kind: 'video', video: { blending: 'flow' }, inputs: [{ name: 'clip.mkv' }], size });
  });

  test('of a part begins there, sound as well', async () => {
    const { code, stderr } = await run(
      video(...fast, '-o', 'part.mov', '--start', '0.1', '--end', '0.3', '--size', '64'),
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(/Dreamed 3 frames of 64×42 into part\.mov/);
    const sound = await soundOf('part.mov');
    const whole = await soundOf('clip.mkv');
    expect(sound.equals(whole.subarray(2400, 2400 + sound.length))).toBe(true);
    expect((await timesOf('part.mov')).map(({ timestamp }) => timestamp.toFixed(3))).toEqual([
      '0.000',
      '0.040',
      '0.100',
    ]);
  });

  test('of pictures in a folder starts anew at a cut, and warns of flashes', async () => {
    await mkdir(join(cwd, 'flashes'));
    for (let i = 0; i < 20; i++) {
      const background = i % 4 < 2 ? '#e8e8e8' : '#202020';
      const picture = sharp({ create: { width: 64, height: 64, channels: 3, background } });
      await picture.png().toFile(join(cwd, `flashes/${i + 1}.png`));
    }
    const args = ['video', 'flashes', ...fast, '--seed', '1', '--fps', '20'];
    const { stderr } = await run([...args, '-o', 'flashes.gif', '--end', '1']);
    expect(stderr).toMatch(/Warning: it flashes 5 times in the second from 0\.0 s\. More than three can harm/);
    expect(await sharp(join(cwd, 'flashes.gif')).metadata()).toMatchObject({ pages: 20, delay: Array(20).fill(50) });
    await run([...args, '-o', 'alone-flashes/', '--end', '0.2', '--blending', 'none']);
    const [held, alone] = [await framesOf('flashes.gif.frames'), await framesOf('alone-flashes')];
    const pixels = (file: Buffer | undefined) => sharp(file).raw({ depth: 'ushort' }).toBuffer();
    expect(await pixels(held[2])).toEqual(await pixels(alone[2]));
    expect(await pixels(held[3])).not.toEqual(await pixels(alone[3]));
  });
});

describe('going on', () => {
  const args = video(...fast, '--cycle', 'mixed0; mixed1', '--cycle-every', '3', '--size', '64');

  test('after being killed at any moment gives the same frames as without', async () => {
    expect((await run([...args, '-o', 'whole/'])).code).toBe(0);
    const random = seededRandom(Date.now());
    let kills = 0;
    while (kills < 2) {
      let lines = 1 + Math.floor(random() * 6);
      const { code } = await run([...args, '-o', 'killed/', '--progress', 'json'], (_, kill) => {
        if (lines-- === 0) setTimeout(() => kill('SIGKILL'), random() * 30);
      });
      if (code === 0) break;
      expect(code).toBe(137);
      kills++;
    }
    expect(kills).toBeGreaterThan(0);
    const { stderr } = await run([...args, '-o', 'killed/']);
    expect(stderr).toMatch(/Dreamed 6 frames|All 6 frames were there/);
    expect(await framesOf('killed')).toEqual(await framesOf('whole'));
  });

  test('notices another picture and another option, and makes all from there anew', async () => {
    const folder = join(cwd, 'pictures');
    await mkdir(folder);
    for (const [i, { data }] of (await pan(4)).entries()) {
      const bytes = Uint8Array.from(
        { length: data.length },
        (_, k) => 255 * data[(k % 3) * (data.length / 3) + Math.floor(k / 3)]!,
      );
      await sharp(bytes, { raw: { ...size, channels: 3 } })
        .png()
        .toFile(join(folder, `${i + 1}.png`));
    }
    const from = ['video', 'pictures', ...fast, '--seed', '1', '-o', 'from/'];
    await run(from);
    const before = await framesOf('from');
    await sharp(join(folder, '3.png'))
      .negate()
      .toBuffer()
      .then((bytes) => writeFile(join(folder, '3.png'), bytes));
    expect((await run(from)).stderr).toContain(
      'Frame 3 was made with other options or from another picture: going on from 2.\n',
    );
    const after = await framesOf('from');
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(after[2]!.equals(before[2]!)).toBe(false);
    expect((await run([...from, '--blend', '0.5', '--end', '0.08'])).stderr).toContain('beginning anew.\n');
    await rm(folder, { recursive: true });
  });
});

describe('what is said beforehand', () => {
  test('--trial makes some frames and tells of all, --plan makes none', async () => {
    const { code, stderr } = await run(video(...fast, '-o', 'trial.mp4', '--trial', '2'));
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Made 2 of \d+ frames in trial\.mp4\.frames /);
    expect(stderr).toMatch(/will take about .*; all frames will have about .*, the movie \d+ kB\.\n/);
    const plan = await run(video(...fast, '-o', 'planned.mp4', '--plan', '--json'));
    expect(JSON.parse(plan.stdout)).toMatchObject({ input: 'clip.mkv', ...size, stepsEach: 1 });
    expect(await namesIn(cwd)).not.toContain('planned.mp4.frames');
  });

  test.each([
    [['clip.mkv', '--start', '9'], 2, /--start: expected less than the movie's 0\.\d+ s, got 9/],
    [['clip.mkv', '--fps', '9'], 2, /--fps: clip\.mkv says itself how fast it is/],
    [
      ['clip.mkv', '-o', 'x.webm'],
      2,
      /x\.webm: sound in pcm-s16 does not fit into WebM.*leave the sound out with --mute/,
    ],
    [['clip.mkv', '-o', 'x.avi', '--mute'], 2, /frames last differently long, but all frames of an AVI last as long/],
    [['clip.mkv', '--cycle', 'mixed3; mixd4'], 2, /mixd4.*mixed4/],
    [['-'], 2, /-: expected a movie, got standard input/],
    [['none.mp4'], 3, /none\.mp4: no such file/],
  ] as const)('%j is refused before the first frame', async (args, expected, message) => {
    const { code, stderr } = await run(['video', ...args, ...(args.includes('--cycle' as never) ? [] : fast)]);
    expect(stderr).toMatch(message);
    expect(code).toBe(expected);
  });
});
