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
  /** How many frames there are; absent where that is only known at the end. */
  readonly frames?: number;
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
  /** Closes the file. */
  close(): Promise<void>;
}
