import { createHash } from 'node:crypto';
import type { DreamEvent, Plan, RunOptions } from '../../../dream/index.js';
import { type Picture, resize, type Size } from '../../../image/index.js';
import {
  dreamVideoFrame,
  type FlowFinder,
  flicker,
  motionBetween,
  sceneChange,
  type VideoRecipe,
  type VideoScript,
  videoFrameRecipe,
} from '../../../movie/index.js';
import type { FrameRange, Movie, MovieFrame } from './movie.js';
import { pictureOfRgb } from './rgb.js';

/** What the frames of a dreamed video are made with. */
export interface VideoFramesOptions {
  /** What is dreamed on. */
  readonly movie: Movie;
  /** The part of the movie that is dreamed. */
  readonly range: FrameRange;
  /** How many frames that has; see {@link Movie.count}. */
  readonly expected: number;
  /** The number that the script gives the first of them. Default 1. */
  readonly first?: number;
  /** What happens in every frame of the video. */
  readonly script: VideoScript;
  /** The whole video's. */
  readonly recipe: VideoRecipe;
  /** Plans the dream of a frame, counted from 1. */
  readonly planOf: (frame: number) => Plan;
  /** Finds the motion between frames; the caller closes it. */
  readonly finder: FlowFinder;
}

/** When a frame of a movie is shown. */
export interface FrameTime {
  /** In seconds from the start of the movie. */
  readonly timestamp: number;
  /** In seconds. */
  readonly duration: number;
}

/** A frame of the movie at the size of the dream. */
interface Read {
  readonly picture: Picture;
  /** SHA-256 of its colours as the movie has them. */
  readonly sha256: string;
}

/**
 * Makes the frames of a dreamed video, or of some scenes of it, one after the other. The movie is read once, from its
 * start; two of its frames are in memory.
 */
export class VideoFrames {
  readonly #options: VideoFramesOptions;
  readonly #source: AsyncGenerator<MovieFrame>;
  readonly #times: FrameTime[] = [];
  #now: Read | undefined;
  #before: Read | undefined;
  #ended = false;
  readonly #flicker = { dream: 0, movie: 0, frames: 0 };

  constructor(options: VideoFramesOptions) {
    this.#options = options;
    this.#source = options.movie.frames(options.range);
  }

  /** When the frames that were read are shown. */
  get times(): readonly FrameTime[] {
    return this.#times;
  }

  /**
   * How much the frames that were made flicker, and the movie's own frames there, on average; see `flicker`. Undefined
   * where none of them goes on from the one before.
   */
  get flicker(): { readonly dream: number; readonly movie: number; readonly frames: number } | undefined {
    const { dream, movie, frames } = this.#flicker;
    return frames === 0 ? undefined : { dream: dream / frames, movie: movie / frames, frames };
  }

  /** How many frames there will be: as many as were expected, until all are read. */
  get count(): number {
    return this.#ended ? this.#times.length : Math.max(this.#options.expected, this.#times.length);
  }

  /** Whether there is a frame of that number, counted from 1. Asked in their order. */
  async has(frame: number): Promise<boolean> {
    while (!this.#ended && this.#times.length < frame) await this.#read();
    return frame <= this.#times.length;
  }

  /**
   * Everything that decides the frame that was last asked for, as its file holds it.
   *
   * @param before SHA-256 of the file of the frame before; `null` for the first frame
   */
  recipeOf(frame: number, before: string | null): string {
    return videoFrameRecipe(this.#options.recipe, this.#scriptOf(frame), this.#now!.sha256, before);
  }

  /** Plans a frame's dream. */
  planOf(frame: number): Plan {
    return this.#options.planOf(frame);
  }

  /**
   * Makes the frame that was last asked for.
   *
   * @param before the frame before; undefined for the first
   * @returns the events of its dream; `finished` holds the frame
   */
  async *dream(
    frame: number,
    before: Picture | undefined,
    plan: Plan,
    run: RunOptions,
  ): AsyncGenerator<DreamEvent, void> {
    const { finder } = this.#options;
    const each = this.#scriptOf(frame);
    const [{ picture: now }, earlier] = [this.#now!, this.#before?.picture];
    const motion = earlier && (await motionBetween(earlier, now, finder, each.cut));
    const source = { frame: now, ...(motion && { before: { frame: earlier, dream: before!, motion } }) };
    for await (const event of dreamVideoFrame(each, source, plan, run)) {
      if (event.type === 'finished' && !event.stopped && motion) {
        const dream = flicker(before!, event.picture, motion);
        const movie = flicker(earlier, now, motion);
        if (dream !== undefined && movie !== undefined) {
          this.#flicker.dream += dream;
          this.#flicker.movie += movie;
          this.#flicker.frames++;
        }
      }
      yield event;
    }
  }

  /** Lets go of the movie's decoder. */
  async close(): Promise<void> {
    await this.#source.return(undefined);
  }

  #scriptOf(frame: number) {
    const { script, first = 1 } = this.#options;
    return script.frame(first + frame - 1);
  }

  async #read(): Promise<void> {
    const { value } = await this.#source.next();
    if (!value) {
      this.#ended = true;
      return;
    }
    const { timestamp, duration, data } = value;
    this.#times.push({ timestamp, duration });
    this.#before = this.#now;
    this.#now = {
      picture: pictureOf(value, this.#options.recipe.size),
      sha256: createHash('sha256').update(data).digest('hex'),
    };
  }
}

/** Frames between two cuts. */
export interface Scene {
  /** The number of its first frame in the part of the movie, counted from 1. */
  readonly first: number;
  /** When its frames are shown. */
  readonly times: readonly FrameTime[];
}

/**
 * Finds the scenes of a part of a movie. The frames of a dreamed video take nothing over from the scene before, so each
 * scene can be dreamed by itself. The whole part is decoded, one frame at a time.
 *
 * @param size of the dream's frames
 * @param cut the change of colours from which on a frame begins another scene, see `sceneChange`
 * @param stop ends it before the movie's end
 */
export async function* findScenes(
  movie: Movie,
  range: FrameRange,
  size: Size,
  cut: number,
  stop?: AbortSignal,
): AsyncGenerator<Scene> {
  let before: Picture | undefined;
  let [first, times]: [number, FrameTime[]] = [1, []];
  for await (const frame of movie.frames(range)) {
    if (stop?.aborted) return;
    const now = pictureOf(frame, size);
    if (before && sceneChange(before, now) >= cut) {
      yield { first, times };
      [first, times] = [first + times.length, []];
    }
    times.push({ timestamp: frame.timestamp, duration: frame.duration });
    before = now;
  }
  if (times.length > 0) yield { first, times };
}

/** A frame at the size of the dream. */
function pictureOf({ data, width, height }: MovieFrame, size: Size): Picture {
  const picture = pictureOfRgb(data, width, height);
  if (picture.width === size.width && picture.height === size.height) return picture;
  return { ...size, data: resize(picture.data, picture, size) };
}
