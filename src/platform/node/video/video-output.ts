import { OptionError } from '../../../errors.js';
import { fitted, type Picture, type Size } from '../../../image/index.js';
import type { VideoOptions } from '../../../movie/index.js';
import type { FrameRange, Movie } from './movie.js';
import { type MovieFormat, movieFormatOf, movieTraits } from './movie-format.js';
import { pictureOfRgb } from './rgb.js';
import type { FrameTime } from './video-frames.js';
import { checkMovie, checkSound, type MovieOptions } from './write-movie.js';

/** The most frames that a folder numbers. */
const mostFrames = 99_999;
/** Matroska rounds times to milliseconds. */
const evenSeconds = 0.002;

/** The part of a movie to dream. */
export interface VideoPart {
  /** Where it begins and ends. */
  readonly range: FrameRange;
  /** How many frames it has; see {@link Movie.count}. */
  readonly frames: number;
  /** About how long it is. */
  readonly seconds: number;
}

/**
 * The part of a movie that options ask for.
 *
 * @throws OptionError where the movie has no such part, or it has more frames than a folder numbers
 */
export async function partOf(movie: Movie, { start, end }: VideoOptions): Promise<VideoPart> {
  const { info } = movie;
  if (info.duration !== undefined && start !== null && start >= info.duration) {
    const message = `--start: expected less than the movie's ${info.duration.toFixed(2)} s, got ${start}.`;
    throw new OptionError('option/invalid', message);
  }
  const range = { ...(start !== null && { start }), ...(end !== null && { end }) };
  const frames = await movie.count(range);
  if (frames > mostFrames) {
    const message = `The movie has ${frames} frames, expected at most ${mostFrames}. Dream it in parts, with --start and --end.`;
    throw new OptionError('option/invalid', message);
  }
  const length = Math.min(end ?? Number.POSITIVE_INFINITY, info.duration ?? Number.POSITIVE_INFINITY) - (start ?? 0);
  return { range, frames, seconds: Number.isFinite(length) ? length : frames / info.fps };
}

/**
 * The size that a movie is dreamed at.
 *
 * @param longest the longest side to shrink to, in pixels; 0 keeps the size
 */
export function videoSize({ info: { width, height } }: Movie, longest: number): Size {
  return longest > 0 && Math.max(width, height) > longest ? fitted({ width, height }, longest) : { width, height };
}

/**
 * The first frame of a part of a movie.
 *
 * @throws OptionError where there is none
 */
export async function firstPicture(movie: Movie, range: FrameRange): Promise<Picture> {
  for await (const { data, width, height } of movie.frames(range)) return pictureOfRgb(data, width, height);
  throw new OptionError('option/invalid', '--start, --end: there is no frame in that part of the movie.');
}

/** What the writer of a dreamed video is told before there are frames. */
export function videoEncoding({ quality, codec }: VideoOptions, size: Size): MovieOptions {
  return { ...size, ...(quality !== null && { quality }), ...(codec !== 'auto' && { codec }) };
}

/**
 * Refuses what the file to write cannot hold, before the first frame.
 *
 * @param path where it shall appear; the format goes by its extension
 * @returns whether the sound comes along
 * @throws OptionError `option/invalid` for what the format cannot do, and for sound that does not fit into it
 */
export async function checkVideo(path: string, movie: Movie, options: VideoOptions, size: Size): Promise<boolean> {
  const format = movieFormatOf(path);
  const { info, audio } = movie;
  checkMovie(format, { ...videoEncoding(options, size), fps: info.fps });
  if (info.variable && !movieTraits(format).variable) throw evenOnly(format);
  if (audio === undefined || options.mute || !movieTraits(format).sound) return false;
  await checkSound(path, audio).catch((error: unknown) => {
    if (!(error instanceof OptionError)) throw error;
    throw new OptionError(error.code, error.message.replace(/out\.$/, 'out with --mute.'), { cause: error });
  });
  return true;
}

/**
 * Frames a second of a dreamed video, where all last as long; undefined where each has a duration of its own.
 *
 * @param times when the movie's frames are shown
 * @param fps the movie's frames a second
 * @param format what is written; undefined for frames alone
 */
export function evenRate(
  times: readonly FrameTime[],
  fps: number,
  format: MovieFormat | undefined,
): number | undefined {
  const first = times[0]?.timestamp ?? 0;
  const even = times.every(({ timestamp }, i) => Math.abs(timestamp - first - i / fps) < evenSeconds);
  return even || (format !== undefined && !movieTraits(format).variable) ? fps : undefined;
}

function evenOnly(format: MovieFormat): OptionError {
  const { title } = movieTraits(format);
  const message = `The movie's frames last differently long, but all frames of an ${title} last as long. Write an MP4.`;
  return new OptionError('option/invalid', message);
}
