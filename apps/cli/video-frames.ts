import { createHash } from 'node:crypto';
import {
  type DreamEvent,
  dreamVideoFrame,
  type FlowFinder,
  type FrameRange,
  flicker,
  type Movie,
  type MovieFrame,
  motionBetween,
  type Picture,
  type Plan,
  pictureOfRgb,
  type RunOptions,
  resize,
  type Size,
  type VideoRecipe,
  type VideoScript,
  videoFrameRecipe,
} from '../../src/platform/node/index.js';
import type { FrameMaker } from './make-frames.js';

/** What the frames of a dreamed video are made with. */
export interface VideoFramesOptions {
  readonly movie: Movie;
  /** The part of the movie that is dreamed. */
  readonly range: FrameRange;
  /** About how many frames that has. */
  readonly expected: number;
  readonly script: VideoScript;
  readonly recipe: VideoRecipe;
  /** Plans the dream of a frame, counted from 1. */
  readonly planOf: (frame: number) => Plan;
  readonly finder: FlowFinder;
}

/** When a frame of the movie is shown. */
interface FrameTime {
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

/** Makes the frames of a dreamed video. The movie is read once, from its start; two of its frames are in memory. */
export class VideoFrames implements FrameMaker {
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

  get count(): number {
    return this.#ended ? this.#times.length : Math.max(this.#options.expected, this.#times.length);
  }

  async has(frame: number): Promise<boolean> {
    while (!this.#ended && this.#times.length < frame) await this.#read();
    return frame <= this.#times.length;
  }

  recipeOf(frame: number, before: string | null): string {
    const { recipe, script } = this.#options;
    return videoFrameRecipe(recipe, script.frame(frame), this.#now!.sha256, before);
  }

  planOf(frame: number): Plan {
    return this.#options.planOf(frame);
  }

  async *dream(
    frame: number,
    before: Picture | undefined,
    plan: Plan,
    run: RunOptions,
  ): AsyncGenerator<DreamEvent, void> {
    const { script, finder } = this.#options;
    const each = script.frame(frame);
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

  async #read(): Promise<void> {
    const { value } = await this.#source.next();
    if (!value) {
      this.#ended = true;
      return;
    }
    const { timestamp, duration, ...rgb } = value;
    this.#times.push({ timestamp, duration });
    this.#before = this.#now;
    this.#now = {
      picture: sized(pictureOfRgb(rgb.data, rgb.width, rgb.height), this.#options.recipe.size),
      sha256: createHash('sha256').update(rgb.data).digest('hex'),
    };
  }
}

function sized(picture: Picture, size: Size): Picture {
  if (picture.width === size.width && picture.height === size.height) return picture;
  return { ...size, data: resize(picture.data, picture, size) };
}
