import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { ImageError, OptionError } from '../../../errors.js';
import { wholeOf } from '../../../image/index.js';
import type { Picture } from '../../../image/picture.js';
import { readPicture, readPictureFile, readRasterPicture } from './read-picture.js';

type Rgb = readonly [number, number, number];
const [red, green, blue, white]: Rgb[] = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 255],
];

/** One colour everywhere; 16-bit when a value is beyond 255. */
function flat(color: readonly number[], width = 8, height = 8): Sharp {
  const wide = Math.max(...color) > 255;
  const samples = wide ? new Uint16Array(width * height * color.length) : new Uint8Array(width * height * color.length);
  const raw = { width, height, channels: color.length as 1 | 2 | 3 | 4 };
  const picture = sharp(
    samples.map((_, i) => color[i % color.length]!),
    { raw },
  );
  return wide ? picture.toColourspace(color.length < 3 ? 'grey16' : 'rgb16') : picture;
}

/** A colourful texture, so that every part of the file matters. */
function texture(width = 96, height = 64): Sharp {
  const samples = new Uint8Array(width * height * 3);
  for (let i = 0; i < samples.length; i++) samples[i] = 128 + 90 * Math.sin(i / 41) + ((i * 7919) % 31);
  return sharp(samples, { raw: { width, height, channels: 3 } });
}

const read = (source: Uint8Array, options: { size?: number; maxPixels?: number } = {}) =>
  readPicture(source, { name: 'x', ...options });

function pixel(picture: Picture, x: number, y: number): number[] {
  const at = y * picture.width + x;
  return [0, 1, 2].map((c) => picture.data[c * picture.width * picture.height + at]!);
}

const bytesOf = (picture: Picture, x = 0, y = 0) => pixel(picture, x, y).map((value) => Math.round(value * 255));

