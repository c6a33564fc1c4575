import {
  canonicalJson,
  type FrameFolder,
  type FramesRecipe,
  type MovieOptions,
  type NodePlatform,
} from '../../../src/platform/node/index.js';
import type { ProgressMode } from '../dreams/make-dream.js';
import { exitCodes } from '../exit-codes.js';
import type { Materials } from '../files/materials.js';
import { type FrameMaker, firstToMake, makeFrames } from './make-frames.js';
import type { MovieTarget } from './movie-target.js';
import { reportFrames } from './report-frames.js';
import { expectedMovieBytes, type ShownFrame, type WrittenFrames, writeFrames } from './write-frames.js';

/** The flags of commands that make movies frame by frame, but for what the movies are made from. */
export interface MovieFlags {
  readonly output?: string;
  readonly preset?: string;
  readonly maxMemory?: number;
  readonly threads?: number;
  readonly trial?: number;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly plan?: boolean;
  readonly quiet?: boolean;
  readonly progress: ProgressMode;
}

/** A movie to make, with everything decided. */
export interface MovieJob {
  readonly maker: FrameMaker;
  readonly recipe: FramesRecipe;
  readonly folder: FrameFolder;
  readonly target: MovieTarget;
  readonly materials: Materials;
  readonly platform: NodePlatform;
  /** What it is made from, as the command line named it. */
  readonly input: string | readonly string[];
  /** What is done, such as `Dreamed`. */
  readonly verb: string;
  readonly fps: number;
  /** What a movie of the first so many frames shows, in its order. */
  readonly shown: (frames: number) => readonly ShownFrame[];
  /** How the movie is written; asked when its frames are there. */
  readonly encoding: () => MovieOptions;
  /** What there is to say of the frames when they are made. */
  readonly remarks?: () => readonly string[];
  /** The same for programs. */
  readonly figures?: () => object;
}

/**
 * Makes the frames of a movie that are missing, and writes the movie when all are there.
 *
 * @returns the exit code
 */
export async function makeMovie(job: MovieJob, flags: MovieFlags): Promise<number> {
  const { maker, recipe, folder, target, input, verb, fps, shown } = job;
  const { force = false, json = false, quiet = false, trial } = flags;
  const first = await firstToMake(folder, maker, quiet);
  const made = await makeFrames({
    ...job,
    first,
    last: trial === undefined ? Number.POSITIVE_INFINITY : first + trial - 1,
    name: [input].flat()[0]!,
    progress: quiet && flags.progress === 'auto' ? 'none' : flags.progress,
  });
  const there = first - 1 + made.frames;
  const whole = !made.stopped && !(await maker.has(there + 1));
  const frames = maker.count;
  let written: WrittenFrames | undefined;
  let movieBytes: number | undefined;
  if (target.movie !== undefined && !made.stopped) {
    const encoding = { ...job.encoding(), recipe: canonicalJson(recipe), overwrite: force };
    if (whole) written = await writeFrames(target.movie, folder, shown(there), encoding, quiet);
    else movieBytes = await expectedMovieBytes(target.movie, folder, shown(there), shown(frames).length, encoding);
  }
  const interrupted = made.stopped || written?.stopped === true;
  const { flashing } = written ?? {};
  if (!quiet || json) {
    const remarks = job.remarks?.() ?? [];
    const figures = { ...job.figures?.(), ...(written && { flashing: flashing ?? null }) };
    const report = { input, target, folder, verb, frames, there, recipe, fps, made, interrupted, movieBytes, flashing };
    reportFrames({ ...report, remarks, figures }, json);
  }
  return interrupted ? exitCodes.interrupted : exitCodes.ok;
}
