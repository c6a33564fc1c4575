/** Zoom movies: frames, going on, and what stops them. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, test } from 'vitest';
import { covering, type Picture } from '../../src/index.js';
import { readPictureFile } from '../../src/platform/node/index.js';
import { ran } from '../movies.js';
import { framesIn, type OnLine, runIn } from './movie-runs.js';
import { photo, writePhoto } from './photos.js';
import { main, namesIn, newFolder, quick } from './run-cli.js';

let cwd: string;
beforeEach(async () => {
  cwd = await newFolder();
  await writePhoto(join(cwd, 'photo.jpg'));
});

const zoom = ['zoom', 'photo.jpg', ...quick, '--jitter', '4', '--seed', '3'];

const run = (args: readonly string[], onLine?: OnLine) => runIn(cwd, args, onLine);
const framesOf = (folder: string) => framesIn(join(cwd, folder));

/** The values of a picture, 0 to 1. */
async function valuesOf(name: string): Promise<Picture> {
  return (await readPictureFile(join(cwd, name))).picture;
}

describe('frames', () => {
  test('are 16-bit pictures in a folder, each closer and dreamed again; the same command again keeps them', async () => {
    const made = await run([...zoom, '--frames', '3', '-o', 'frames/', '--zoom', '1.1']);
    expect(made).toMatchObject({ code: 0, stdout: '' });
    expect(made.stderr).toMatch(
      /^Flew through 3 frames of 96×80 into frames\/ \(3 frames in \d+ s, .* each, seed 3\)\.\n$/,
    );
    expect(await namesIn(join(cwd, 'frames'))).toEqual(['00001.png', '00002.png', '00003.png', 'movie.json']);
    const frames = await framesOf('frames');
    expect(await sharp(frames[0]).metadata()).toMatchObject({ width: 96, height: 80, depth: 'ushort' });
    expect(frames[1]!.equals(frames[2]!)).toBe(false);
    const told = await run(['info', 'frames/00002.png']);
    expect(told.stdout).toMatch(/^frames\/00002\.png: frame 2 of a zoom through photo\.jpg by pareidolia .*, 96×80\n/);
    expect(told.stdout).toMatch(/made from {5}the frame with the SHA-256 [0-9a-f]{64}\n$/);
    const again = await run([...zoom, '--frames', '3', '-o', 'frames/', '--zoom', '1.1']);
    expect(again.stderr).toContain('All 3 frames were there.\n');
    expect(await framesOf('frames')).toEqual(frames);
    const more = await run([...zoom, '--frames', '4', '-o', 'frames/', '--zoom', '1.1']);
    expect(more.stderr).toContain('Going on from frame 3.\nFlew through 4 frames');
    expect((await framesOf('frames')).slice(0, 3)).toEqual(frames);
  });

  test('of a camera that stands still, with steps of size 0, are the photo', async () => {
    await photo(64, 64).toFile(join(cwd, 'small.png'));
    const args = ['zoom', 'small.png', ...quick, '--frames', '9', '--zoom', '1', '--step-size', '0', '-o', 'still/'];
    expect((await run(args)).code).toBe(0);
    expect(await valuesOf('still/00009.png')).toEqual(await valuesOf('small.png'));
  });

  test('become a movie, backwards or back and forth', async () => {
    const args = [...zoom, '--frames', '4', '--fps', '10', '-o', 'movie.gif'];
    expect((await run([...args, '--loop', 'ping-pong'])).stderr).toMatch(
      /^Writing movie\.gif …\nFlew through 4 frames of 96×80 into movie\.gif .*\nThe frames are kept in movie\.gif\.frames\.\n$/,
    );
    expect(await sharp(join(cwd, 'movie.gif')).metadata()).toMatchObject({ pages: 6, delay: Array(6).fill(100) });
    const again = await run([...args, '--reverse']);
    expect(again).toMatchObject({ code: 6 });
    expect(again.stderr).toContain('movie.gif exists already');
    expect((await run([...args, '--reverse', '--force'])).stderr).toContain('All 4 frames were there.\n');
    expect(await sharp(join(cwd, 'movie.gif')).metadata()).toMatchObject({ pages: 4 });
  });

  test('fly from one photo into the next, of any size', async () => {
    await photo(120, 60).negate().toFile(join(cwd, 'other.png'));
    const args = [...quick, '--frames', '6', '--step-size', '0', '-o', 'through/'];
    expect((await run(['zoom', '--from', 'photo.jpg', '--to', 'other.png', ...args])).code).toBe(0);
    const named = await run(['zoom', 'photo.jpg', 'other.png', ...args]);
    expect(named.stderr).toContain('All 6 frames were there.');
    const last = await valuesOf('through/00006.png');
    const expected = covering(await valuesOf('other.png'), last);
    expect({ width: last.width, height: last.height }).toEqual({ width: 96, height: 80 });
    expect(Math.max(...last.data.map((value, i) => Math.abs(value - expected.data[i]!)))).toBeLessThan(1e-4);
  });
});

