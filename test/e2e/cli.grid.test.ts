/** One photo with different settings, side by side. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { writePhoto } from './photos.js';
import { namesIn, newFolder, quick, runCli } from './run-cli.js';

let cwd: string;
beforeAll(async () => {
  cwd = await newFolder();
  await writePhoto(join(cwd, 'photo.jpg'));
});

const grid = (...args: string[]) => runCli(['grid', 'photo.jpg', ...quick, '--seed', '2', ...args], { cwd });

test('a table of two options holds the dream of each combination, with its recipe', async () => {
  const { code, stderr } = await grid(
    '--vary',
    'steps=1,2',
    '--vary',
    'layers=mixed0;mixed0,mixed1',
    '--cells',
    'cells',
  );
  expect(code).toBe(0);
  expect(stderr).toMatch(/^4 dreams of photo\.jpg are in photo-grid\.png, each by itself in cells \([\d.]+ s\)\.\n$/);
  const { width, height } = await sharp(join(cwd, 'photo-grid.png')).metadata();
  expect(width).toBeGreaterThan(2 * 96);
  expect(height).toBeGreaterThan(2 * 80);
  const names = await namesIn(join(cwd, 'cells'));
  expect(names).toEqual([
    'photo-steps-1-layers-mixed0-mixed1.png',
    'photo-steps-1-layers-mixed0.png',
    'photo-steps-2-layers-mixed0-mixed1.png',
    'photo-steps-2-layers-mixed0.png',
  ]);

  const { stdout } = await runCli(['info', 'photo-grid.png', '--json'], { cwd });
  const told = JSON.parse(stdout) as { caption: string; recipe: { options: { layers: string; steps: number } } }[];
  expect(told.map(({ caption }) => caption)).toEqual([
    'steps 1, layers mixed0',
    'steps 2, layers mixed0',
    'steps 1, layers mixed0,mixed1',
    'steps 2, layers mixed0,mixed1',
  ]);
  expect(told[3]!.recipe.options).toMatchObject({ layers: 'mixed0,mixed1', steps: 2 });

  expect((await runCli(['rerun', 'photo-grid.png', '--cell', '3', '-o', 'cell.png'], { cwd })).code).toBe(0);
  const [cell, file] = await Promise.all(['cell.png', `cells/${names[0]}`].map((name) => readFile(join(cwd, name))));
  expect(cell!.equals(file!)).toBe(true);
  // The same as the command that dreams one picture makes of those options.
  const options = [
    '--layers',
    'mixed0,mixed1',
    '--octaves',
    '1',
    '--steps',
    '1',
    '--threads',
    '1',
    '--seed',
    '2',
    '--size',
    '400',
  ];
  expect((await runCli(['dream', 'photo.jpg', ...options, '-o', 'dream.png'], { cwd })).code).toBe(0);
  expect((await readFile(join(cwd, 'dream.png'))).equals(file!)).toBe(true);
});

test('sizes and presets can be varied too, and a sheet goes to standard output', async () => {
  const args = ['grid', 'photo.jpg', '--vary', 'preset=classic,google', '--vary', 'size=70,90', '--octaves', '1'];
  const ran = await runCli([...args, '--steps', '1', '--threads', '1', '-o', '-'], { cwd });
  expect(ran.code).toBe(0);
  const { format, width } = await sharp(ran.stdoutBytes).metadata();
  expect(format).toBe('png');
  expect(width).toBeGreaterThan(2 * 90);
});

test.each([
  [['--vary', 'stesp=1,2'], '--vary: there is no option "stesp". Did you mean steps'],
  [['--vary', 'steps=1,x'], '--steps: expected a whole number'],
  [['--vary', 'layers=mixed0,mixd1'], 'the network has no layer "mixd1"'],
  [['--vary', 'steps='], '--vary: expected values'],
  [['--vary', 'layers=mixed0[1],mixed0:1', '--cells', 'same'], '--cells: several dreams would be written to'],
])('%j is refused in one sentence', async (args, sentence) => {
  const { code, stdout, stderr } = await grid(...args, '-o', 'refused.png');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(sentence);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});

test('something has to be varied', async () => {
  const { code, stderr } = await grid('-o', 'refused.png');
  expect(code).toBe(2);
  expect(stderr).toContain('--vary');
});
