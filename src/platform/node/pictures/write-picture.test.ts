import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { OptionError, OutputError } from '../../../errors.js';
import { type Picture, rasterPictureOf } from '../../../image/picture.js';
import { readPicture } from './read-picture.js';
import { encodePicture, encodePictureInParts, formatOf, type PictureFormat, pictureFormats } from './write-picture.js';

const formats: readonly PictureFormat[] = ['png', 'jpeg', 'webp', 'avif', 'tiff'];
const convert = '/usr/bin/convert';

/** Three gradients, and a fourth as the transparency. */
function gradients(width: number, height: number, withAlpha = false): Picture {
  const area = width * height;
  const data = Float32Array.from({ length: 3 * area }, (_, i) => {
    const [x, y] = [i % width, Math.floor((i % area) / width)];
    return [x / (width - 1), y / (height - 1), (x + y) / (width + height - 2)][Math.floor(i / area)]!;
  });
  if (!withAlpha) return { width, height, data };
  return { width, height, data, alpha: Float32Array.from({ length: area }, (_, i) => 1 - i / area / 2) };
}

function flat(value: number, size = 16): Picture {
  return { width: size, height: size, data: new Float32Array(3 * size * size).fill(value) };
}

function worst(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

/** Samples as ImageMagick sees them, `[height, width, 4]`. */
function decodedElsewhere(file: Uint8Array, format: string, bits: 8 | 16): Uint8Array | Uint16Array {
  const args = [`${format}:-`, '-depth', `${bits}`, '-endian', 'LSB', 'rgba:-'];
  const { stdout, stderr } = spawnSync(convert, args, { input: file, maxBuffer: 2 ** 26 });
  expect(stderr.toString()).toBe('');
  return bits === 8 ? stdout : new Uint16Array(new Uint8Array(stdout).buffer);
}

const read = (source: Uint8Array) => readPicture(source, { name: 'x' });

describe('formatOf', () => {
  test('goes by the extension, in any case', () => {
    expect(formatOf('a/b.c/photo.PNG')).toBe('png');
    for (const [extension, format] of Object.entries(pictureFormats)) expect(formatOf(`x.${extension}`)).toBe(format);
  });

  test.each([
    ['photo.bmp', '.bmp'],
    ['photo', 'no extension'],
    ['.png', 'no extension'],
    ['x.constructor', '.constructor'],
  ])('refuses %s', (path, got) => {
    expect(() => formatOf(path)).toThrow(OptionError);
    expect(() => formatOf(path)).toThrow(
      `${path}: expected a name ending in .png, .jpg, .jpeg, .webp, .avif, .tif or .tiff, got ${got}.`,
    );
  });
});

describe('encodePicture', () => {
  test.each([
    ['png', 8],
    ['png', 16],
    ['tiff', 8],
    ['tiff', 16],
  ] as const)('%s in %d bits comes back within half a step, with its transparency', async (format, depth) => {
    const picture = gradients(37, 23, true);
    const got = await read(await encodePicture(picture, { format, depth }));
    const half = 0.5001 / (depth === 8 ? 255 : 65_535);
    expect(worst(got.data, picture.data)).toBeLessThanOrEqual(half);
    expect(worst(got.alpha!, picture.alpha!)).toBeLessThanOrEqual(half);
  });

  test.for([
    ['png', 8],
    ['png', 16],
    ['tiff', 8],
    ['tiff', 16],
  ] as const)('%s in %d bits holds for another decoder what was meant', async ([format, depth], ctx) => {
    if (!existsSync(convert)) ctx.skip('ImageMagick is not installed');
    const picture = gradients(21, 13, true);
    const got = decodedElsewhere(await encodePicture(picture, { format, depth }), format, depth);
    const white = depth === 8 ? 255 : 65_535;
    const area = 21 * 13;
    for (let i = 0; i < area; i++) {
      for (let c = 0; c < 4; c++) {
        const meant = c < 3 ? picture.data[c * area + i]! : picture.alpha![i]!;
        expect(got[4 * i + c]).toBe(Math.floor(meant * white + 0.5));
      }
    }
  });

  test.each([
    ['jpeg', 0.04],
    ['webp', 0.05],
    ['avif', 0.05],
  ] as const)('%s comes back within %d', async (format, tolerance) => {
    const picture = gradients(64, 48);
    const got = await read(await encodePicture(picture, { format }));
    expect(got.alpha).toBeUndefined();
    expect(worst(got.data, picture.data)).toBeLessThan(tolerance);
  });

  test.each(['webp', 'avif'] as const)('%s keeps transparency', async (format) => {
    const picture = gradients(64, 48, true);
    const got = await read(await encodePicture(picture, { format }));
    expect(worst(got.alpha!, picture.alpha!)).toBeLessThan(0.03);
  });

  test('JPEG has no transparency: the picture lies on white', async () => {
    const picture = { ...flat(0), alpha: new Float32Array(256).fill(0.25) };
    const got = await read(await encodePicture(picture, { format: 'jpeg' }));
    expect(got.alpha).toBeUndefined();
    for (const value of got.data) expect(Math.abs(value - 0.75)).toBeLessThan(0.01);
  });

  test('values are clamped and rounded half up', async () => {
    const values = [-3, 0.49 / 255, 0.5 / 255, 0.5, 254.6 / 255, 1, 7, Number.POSITIVE_INFINITY, Number.NaN];
    const data = Float32Array.from([...values, ...values, ...values]);
    const png = await encodePicture({ width: 9, height: 1, data }, { format: 'png' });
    const samples = await sharp(png).raw().toBuffer();
    expect([...samples.filter((_, i) => i % 3 === 0)]).toEqual([0, 0, 1, 128, 255, 255, 255, 255, 0]);
  });

  test('quality makes files larger and truer', async () => {
    const picture = gradients(64, 64);
    for (const format of ['jpeg', 'webp', 'avif'] as const) {
      const low = await encodePicture(picture, { format, quality: 5 });
      const high = await encodePicture(picture, { format, quality: 98 });
      expect(high.length).toBeGreaterThan(low.length);
      expect(worst((await read(high)).data, picture.data)).toBeLessThan(worst((await read(low)).data, picture.data));
    }
  });

  test('JPEG and AVIF keep the colour of single pixels (4:4:4)', async () => {
    const data = Float32Array.from({ length: 3 * 256 }, (_, i) => [i % 2, 0, 1 - (i % 2)][i >> 8]!);
    for (const format of ['jpeg', 'avif'] as const) {
      const stripes = await read(await encodePicture({ width: 16, height: 16, data }, { format }));
      expect(worst(stripes.data, data)).toBeLessThan(0.1);
    }
  });

  test('equal pictures give equal bytes, with nothing but the pixels inside', async () => {
    for (const format of formats) {
      const files = [1, 2].map(() => encodePicture(gradients(40, 30, true), { format }));
      const [one, two] = await Promise.all(files);
      expect(Buffer.compare(one!, two!)).toBe(0);
      const { exif, xmp, icc, iptc, comments } = await sharp(one).metadata();
      expect([exif, xmp, icc, iptc, comments]).toEqual(Array(5).fill(undefined));
    }
  });

  test('refuses what a format cannot do', async () => {
    const refusal = async (options: Parameters<typeof encodePicture>[1], picture = flat(0.5)) => {
      const error = await encodePicture(picture, options).catch((thrown: unknown) => thrown);
      if (!(error instanceof OptionError)) throw error;
      return error.message;
    };
    expect(await refusal({ format: 'jpeg', depth: 16 })).toBe(
      'depth: expected a PNG or TIFF for 16 bits a channel, got JPEG. Leave the depth out.',
    );
    expect(await refusal({ format: 'png', depth: 10 as 8 })).toContain('expected 8 or 16 bits a channel, got 10');
    expect(await refusal({ format: 'png', quality: 90 })).toContain('got PNG, which is lossless');
    for (const quality of [0, 101, 50.5, Number.NaN]) {
      expect(await refusal({ format: 'webp', quality })).toContain(
        `expected a whole number from 1 to 100, got ${quality}`,
      );
    }
    const long = { width: 16_384, height: 1, data: new Float32Array(3 * 16_384) };
    expect(await refusal({ format: 'webp' }, long)).toContain('at most 16383 pixels a side in a WebP, got 16384×1');
    expect(await refusal({ format: 'jpeg', recipe: 'x'.repeat(60_000) })).toContain('at most 60000 bytes in a JPEG');
    expect(await refusal({ format: 'png', recipe: 'x'.repeat(65_537) })).toContain('at most 65536 bytes, got 65537');
  });

  test('a failing encoder is an output error', async () => {
    const empty = { width: 0, height: 0, data: new Float32Array(0) };
    await expect(encodePicture(empty, { format: 'png' })).rejects.toThrow(OutputError);
  });
});

test('a picture that is read by bands becomes the same file, in one piece or in parts', async () => {
  const picture = gradients(90, 70, true);
  for (const format of formats) {
    const options = { format, recipe: '{"a":1}' };
    const whole = Buffer.from(await encodePicture(picture, options));
    expect(whole.equals(await encodePicture(rasterPictureOf(picture), options))).toBe(true);
    expect(whole.equals(Buffer.concat(await encodePictureInParts(picture, options)))).toBe(true);
  }
});
