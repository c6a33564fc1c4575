import { type DreamOptions, drawInteger } from '../dream/index.js';
import { type CameraMove, type Keyframe, parseKeyframes } from './keyframes.js';
import { composed, inverse, type View, viewOf } from './move-camera.js';
import type { ZoomSettings } from './presets/index.js';
import { valuesAt } from './tracks.js';

/** The way from one photo to the next. */
export interface Approach {
  /** Which photo comes nearer, counted from 0. */
  readonly photo: number;
  /** Where the frame sees it. */
  readonly view: View;
  /** How much of it is mixed into this frame, 0 to 1. */
  readonly share: number;
  /** How much of it the frame then holds, that of the frames before included, 0 to 1. */
  readonly passed: number;
}

/** One frame of a movie, with everything decided. */
export interface FrameScript {
  /** Counted from 1. */
  readonly frame: number;
  /** How the camera moves on from the frame before. */
  readonly move: CameraMove;
  /** Options of its dream, its own seed among them. */
  readonly options: DreamOptions;
  /** The photo that the camera comes from, counted from 0. */
  readonly photo: number;
  /** The photo that it flies into; absent where none comes nearer yet. */
  readonly approach?: Approach;
}

/**
 * What happens in every frame of a movie. A frame depends on the number of frames only where the camera flies into
 * another photo.
 */
export class MovieScript {
  /** What it was made from; the dreams' options hold a seed. */
  readonly settings: ZoomSettings;
  /** The keyframes, ascending. */
  readonly keyframes: readonly Keyframe[];
  readonly #seed: number;
  readonly #targets: readonly number[];
  #approach: { readonly leg: number; readonly views: readonly View[] } | undefined;

  /**
   * @param settings with a seed among those of the dreams
   * @param photos how many there are to fly through
   * @throws OptionError for keyframes that cannot be read
   */
  constructor(settings: ZoomSettings, photos = 1) {
    this.settings = settings;
    this.keyframes = parseKeyframes(settings.movie.camera);
    this.#seed = settings.dream.seed ?? 0;
    const others = Array.from({ length: photos - 1 }, (_, i) => i + 1);
    this.#targets = settings.movie.loop === 'seamless' ? [...others, 0] : others;
  }

  /** One frame, counted from 1. */
  frame(frame: number): FrameScript {
    const { zoom, rotate, panX, panY, ...dreaming } = this.#valuesAt(frame);
    const leg = this.#legOf(frame);
    const approach = leg === undefined ? undefined : this.#approachAt(leg, frame);
    return {
      frame,
      move: { zoom, rotate, panX, panY },
      options: { ...dreaming, seed: drawInteger(0, 0xffffffff, this.#seed, frame) },
      photo: leg === undefined || leg === 0 ? 0 : this.#targets[leg - 1]!,
      ...(approach && { approach }),
    };
  }

  #valuesAt(frame: number): CameraMove & DreamOptions {
    const { movie, dream } = this.settings;
    const { zoom, rotate, panX, panY } = movie;
    return valuesAt({ zoom, rotate, panX, panY, ...dream }, this.keyframes, frame);
  }

  /** Which of the ways from photo to photo a frame is on. */
  #legOf(frame: number): number | undefined {
    const index = this.#targets.findIndex((_, leg) => frame <= this.#endOf(leg));
    return index < 0 ? undefined : index;
  }

  #endOf(leg: number): number {
    return Math.round((this.settings.movie.frames * (leg + 1)) / this.#targets.length);
  }

  #approachAt(leg: number, frame: number): Approach | undefined {
    const [start, end] = [leg === 0 ? 0 : this.#endOf(leg - 1), this.#endOf(leg)];
    const length = Math.ceil((end - start) * approachPart);
    const at = frame - (end - length);
    if (at <= 0) return undefined;
    const passed = smooth(at / length);
    const before = smooth((at - 1) / length);
    if (this.#approach?.leg !== leg) this.#approach = { leg, views: this.#viewsTowards(end, length) };
    return {
      photo: this.#targets[leg]!,
      view: this.#approach.views[at - 1]!,
      share: (passed - before) / (1 - before),
      passed,
    };
  }

  /**
   * Where the last frames of a way see the photo at its end: as far off as the camera has still to go, so that it lies
   * in its place when the camera is there.
   */
  #viewsTowards(end: number, length: number): View[] {
    const views: View[] = [nowhere];
    let way = nowhere;
    for (let frame = end; frame > end - length + 1; frame--) {
      way = composed(way, viewOf(this.#valuesAt(frame)));
      views.unshift(inverse(way));
    }
    return views;
  }
}

/** The part of a way on which the next photo is seen. */
const approachPart = 1 / 3;

/** The view of a camera that does not move. */
const nowhere: View = { xx: 1, xy: 0, x0: 0, yx: 0, yy: 1, y0: 0 };

/** From 0 to 1, slow at both ends. */
function smooth(part: number): number {
  return part * part * (3 - 2 * part);
}