async function failure(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await work.then(
    () => expect.fail('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ImageError)) throw error;
  return error;
}

function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

async function profile(name: 'srgb' | 'p3'): Promise<Buffer> {
  return (await sharp(await flat(red!).withIccProfile(name).png().toBuffer()).metadata()).icc!;
}

/** Tags a PNG with a profile and leaves its samples alone, unlike sharp, which converts them. */
function tagged(png: Uint8Array, icc: Uint8Array): Uint8Array {
  const chunk = pngChunk('iCCP', Buffer.concat([Buffer.from('icc\0\0'), deflateSync(icc)]));
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
}

describe('values', () => {
  test('8-bit samples are value/255, planar', async () => {
    const picture = await read(await flat([200, 100, 50], 3, 2).png().toBuffer());
    expect(picture).toMatchObject({ width: 3, height: 2 });
    expect(picture.alpha).toBeUndefined();
    const expected = [200, 100, 50].flatMap((value) => Array<number>(6).fill(value / 255));
    expect(picture.data).toEqual(new Float32Array(expected));
  });

  test.each(['png', 'tiff'] as const)('16-bit %s keeps every bit', async (format) => {
    const file = flat([54_321, 12_345, 7])[format]({ compression: 'lzw' } as object);
    const picture = await read(await file.toBuffer());
    expect(pixel(picture, 3, 3)).toEqual([54_321, 12_345, 7].map((value) => Math.fround(value / 65_535)));
  });

  test.each([10, 12] as const)('white in a %d-bit AVIF is 1', async (bitdepth) => {
    const avif = await flat([65_535, 65_535, 65_535], 64, 64).avif({ bitdepth, quality: 100 }).toBuffer();
    expect(pixel(await read(avif), 9, 9)).toEqual([1, 1, 1]);
  });

  test('grey becomes RGB, in 8 bits, 16 bits and 1 bit', async () => {
    const grey = await read(await flat([200]).toColourspace('b-w').png().toBuffer());
    expect(bytesOf(grey)).toEqual([200, 200, 200]);
    const deep = await read(await flat([30_001, 40_000]).png().toBuffer());
    expect(pixel(deep, 0, 0)).toEqual(Array(3).fill(Math.fround(30_001 / 65_535)));
    expect(deep.alpha?.[0]).toBe(Math.fround(40_000 / 65_535));
    const bit = await flat([255]).toColourspace('b-w').png({ palette: true, colours: 2 }).toBuffer();
    expect((await sharp(bit).metadata()).bitsPerSample).toBe(1);
    expect(bytesOf(await read(bit))).toEqual(white);
  });

  test('a CMYK JPEG is read in about its colours', async () => {
    const cmyk = await flat([180, 120, 110]).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
    for (const [c, value] of bytesOf(await read(cmyk)).entries()) {
      expect(Math.abs(value - [180, 120, 110][c]!)).toBeLessThan(12);
    }
  });

  test('a floating-point scan is refused, since its white is anyone’s guess', async () => {
    // biome-ignore format: a tag, its type and its value
    const tags = [
      [256, 4, 1], [257, 4, 1], [258, 3, 32], [259, 3, 1], [262, 3, 1],
      [273, 4, 8], [277, 3, 1], [278, 4, 1], [279, 4, 4], [339, 3, 3],
    ];
    const tiff = Buffer.alloc(14 + 12 * tags.length + 4);
    tiff.write('II*\0', 'latin1');
    tiff.writeUInt32LE(12, 4);
    tiff.writeFloatLE(0.5, 8);
    tiff.writeUInt16LE(tags.length, 12);
    for (const [row, [tag, type, value]] of tags.entries()) {
      tiff.writeUInt16LE(tag!, 14 + 12 * row);
      tiff.writeUInt16LE(type!, 16 + 12 * row);
      tiff.writeUInt32LE(1, 18 + 12 * row);
      tiff.writeUInt32LE(value!, 22 + 12 * row);
    }
    const { code, message } = await failure(read(tiff));
    expect(code).toBe('image/format');
    expect(message).toBe('x: expected 8 or 16 bits a channel, got 32 (float). Save it with 16 bits.');
  });
});

describe('colour profiles', () => {
  test('Display P3 becomes sRGB', async () => {
    const p3 = await flat([200, 100, 50], 64, 64).withIccProfile('p3').png().toBuffer();
    const stored = [...(await sharp(p3, { ignoreIcc: true }).raw().toBuffer()).subarray(0, 3)];
    expect(Math.abs(stored[0]! - 200)).toBeGreaterThan(5);
    for (const [c, value] of bytesOf(await read(p3)).entries()) {
      expect(Math.abs(value - [200, 100, 50][c]!)).toBeLessThan(3);
    }
  });

  test('16 bits tagged as sRGB stay what they are', async () => {
    const png = tagged(await flat([60_000, 20_000, 3_000]).png().toBuffer(), await profile('srgb'));
    const got = pixel(await read(png), 0, 0).map((value) => Math.round(value * 65_535));
    for (const [c, value] of got.entries()) expect(Math.abs(value - [60_000, 20_000, 3_000][c]!)).toBeLessThan(40);
  });

  test('16 bits tagged as Display P3 become the same sRGB as 8 bits do', async () => {
    const p3 = await profile('p3');
    const color = [190, 110, 70];
    const deep = await read(
      tagged(
        await flat(color.map((value) => value * 257))
          .png()
          .toBuffer(),
        p3,
      ),
    );
    const plain = await read(tagged(await flat(color).png().toBuffer(), p3));
    for (const c of [0, 1, 2]) expect(Math.abs(bytesOf(deep)[c]! - bytesOf(plain)[c]!)).toBeLessThan(2);
    expect(bytesOf(deep)[0]).toBeGreaterThan(195);
  });

  test('a damaged profile on 16-bit colours is passed over', async () => {
    const file = await flat([60_000, 20_000, 3_000]).tiff({ compression: 'none' }).withIccProfile('p3').toBuffer();
    expect(file.includes('acsp')).toBe(true);
    const stored = pixel(await read(Buffer.from(file.toString('latin1').replace('acsp', 'acsq'), 'latin1')), 0, 0);
    const raw = await sharp(file, { ignoreIcc: true }).toColourspace('rgb16').raw({ depth: 'ushort' }).toBuffer();
    expect(stored).toEqual([0, 2, 4].map((at) => Math.fround(raw.readUInt16LE(at) / 65_535)));
  });
});

describe('orientation', () => {
  const corners = [red!, green!, blue!, white!];
  // For each EXIF orientation, which stored corner (top left 0, top right 1, bottom left 2, bottom right 3) is seen
  // in the top left, top right, bottom left, bottom right.
  const seen = ['0123', '1032', '3210', '2301', '0213', '2031', '3120', '1302'];
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF %d is turned upright', async (orientation) => {
    const stored = new Uint8Array(48 * 32 * 3);
    for (let y = 0; y < 32; y++) {
      for (let x = 0; x < 48; x++) stored.set(corners[(y < 16 ? 0 : 2) + (x < 24 ? 0 : 1)]!, (y * 48 + x) * 3);
    }
    const file = sharp(stored, { raw: { width: 48, height: 32, channels: 3 } }).withMetadata({ orientation });
    for (const bytes of [await file.clone().png().toBuffer(), await file.clone().jpeg({ quality: 100 }).toBuffer()]) {
      for (const options of [{}, { size: 24 }]) {
        const picture = await read(bytes, options);
        const { width, height } = picture;
        expect(width > height).toBe(orientation < 5);
        expect(Math.max(width, height)).toBe(options.size ?? 48);
        const at = [2, width - 3].flatMap((x) => [[x, 2] as const, [x, height - 3] as const]);
        const got = [at[0]!, at[2]!, at[1]!, at[3]!].map(([x, y]) => bytesOf(picture, x, y));
        const want = [...seen[orientation - 1]!].map((corner) => corners[Number(corner)]!);
        for (let i = 0; i < 4; i++) {
          for (let c = 0; c < 3; c++) expect(Math.abs(got[i]![c]! - want[i]![c]!)).toBeLessThan(9);
        }
      }
    }
  });
});

