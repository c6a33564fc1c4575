import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  checkMovie,
  checkSound,
  type FrameRange,
  type Movie,
  type MovieFormat,
  type MovieOptions,
  movieFormatOf,
  movieTraits,
  type NamedFile,
  OptionError,
  openMovie,
  type Size,
  type VideoOptions,
} from '../../src/platform/node/index.js';
import { isFolder, standardStream } from './output-file.js';
import { oneLine, say } from './report.js';

/** The most frames that a folder numbers. */
const mostFrames = 99_999;

/** Opens the movie to dream on. */
export async function openVideo(path: string, { fps }: VideoOptions): Promise<Movie> {
  if (path === standardStream) {
    throw new OptionError('option/invalid', '-: expected a movie, got standard input. Name a file or a folder.');
  }
  if (fps !== null && !(await isFolder(path))) {
    throw new OptionError('option/invalid', `--fps: ${path} says itself how fast it is. Leave it out.`);
  }
  return openMovie(path, fps === null ? {} : { fps });
}

/** The part of a movie to dream, and about how long it is. */
export interface VideoPart {
  readonly range: FrameRange;
  readonly frames: number;
  readonly seconds: number;
}

/**
 * The part that options ask for.
 *
 * @throws OptionError where the movie has no such part, or it has more frames than a folder numbers
 */
export function partOf({ info }: Movie, { start, end }: VideoOptions): VideoPart {
  const length = info.duration ?? (info.frames === undefined ? undefined : info.frames / info.fps);
  if (length !== undefined && start !== null && start >= length) {
    const message = `--start: expected less than the movie's ${length.toFixed(2)} s, got ${start}.`;
    throw new OptionError('option/invalid', message);
  }
  const seconds = Math.min(end ?? Number.POSITIVE_INFINITY, length ?? Number.POSITIVE_INFINITY) - (start ?? 0);
  const whole = start === null && (end === null || (length !== undefined && end >= length));
  // Where neither says how long it is, that is only known at its end.
  const known = Number.isFinite(seconds) ? seconds : 0;
  const frames = whole && info.frames !== undefined ? info.frames : Math.max(1, Math.round(known * info.fps));
  if (frames > mostFrames) {
    const message = `The movie has about ${frames} frames, expected at most ${mostFrames}. Dream it in parts, with --start and --end.`;
    throw new OptionError('option/invalid', message);
  }
  const range = { ...(start !== null && { start }), ...(end !== null && { end }) };
  return { range, frames, seconds: known };
}

/** A movie as a recipe names it: by its bytes, or a folder by the names and sizes of its files. */
export async function namedMovie(path: string): Promise<NamedFile> {
  const hash = createHash('sha256');
  if (await isFolder(path)) {
    for (const name of (await readdir(path)).sort()) hash.update(`${name} ${(await stat(join(path, name))).size}\n`);
  } else {
    await pipeline(createReadStream(path), hash);
  }
  return { name: basename(resolve(path)), sha256: hash.digest('hex') };
}

/** What the writer of movies is told before there are frames. */
export function encodingOf({ quality, codec }: VideoOptions, size: Size): MovieOptions {
  return { ...size, ...(quality !== null && { quality }), ...(codec !== 'auto' && { codec }) };
}

/**
 * Refuses what the file to write cannot hold, before the first frame, and says what will be left out.
 *
 * @param path undefined where only frames are wanted
 * @returns whether the sound comes along
 */
export async function checkOutput(
  path: string | undefined,
  movie: Movie,
  options: VideoOptions,
  size: Size,
  quiet: boolean,
): Promise<boolean> {
  if (path === undefined) return false;
  const format = movieFormatOf(path);
  const { info, audio } = movie;
  checkMovie(format, { ...encodingOf(options, size), fps: info.fps });
  if (info.variable && !movieTraits(format).variable) throw evenOnly(format);
  if (audio === undefined || options.mute) return false;
  if (movieTraits(format).sound) {
    await checkSound(path, audio).catch((error: unknown) => {
      if (!(error instanceof OptionError)) throw error;
      throw new OptionError(error.code, error.message.replace(/out\.$/, 'out with --mute.'), { cause: error });
    });
    return true;
  }
  if (!quiet) say(oneLine(`A ${movieTraits(format).title} has no sound; that of the movie is left out.`));
  return false;
}

function evenOnly(format: MovieFormat): OptionError {
  const { title } = movieTraits(format);
  const message = `The movie's frames last differently long, but all frames of an ${title} last as long. Write an MP4.`;
  return new OptionError('option/invalid', message);
}
