import { type FileHandle, open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import sharp, { type Metadata } from 'sharp';
import { ImageError, OptionError } from '../../../errors.js';
import {
  bandsOf,
  byteArrayStore,
  inSlicesWith,
  type Picture,
  type Raster,
  type RasterPicture,
  readPicture as readWholePicture,
  type Samples,
  type Sliced,
  samplesRaster,
} from '../../../image/index.js';
import { createScratch } from '../files/scratch.js';

/** What {@link readPicture} is told. */
export interface ReadPictureOptions {
  /** What messages call the picture, usually its path. */
  readonly name: string;
  /** The most pixels (width × height, as the header says) that are decoded. Default 268 435 456. */
  readonly maxPixels?: number | undefined;
  /**
   * Shrink so that the longest side has this many pixels. A smaller picture stays as it is, except an SVG: it has no
   * pixels of its own and is drawn at this size. Default: the size it has.
   */
  readonly size?: number | undefined;
}

/** What {@link readPictureFile} is told: {@link ReadPictureOptions}, but the name may be left out. */
export interface ReadPictureFileOptions extends Omit<ReadPictureOptions, 'name'> {
  /** What messages call the picture. Default: its path. */
  readonly name?: string | undefined;
}

/** The pixels read when nothing else is asked for: 2^28, a square of 16 384. */
const defaultMaxPixels = 268_435_456;

const expected = 'expected a JPEG, PNG, WebP, AVIF, TIFF, GIF or SVG picture';

/** More samples than this lie in a scratch file rather than in memory: 8-bit pictures from 22 megapixels on. */
const largestInMemoryBytes = 2 ** 26;
const writtenAtOnce = 2 ** 20;

const inSlices = inSlicesWith(() => setImmediate());

/**
 * Decodes a JPEG, PNG, WebP, AVIF, TIFF, SVG or GIF (its first frame): turned upright by its EXIF orientation, colours
 * converted to sRGB from its ICC profile, greys and CMYK to RGB. 16-bit channels keep their 16 bits.
 *
 * @param source the whole file
 * @param options its name, the pixel limit, and the size to shrink to (Lanczos, without bleeding from under
 *   transparent pixels)
 * @returns planar sRGB-encoded RGB from 0 to 1; `alpha` only when some pixel is not fully opaque
 * @throws ImageError `image/format` when it is empty or no picture that is read here, `image/too-large` when its header
 *   announces more than `maxPixels` (nothing is decoded then), `image/unreadable` when it is truncated or damaged
 * @throws OptionError when `maxPixels` or `size` is not a whole number of at least 1
 */
export async function readPicture(source: Uint8Array, options: ReadPictureOptions): Promise<Picture> {
  const samples = inMemory(await decode(source, options));
  return inSlices(readWholePicture(await inSlices(sampledPicture(samples))));
}

/**
 * Decodes a picture as {@link readPicture} does, but keeps it as the file has it, in 8 or 16 bits a channel; a large one
 * in a scratch file. Its values are computed as they are read.
 *
 * @throws what {@link readPicture} throws, and PlatformError `platform/scratch` when there is no room for it on the disk
 */
export async function readRasterPicture(source: Uint8Array, options: ReadPictureOptions): Promise<RasterPicture> {
  const samples = await inSlices(stowed(await decode(source, options)));
  return inSlices(sampledPicture(samples));
}

/** A picture's samples, in memory. */
interface Decoded extends Omit<Samples, 'store'> {
  readonly bytes: Uint8Array;
}

async function decode(source: Uint8Array, options: ReadPictureOptions): Promise<Decoded> {
  const { name, maxPixels = defaultMaxPixels, size } = options;
  requireCount('maxPixels', maxPixels);
  if (size !== undefined) requireCount('size', size);
  if (source.length === 0) {
    throw new ImageError('image/format', `${name}: ${expected}, got an empty file. Copy or save it again.`);
  }
  const header = await readHeader(source, name);
  const vector = header.format === 'svg';
  const scale = vector && size !== undefined ? size / Math.max(header.width, header.height) : 1;
  refuseTooLarge(name, Math.round(header.width * scale), Math.round(header.height * scale), maxPixels);
  const wide = isWide(header, name);

  // sharp turns 16 bits with a profile into Display P3; told to ignore it, it converts straight to sRGB at the end.
  let pipeline = sharp(source, {
    failOn: 'error',
    limitInputPixels: vector ? false : maxPixels,
    autoOrient: true,
    ignoreIcc: wide,
  });
  if (size !== undefined) {
    const box = { width: size, height: size, fit: 'inside', kernel: 'lanczos3' } as const;
    pipeline = pipeline.resize({ ...box, withoutEnlargement: !vector, fastShrinkOnLoad: false });
  }
  if (wide && header.space === 'rgb16' && isRgbProfile(header.icc)) pipeline = pipeline.withIccProfile('srgb');
  pipeline = pipeline.toColourspace(wide ? 'rgb16' : 'srgb').raw({ depth: wide ? 'ushort' : 'uchar' });
  try {
    const { data, info } = await pipeline.toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    return { width, height, channels, sampleBytes: wide ? 2 : 1, white: wide ? whiteOf(header) : 255, bytes: data };
  } catch (cause) {
    throw decodeError(source, name, cause);
  }
}

function inMemory({ bytes, ...samples }: Decoded): Samples {
  return { ...samples, store: byteArrayStore(bytes) };
}

/** Samples in memory, or in a scratch file when there are many. */
function* stowed(decoded: Decoded): Sliced<Samples> {
  const { bytes, ...samples } = decoded;
  if (bytes.length <= largestInMemoryBytes) return inMemory(decoded);
  const store = createScratch(bytes.length);
  for (let at = 0; at < bytes.length; at += writtenAtOnce) {
    store.write(bytes.subarray(at, at + writtenAtOnce), at);
    yield;
  }
  return { ...samples, store };
}

/**
 * Reads and decodes a picture file.
 *
 * @param path a file or a pipe
 * @param options as {@link readPicture}; the name defaults to the path
 * @returns the picture, and the file's bytes (for a digest, or the recipe inside)
 * @throws ImageError `image/missing` when there is no such file, `image/unreadable` when it is a folder or a device or
 *   may not be read, and everything that {@link readPicture} throws
 */
export async function readPictureFile(
  path: string,
  options: ReadPictureFileOptions = {},
): Promise<{ picture: Picture; bytes: Uint8Array }> {
  const name = options.name ?? path;
  const bytes = await readBytes(path, name);
  return { picture: await readPicture(bytes, { ...options, name }), bytes };
}

/**
 * Reads and decodes a picture file, like {@link readRasterPicture}.
 *
 * @throws what {@link readPictureFile} throws, and PlatformError `platform/scratch`
 */
export async function readRasterPictureFile(
  path: string,
  options: ReadPictureFileOptions = {},
): Promise<{ picture: RasterPicture; bytes: Uint8Array }> {
  const name = options.name ?? path;
  const bytes = await readBytes(path, name);
  return { picture: await readRasterPicture(bytes, { ...options, name }), bytes };
}

async function readBytes(path: string, name: string): Promise<Uint8Array> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const stat = await file.stat();
    if (stat.isDirectory()) {
      throw new ImageError('image/unreadable', `${name}: expected a picture, got a folder. Name a file inside it.`);
    }
    if (!stat.isFile() && !stat.isFIFO()) {
      throw new ImageError('image/unreadable', `${name}: expected a picture, got a device. Name a file.`);
    }
    return await file.readFile();
  } catch (cause) {
    if (cause instanceof ImageError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new ImageError('image/missing', `${name}: no such file. Check the name.`, { cause });
    }
    const message =
      code === 'EACCES' || code === 'EPERM'
        ? 'expected a file that may be read, got permission denied. Change its permissions.'
        : `the file could not be read (${code}).`;
    throw new ImageError('image/unreadable', `${name}: ${message}`, { cause });
  } finally {
    await file?.close();
  }
}

