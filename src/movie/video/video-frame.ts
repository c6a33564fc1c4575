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
 * where the place was visible before, and with 0 elsewhere. The dream begins with F + b·C for the frame F and adds d; the
 * result is F + b·C + (1 − b)·d. So what is carried fades by the factor b with every frame, the dream stays as strong as
 * that of a single picture however long it is carried, and where something comes into sight it is strong at once.
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
  const { start, fresh } = startOf(script, source);
  for await (const event of dream(plan, start, run)) {
    if (event.type !== 'finished' || fresh === undefined) yield event;
    else yield { ...event, picture: { ...event.picture, data: held(event.picture.data, start.data, fresh) } };
  }
}

/** What the dream begins with. */
interface Start {
  readonly start: Picture;
  /** `[height, width]`: how much of what the dream adds is kept; absent where all is. */
  readonly fresh?: Float32Array;
}

function startOf({ blending, share }: VideoFrameScript, { frame, before }: VideoFrameSource): Start {
  if (before === undefined || share === 0) return { start: frame };
  if (blending !== 'flow') {
    const data = frame.data.map((value, i) => value + share * (before.dream.data[i]! - value));
    return { start: { ...frame, data } };
  }
  const { flow, visible } = before.motion;
  const changed = before.dream.data.map((value, i) => value - before.frame.data[i]!);
  const carried = warped(changed, flow);
  const data = frame.data.map((value, i) => {
    const sum = value + share * visible[i % visible.length]! * carried[i]!;
    return Math.min(Math.max(sum, 0), 1);
  });
  return { start: { ...frame, data }, fresh: visible.map((seen) => 1 - share * seen) };
}

function held(dreamed: Float32Array, start: Float32Array, fresh: Float32Array): Float32Array {
  return dreamed.map((value, i) => start[i]! + fresh[i % fresh.length]! * (value - start[i]!));
}