describe('transparency', () => {
  test('travels beside the colours', async () => {
    const picture = await read(await flat([10, 20, 30, 51]).png().toBuffer());
    expect(bytesOf(picture)).toEqual([10, 20, 30]);
    expect(picture.alpha).toEqual(new Float32Array(64).fill(51 / 255));
  });

  test('a fully opaque alpha channel is left out', async () => {
    expect((await read(await flat([10, 20, 30, 255]).png().toBuffer())).alpha).toBeUndefined();
  });

  test.each(['png', 'webp', 'tiff'] as const)('colour under transparent pixels does not bleed: %s', async (format) => {
    const samples = new Uint8Array(64 * 64 * 4);
    for (let i = 0; i < 64 * 64; i++) samples.set(i % 64 < 33 ? [255, 0, 0, 255] : [0, 255, 0, 0], i * 4);
    const file = sharp(samples, { raw: { width: 64, height: 64, channels: 4 } })[format]({
      lossless: true,
      compression: 'lzw',
    } as object);
    const picture = await read(await file.toBuffer(), { size: 20 });
    expect(picture.alpha!.some((value) => value > 0.1 && value < 0.9)).toBe(true);
    expect(picture.data.subarray(400, 800).every((value) => value < 0.03)).toBe(true);
  });
});

