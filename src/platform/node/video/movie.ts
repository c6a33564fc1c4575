import type { MovieAudio } from './audio.js';
import type { RgbFrame } from './rgb.js';

/** What a movie file says about itself. */
export interface MovieInfo {
  /** Such as `MP4`, `Matroska`, `AVI`, `GIF` or `folder of pictures`. */
  readonly container: string;
  /** How its pictures are coded: `avc`, `vp9`, `av1`, `mjpeg`, `gif`, `webp`, `png` and so on. */
  readonly codec: string;
  /** Pixels a row of the upright picture. */
  readonly width: number;
  /** Rows of the upright picture. */
  readonly height: number;
  /** Frames a second; where they vary, how many there are in the middle of them. */
  readonly fps: number;
  /** Whether the frames last differently long. */
  readonly variable: boolean;
  /** Seconds; absent where that is only known at the end. */
  readonly duration?: number;
  /** How far the stored picture is turned clockwise to be upright: 0, 90, 180 or 270. Frames come upright. */
  readonly rotation: number;
}

/** A frame of a movie that is read. */
export interface MovieFrame extends RgbFrame {
  /** When it is shown, in seconds from the start of the movie. */
  readonly timestamp: number;
  /** How long it is shown, in seconds. */
  readonly duration: number;
}

/** Which frames are read. */
export interface FrameRange {
  /** The first that begin at this many seconds or later. Default: from the first frame. */
  readonly start?: number | undefined;
  /** Those that begin before this many seconds. Default: to the last frame. */
  readonly end?: number | undefined;
}

/** A movie that is open for reading. */
export interface Movie {
  /** What it says about itself. */
  readonly info: MovieInfo;
  /** Its sound, to be handed to `createMovie`; absent when it has none. */
  readonly audio?: MovieAudio;
  /**
   * Decodes frames, one at a time, in the order they are shown.
   *
   * @throws MovieError `movie/unreadable` where the file is damaged
   */
  frames(range?: FrameRange): AsyncGenerator<MovieFrame>;
  /**
   * How many frames begin in a part, found without decoding them. A container without an index of all frames (Matroska,
   * WebM, MPEG-TS) is read to the end of the part. Where a stream holds frames that are never shown, they count as well.
   *
   * @throws MovieError `movie/unreadable` where the file is damaged
   */
  count(range?: FrameRange): Promise<number>;
  /** Closes the file. */
  close(): Promise<void>;
}

/** The numbers of the frames, counted from 0, that begin in a part of a movie whose frames all last as long. */
export function framesWithin(
  count: number,
  fps: number,
  { start = 0, end = Number.POSITIVE_INFINITY }: FrameRange = {},
): number[] {
  const numbers: number[] = [];
  for (let i = Math.max(0, Math.ceil(start * fps - 1e-6)); i < count && i / fps < end - 1e-9; i++) numbers.push(i);
  return numbers;
}
