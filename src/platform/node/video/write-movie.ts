import { stdout } from 'node:process';
import { OptionError, OutputError, PareidoliaError } from '../../../errors.js';
import type { Picture } from '../../../image/index.js';
import type { MovieAudio } from './audio.js';
import type { FrameSink, SinkOptions } from './frame-sink.js';
import { type MovieCodec, type MovieFormat, movieFormatOf, movieTraits } from './movie-format.js';
import { padRgb, type RgbFrame, rgbOfPicture } from './rgb.js';
import { createGif, createWebp } from './write-animation.js';
import { createAvi, waveFormatOf } from './write-avi.js';
import { createFrames, createRaw } from './write-frames.js';

/** What {@link createMovie} is told. */
export interface MovieOptions {
  /** Pixels a row of every frame. */
  readonly width: number;
  /** Rows of every frame. */
  readonly height: number;
  /** Frames a second, above 0; frames have no durations of their own then. Default 25, where they have none. */
  readonly fps?: number | undefined;
  /** Default: what the path asks for. */
  readonly format?: MovieFormat | undefined;
  /** For MP4, MKV and WebM. Default: VP9 in WebM, else H.264. */
  readonly codec?: MovieCodec | undefined;
  /** 1 (smallest) to 100 (best). Default 80; AVI 92. GIF, frames and raw samples take none. */
  readonly quality?: number | undefined;
  /** How often a GIF or WebP plays; 0 for ever. Default 0. */
  readonly loop?: number | undefined;
  /** Sound to copy from another movie as it is; in MP4, MOV, MKV, WebM and AVI. Default: none. */
  readonly audio?: MovieAudio | undefined;
  /** What is second 0 of the movie, in seconds of the sound. Default 0. */
  readonly audioStart?: number | undefined;
  /** JSON text to write inside the file; `readMovieRecipe` reads it back. Default: none. */
  readonly recipe?: string | undefined;
  /** Replace a file that exists already. Default false. */
  readonly overwrite?: boolean | undefined;
}

/** A movie that is being written; nothing has its name before {@link MovieWriter.finish}. */
export interface MovieWriter {
  /** Pixels a row of the file's pictures. */
  readonly width: number;
  /** Rows of the file's pictures. */
  readonly height: number;
  /**
   * Columns and rows that repeat the last, because the encoders of H.264 and VP9 take even sides only: 0 or 1 each.
   */
  readonly padding: { readonly right: number; readonly bottom: number };
  /** Frames added so far. */
  readonly frames: number;
  /**
   * Adds the next frame.
   *
   * @param frame of the movie's size; transparent parts of a picture lie on white
   * @param duration how long it is shown, in seconds, where no `fps` was given. Default: 1 / fps
   * @throws OptionError `option/invalid` for a frame of another size, or a duration that the format cannot hold
   * @throws OutputError `output/write` when the encoder or the disk refuses; nothing stays then
   */
  add(frame: RgbFrame | Picture, duration?: number): Promise<void>;
  /**
   * Writes the rest and gives the file its name.
   *
   * @throws OutputError as {@link MovieWriter.add}, also when there was no frame
   */
  finish(): Promise<void>;
  /** Removes what was written; frames in a folder stay. Does nothing after {@link MovieWriter.finish}. */
  abort(): Promise<void>;
}

/**
 * Begins a movie: MP4, MOV, MKV, WebM, AVI, GIF, WebP, a folder of PNGs or raw samples. Frames are encoded and written as
 * they come; the memory taken does not grow with their number.
 *
 * @param path where it shall appear. The format goes by its extension; a path ending in `/` or a folder is a folder of
 *   frames, `-` standard output
 * @throws OptionError `option/invalid` for what the format cannot do, and for AV1 where its codecs are not installed
 * @throws OutputError `output/exists` when something has that name and `overwrite` is off; `output/write` when the
 *   folder is missing, and so on
 */
export async function createMovie(path: string, options: MovieOptions): Promise<MovieWriter> {
  const { width, height, fps = 25 } = options;
  const format = options.format ?? movieFormatOf(path);
  const codec = checkMovie(format, options);
  const even = codec === 'h264' || codec === 'vp9';
  const right = even ? width % 2 : 0;
  const bottom = even ? height % 2 : 0;
  const size = { width: width + right, height: height + bottom };
  const sink = await openSink(path, format, codec, { ...options, ...size });
  let frames = 0;
  let end = 0;
  let open = true;

  const orAbort = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (cause) {
      open = false;
      await sink.abort().catch(() => undefined);
      if (cause instanceof PareidoliaError) throw cause;
      const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
      throw new OutputError('output/write', `${path}: the movie could not be written (${reason}).`, { cause });
    }
  };
  return {
    ...size,
    padding: { right, bottom },
    get frames() {
      return frames;
    },
    add: (frame, duration) =>
      orAbort(async () => {
        if (frame.width !== width || frame.height !== height) {
          const got = `${frame.width}×${frame.height}`;
          throw invalid(`frame ${frames + 1}: expected ${width}×${height} as the first, got ${got}.`);
        }
        checkDuration(format, options.fps, frames + 1, duration);
        const rgb = frame.data instanceof Float32Array ? rgbOfPicture(frame as Picture) : frame.data;
        // Counted, not added up, as long as every frame is as long as the others: sums of 1/fps drift.
        const start = Math.abs(end - frames / fps) < 1e-9 ? frames / fps : end;
        await sink.add(padRgb(rgb, width, height, right, bottom), start, duration ?? 1 / fps);
        end = start + (duration ?? 1 / fps);
        frames += 1;
      }),
    finish: () =>
      orAbort(async () => {
        if (frames === 0) throw new OutputError('output/write', `${path}: expected at least one frame, got none.`);
        await sink.finish();
        open = false;
      }),
    async abort() {
      if (!open) return;
      open = false;
      await sink.abort();
    },
  };
}