describe('size', () => {
  test('is that of the longest side', async () => {
    const photo = await flat(red!, 200, 100).jpeg().toBuffer();
    expect(await read(photo, { size: 50 })).toMatchObject({ width: 50, height: 25 });
    expect(await read(photo, { size: 2000 })).toMatchObject({ width: 200, height: 100 });
    expect(await read(await flat(red!, 1, 1).png().toBuffer())).toMatchObject({ width: 1, height: 1 });
  });

  test('shrinking keeps what is coarse and drops what is too fine, without moire', async () => {
    const stripes = new Uint8Array(400 * 400).map((_, i) => (i % 2 ? 255 : 0));
    const file = sharp(stripes, { raw: { width: 400, height: 400, channels: 1 } });
    const picture = await read(await file.png().toBuffer(), { size: 90 });
    const middle = Array.from({ length: 60 }, (_, x) => pixel(picture, x + 15, 45)[0]!);
    for (const value of middle) expect(Math.abs(value - 0.5)).toBeLessThan(0.02);
  });

  test('an SVG is drawn at the size that is asked for', async () => {
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="5"><rect width="5" height="5" fill="#f00"/></svg>',
    );
    expect(await read(svg)).toMatchObject({ width: 10, height: 5 });
    const picture = await read(svg, { size: 500 });
    expect(picture).toMatchObject({ width: 500, height: 250 });
    expect(picture.alpha!.every((value) => value === 0 || value === 1)).toBe(true);
    expect(bytesOf(picture, 249, 100)).toEqual(red);
    expect(picture.alpha![100 * 500 + 250]).toBe(0);
    const huge = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="30000" height="20000"/>');
    expect(await read(huge, { size: 30 })).toMatchObject({ width: 30, height: 20 });
    expect((await failure(read(huge))).code).toBe('image/too-large');
  });

  test('of a GIF is that of its first frame', async () => {
    const frames = sharp(new Uint8Array(8 * 16 * 3).fill(255, 8 * 8 * 3), {
      raw: { width: 8, height: 16, channels: 3, pageHeight: 8 },
    });
    const picture = await read(await frames.gif({ delay: [100, 100] }).toBuffer());
    expect(picture).toMatchObject({ width: 8, height: 8 });
    expect(bytesOf(picture)).toEqual([0, 0, 0]);
  });

  test('must be a whole number', async () => {
    const png = await flat(red!).png().toBuffer();
    for (const options of [{ size: 0 }, { size: 1.5 }, { maxPixels: Number.NaN }]) {
      await expect(read(png, options)).rejects.toThrow(OptionError);
    }
  });
});

describe('refused', () => {
  test('pictures beyond the limit, from the header alone', async () => {
    const ihdr = Buffer.alloc(13);
    ihdr.writeUInt32BE(20_000);
    ihdr.writeUInt32BE(20_000, 4);
    ihdr[8] = 1;
    const chunks = [pngChunk('IHDR', ihdr), pngChunk('IDAT', deflateSync(Buffer.alloc(9))), pngChunk('IEND', ihdr)];
    const bomb = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]);
    const { code, message } = await failure(readPicture(bomb, { name: 'bomb.png' }));
    expect(code).toBe('image/too-large');
    expect(message).toBe('bomb.png: 20000×20000 is 400 megapixels, expected at most 268. Shrink it first.');
    const small = await failure(read(await flat(red!).png().toBuffer(), { maxPixels: 63 }));
    expect(small.message).toBe('x: 8×8 is 64 pixels, expected at most 63. Shrink it first.');
    expect(await read(await flat(red!).png().toBuffer(), { maxPixels: 64 })).toMatchObject({ width: 8 });
    const any = { maxPixels: Number.MAX_SAFE_INTEGER };
    expect(await read(await flat(red!).png().toBuffer(), any)).toMatchObject({ width: 8 });
  });

  test.each([
    ['', 'an empty file'],
    ['The quick brown fox.\n', 'text'],
    ['%PDF-1.7\n\0', 'a PDF document'],
    ['BM\0\0\0\0', 'a BMP picture'],
    ['\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'a HEIC picture'],
    ['\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d', 'something else'],
  ])('what is no picture: %j', async (content, got) => {
    const { code, message } = await failure(read(Buffer.from(content, 'latin1')));
    expect(code).toBe('image/format');
    expect(message).toContain(`expected a JPEG, PNG, WebP, AVIF, TIFF, GIF or SVG picture, got ${got}.`);
  });

  const files: Record<string, () => Sharp> = {
    jpeg: () => texture().jpeg(),
    'progressive jpeg': () => texture().jpeg({ progressive: true }),
    png: () => texture().png(),
    'interlaced png': () => texture().png({ progressive: true }),
    webp: () => texture().webp(),
    'lossless webp': () => texture().webp({ lossless: true }),
    avif: () => texture().avif({ effort: 0 }),
    tiff: () => texture().tiff({ compression: 'lzw' }),
    gif: () => texture().gif(),
  };
  test.each(Object.keys(files))('a truncated %s, wherever it ends', async (kind) => {
    const whole = await files[kind]!().toBuffer();
    expect((await read(whole)).width).toBe(96);
    for (const part of [0.01, 0.1, 0.5, 0.9, 0.99]) {
      const length = Math.min(Math.max(16, Math.floor(whole.length * part)), whole.length - 14);
      for (const options of [{}, { size: 20 }]) {
        const { code, message } = await failure(read(whole.subarray(0, length), options));
        expect(code).toBe('image/unreadable');
        expect(message).toMatch(/^x: expected a whole \w+, got a truncated or damaged one \(.+\)\. Copy or save/);
      }
    }
  });

  test('a PNG with damaged pixels, and an SVG that is not well-formed or has no size', async () => {
    const png = await texture().png().toBuffer();
    png.fill(0x5a, png.length >> 1, (png.length >> 1) + 30);
    expect((await failure(read(png))).code).toBe('image/unreadable');
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect');
    expect((await failure(read(svg))).code).toBe('image/unreadable');
    const unsized = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="100%"/>');
    expect((await failure(read(unsized))).message).toContain('x: expected an SVG with a size, got none.');
  });
});