describe('going on', () => {
  test('Ctrl-C keeps the frames and says how to go on, with the seed that was drawn', async () => {
    const args = ['zoom', 'photo.jpg', ...quick, '--frames', '4', '--steps', '8', '-o', 'frames/'];
    const stopped = await run([...args, '--progress', 'json'], (line, kill) => {
      if (line.includes('"frame"') && line.includes('"index":3,')) kill('SIGINT');
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(/Stopped; 2 of 4 frames are in frames\/ /);
    expect(stopped.stderr).toContain(`To go on: pareidolia ${args.join(' ')} --progress json\n`);
    expect(await namesIn(join(cwd, 'frames'))).toEqual(['00001.png', '00002.png', 'movie.json']);
    const first = await framesOf('frames');
    const gone = await run(args);
    expect(gone).toMatchObject({ code: 0 });
    expect(gone.stderr).toContain('Going on from frame 2.');
    expect((await framesOf('frames')).slice(0, 2)).toEqual(first);
  });

  test('notices a damaged frame and another option, and makes all from there anew', async () => {
    const args = [...zoom, '--frames', '4', '-o', 'frames/'];
    expect((await run(args)).code).toBe(0);
    const whole = await framesOf('frames');
    await writeFile(join(cwd, 'frames/00003.png'), whole[3]!);
    expect((await run(args)).stderr).toContain('Frame 3 is damaged: going on from 2.\n');
    expect(await framesOf('frames')).toEqual(whole);
    const other = await run([...args, '--camera', '2 zoom=1.02 ease=hold; 4 zoom=1.2']);
    expect(other.stderr).toContain('Frame 4 was made with other options or from another picture: going on from 3.\n');
    const changed = await framesOf('frames');
    expect(changed.slice(0, 3)).toEqual(whole.slice(0, 3));
    expect(changed[3]!.equals(whole[3]!)).toBe(false);
    await writeFile(join(cwd, 'photo.jpg'), await photo().negate().jpeg().toBuffer());
    expect((await run(args)).stderr).toContain('beginning anew.\n');
  });
});

test('Ctrl-C while the movie is written keeps the frames and leaves no file', async () => {
  const args = [...zoom, '--frames', '30', '-o', 'movie.webm'];
  expect((await run([...args, '-o', 'movie.webm.frames/'])).code).toBe(0);
  const stopped = await run([...args, '--progress', 'json'], (line, kill) => {
    if (line.startsWith('Writing')) kill('SIGINT');
  });
  expect(stopped.code).toBe(130);
  expect(stopped.stderr).toContain('Stopped; 30 of 30 frames are in movie.webm.frames');
  expect(await namesIn(cwd)).toEqual(['movie.webm.frames', 'photo.jpg']);
  expect((await run(args)).stderr).toContain('All 30 frames were there.');
  expect(await namesIn(cwd)).toEqual(['movie.webm', 'movie.webm.frames', 'photo.jpg']);
});

test('a folder that another process writes into is left to it, and that process is named', async () => {
  const since = '2026-01-02T03:04:05.678Z';
  await mkdir(join(cwd, 'frames'));
  await writeFile(join(cwd, 'frames/movie.lock'), JSON.stringify({ pid: process.pid, host: hostname(), since }));
  const { code, stderr } = await run([...zoom, '--frames', '1', '-o', 'frames/']);
  expect(code).toBe(6);
  expect(stderr).toMatch(
    new RegExp(
      `^pareidolia: frames/: process ${process.pid} since .* is making these frames\\. Wait until it is done; .*\n$`,
    ),
  );
  expect(await namesIn(join(cwd, 'frames'))).toEqual(['movie.lock']);
});

test('info tells how a movie was made, with the command that makes it again', async () => {
  await photo(70, 50).toFile(join(cwd, 'it is.png'));
  const args = ['zoom', 'it is.png', ...quick, '--frames', '2', '--camera', '2 zoom=1.1 layers=mixed0[strongest 2]'];
  expect((await run([...args, '--drift', 'luma', '--no-clip', '-o', 'movie.gif'])).code).toBe(0);
  const { stdout } = await run(['info', 'movie.gif']);
  expect(stdout).toMatch(/^movie\.gif: a zoom through it is\.png by pareidolia .*, 70×50\n/);
  expect(stdout).toMatch(/\n {2}drift {9}luma\n/);
  const [, command] = /\nTo make it again: pareidolia (.*)\n$/.exec(stdout)!;
  const recipe = JSON.parse((await run(['info', 'movie.gif', '--json'])).stdout);
  expect(JSON.parse((await run(['info', 'movie.gif.frames', '--json'])).stdout)).toEqual(recipe);
  expect(recipe).toMatchObject({ kind: 'movie', movie: { drift: 'luma' }, dream: { clip: false } });
  const { code, stderr } = await run(['rerun', 'movie.gif']);
  expect([code, stderr]).toEqual([
    2,
    `pareidolia: movie.gif is a movie, which is made again by its own command: pareidolia ${command}\n`,
  ]);
  ran('sh', ['-c', `cd '${cwd}' && "$0" "$1" ${command}`, process.execPath, main]);
  const [made, again] = await Promise.all(['movie.gif.frames', 'again.mp4.frames'].map(framesOf));
  expect(again).toEqual(made);
});

describe('what is said beforehand', () => {
  test('--trial makes some frames and tells of all, --plan makes none', async () => {
    const trial = await run([...zoom, '--frames', '40', '-o', 'frames/', '--trial', '2']);
    expect(trial).toMatchObject({ code: 0, stdout: '' });
    expect(trial.stderr).toMatch(/^Made 2 of 40 frames in frames\/ /);
    expect(trial.stderr).toMatch(/The other 38 will take about .*; all frames will have about \d+\.\d MB\.\n/);
    expect(trial.stderr).toContain(`To go on: pareidolia ${[...zoom, '--frames', '40', '-o', 'frames/'].join(' ')}\n`);
    const plan = await run([...zoom, '--frames', '40', '-o', 'planned/', '--plan', '--json']);
    expect(JSON.parse(plan.stdout)).toMatchObject({ frames: 40, width: 96, height: 80, stepsEach: 1 });
    expect(await namesIn(cwd)).toEqual(['frames', 'photo.jpg']);
  });

  test('--json is one object, and -q says nothing', async () => {
    const { stdout, stderr } = await run([...zoom, '--frames', '2', '-o', 'frames/', '-q', '--json']);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ output: 'frames/', frames: 2, framesMade: 2, framesThere: 2, seed: 3 });
  });

  test.each([
    [['--camera', '60 zoom=9'], /in the keyframe "60 zoom=9", --zoom: expected a number from 0\.5 to 2, got "9"/],
    [['--camera', '60 layers=mixd3'], /--camera: at the keyframe 60, .*mixd3.*mixed3/],
    [['--camera', 'none.json'], /--camera: expected keyframes in none\.json/],
    [['--frames', '0'], /--frames: expected a whole number from 1 to 99999, got "0"/],
    [['-o', '-'], /-o -: expected a file or a folder/],
  ])('%j is refused before the first frame', async (args, message) => {
    const { code, stderr } = await run([...zoom, ...args]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(await namesIn(cwd)).toEqual(['photo.jpg']);
  });

  test('keyframes may ask for the strongest channels, which the recipe names', async () => {
    const keyed = ['--camera', '2 zoom=1.1 layers=mixed0[strongest 3]'];
    const args = [...zoom, '--frames', '2', '-o', 'frames/', ...keyed];
    expect((await run(args)).code).toBe(0);
    const { recipe } = JSON.parse(await readFile(join(cwd, 'frames/movie.json'), 'utf8'));
    expect(recipe.movie.camera).toMatch(
      /^\[\{"frame":2,"ease":"linear","zoom":1\.1,"layers":"mixed0\[\d+ \d+ \d+\]"\}\]$/,
    );
    expect((await run(args)).stderr).toContain('All 2 frames were there.');
  });

  test('keyframes may come from a file', async () => {
    await writeFile(join(cwd, 'flight.json'), '[\n {"frame": 2, "zoom": 1.5, "ease": "out"}\n]\n');
    expect((await run([...zoom, '--frames', '1', '-o', 'frames/', '--camera', 'flight.json'])).code).toBe(0);
    const { recipe } = JSON.parse(await readFile(join(cwd, 'frames/movie.json'), 'utf8'));
    expect(recipe.movie.camera).toBe('[{"frame":2,"zoom":1.5,"ease":"out"}]');
  });
});
