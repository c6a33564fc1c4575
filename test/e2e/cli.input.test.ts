/** Every kind of picture in. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { photo } from './photos.js';
import { newFolder, quick, runCli } from './run-cli.js';

let cwd: string;
beforeAll(async () => {
  cwd = await newFolder();
});

/** A dream that keeps the picture as it is: every step has length 0. */
async function still(input: string, output: string, ...flags: string[]): Promise<Sharp> {
  const args = ['dream', input, '-o', output, ...quick, '--step-size', '0', ...flags];
  const { code, stderr } = await runCli(args, { cwd });
  expect(stderr).toContain(`Dreamed ${input} into ${output}`);
  expect(code).toBe(0);
  return sharp(join(cwd, output));
}

async function meanDifference(a: Sharp, b: Sharp): Promise<number> {
  const [left, right] = await Promise.all([a, b].map((image) => image.raw({ depth: 'uchar' }).toBuffer()));
  expect(left!.length).toBe(right!.length);
  return left!.reduce((sum, value, i) => sum + Math.abs(value - right![i]!), 0) / left!.length;
}

test('WebP, AVIF, TIFF, PNG and SVG are read', async () => {
  const files = {
    'a.webp': photo().webp({ lossless: true }),
    'a.avif': photo().avif({ lossless: true }),
    'a.tiff': photo().tiff({ compression: 'lzw' }),
    'a.png': photo().png(),
  };
  for (const [name, image] of Object.entries(files)) {
    await writeFile(join(cwd, name), await image.toBuffer());
    const difference = await meanDifference(await still(name, `${name}.png`), photo());
    expect(difference).toBeLessThan(name === 'a.avif' ? 1 : 1e-9);
  }
  const rectangle = '<rect width="90" height="30" fill="#f00"/>';
  await writeFile(
    join(cwd, 'a.svg'),
    `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60">${rectangle}</svg>`,
  );
  expect(await (await still('a.svg', 'svg.png')).metadata()).toMatchObject({ width: 90, height: 60 });
});

test('an EXIF orientation is applied and not written', async () => {
  const sideways = await photo().withMetadata({ orientation: 6 }).jpeg({ quality: 100, chromaSubsampling: '4:4:4' });
  await writeFile(join(cwd, 'sideways.jpg'), await sideways.toBuffer());
  const upright = await still('sideways.jpg', 'upright.png');
  const { width, height, orientation } = await upright.metadata();
  expect({ width, height, orientation }).toEqual({ width: 80, height: 96, orientation: undefined });
  expect(await meanDifference(upright, photo().rotate(90))).toBeLessThan(1.5);
});

test('transparency stays beside the dream, in JPEG it becomes white', async () => {
  const disc = '<svg width="96" height="80"><circle cx="48" cy="40" r="30" fill-opacity="0.6"/></svg>';
  const mask = await sharp(Buffer.from(disc)).extractChannel('alpha').raw().toBuffer();
  const withAlpha = photo().joinChannel(mask, { raw: { width: 96, height: 80, channels: 1 } });
  await writeFile(join(cwd, 'alpha.png'), await withAlpha.png().toBuffer());
  const kept = await still('alpha.png', 'alpha-out.png');
  expect(await kept.metadata()).toMatchObject({ channels: 4, hasAlpha: true });
  expect((await kept.extractChannel('alpha').raw().toBuffer()).equals(mask)).toBe(true);
  const flattened = await still('alpha.png', 'alpha-out.jpg');
  expect(await flattened.metadata()).toMatchObject({ channels: 3, hasAlpha: false });
  expect([...(await flattened.raw().toBuffer()).subarray(0, 3)].every((value) => value > 250)).toBe(true);
});

test('grey and CMYK pictures become RGB', async () => {
  await writeFile(join(cwd, 'grey.png'), await photo().toColourspace('b-w').png().toBuffer());
  expect(await sharp(join(cwd, 'grey.png')).metadata()).toMatchObject({ channels: 1 });
  const grey = await still('grey.png', 'grey-out.png');
  expect(await grey.metadata()).toMatchObject({ channels: 3 });
  expect(await meanDifference(grey, sharp(join(cwd, 'grey.png')).toColourspace('srgb'))).toBeLessThan(0.01);
  await writeFile(join(cwd, 'cmyk.jpg'), await photo().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer());
  expect(await sharp(join(cwd, 'cmyk.jpg')).metadata()).toMatchObject({ space: 'cmyk', channels: 4 });
  const cmyk = await still('cmyk.jpg', 'cmyk-out.png');
  expect(await cmyk.metadata()).toMatchObject({ channels: 3, space: 'srgb' });
  expect(await meanDifference(cmyk, photo())).toBeLessThan(12);
});

test('16 bits stay 16 bits with --depth 16, in PNG and TIFF', async () => {
  const area = 96 * 80;
  const samples = Uint16Array.from({ length: 3 * area }, (_, i) => 20_000 + ((i * 37) % 30_011));
  const deep = sharp(samples, { raw: { width: 96, height: 80, channels: 3 } }).toColourspace('rgb16');
  await writeFile(join(cwd, 'deep.png'), await deep.png().toBuffer());
  for (const name of ['deep-out.png', 'deep-out.tiff']) {
    const out = await still('deep.png', name, '--depth', '16');
    expect(await out.metadata()).toMatchObject({ depth: 'ushort' });
    const got = await out.toColourspace('rgb16').raw({ depth: 'ushort' }).toBuffer();
    const values = new Uint16Array(got.buffer, got.byteOffset, got.length / 2);
    const worst = samples.reduce((most, value, i) => Math.max(most, Math.abs(value - values[i]!)), 0);
    expect(worst).toBeLessThanOrEqual(1);
  }
  // The IHDR of a PNG has the bit depth at byte 24.
  expect((await readFile(join(cwd, 'deep-out.png')))[24]).toBe(16);
});

test('a real dream in 16 bits uses them', async () => {
  await writeFile(join(cwd, 'plain.png'), await photo().png().toBuffer());
  const args = ['dream', 'plain.png', '-o', 'wide.png', '--depth', '16', ...quick];
  expect((await runCli(args, { cwd })).code).toBe(0);
  const got = await sharp(join(cwd, 'wide.png')).toColourspace('rgb16').raw({ depth: 'ushort' }).toBuffer();
  const values = new Uint16Array(got.buffer, got.byteOffset, got.length / 2);
  const between = values.filter((value) => value % 257 !== 0).length / values.length;
  expect(between).toBeGreaterThan(0.9);
});

test('--size shrinks the longest side and never enlarges', async () => {
  await writeFile(join(cwd, 'large.png'), await photo(200, 150).png().toBuffer());
  expect(await (await still('large.png', 'small.png', '--size', '100')).metadata()).toMatchObject({
    width: 100,
    height: 75,
  });
  expect(await (await still('small.png', 'same.png', '--size', '400')).metadata()).toMatchObject({ width: 100 });
});