describe('files', () => {
  test('are read with their bytes, or refused by name', async (ctx) => {
    const folder = await mkdtemp(join(tmpdir(), 'read-picture-'));
    ctx.onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'photo.png');
    const bytes = await flat(red!).png().toBuffer();
    await writeFile(path, bytes);
    const read = await readPictureFile(path);
    expect(read.picture.width).toBe(8);
    expect(Buffer.compare(read.bytes, bytes)).toBe(0);
    const missing = await failure(readPictureFile(join(folder, 'none.jpg'), { name: 'none.jpg' }));
    expect(missing).toMatchObject({ code: 'image/missing', message: 'none.jpg: no such file. Check the name.' });
    expect(await failure(readPictureFile(join(path, 'x')))).toMatchObject({ code: 'image/missing' });
    const isFolder = await failure(readPictureFile(folder, { name: 'pictures' }));
    expect(isFolder.code).toBe('image/unreadable');
    expect(isFolder.message).toBe('pictures: expected a picture, got a folder. Name a file inside it.');
    expect((await failure(readPictureFile('/dev/zero'))).message).toContain('got a device');
  });

  test('that may not be read say so', async (ctx) => {
    if (process.getuid?.() === 0) ctx.skip('root may read everything');
    const folder = await mkdtemp(join(tmpdir(), 'read-picture-'));
    ctx.onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'secret.png');
    await writeFile(path, 'x');
    await chmod(path, 0);
    expect((await failure(readPictureFile(path))).message).toContain('permission denied');
  });
});

describe('a picture that is read by bands', () => {
  test.each<[string, () => Sharp]>([
    ['8 bits', () => texture()],
    ['16 bits', () => flat([1000, 30_000, 65_535])],
    ['transparency', () => flat([10, 20, 30, 128])],
    ['an opaque fourth channel', () => flat([10, 20, 30, 255])],
  ])('holds the same values: %s', async (_, make) => {
    const source = await make().png().toBuffer();
    const whole = await read(source);
    const { colours, alpha, ...size } = await readRasterPicture(source, { name: 'x' });
    expect(size).toEqual({ width: whole.width, height: whole.height });
    expect(wholeOf(colours)).toEqual(whole.data);
    expect(alpha && wholeOf(alpha)).toEqual(whole.alpha);
  });

  test('holds the same values when it is too large for the memory', async () => {
    const [width, height] = [6000, 4000];
    const source = await texture(60, 40)
      .resize(width, height, { kernel: 'nearest' })
      .png({ compressionLevel: 1 })
      .toBuffer();
    const small = await read(await texture(60, 40).png().toBuffer());
    const before = process.memoryUsage().arrayBuffers;
    const { colours } = await readRasterPicture(source, { name: 'x' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
    const row = colours.rows(1, 3777, 3778);
    for (const x of [0, 99, 100, 3210, 5999]) {
      expect(row[x]).toBe(small.data[60 * 40 + 37 * 60 + Math.floor(x / 100)]);
    }
  });
});
