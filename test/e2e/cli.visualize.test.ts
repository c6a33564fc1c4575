/** What parts of the network look for: single pictures, sheets and folders of them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  activations,
  createNodePlatform,
  type LayerActivations,
  loadNetwork,
  readPictureFile,
} from '../../src/platform/node/index.js';
import { namesIn, newFolder, runCli } from './run-cli.js';

let cwd: string;
beforeAll(async () => {
  cwd = await newFolder();
});

const tiny = ['--size', '64', '--steps', '12', '--seed', '5', '--threads', '1'];
const visualize = (...args: string[]) => runCli(['visualize', ...args, ...tiny], { cwd });

interface Told {
  output: string;
  seed: number;
  pictures: { target: string; layers: string; file?: string; objectiveFirst: number; objectiveLast: number }[];
}

describe('one target', () => {
  test('is a picture that excites it far more than the noise did, and rerun makes the same bytes', async () => {
    const { code, stdout, stderr } = await visualize('mixed1:5', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { output, seed, pictures } = JSON.parse(stdout) as Told;
    expect({ output, seed }).toEqual({ output: 'mixed1-5.png', seed: 5 });
    expect(pictures).toMatchObject([{ target: 'mixed1:5', layers: 'mixed1[5]', file: 'mixed1-5.png' }]);
    expect(pictures[0]!.objectiveLast).toBeGreaterThan(Math.abs(pictures[0]!.objectiveFirst) + 1);
    expect(await sharp(join(cwd, 'mixed1-5.png')).metadata()).toMatchObject({ width: 64, height: 64, format: 'png' });

    const again = await runCli(['rerun', 'mixed1-5.png'], { cwd });
    expect(again).toMatchObject({ code: 0 });
    const [one, other] = await Promise.all(
      ['mixed1-5', 'mixed1-5-rerun'].map((name) => readFile(join(cwd, `${name}.png`))),
    );
    expect(one!.equals(other!)).toBe(true);
  });

  test('goes to standard output when asked, and says nothing else there', async () => {
    const { code, stdoutBytes, stderr } = await visualize('mixed0', '-o', '-', '--no-metadata');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^What mixed0 of built-in looks for is in standard output \(64×64, [\d.]+ s, seed 5\)\.\n$/);
    expect(await sharp(stdoutBytes).metadata()).toMatchObject({ width: 64, height: 64, format: 'png' });
  });
});

describe('several targets', () => {
  test('are a labelled sheet that holds the recipe of each', async () => {
    const { code, stderr } = await visualize('mixed0:0-1', 'mixed1:5-mixed0:1*0.5', '-o', 'sheet.webp');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^3 pictures of what built-in looks for are in sheet\.webp \(/);
    const { width, height } = await sharp(join(cwd, 'sheet.webp')).metadata();
    expect(width).toBeGreaterThan(2 * 64);
    expect(height).toBeGreaterThan(2 * 64);
    const { stdout } = await runCli(['info', 'sheet.webp'], { cwd });
    expect(stdout).toContain('sheet.webp: a sheet of 3 pictures');
    expect(stdout).toMatch(/1 {2}mixed0:0\n {2}2 {2}mixed0:1\n {2}3 {2}mixed1:5-mixed0:1\*0\.5\n/);

    expect(await runCli(['rerun', 'sheet.webp', '--cell', '2', '-o', 'cell.png'], { cwd })).toMatchObject({ code: 0 });
    expect((await visualize('mixed0:1', '-o', 'single.png')).code).toBe(0);
    const [cell, single] = await Promise.all(['cell.png', 'single.png'].map((name) => readFile(join(cwd, name))));
    expect(cell!.equals(single!)).toBe(true);
    const without = await runCli(['rerun', 'sheet.webp'], { cwd });
    expect(without).toMatchObject({ code: 2 });
    expect(without.stderr).toContain('expected one of its pictures, --cell 1 to 3, got none');
  });

  test('are a file each in a folder, which are not overwritten unasked', async () => {
    const args = ['mixed0:0-1', '-o', 'many/', '--steps', '1'];
    expect((await visualize(...args)).code).toBe(0);
    expect(await namesIn(join(cwd, 'many'))).toEqual(['mixed0-0.png', 'mixed0-1.png']);
    const again = await visualize(...args);
    expect(again).toMatchObject({ code: 6 });
    expect(again.stderr).toContain('mixed0-0.png exists already');
    expect((await visualize(...args, '--force')).code).toBe(0);
  });
});

test('several pictures of one target are pushed apart, and rerun makes each of them again', async () => {
  const asked = ['mixed1:5', '--diversity', '3', '--steps', '6'];
  const { code } = await visualize(...asked, '-o', 'apart/', '--unlike', '20');
  expect(code).toBe(0);
  expect(await namesIn(join(cwd, 'apart'))).toEqual(['mixed1-5-1.png', 'mixed1-5-2.png', 'mixed1-5-3.png']);
  const rerun = await runCli(['rerun', 'apart/mixed1-5-3.png', '-o', 'third.png'], { cwd });
  expect(rerun.code).toBe(0);
  const third = await readFile(join(cwd, 'apart', 'mixed1-5-3.png'));
  expect((await readFile(join(cwd, 'third.png'))).equals(third)).toBe(true);

  // Without the push the first is the same, as nothing is before it, and the others are more like it.
  expect((await visualize(...asked, '-o', 'free/', '--unlike', '0')).code).toBe(0);
  const pixels = (name: string) => sharp(join(cwd, name)).removeAlpha().raw().toBuffer();
  expect((await pixels('free/mixed1-5-1.png')).equals(await pixels('apart/mixed1-5-1.png'))).toBe(true);
  const network = await loadNetwork();
  const platform = await createNodePlatform({ threads: 1 });
  const textures = new Map<string, Float32Array>();
  for (const name of [
    'free/mixed1-5-1',
    'free/mixed1-5-2',
    'free/mixed1-5-3',
    'apart/mixed1-5-2',
    'apart/mixed1-5-3',
  ]) {
    const { picture } = await readPictureFile(join(cwd, `${name}.png`));
    const { layers } = await activations(network, picture, 'mixed1', platform);
    textures.set(name, gramOf(layers[0]!));
  }
  await platform.close();
  const likeness = (name: string) => cosine(textures.get('free/mixed1-5-1')!, textures.get(name)!);
  for (const i of [2, 3]) expect(likeness(`apart/mixed1-5-${i}`)).toBeLessThan(likeness(`free/mixed1-5-${i}`));
});

/** How often each two channels are active together. */
function gramOf({ data, shape: [count, height, width] }: LayerActivations): Float32Array {
  const area = height * width;
  return Float32Array.from({ length: count * count }, (_, i) => {
    const [row, column] = [Math.floor(i / count) * area, (i % count) * area];
    let sum = 0;
    for (let at = 0; at < area; at++) sum += data[row + at]! * data[column + at]!;
    return sum;
  });
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const length = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return dot / (length(a) * length(b));
}

