/** A recipe makes its picture again, or says why it cannot. */
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { canonicalJson, type Recipe } from '../../src/index.js';
import { extractRecipe } from '../../src/platform/node/index.js';
import { embedRecipe } from '../../src/platform/node/pictures/recipe-metadata.js';
import { photo, writePhoto } from './photos.js';
import { namesIn, newFolder, quick, runCli } from './run-cli.js';

/** A photo and its dream, which most tests start from. */
let made: string;
let cwd: string;
beforeAll(async () => {
  made = await newFolder();
  await writePhoto(join(made, 'photo.jpg'));
  cwd = made;
  await dream('--seed', '99');
});
beforeEach(async () => {
  cwd = await newFolder();
  await copyFile(join(made, 'photo.jpg'), join(cwd, 'photo.jpg'));
});

const cli = (...args: string[]) => runCli(args, { cwd });
const bytesOf = (name: string) => readFile(join(cwd, name));

async function dream(...flags: string[]): Promise<void> {
  const { code, stderr } = await cli('dream', 'photo.jpg', '-o', 'dream.png', ...quick, ...flags);
  expect({ code, stderr }).toMatchObject({ code: 0 });
}

/** Puts the dream beside the photo. */
const haveDream = (): Promise<void> => copyFile(join(made, 'dream.png'), join(cwd, 'dream.png'));

test('the photo is looked for beside the dream and in the current folder', async () => {
  await haveDream();
  await mkdir(join(cwd, 'album'));
  await rename(join(cwd, 'dream.png'), join(cwd, 'album/dream.png'));
  expect((await cli('rerun', 'album/dream.png')).code).toBe(0);
  await rename(join(cwd, 'photo.jpg'), join(cwd, 'album/photo.jpg'));
  expect((await cli('rerun', 'album/dream.png', '--force', '--json')).code).toBe(0);
  expect(await namesIn(join(cwd, 'album'))).toEqual(['dream-rerun.png', 'dream.png', 'photo.jpg']);
});

test('a dream in 8 bits comes again in the same bytes; what auto chose stands in the recipe', async () => {
  await dream('--precision', 'int8');
  expect((await cli('rerun', 'dream.png')).code).toBe(0);
  expect((await bytesOf('dream-rerun.png')).equals(await bytesOf('dream.png'))).toBe(true);
  const inBytes = await bytesOf('dream.png');
  await dream('--precision', 'auto', '--force');
  const { options } = JSON.parse((await extractRecipe(await bytesOf('dream.png'), 'dream.png'))!) as Recipe;
  expect(options.precision).toBe('float32');
  expect((await bytesOf('dream.png')).equals(inBytes)).toBe(false);
});

test('a photo that has moved is asked for with --input', async () => {
  await haveDream();
  await mkdir(join(cwd, 'old'));
  await rename(join(cwd, 'photo.jpg'), join(cwd, 'old/castle.jpg'));
  const { code, stderr } = await cli('rerun', 'dream.png');
  expect(code).toBe(3);
  expect(stderr).toBe(
    'pareidolia: dream.png was made from photo.jpg, which is neither beside it nor here (or has changed). Name the original with --input.\n',
  );
  expect(await namesIn(cwd)).toEqual(['dream.png', 'old']);
  expect((await cli('rerun', 'dream.png', '--input', 'old/castle.jpg')).code).toBe(0);
  expect((await bytesOf('dream-rerun.png')).equals(await bytesOf('dream.png'))).toBe(true);
});

test('a photo that has changed is refused, by name and when it is named', async () => {
  await haveDream();
  await writeFile(join(cwd, 'photo.jpg'), await photo().jpeg({ quality: 50 }).toBuffer());
  expect(await cli('rerun', 'dream.png')).toMatchObject({ code: 3 });
  const { code, stderr } = await cli('rerun', 'dream.png', '--input', 'photo.jpg');
  expect(code).toBe(3);
  expect(stderr).toMatch(
    /^pareidolia: photo\.jpg is not the file that dream\.png was made from: expected SHA-256 \w{64}, got \w{64}\. .+\n$/,
  );
  expect(await namesIn(cwd)).toEqual(['dream.png', 'photo.jpg']);
});

test('a dream from standard input needs its photo by name', async () => {
  const input = await bytesOf('photo.jpg');
  const { stdoutBytes } = await runCli(['dream', '-', ...quick], { cwd, input });
  await writeFile(join(cwd, 'dream.png'), stdoutBytes);
  const { code, stderr } = await cli('rerun', 'dream.png');
  expect(code).toBe(3);
  expect(stderr).toContain('made from standard input, so its photo cannot be found. Name the original with --input.');
  expect((await cli('rerun', 'dream.png', '--input', 'photo.jpg')).code).toBe(0);
  expect((await bytesOf('dream-rerun.png')).equals(stdoutBytes)).toBe(true);
});