/** What the file says about itself, without decoding it. */
async function readHeader(source: Uint8Array, name: string): Promise<Metadata> {
  try {
    return await sharp(source, { failOn: 'error', limitInputPixels: false }).metadata();
  } catch (cause) {
    throw decodeError(source, name, cause);
  }
}

function refuseTooLarge(name: string, width: number, height: number, maxPixels: number): void {
  const pixels = width * height;
  if (pixels <= maxPixels) return;
  const mega = (count: number) => Math.round(count / 1e6);
  const [got, limit] =
    maxPixels >= 1e6 && mega(pixels) > mega(maxPixels)
      ? [`${mega(pixels)} megapixels`, `${mega(maxPixels)}`]
      : [`${pixels} pixels`, `${maxPixels}`];
  throw new ImageError(
    'image/too-large',
    `${name}: ${width}×${height} is ${got}, expected at most ${limit}. Shrink it first.`,
  );
}

/** Whether the samples need 16 bits; refuses those that have no agreed white (32-bit and floating-point scans). */
function isWide(header: Metadata, name: string): boolean {
  const { depth, space } = header;
  if (depth === 'uchar') return false;
  if (depth === 'ushort') return space === 'rgb16' || space === 'grey16';
  if (space === 'labs') return true;
  throw new ImageError(
    'image/format',
    `${name}: expected 8 or 16 bits a channel, got ${header.bitsPerSample ?? 'more'} (${depth}). Save it with 16 bits.`,
  );
}

