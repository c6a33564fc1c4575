/** What a network's channels answer to a photo, as a sheet and as numbers. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { readNpy } from '../../src/index.js';
import { writePhoto } from './photos.js';
import { namesIn, newFolder, runCli } from './run-cli.js';

let cwd: string;
beforeAll(async () => {
  cwd = await newFolder();
  await writePhoto(join(cwd, 'photo.jpg'), 120, 90);
});

const activations = (...args: string[]) => runCli(['activations', 'photo.jpg', '--threads', '1', ...args], { cwd });

async function refusal(code: number, args: readonly string[]): Promise<string> {
  const ran = await activations('-o', 'refused.png', ...args);
  expect(ran).toMatchObject({ code, stdout: '' });
  expect(ran.stderr).toMatch(/^pareidolia: [^\n]+\n$/);
  return ran.stderr.slice('pareidolia: '.length).trimEnd();
}

test('a sheet has a section a layer, the photo and the strongest channels first', async () => {
  const { code, stdout, stderr } = await activations('--layers', 'mixed0,mixed1[5 9]', '--top', '3', '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const result = JSON.parse(stdout);
  expect(result).toMatchObject({ output: 'photo-activations.png', seen: { width: 120, height: 90 } });
  expect(result.layers.map(({ name, shape }: { name: string; shape: number[] }) => [name, shape])).toEqual([
    ['mixed0', [256, 8, 12]],
    ['mixed1', [288, 8, 12]],
  ]);
  for (const [i, count] of [3, 2].entries()) {
    const means = result.layers[i].channels.map(({ mean }: { mean: number }) => mean);
    expect(means).toHaveLength(count);
    expect(means).toEqual([...means].sort((a: number, b: number) => b - a));
  }
  expect(result.layers[1].channels.map(({ channel }: { channel: number }) => channel).sort()).toEqual([5, 9]);
  const sheet = sharp(join(cwd, 'photo-activations.png'));
  // Cells of 160×120 12 pixels apart, captions of 14, titles of 22: four in a row, and three below.
  expect([result.width, result.height]).toEqual([12 + 4 * 172, 2 * (12 + 22 + 12 + 120 + 14 + 12)]);
  expect(await sheet.metadata()).toMatchObject({ format: 'png', width: result.width, height: result.height });
  const shown = await sheet.extract({ left: 12, top: 46, width: 160, height: 120 }).removeAlpha().raw().toBuffer();
  const given = await sharp(join(cwd, 'photo.jpg')).resize(160, 120, { kernel: 'cubic' }).raw().toBuffer();
  const difference = shown.reduce((sum, value, i) => sum + Math.abs(value - given[i]!), 0) / shown.length;
  expect(difference).toBeLessThan(4);
});

test('numbers are written beside it, whole layers in the network’s order', async () => {
  const args = ['--layers', 'mixed0[12],mixed1', '--size', '100', '--npy', '-o', 'sheet.webp'];
  const { code, stderr } = await activations(...args);
  expect(code).toBe(0);
  expect(stderr).toBe(
    'What built-in answers to photo.jpg at 100×75 is in sheet.webp, and as numbers in sheet-mixed0.npy, sheet-mixed1.npy.\n',
  );
  expect((await sharp(join(cwd, 'sheet.webp')).metadata()).format).toBe('webp');
  const { shape, data } = readNpy(await readFile(join(cwd, 'sheet-mixed0.npy')), 'sheet-mixed0.npy');
  expect(shape).toEqual([256, 7, 10]);
  const again = await activations('--layers', 'mixed0[12]', '--size', '100', '--json', '-o', 'again.png');
  const { mean } = JSON.parse(again.stdout).layers[0].channels[0];
  expect(data.slice(12 * 70, 13 * 70).reduce((sum, value) => sum + value, 0) / 70).toBeCloseTo(mean, 5);
  expect(await refusal(6, [...args, '-o', 'other.png', '-o', 'sheet.webp'])).toMatch(/^sheet\.webp exists already\. /);
});

test('an overlay shows the photo under each map; -q says nothing; -f overwrites', async () => {
  const args = ['--layers', 'mixed0', '--top', '1', '--cell', '120', '-q', '-f', '-o', 'one.png'];
  const mapOf = async (...more: string[]): Promise<Buffer> => {
    expect(await activations(...args, ...more)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const cell = { left: 12 + 132, top: 46, width: 120, height: 90 };
    return sharp(join(cwd, 'one.png')).extract(cell).removeAlpha().raw().toBuffer();
  };
  const [heat, over] = [await mapOf(), await mapOf('--overlay')];
  const grey = await sharp(join(cwd, 'photo.jpg')).greyscale().raw().toBuffer();
  // What is not heat is the photo: from half of it to 15 in a hundred.
  for (const [i, value] of over.entries()) {
    const seen = grey[Math.floor(i / 3)]! - heat[i]!;
    const [least, most] = [0.15 * seen, 0.5 * seen].sort((a, b) => a - b) as [number, number];
    if (value - heat[i]! < least - 8 || value - heat[i]! > most + 8) expect.fail(`${i}: ${heat[i]} ${value} ${seen}`);
  }
});

test('a photo comes in and a sheet goes out through pipes', async () => {
  const input = await readFile(join(cwd, 'photo.jpg'));
  const args = ['activations', '-', '--layers', 'mixed0', '--top', '2', '-q'];
  const { code, stdoutBytes, stderr } = await runCli(args, { cwd, input });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect((await sharp(stdoutBytes).metadata()).format).toBe('png');
});

describe('what is refused', () => {
  test.each([
    [2, ['--layers', 'mixed0:2'], '--layers: mixed0: expected no weights here, got :2.'],
    [2, ['--layers', 'mixed9'], '--layers: the network has no layer "mixed9".'],
    [2, ['--layers', 'mixed0[256]'], '--layers: mixed0: expected channels 0 to 255, got 256.'],
    [2, ['--top', '0'], '--top: expected a whole number from 1 to 100000, got "0".'],
    [2, ['--cell', '8'], '--cell: expected a whole number from 16 to 4096, got "8".'],
    [2, ['-o', '-', '--json'], '--json: standard output is taken by -o -. Choose a file with -o.'],
    [2, ['-o', '-', '--npy'], '--npy: its files stand beside the sheet, and -o - is none. Choose a file with -o.'],
    [2, ['-o', 'sheet.bmp'], 'sheet.bmp'],
    [3, ['--size', '30', '--layers', 'mixed3'], 'The picture is too small for mixed3: 30×23 pixels.'],
    [5, ['--layers', 'mixed0', '--cell', '4096', '--top', '256'], 'A sheet of 257 maps of 4096×3072 needs about '],
    [6, ['-o', 'nowhere/sheet.png'], 'nowhere/sheet.png: there is no folder nowhere.'],
  ] as const)('with exit code %i: %j', async (code, args, sentence) => {
    const before = await namesIn(cwd);
    expect(await refusal(code, args)).toContain(sentence);
    expect(await namesIn(cwd)).toEqual(before);
  });

  test('numbers that are there already, before anything is written', async () => {
    const folder = join(cwd, 'taken');
    await mkdir(folder);
    await writeFile(join(folder, 'a-mixed0.npy'), '');
    expect(await refusal(6, ['--layers', 'mixed0', '--npy', '-o', 'taken/a.png'])).toMatch(
      /^taken\/a-mixed0\.npy exists/,
    );
    expect(await namesIn(folder)).toEqual(['a-mixed0.npy']);
  });

  test('a file that is not there', async () => {
    const { code, stderr } = await runCli(['activations', 'missing.jpg'], { cwd });
    expect({ code, stderr }).toEqual({ code: 3, stderr: 'pareidolia: missing.jpg: no such file. Check the name.\n' });
  });
});