test('every option comes from the recipe: depth, quality, size, tiles, seed', async () => {
  await dream('--depth', '16', '--size', '90', '--tile', '64', '--jitter', '5', '--no-clip', '--octaves', '2');
  expect((await cli('rerun', 'dream.png')).code).toBe(0);
  expect((await bytesOf('dream-rerun.png')).equals(await bytesOf('dream.png'))).toBe(true);
  const args = ['dream', 'photo.jpg', '-o', 'dream.JPG', ...quick, '--quality', '61'];
  expect((await cli(...args)).code).toBe(0);
  expect((await cli('rerun', 'dream.JPG')).code).toBe(0);
  expect((await bytesOf('dream-rerun.JPG')).equals(await bytesOf('dream.JPG'))).toBe(true);
});

test('-o takes another name of the same format, a folder, or standard output', async () => {
  await haveDream();
  const other = await cli('rerun', 'dream.png', '-o', 'again.jpg');
  expect(other.code).toBe(2);
  expect(other.stderr).toMatch(/^pareidolia: again\.jpg: expected a name ending in \.png, .+ got "\.jpg"\. .+\n$/);
  await writeFile(join(cwd, 'again.png'), 'precious');
  expect(await cli('rerun', 'dream.png', '-o', 'again.png')).toMatchObject({ code: 6 });
  expect((await bytesOf('again.png')).toString()).toBe('precious');
  expect((await cli('rerun', 'dream.png', '-o', 'new/')).stderr).toContain('into new/dream-rerun.png');
  const { stdoutBytes } = await cli('rerun', 'dream.png', '-o', '-');
  expect(stdoutBytes.equals(await bytesOf('dream.png'))).toBe(true);
});

test('info and rerun of a picture by others end with 3 and one sentence', async () => {
  for (const command of ['info', 'rerun']) {
    const { code, stdout, stderr } = await cli(command, 'photo.jpg');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toBe(
      'pareidolia: photo.jpg: expected a picture or a movie made by pareidolia, got one without a recipe. Those made with --no-metadata have none.\n',
    );
    await writeFile(join(cwd, 'text.png'), 'hello');
    expect(await cli(command, 'text.png')).toMatchObject({
      code: 3,
      stderr: 'pareidolia: text.png: expected a picture, got something else. Name a picture.\n',
    });
    for (const name of ['none.png', '.']) {
      const bad = await cli(command, name);
      expect(bad.code).toBe(3);
      expect(bad.stderr.split('\n')).toHaveLength(2);
    }
  }
});

test('info reads standard input', async () => {
  await haveDream();
  const { code, stdout } = await runCli(['info', '-', '--json'], { cwd, input: await bytesOf('dream.png') });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ options: { seed: 99 } });
});

test('recipes that were tampered with are refused in one sentence', async () => {
  await haveDream();
  const plain = await photo().png().toBuffer();
  const recipe = JSON.parse((await extractRecipe(await bytesOf('dream.png')))!) as Recipe;
  const runtime = { ...recipe.runtime, threads: 10_000_000 };
  const tampered: readonly unknown[] = [
    { ...recipe, runtime },
    { ...recipe, output: { ...recipe.output, format: '../../exe' } },
    { ...recipe, options: { ...recipe.options, steps: 1e9 } },
    { ...recipe, options: { ...recipe.options, hidden: true } },
    { ...recipe, kind: 'movie' },
    { ...recipe, input: { ...recipe.input, name: '\u001b[2J' } },
    [recipe],
  ];
  for (const [i, value] of tampered.entries()) {
    await writeFile(join(cwd, `bad${i}.png`), embedRecipe(plain, canonicalJson(value)));
    const { code, stdout, stderr } = await cli('rerun', `bad${i}.png`);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^pareidolia: bad${i}\\.png: .+\\.\n$`));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may reach the terminal
    expect(stderr).not.toMatch(/\u001b/);
  }
  await rm(join(cwd, 'dream.png'));
  expect((await namesIn(cwd)).filter((name) => name.includes('rerun'))).toEqual([]);
});

test('a name in a recipe is looked for by its last part only', async () => {
  await haveDream();
  const recipe = JSON.parse((await extractRecipe(await bytesOf('dream.png')))!) as Recipe;
  await mkdir(join(cwd, 'inner'));
  const outside = { ...recipe, input: { ...recipe.input, name: '../photo.jpg' } };
  const plain = await photo().png().toBuffer();
  await writeFile(join(cwd, 'inner/dream.png'), embedRecipe(plain, canonicalJson(outside)));
  const { code, stderr } = await runCli(['rerun', 'dream.png'], { cwd: join(cwd, 'inner') });
  expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringContaining('--input') });
  await copyFile(join(cwd, 'photo.jpg'), join(cwd, 'inner/photo.jpg'));
  expect((await runCli(['rerun', 'dream.png'], { cwd: join(cwd, 'inner') })).code).toBe(0);
});