/** The 16-bit value of white: libvips shifts the 10 or 12 bits of an AVIF up and leaves the low bits zero. */
function whiteOf(header: Metadata): number {
  const bits = header.format === 'heif' ? (header.bitsPerSample ?? 16) : 16;
  return 65536 - 2 ** Math.max(0, 16 - bits);
}

/** Whether these bytes start like an ICC profile for RGB samples; with any other, sharp would assume Display P3. */
function isRgbProfile(icc: Buffer | undefined): boolean {
  return icc !== undefined && icc.toString('latin1', 16, 20) === 'RGB ' && icc.toString('latin1', 36, 40) === 'acsp';
}

function* sampledPicture(samples: Samples): Sliced<RasterPicture> {
  const { width, height, channels } = samples;
  const colours = samplesRaster(samples, 0, 3);
  const alpha = channels === 4 ? samplesRaster(samples, 3, 1) : undefined;
  return { width, height, colours, ...(alpha && !(yield* isOpaque(alpha)) && { alpha }) };
}

function* isOpaque(alpha: Raster): Sliced<boolean> {
  for (const { plane, top, bottom } of bandsOf(alpha)) {
    if (alpha.rows(plane, top, bottom).some((value) => value < 1)) return false;
    yield;
  }
  return true;
}

/** Says why sharp refused these bytes: no picture at all, or one that is damaged. */
function decodeError(source: Uint8Array, name: string, cause: unknown): ImageError {
  const { format, foreign } = sniff(source);
  if (format === undefined) {
    const got = foreign ?? 'something else';
    return new ImageError('image/format', `${name}: ${expected}, got ${got}. Convert it to PNG or JPEG first.`, {
      cause,
    });
  }
  const said = cause instanceof Error ? cause.message : String(cause);
  const reason = (said.split('\n')[0] ?? '').replace(/^Input buffer (has corrupt header: )?/, '').trim();
  if (/exceeds? .*pixel limit/i.test(said)) {
    return new ImageError('image/too-large', `${name}: its sides are too long (${reason}). Shrink it first.`, {
      cause,
    });
  }
  if (/bad dimensions|zero-sized/.test(said)) {
    const message = `${name}: expected an ${format} with a size, got none. Give it a width and a height.`;
    return new ImageError('image/unreadable', message, { cause });
  }
  return new ImageError(
    'image/unreadable',
    `${name}: expected a whole ${format}, got a truncated or damaged one (${reason}). Copy or save it again.`,
    { cause },
  );
}

/** Tells the kind of a file from its first bytes: a format that is read here, or the name of a foreign one. */
function sniff(source: Uint8Array): { format?: string; foreign?: string } {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  const head = bytes.toString('latin1', 0, 64);
  if (head.startsWith('\xff\xd8\xff')) return { format: 'JPEG' };
  if (head.startsWith('\x89PNG')) return { format: 'PNG' };
  if (head.startsWith('GIF8')) return { format: 'GIF' };
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return { format: 'WebP' };
  if (/^(II\*\0|MM\0\*|II\+\0|MM\0\+)/.test(head)) return { format: 'TIFF' };
  if (head.slice(4, 8) === 'ftyp') {
    const brands = head.slice(8);
    if (/avi[fs]/.test(brands)) return { format: 'AVIF' };
    return { foreign: /hei|hev|mif1|msf1/.test(brands) ? 'a HEIC picture' : 'a video' };
  }
  if (head.startsWith('%PDF')) return { foreign: 'a PDF document' };
  if (head.startsWith('8BPS')) return { foreign: 'a Photoshop document' };
  if (head.startsWith('BM')) return { foreign: 'a BMP picture' };
  if (/^(\xff\n|\0\0\0\fJXL )/.test(head)) return { foreign: 'a JPEG XL picture' };
  const text = bytes.toString('latin1', 0, 4096);
  if (/<svg[\s>]/i.test(text)) return { format: 'SVG' };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells data from text
  return /[\0-\x08\x0e-\x1f]/.test(text) ? {} : { foreign: 'text' };
}

function requireCount(option: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new OptionError('option/invalid', `${option}: expected a whole number of at least 1, got ${value}.`);
}
