import {
  type DreamEvent,
  type DreamOptions,
  dreamFrame,
  type FrameFolder,
  frameRecipe,
  type MovieRecipe,
  type MovieScript,
  type NodePlatform,
  type Picture,
  type Plan,
} from '../../src/platform/node/index.js';
import { onInterrupt } from './interrupt.js';
import type { ProgressMode } from './make-dream.js';
import { type Materials, runOptionsOf } from './materials.js';
import { createProgress } from './terminal/progress.js';

/** Frames to make, with everything decided. */
export interface FramesJob {
  readonly script: MovieScript;
  readonly recipe: MovieRecipe;
  readonly folder: FrameFolder;
  /** All of one size, without transparency. */
  readonly photos: readonly Picture[];
  readonly materials: Materials;
  readonly platform: NodePlatform;
  /** Plans a frame's dream. */
  readonly planOf: (options: DreamOptions) => Plan;
  /** The first frame to make, counted from 1; those before it are there. */
  readonly first: number;
  /** The last frame to make. */
  readonly last: number;
  /** What the movie is called while it is made. */
  readonly name: string;
  readonly progress: ProgressMode;
}

/** What was made. */
export interface MadeFrames {
  readonly frames: number;
  readonly seconds: number;
  /** Seconds for each frame, but the first where there are more: it finds nothing prepared. */
  readonly secondsEach: number;
  /** Whether Ctrl-C was pressed before all were made. */
  readonly stopped: boolean;
}

/** Makes frames one after the other and shows how it goes. Ctrl-C gives up the frame in progress and keeps the others. */
export async function makeFrames(job: FramesJob): Promise<MadeFrames> {
  const { script, recipe, folder, photos, platform, first, last } = job;
  const { frames, drift, driftTo } = script.settings.movie;
  const progress = createProgress({ stream: process.stderr, mode: job.progress, picture: true, env: process.env });
  const interrupt = onInterrupt(
    () => progress.note('Stopping after this step and keeping the frames so far. Ctrl-C again leaves at once.'),
    () => progress.end(),
  );
  const run = {
    platform,
    stop: interrupt.stop,
    ...(progress.wantsPreviews && { previewEveryMs: 400 }),
    ...runOptionsOf(job.materials),
  };
  const times: number[] = [performance.now()];
  const made = (stopped: boolean): MadeFrames => ({
    frames: times.length - 1,
    seconds: (times.at(-1)! - times[0]!) / 1000,
    secondsEach: meanMs(times) / 1000,
    stopped,
  });
  try {
    let before = first > 1 ? await folder.read(first - 1) : photos[0]!;
    for (let frame = first; frame <= last; frame++) {
      if (interrupt.stop.aborted) return made(true);
      const each = script.frame(frame);
      const plan = job.planOf(each.options);
      progress.next({
        ...{ input: job.name, what: 'frame', index: frame, count: frames },
        ...(times.length > 1 && { meanMs: meanMs(times) }),
      });
      let finished: Extract<DreamEvent, { type: 'finished' }> | undefined;
      for await (const event of dreamFrame(each, { before, photos, tones: { drift, driftTo } }, plan, run)) {
        progress.handle(event, plan);
        if (event.type === 'finished') finished = event;
      }
      const { picture, stopped } = finished!;
      if (stopped) return made(true);
      const text = frameRecipe(recipe, each, folder.digestOf(frame - 1));
      before = await folder.write(frame, picture, text, recipe);
      times.push(performance.now());
    }
    return made(false);
  } finally {
    progress.end();
    interrupt.release();
  }
}

/** The mean of the times between some moments, without the first where there are more. */
function meanMs(times: readonly number[]): number {
  const counted = times.length > 2 ? times.slice(1) : times;
  return counted.length < 2 ? 0 : (counted.at(-1)! - counted[0]!) / (counted.length - 1);
}
