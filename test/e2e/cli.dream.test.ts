import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, test } from 'vitest';
import { presets } from '../../src/index.js';
import { writePhoto } from './photos.js';
import { namesIn, newFolder, quick, runCli } from './run-cli.js';

let cwd: string;
beforeEach(async () => {
  cwd = await newFolder();
  await writePhoto(join(cwd, 'photo.jpg'));
});

const cli = (args: readonly string[], input?: Uint8Array) => runCli(args, { cwd, ...(input && { input }) });
const dream = (...args: string[]) => cli(['dream', 'photo.jpg', ...quick, ...args]);

describe('where the dream goes', () => {
  test('without -o it is NAME-dream.png in the current folder, and one line on standard error says so', async () => {
    await mkdir(join(cwd, 'photos'));
    await writePhoto(join(cwd, 'photos/castle.at.night.jpg'));
    const { code, stdout, stderr } = await cli(['dream', 'photos/castle.at.night.jpg', ...quick, '--seed', '7']);
    expect(stderr).toMatch(
      /^Dreamed photos\/castle\.at\.night\.jpg into castle\.at\.night-dream\.png \(96×80, 1 step in \d+\.\d s, seed 7\)\.\n$/,
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(await namesIn(cwd)).toEqual(['castle.at.night-dream.png', 'photo.jpg', 'photos']);
    const made = await sharp(join(cwd, 'castle.at.night-dream.png')).metadata();
    expect(made).toMatchObject({ format: 'png', width: 96, height: 80, depth: 'uchar' });
  });

  test('-o with the name of a folder goes into it, with or without a slash; one with a slash is made', async () => {
    await mkdir(join(cwd, 'there'));
    expect((await dream('-o', 'there')).stderr).toContain('into there/photo-dream.png');
    expect((await dream('-o', 'new/deep/', '--format', 'jpeg')).stderr).toContain('into new/deep/photo-dream.jpeg');
    expect(await namesIn(join(cwd, 'new/deep'))).toEqual(['photo-dream.jpeg']);
  });

  test('- reads standard input and writes a PNG and nothing else to standard output', async () => {
    const { code, stdoutBytes, stderr } = await cli(['dream', '-', ...quick], await readFile(join(cwd, 'photo.jpg')));
    expect(code).toBe(0);
    expect(stderr).toContain('Dreamed standard input into standard output');
    expect(await sharp(stdoutBytes).metadata()).toMatchObject({ format: 'png', width: 96, height: 80 });
    expect(stdoutBytes.subarray(-8).toString('latin1')).toBe('IEND\xaeB`\x82');
    expect(await namesIn(cwd)).toEqual(['photo.jpg']);
  });

  test('-o - writes the format that --format names', async () => {
    const { stdoutBytes } = await dream('-o', '-', '--format', 'webp');
    expect(await sharp(stdoutBytes).metadata()).toMatchObject({ format: 'webp', width: 96 });
  });

  test('with --json standard output is taken, so standard input goes to a file', async () => {
    const { stdout } = await cli(['dream', '-', ...quick, '--json'], await readFile(join(cwd, 'photo.jpg')));
    expect(JSON.parse(stdout)).toMatchObject({ output: 'dream.png' });
    expect(await namesIn(cwd)).toEqual(['dream.png', 'photo.jpg']);
  });

  test('names with spaces, quotes and Chinese characters are names like others', async () => {
    await writePhoto(join(cwd, "城堡 o'clock.jpg"));
    const { code, stderr } = await cli(['dream', "城堡 o'clock.jpg", ...quick]);
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining("城堡 o'clock-dream.png") });
  });
});

describe('what is said', () => {
  test('--json prints one object about a dream that has climbed', async () => {
    const { code, stdout, stderr } = await dream('--steps', '3', '--jitter', '0', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trim().split('\n')).toHaveLength(1);
    const report = JSON.parse(stdout);
    expect(Object.keys(report).sort()).toEqual(
      'height,input,objectiveFirst,objectiveLast,output,peakMemoryBytes,seconds,seed,steps,width'.split(','),
    );
    expect(report).toMatchObject({ output: 'photo-dream.png', width: 96, height: 80, steps: 3 });
    expect(report.objectiveLast).toBeGreaterThan(report.objectiveFirst * 1.05);
    expect(report.seconds).toBeGreaterThan(0);
    expect(report.seconds).toBeLessThan(60);
    expect(report.peakMemoryBytes).toBeGreaterThan(50e6);
    expect(Number.isInteger(report.seed)).toBe(true);
  });

  test('--progress json writes one line an event on standard error', async () => {
    const { stdout, stderr } = await dream('--octaves', '2', '--steps', '2', '--progress', 'json', '-q');
    const events = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    const types = ['started', 'octave', 'step', 'step', 'octave', 'step', 'step', 'finished'];
    expect(events.map(({ type }) => type)).toEqual(types);
    expect(events[0]).toMatchObject({ octaves: 2, totalSteps: 4 });
    expect(events[3]).toMatchObject({ octave: 1, step: 2, stepsDone: 2, progress01: expect.any(Number) });
    expect(events.at(-1)).toMatchObject({ steps: 4, width: 96, height: 80 });
    expect(stdout).toBe('');
  });

  test('-q says nothing at all', async () => {
    expect(await dream('-q')).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  test('octaves that are too small for the network are named', async () => {
    const { code, stderr } = await dream('--octaves', '4', '--octave-scale', '2');
    expect(code).toBe(0);
    expect(stderr.split('\n')[0]).toBe('Left out 2 of 4 octaves, too small for the network: 12×10, 24×20.');
  });

  test('--plan says what would be done and does nothing', async () => {
    const { code, stdout, stderr } = await cli(['dream', 'photo.jpg', '--octaves', '2', '--plan', '-o', 'new/']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('photo.jpg: 96×80, mixed3 + mixed5');
    expect(stdout).toMatch(/octave 2: 96×80, untiled, 20 steps of \d+\.\d GFLOP/);
    expect(stdout).toMatch(/in all 40 steps, \d+ GFLOP, about \d+ MB of memory/);
    const plan = JSON.parse((await cli(['dream', 'photo.jpg', '--plan', '--json', '--octaves', '1'])).stdout);
    expect(plan).toMatchObject({ input: 'photo.jpg', totalSteps: 20, octaves: [{ width: 96, height: 80, tiles: 1 }] });
    expect(await namesIn(cwd)).toEqual(['photo.jpg']);
  });
});

describe('a file that exists', () => {
  test('is refused before any work and stays as it is; --force replaces it', async () => {
    await writeFile(join(cwd, 'photo-dream.png'), 'precious');
    const refused = await cli(['dream', 'photo.jpg', '--steps', '1000']);
    expect(refused.code).toBe(6);
    expect(refused.stderr).toBe(
      'pareidolia: photo-dream.png exists already. Use --force to overwrite it, or choose another name with -o.\n',
    );
    expect(refused.seconds).toBeLessThan(10);
    expect(await readFile(join(cwd, 'photo-dream.png'), 'utf8')).toBe('precious');
    expect((await dream('--force')).code).toBe(0);
    expect((await stat(join(cwd, 'photo-dream.png'))).size).toBeGreaterThan(1000);
  });
});

describe('presets', () => {
  test.each(Object.keys(presets))('%s dreams', async (preset) => {
    const few = ['--steps', '8', '--octaves', '1', '--seed', '1', '--threads', '1'];
    const { code, stdout, stderr } = await cli(['dream', 'photo.jpg', '--preset', preset, ...few, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ width: 96, height: 80 });
    expect(report.objectiveLast).toBeGreaterThan(report.objectiveFirst);
  });
});