/**
 * Refuses what a format cannot do, which can be known before there are frames.
 *
 * @returns the codec to use; undefined where there is none to choose
 * @throws OptionError `option/invalid` as {@link createMovie} does
 */
export function checkMovie(format: MovieFormat, options: MovieOptions): MovieCodec | undefined {
  const { width, height, fps = 25, codec, quality, loop, audio, recipe } = options;
  const {
    title,
    codecs,
    longestSide,
    fastest,
    loops,
    sound,
    recipe: holdsRecipe,
    quality: usual,
  } = movieTraits(format);
  for (const [name, side] of [
    ['width', width],
    ['height', height],
  ] as const) {
    if (!Number.isInteger(side) || side < 1 || side > longestSide) {
      throw invalid(`${name}: expected 1 to ${longestSide} pixels in a ${title}, got ${side}.`);
    }
  }
  if (!(fps > 0 && fps <= 1000)) throw invalid(`fps: expected more than 0 and at most 1000, got ${fps}.`);
  if (fastest !== undefined && fps > fastest) {
    throw invalid(`fps: expected at most ${fastest} in a ${title}, got ${fps}. Write an MP4, or fewer frames.`);
  }
  if (codec !== undefined && !codecs.includes(codec)) {
    const choice = codecs.length === 0 ? 'none' : codecs.join(' or ');
    throw invalid(`codec: expected ${choice} in a ${title}, got ${codec}.`);
  }
  if (quality !== undefined && usual === undefined) {
    throw invalid(`quality: a ${title} takes none, got ${quality}. Leave the quality out.`);
  }
  if (quality !== undefined && !(Number.isInteger(quality) && quality >= 1 && quality <= 100)) {
    throw invalid(`quality: expected a whole number from 1 to 100, got ${quality}.`);
  }
  if (loop !== undefined && !loops) throw invalid(`loop: expected a GIF or WebP, got a ${title}. Leave it out.`);
  if (loop !== undefined && !(Number.isInteger(loop) && loop >= 0 && loop <= 65_535)) {
    throw invalid(`loop: expected a whole number from 0 to 65535, got ${loop}.`);
  }
  if (audio !== undefined && !sound) throw invalid(`audio: a ${title} has no sound. Write an MP4, or leave it out.`);
  if (recipe !== undefined && !holdsRecipe) throw invalid(`recipe: a ${title} has no place for it. Leave it out.`);
  return codec ?? codecs[0];
}

/**
 * Refuses sound that does not fit into a file, which can be known before there are frames.
 *
 * @param path where the file shall appear; the format goes by its extension
 * @throws OptionError `option/invalid`, naming the sound that fits
 */
export async function checkSound(path: string, audio: MovieAudio): Promise<void> {
  const format = movieFormatOf(path);
  if (format === 'avi') waveFormatOf(path, audio);
  else if (format === 'mp4' || format === 'mov' || format === 'mkv' || format === 'webm') {
    const { requireFit } = await import('./write-muxed.js');
    requireFit(path, audio, format);
  } else throw invalid(`audio: a ${movieTraits(format).title} has no sound. Write an MP4, or leave it out.`);
}

function checkDuration(
  format: MovieFormat,
  fps: number | undefined,
  number: number,
  duration: number | undefined,
): void {
  if (duration === undefined) return;
  if (fps !== undefined)
    throw invalid(`frame ${number}: at ${fps} frames a second all last as long. Leave out one of both.`);
  const { title, variable, fastest = Number.POSITIVE_INFINITY } = movieTraits(format);
  if (!variable) throw invalid(`frame ${number}: in an ${title} all frames last as long. Leave the duration out.`);
  if (!(duration > 0 && duration < 86_400 && duration >= 1 / fastest - 1e-9)) {
    const least = Number.isFinite(fastest) ? `at least ${1 / fastest}` : 'more than 0';
    throw invalid(`frame ${number}: expected ${least} seconds and less than a day, got ${duration}.`);
  }
}

async function openSink(
  path: string,
  format: MovieFormat,
  codec: MovieCodec | undefined,
  options: MovieOptions,
): Promise<FrameSink> {
  const { width, height, fps = 25, loop = 0, recipe, overwrite = false, audio, audioStart = 0 } = options;
  const quality = options.quality ?? movieTraits(format).quality ?? 100;
  const variable = options.fps === undefined;
  const common: SinkOptions = { path, width, height, fps, variable, quality, loop, recipe, overwrite };
  switch (format) {
    case 'avi':
      return createAvi({ ...common, audio, audioStart });
    case 'gif':
      return createGif(common);
    case 'webp':
      return createWebp(common);
    case 'frames':
      return createFrames(common);
    case 'raw':
      return createRaw(common, stdout);
    default: {
      // Loaded only where it is needed: it takes a tenth of a second.
      const { createMuxed } = await import('./write-muxed.js');
      return createMuxed({ ...common, format, codec: codec ?? 'h264', audio, audioStart });
    }
  }
}

function invalid(message: string): OptionError {
  return new OptionError('option/invalid', message);
}
