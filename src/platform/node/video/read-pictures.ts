import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import sharp, { type Metadata } from 'sharp';
import { MovieError, OptionError } from '../../../errors.js';
import { readPictureFile } from '../pictures/read-picture.js';
import { pictureFormats } from '../pictures/write-picture.js';
import { type FrameRange, framesWithin, type Movie, type MovieFrame, type MovieInfo } from './movie.js';
import { rgbOfPicture } from './rgb.js';

/** How many bytes of decoded frames of an animation are in memory at once, at most. */
const batchBytes = 2 ** 26;

/**
 * Opens a GIF or WebP, animated or not. Frames are decoded some at a time; each time the decoder runs through those before
 * them, so a long animation takes longer a frame.
 */
export async function openAnimation(path: string): Promise<Movie> {
  const header = await metadataOf(path);
  const { width, pages = 1, format } = header;
  const height = header.pageHeight ?? header.height;
  // Browsers show frames with hardly any delay for a tenth of a second.
  // In milliseconds.
  const delays = Array.from({ length: pages }, (_, i) => ((header.delay?.[i] ?? 0) > 10 ? header.delay![i]! : 100));
  let total = 0;
  const starts = delays.map((delay) => {
    total += delay;
    return (total - delay) / 1000;
  });
  // A hundredth of a second more or less is how GIFs come by their rate.
  const variable = delays.some((delay) => Math.abs(delay - total / pages) > 11);
  const info: MovieInfo = {
    container: format === 'gif' ? 'GIF' : 'WebP',
    codec: format,
    width,
    height,
    fps: (1000 * pages) / total,
    variable,
    duration: total / 1000,
    rotation: 0,
  };
  const batch = Math.max(1, Math.floor(batchBytes / (width * height * 4)));
  const within = ({ start = 0, end = Number.POSITIVE_INFINITY }: FrameRange = {}): number[] =>
    starts.flatMap((time, i) => (time >= start - 1e-6 && time < end - 1e-9 ? [i] : []));
  async function* frames(range?: FrameRange): AsyncGenerator<MovieFrame> {
    const wanted = within(range);
    for (let i = 0; i < wanted.length; i += batch) {
      const part = wanted.slice(i, i + batch);
      const pixels = await decode(path, part[0]!, part.length);
      for (const [k, page] of part.entries()) {
        const data = pixels.slice(k * width * height * 3, (k + 1) * width * height * 3);
        yield { width, height, data, timestamp: starts[page]!, duration: delays[page]! / 1000 };
      }
    }
  }
  return { info, frames, count: async (range) => within(range).length, close: async () => undefined };
}

async function metadataOf(path: string): Promise<Metadata> {
  try {
    return await sharp(path, { failOn: 'error', limitInputPixels: false, animated: true }).metadata();
  } catch (cause) {
    throw damaged(path, cause);
  }
}

/** Frames below each other, on white. */
async function decode(path: string, page: number, pages: number): Promise<Uint8Array> {
  try {
    return await sharp(path, { failOn: 'error', limitInputPixels: false, page, pages })
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .raw()
      .toBuffer();
  } catch (cause) {
    throw damaged(path, cause);
  }
}

function damaged(path: string, cause: unknown): MovieError {
  const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
  const message = `${path}: the movie is damaged (${reason}). Copy it again.`;
  return new MovieError('movie/unreadable', message, { cause });
}

const natural = new Intl.Collator('en', { numeric: true });

/**
 * Opens a folder of pictures as a movie, in natural order (2 before 10); hidden files and other files are left out.
 *
 * @param fps frames a second; a folder does not say
 */
export async function openFolder(path: string, fps: number): Promise<Movie> {
  if (!(fps > 0 && fps <= 1000)) {
    throw new OptionError('option/invalid', `fps: expected more than 0 and at most 1000, got ${fps}.`);
  }
  const names = (await readdir(path))
    .filter((name) => !name.startsWith('.') && Object.hasOwn(pictureFormats, extname(name).slice(1).toLowerCase()))
    .sort(natural.compare);
  const first = names[0];
  if (first === undefined) {
    throw new MovieError('movie/format', `${path}: expected a folder of pictures, got one without. Name another.`);
  }
  const { width, height } = (await readPictureFile(join(path, first))).picture;
  const info: MovieInfo = {
    container: 'folder of pictures',
    codec: extname(first).slice(1).toLowerCase(),
    width,
    height,
    fps,
    variable: false,
    duration: names.length / fps,
    rotation: 0,
  };
  async function* frames(range?: FrameRange): AsyncGenerator<MovieFrame> {
    for (const i of framesWithin(names.length, fps, range)) {
      const name = join(path, names[i]!);
      const { picture } = await readPictureFile(name);
      if (picture.width !== width || picture.height !== height) {
        const got = `${picture.width}×${picture.height}`;
        const message = `${name}: expected ${width}×${height} as ${first}, got ${got}. Make all the same size.`;
        throw new MovieError('movie/format', message);
      }
      yield { width, height, data: rgbOfPicture(picture), timestamp: i / fps, duration: 1 / fps };
    }
  }
  const count = async (range?: FrameRange): Promise<number> => framesWithin(names.length, fps, range).length;
  return { info, frames, count, close: async () => undefined };
}
