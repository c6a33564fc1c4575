import {
  type DreamEvent,
  type FrameFolder,
  type FramesRecipe,
  freeMemoryBytes,
  type NodePlatform,
  type Picture,
  type Plan,
  type RunOptions,
  SessionCache,
} from '../../../src/platform/node/index.js';
import type { ProgressMode } from '../dreams/make-dream.js';
import { type Materials, runOptionsOf } from '../files/materials.js';
import { onInterrupt } from '../interrupt.js';
import { say } from '../report/report.js';
import { createProgress } from '../terminal/progress.js';
import { reportFlaw } from './report-frames.js';

/** What makes the frames of a movie, each from the one before. */
export interface FrameMaker {
  /** How many frames there will be; where that is only known at their end, about how many. */
  readonly count: number;
  /** Whether there is a frame of that number, counted from 1. Asked in their order. */
  has(frame: number): Promise<boolean>;
  /**
   * Everything that decides a frame, as its file holds it; see `frameRecipe`.
   *
   * @param before SHA-256 of the file of the frame before; `null` for the first frame
   */
  recipeOf(frame: number, before: string | null): string;
  /** Plans a frame's dream. */
  planOf(frame: number): Plan;
  /**
   * Makes a frame.
   *
   * @param before the frame before; undefined for the first
   * @returns the events of its dream; `finished` holds the frame
   */
  dream(frame: number, before: Picture | undefined, plan: Plan, run: RunOptions): AsyncGenerator<DreamEvent, void>;
}

/** Frames to make, with everything decided. */
export interface FramesJob {
  readonly maker: FrameMaker;
  readonly recipe: FramesRecipe;
  readonly folder: FrameFolder;
  readonly materials: Materials;
  readonly platform: NodePlatform;
  /** The first frame to make, counted from 1; those before it are there. */
  readonly first: number;
  /** The last frame to make, if there are as many. */
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

/** The frame to go on with, counted from 1: those before it are there and as they must be. */
export async function firstToMake(folder: FrameFolder, maker: FrameMaker, quiet: boolean): Promise<number> {
  let looked = 0;
  const flaw = await folder.firstFlaw(async (frame, before) => {
    if (!(await maker.has(frame))) return undefined;
    looked = frame;
    return maker.recipeOf(frame, before);
  });
  const first = flaw ? flaw.frame : looked + 1;
  if (quiet) return first;
  if (flaw) reportFlaw(flaw);
  else if (first > 1 && (await maker.has(first))) say(`Going on from frame ${first - 1}.`);
  return first;
}

/** Makes frames one after the other and shows how it goes. Ctrl-C gives up the frame in progress and keeps the others. */
export async function makeFrames(job: FramesJob): Promise<MadeFrames> {
  const { maker, recipe, folder, platform, first, last } = job;
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
  let sessions: SessionCache | undefined;
  try {
    let before = first > 1 ? await folder.read(first - 1) : undefined;
    for (let frame = first; frame <= last && (await maker.has(frame)); frame++) {
      if (interrupt.stop.aborted) return made(true);
      const plan = maker.planOf(frame);
      sessions ??= new SessionCache(platform, { spareBytes: spareBytes(plan) });
      progress.next({
        ...{ input: job.name, what: 'frame', index: frame, count: Math.max(frame, maker.count) },
        ...(times.length > 1 && { meanMs: meanMs(times) }),
      });
      let finished: Extract<DreamEvent, { type: 'finished' }> | undefined;
      for await (const event of maker.dream(frame, before, plan, { ...run, sessions })) {
        progress.handle(event, plan);
        if (event.type === 'finished') finished = event;
      }
      const { picture, stopped } = finished!;
      if (stopped) return made(true);
      const text = maker.recipeOf(frame, folder.digestOf(frame - 1));
      before = await folder.write(frame, picture, text, recipe);
      times.push(performance.now());
    }
    return made(false);
  } finally {
    await sessions?.close();
    progress.end();
    interrupt.release();
  }
}

/** More is not needed for the octaves of a frame, and those that change from frame to frame would only gather. */
const mostSpareBytes = 2 ** 30;

/** Bytes for compiled graphs that the next frames will need again: half of what is free besides the dream itself. */
function spareBytes({ peakBytes }: Plan): number {
  const free = process.memoryUsage.rss() + freeMemoryBytes() - peakBytes;
  return Math.min(mostSpareBytes, Math.max(0, free / 2));
}

/** The mean of the times between some moments, without the first where there are more. */
function meanMs(times: readonly number[]): number {
  const counted = times.length > 2 ? times.slice(1) : times;
  return counted.length < 2 ? 0 : (counted.at(-1)! - counted[0]!) / (counted.length - 1);
}
