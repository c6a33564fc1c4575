/** Dreams that go by other files: guides, a vector, tones of another picture. Their recipes know which files they were. */
import { cp, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { writeNpy } from '../../src/index.js';
import { photo } from './photos.js';
import { newFolder, quick, runCli } from './run-cli.js';

/** The pictures, and the dream that goes by none of them. */
let made: string;
let cwd: string;
const cli = (...args: string[]) => runCli(args, { cwd });
const file = (name: string) => join(cwd, name);

beforeAll(async () => {
  made = await newFolder();
  cwd = made;
  await photo(96, 80).png().toFile(file('photo.png'));
  await photo(70, 90).negate().png().toFile(file('guide.png'));
  await photo(80, 80).blur(3).png().toFile(file('other.png'));
  await writeFile(file('way.npy'), writeNpy([256], new Float32Array(256).fill(-1)));
  expect((await cli('dream', 'photo.png', '-o', 'plain.png', '--seed', '1', ...quick)).code).toBe(0);
});
beforeEach(async () => {
  cwd = await newFolder();
  await cp(made, cwd, { recursive: true });
});

test.each([
  ['a guide', ['--guide', 'guide.png'], { objective: 'best-match' }],
  ['two guides', ['--guide', 'guide.png', '--guide', 'other.png', '--guide-weights', '1,-0.5'], {}],
  ['a guide another way', ['--guide', 'guide.png', '--objective', 'inversion'], { objective: 'inversion' }],
  ['a guide to be unlike', ['--guide', 'guide.png', '--unlike', '5'], { objective: 'mean', unlike: 5 }],
  ['a direction', ['--direction', 'way.npy'], { objective: 'direction' }],
  ['tones', ['--match-to', 'other.png'], { match: 'mean-std' }],
])('%s: another dream, and the same bytes again', async (_, args, options) => {
  const { code, stderr } = await cli('dream', 'photo.png', '-o', 'dream.png', '--seed', '1', ...quick, ...args);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(await readFile(file('dream.png'))).not.toEqual(await readFile(file('plain.png')));
  const again = await cli('rerun', 'dream.png');
  expect({ code: again.code, stderr: again.stderr }).toMatchObject({ code: 0 });
  expect(await readFile(file('dream-rerun.png'))).toEqual(await readFile(file('dream.png')));
  const recipe = JSON.parse((await cli('info', 'dream.png', '--json')).stdout);
  expect(recipe.options).toMatchObject(options);
});

test('a rerun asks for a guide that has moved, and takes no other', async () => {
  await cli('dream', 'photo.png', '--guide', 'guide.png', '-o', 'dream.png', ...quick);
  await rename(file('guide.png'), file('moved.png'));
  const lost = await cli('rerun', 'dream.png');
  expect(lost.code).toBe(3);
  expect(lost.stderr).toContain('was made from guide.png');
  expect(lost.stderr).toContain('Name the original with --guide.');
  const wrong = await cli('rerun', 'dream.png', '--guide', 'other.png');
  expect(wrong.stderr).toContain('other.png is not the file that dream.png was made from');
  expect((await cli('rerun', 'dream.png', '--guide', 'moved.png')).code).toBe(0);
});

test.each([
  [['--objective', 'best-match'], 'expected a picture to go by, got none. Name one with --guide.'],
  [['--guide', 'guide.png', '--guide-weights', '1,2'], '--guide-weights: expected a number for each of 1 guides'],
  [['--objective', 'direction'], 'Name a .npy file with --direction.'],
  [['--direction', 'photo.png'], 'photo.png: expected a NumPy .npy file'],
  [
    ['--direction', 'way.npy', '--layers', 'mixed3'],
    'expected 768 numbers, one for each channel of the layer, got 256',
  ],
  [['--guide', 'nowhere.png'], 'nowhere.png'],
])('what cannot be meant is refused: %j', async (args, sentence) => {
  const { code, stderr } = await cli('dream', 'photo.png', '-o', 'dream.png', ...quick, ...args);
  expect(code).toBeGreaterThan(0);
  expect(stderr).toContain(sentence);
});