describe('is refused in one sentence', () => {
  test.each([
    [['mixd4:3'], 'expected the name of a layer'],
    [['mixed4:cat'], 'expected channel numbers'],
    [['mixed4:800'], 'expected channels from 0 to 767 of mixed4, got 800'],
    [['mixed0:1', '-o', 'x.gif'], 'expected a name ending in'],
    [['mixed0:1', '-o', '-', '--json'], 'standard output is taken'],
    [['mixed0:1', '--space', 'time'], '--space: expected one of'],
  ])('%j', async (args, sentence) => {
    const { code, stdout, stderr } = await visualize(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

test('Ctrl-C leaves the picture so far, which rerun makes whole', async () => {
  const args = ['visualize', 'mixed0:3', ...tiny, '--steps', '40', '-o', 'stopped.png', '--progress', 'json'];
  const ran = await runCli(args, {
    cwd,
    onLine: (line, child) => void (line.includes('"stepsDone":2,') && child.kill('SIGINT')),
  });
  expect(ran.code).toBe(130);
  expect(ran.stderr).toContain('Stopped. The picture so far is in stopped.png.');
  expect(await runCli(['rerun', 'stopped.png', '-o', 'whole.png'], { cwd })).toMatchObject({ code: 0 });
  expect((await runCli(['info', 'whole.png'], { cwd })).stdout).not.toContain('stopped by hand');
});
