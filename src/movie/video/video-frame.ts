import { type DreamEvent, dream, type Plan, type RunOptions } from '../../dream/index.js';
import type { Picture } from '../../image/index.js';
import { warped } from './flow.js';
import type { Motion } from './motion.js';
import type { VideoFrameScript } from './video-script.js';

/** What a frame of a dreamed video is made from. */
export interface VideoFrameSource {
  /** The frame of the movie. */
  readonly frame: Picture;
  /** What came before in the same scene; absent where nothing did. */
  readonly before?: {
    /** The frame of the movie. */
    readonly frame: Picture;
    /** What became of it. */
    readonly dream: Picture;
    /** From there to here. */
    readonly motion: Motion;
  };
}

/**
 * Makes one frame of a dreamed video.
 *
 * With `flow`, what the dream changed in the frame before is brought along with the motion, C, and counts with the share b
 * where the place was visible before, and with 0 elsewhere. The dream begins with F + b·C for the frame F and adds d; what
 * is changed in all is b·C + (1 − b)·d. So what is carried fades by the factor b with every frame, and where something
 * comes into sight it is dreamed at once. Two dreams that differ are weaker mixed than each of them: the mix is
 * brought back to their strength, b·|C| + (1 − b)·|d|, so that the dream neither grows nor fades, however long it is
 * carried.
 *
 * Otherwise the dream begins with (1 − b)·F + b·B for the dreamed frame before, B, as DeepDreamVideo has it.
 *
 * @param plan of a dream with the frame's options, at the size of the frame
 * @returns the events of its dream; `finished` holds the frame
 */
export async function* dreamVideoFrame(
  script: VideoFrameScript,
  source: VideoFrameSource,
  plan: Plan,
  run: RunOptions,
): AsyncGenerator<DreamEvent, void> {
  const { frame, before } = source;
  const carried =
    before && script.blending === 'flow' && script.share > 0 ? carriedOver(before, script.share) : undefined;
  const start = carried ? changedBy(frame, carried.change) : startOf(script, source);
  for await (const event of dream(plan, start, run)) {
    if (event.type !== 'finished' || carried === undefined) yield event;
    else yield { ...event, picture: changedBy(frame, mixed(carried, event.picture.data, start.data)) };
  }
}

/** What a frame begins with when nothing is moved along. */
function startOf({ blending, share }: VideoFrameScript, { frame, before }: VideoFrameSource): Picture {
  if (before === undefined || blending === 'flow' || share === 0) return frame;
  return changedBy(
    frame,
    before.dream.data.map((value, i) => share * (value - frame.data[i]!)),
  );
}

/** What is brought along. */
interface Carried {
  /** What the dream starts with besides the frame, `[3, height, width]`. */
  readonly change: Float32Array;
  /** How much that counts at each place, `[height, width]`. */
  readonly share: Float32Array;
}

function carriedOver({ frame, dream, motion }: NonNullable<VideoFrameSource['before']>, share: number): Carried {
  const shares = motion.visible.map((visible) => share * visible);
  const moved = warped(
    dream.data.map((value, i) => value - frame.data[i]!),
    motion.flow,
  );
  return { share: shares, change: moved.map((value, i) => value * shares[i % shares.length]!) };
}

/** What is changed in all. */
function mixed({ change, share }: Carried, dreamed: Float32Array, start: Float32Array): Float32Array {
  const area = share.length;
  // Sums of squares, where something is carried, of what is carried, what is new, and both.
  let [old, fresh, both] = [0, 0, 0];
  const mix = change.map((value, i) => {
    const part = share[i % area]!;
    const added = (1 - part) * (dreamed[i]! - start[i]!);
    if (part > 0) {
      old += value ** 2;
      fresh += added ** 2;
      both += (value + added) ** 2;
    }
    return value + added;
  });
  // Where one takes the other back, the mix is no stronger than where they have nothing in common.
  const least = Math.max(both, old + fresh);
  const strength = least > 0 ? (Math.sqrt(old) + Math.sqrt(fresh)) / Math.sqrt(least) : 1;
  return mix.map((value, i) => (share[i % area]! > 0 ? strength * value : value));
}

/** A frame with something added to its colours, which stay within 0 to 1. */
function changedBy(frame: Picture, change: Float32Array): Picture {
  const data = frame.data.map((value, i) => Math.min(Math.max(value + change[i]!, 0), 1));
  return { ...frame, data };
}
