import { extname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import sharp, { type Sharp } from 'sharp';
import { assert, OptionError, OutputError, PareidoliaError } from '../../../errors.js';
import {
  bandsOf,
  inSlicesWith,
  type Picture,
  type RasterPicture,
  rasterPictureOf,
  type Size,
  type Sliced,
} from '../../../image/index.js';
import { pngRecipeParts, recipeXmp } from '../../../metadata/index.js';

const inSlices = inSlicesWith(() => setImmediate());

/** The formats a picture is written in, by file extension (lower case, without the dot). */
export const pictureFormats = {
  png: 'png',
  jpg: 'jpeg',
  jpeg: 'jpeg',
  webp: 'webp',
  avif: 'avif',
  tif: 'tiff',
  tiff: 'tiff',
} as const;

/** A format a picture is written in. */
export type PictureFormat = (typeof pictureFormats)[keyof typeof pictureFormats];

/** What {@link encodePicture} is told. */
export interface EncodePictureOptions {
  /** The file format to write. */
  readonly format: PictureFormat;
  /**
   * 1 (smallest) to 100 (best), for JPEG, WebP and AVIF; PNG and TIFF lose nothing and take none.
   * Default: JPEG 92, WebP 90, AVIF 80.
   */
  readonly quality?: number | undefined;
  /** Bits a channel. 16 for PNG and TIFF only. Default 8. */
  readonly depth?: 8 | 16 | undefined;
  /** JSON text to write inside the file, at most 64 KiB; `extractRecipe` reads it back. Default: none. */
  readonly recipe?: string | undefined;
}

interface Traits {
  readonly title: string;
  /** The longest side the format can hold, in pixels. */
  readonly longestSide: number;
  /** Absent when the format is lossless. */
  readonly quality?: number;
  /** Whether it can hold 16 bits a channel. */
  readonly deep: boolean;
  /** The most bytes of XMP that libvips writes; it leaves out a longer packet without a word. */
  readonly xmpBytes: number;
}

const traits: Readonly<Record<PictureFormat, Traits>> = {
  png: { title: 'PNG', longestSide: 2 ** 31 - 1, deep: true, xmpBytes: 0 },
  jpeg: { title: 'JPEG', longestSide: 65_535, quality: 92, deep: false, xmpBytes: 60_000 },
  webp: { title: 'WebP', longestSide: 16_383, quality: 90, deep: false, xmpBytes: Number.POSITIVE_INFINITY },
  avif: { title: 'AVIF', longestSide: 16_384, quality: 80, deep: false, xmpBytes: Number.POSITIVE_INFINITY },
  tiff: { title: 'TIFF', longestSide: 2 ** 31 - 1, deep: true, xmpBytes: Number.POSITIVE_INFINITY },
};

/**
 * The format that a file name asks for by its extension, in any case.
 *
 * @throws OptionError `option/invalid` naming the extensions, when it has another or none
 */
export function formatOf(path: string): PictureFormat {
  const extension = extname(path).slice(1).toLowerCase();
  if (Object.hasOwn(pictureFormats, extension)) return pictureFormats[extension as keyof typeof pictureFormats];
  const known = Object.keys(pictureFormats).map((name) => `.${name}`);
  const got = extension === '' ? 'no extension' : `.${extension}`;
  const message = `${path}: expected a name ending in ${known.slice(0, -1).join(', ')} or ${known.at(-1)}, got ${got}.`;
  throw new OptionError('option/invalid', message);
}

/**
 * Encodes a picture. Values are clamped to 0..1 and rounded half up; transparency is kept, except in JPEG, which has
 * none: there the picture lies on white. Colours are written untagged, which means sRGB. Nothing but the recipe is
 * written beside the pixels, and equal input gives equal bytes.
 *
 * @param picture sRGB-encoded RGB from 0 to 1, in memory or read by bands
 * @returns the whole file
 * @throws OptionError `option/invalid` for a quality, depth or recipe that the format cannot take, or a picture with
 *   longer sides than it can hold
 * @throws OutputError `output/write` when the encoder fails
 */
export async function encodePicture(
  picture: Picture | RasterPicture,
  options: EncodePictureOptions,
): Promise<Uint8Array> {
  const parts = await encodePictureInParts(picture, options);
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

/** Encodes as {@link encodePicture} does, but leaves the file in its parts, which stand one after the other. */
export async function encodePictureInParts(
  given: Picture | RasterPicture,
  options: EncodePictureOptions,
): Promise<readonly Uint8Array[]> {
  const picture = 'data' in given ? checkedPicture(given) : given;
  const { format, depth = 8, recipe } = options;
  const quality = checkEncoding(options, picture);
  const wide = depth === 16;
  const xmp = recipe === undefined || format === 'png' ? undefined : recipeXmp(recipe);
  const { title, xmpBytes } = traits[format];
  if (xmp !== undefined && Buffer.byteLength(xmp) > xmpBytes) {
    throw invalid(
      `recipe: expected at most ${xmpBytes} bytes in a ${title}, got ${Buffer.byteLength(xmp)}. Write a PNG instead.`,
    );
  }
  const keepAlpha = picture.alpha !== undefined && format !== 'jpeg';
  const raw = { width: picture.width, height: picture.height, channels: keepAlpha ? 4 : 3 } as const;
  try {
    const samples = await inSlices(interleave(picture, keepAlpha, wide));
    let pipeline = sharp(samples, { raw, limitInputPixels: false });
    if (wide) pipeline = pipeline.toColourspace('rgb16');
    if (xmp !== undefined) pipeline = pipeline.withXmp(xmp);
    const bytes = await encoded(pipeline, format, quality).toBuffer();
    return recipe !== undefined && format === 'png' ? pngRecipeParts(bytes, recipe) : [bytes];
  } catch (cause) {
    if (cause instanceof PareidoliaError) throw cause;
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new OutputError('output/write', `the picture could not be encoded as ${title} (${reason}).`, { cause });
  }
}

function checkedPicture(picture: Picture): RasterPicture {
  const { width, height, data } = picture;
  const count = 3 * width * height;
  assert(data.length === count, `a picture of ${width}×${height} has ${count} values, not ${data.length}`);
  return rasterPictureOf(picture);
}

function encoded(pipeline: Sharp, format: PictureFormat, quality: number): Sharp {
  switch (format) {
    case 'png':
      return pipeline.png({ adaptiveFiltering: true });
    case 'jpeg':
      return pipeline.jpeg({ quality, chromaSubsampling: '4:4:4' });
    case 'webp':
      return pipeline.webp({ quality, smartSubsample: true });
    case 'avif':
      return pipeline.avif({ quality, chromaSubsampling: '4:4:4' });
    case 'tiff':
      return pipeline.tiff({ compression: 'lzw', predictor: 'horizontal' });
  }
}

/**
 * Refuses what a format cannot do, which can be known before there is a picture.
 *
 * @param size of the picture in pixels, where it is known
 * @returns the quality to use, 1 to 100, or 100 where there is none to choose
 * @throws OptionError `option/invalid` as {@link encodePicture} does, but for the recipe
 */
export function checkEncoding(options: EncodePictureOptions, size?: Size): number {
  const { format, quality, depth = 8 } = options;
  const { title, longestSide, deep, quality: usual } = traits[format];
  if (depth !== 8 && depth !== 16) throw invalid(`depth: expected 8 or 16 bits a channel, got ${depth}.`);
  if (depth === 16 && !deep) {
    throw invalid(`depth: expected a PNG or TIFF for 16 bits a channel, got ${title}. Leave the depth out.`);
  }
  if (quality !== undefined && usual === undefined) {
    throw invalid(`quality: expected a JPEG, WebP or AVIF, got ${title}, which is lossless. Leave the quality out.`);
  }
  if (quality !== undefined && !(Number.isInteger(quality) && quality >= 1 && quality <= 100)) {
    throw invalid(`quality: expected a whole number from 1 to 100, got ${quality}.`);
  }
  if (size !== undefined && Math.max(size.width, size.height) > longestSide) {
    const got = `${size.width}×${size.height}`;
    throw invalid(
      `format: expected at most ${longestSide} pixels a side in a ${title}, got ${got}. Write a PNG instead.`,
    );
  }
  return quality ?? usual ?? 100;
}

/** The samples in the order encoders want, `[height, width, channels]`; without `keepAlpha` laid on white. */
function* interleave(picture: RasterPicture, keepAlpha: boolean, wide: boolean): Sliced<Uint8Array | Uint16Array> {
  const { width, height, colours, alpha } = picture;
  const channels = keepAlpha ? 4 : 3;
  const count = width * height * channels;
  const samples = wide ? new Uint16Array(count) : new Uint8Array(count);
  const white = wide ? 65_535 : 255;
  const rounded = (value: number) => Math.floor(clamp(value) * white + 0.5);
  for (const { top, bottom } of bandsOf({ planes: 1, width, height, effort: colours.effort })) {
    const cover = alpha?.rows(0, top, bottom);
    const first = top * width * channels;
    for (let c = 0; c < 3; c++) {
      const values = colours.rows(c, top, bottom);
      for (let i = 0, to = first + c; i < values.length; i++, to += channels) {
        const value = clamp(values[i]!);
        const over = cover === undefined ? 1 : clamp(cover[i]!);
        samples[to] = rounded(keepAlpha ? value : value * over + 1 - over);
      }
      yield;
    }
    if (!keepAlpha) continue;
    for (let i = 0, to = first + 3; to < first + cover!.length * channels; i++, to += channels) {
      samples[to] = rounded(cover![i]!);
    }
  }
  return samples;
}

/** Into 0..1; what is not a number becomes 0. */
function clamp(value: number): number {
  return value > 0 ? Math.min(value, 1) : 0;
}

function invalid(message: string): OptionError {
  return new OptionError('option/invalid', message);
}
