import { type DreamEvent, dream, type Plan, type RunOptions } from '../dream/index.js';
import type { Picture } from '../image/index.js';
import { holdTones } from './drift.js';
import { seen, viewOf } from './move-camera.js';
import type { ZoomOptions } from './options.js';
import type { FrameScript } from './script.js';

/** What a frame is made from. */
export interface FrameSource {
  /** The frame before; the first photo for the first one. */
  readonly before: Picture;
  /** The photos of the movie, all of one size, without transparency. */
  readonly photos: readonly Picture[];
  /** What holds its tones. */
  readonly tones: Pick<ZoomOptions, 'drift' | 'driftTo'>;
}

/**
 * Makes one frame: moves the camera over the frame before, lets the next photo come nearer where there is one, dreams,
 * and holds the tones.
 *
 * @param plan of a dream with the frame's options, at the size of the photos
 * @returns the events of its dream; `finished` holds the frame
 */
export async function* dreamFrame(
  script: FrameScript,
  source: FrameSource,
  plan: Plan,
  run: RunOptions,
): AsyncGenerator<DreamEvent, void> {
  const moved = whatCameraSees(script, source);
  const seeded = { ...plan, options: { ...plan.options, seed: script.options.seed } };
  for await (const event of dream(seeded, moved, run)) {
    if (event.type !== 'finished') yield event;
    else yield { ...event, picture: { ...event.picture, data: held(event.picture.data, moved.data, script, source) } };
  }
}

function whatCameraSees({ move, approach }: FrameScript, { before, photos }: FrameSource): Picture {
  const moved = seen(before, viewOf(move));
  if (!approach) return moved;
  const nearer = seen(photos[approach.photo]!, approach.view);
  return { ...moved, data: mixed(moved.data, nearer.data, approach.share) };
}

function held(
  colours: Float32Array,
  moved: Float32Array,
  { photo, approach }: FrameScript,
  { photos, tones: { drift, driftTo } }: FrameSource,
): Float32Array {
  if (driftTo === 'moving') return holdTones(colours, moved, drift);
  const here = holdTones(colours, photos[photo]!.data, drift);
  if (!approach) return here;
  return mixed(here, holdTones(colours, photos[approach.photo]!.data, drift), approach.passed);
}

function mixed(one: Float32Array, other: Float32Array, share: number): Float32Array {
  return one.map((value, i) => value + (other[i]! - value) * share);
}
