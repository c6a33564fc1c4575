import { statSync } from 'node:fs';
import type { Flaw, FrameFolder, MovieRecipe, Plan, ZoomOptions } from '../../src/platform/node/index.js';
import { shellWord } from './go-on.js';
import { oneLine, say } from './report.js';
import { durationText } from './terminal/bar.js';
import type { MadeFrames } from './zoom-frames.js';
import type { ZoomTarget } from './zoom-target.js';

/** What a zoom came to. */
export interface ZoomReport {
  readonly input: readonly string[];
  readonly target: ZoomTarget;
  readonly folder: FrameFolder;
  /** How many frames are there. */
  readonly there: number;
  readonly recipe: MovieRecipe;
  readonly made: MadeFrames;
  /** Whether Ctrl-C ended it before the movie was there. */
  readonly interrupted: boolean;
  /** About how many bytes the movie will have, where that was found out. */
  readonly movieBytes?: number | undefined;
}

/** Says from where a movie goes on, and why not later. */
export function reportFlaw({ frame, fault }: Flaw): void {
  const faults = {
    missing: 'is missing',
    damaged: 'is damaged',
    'made otherwise': 'was made with other options or from another picture',
  };
  const from = frame === 1 ? 'beginning anew' : `going on from ${frame - 1}`;
  say(`Frame ${frame} ${faults[fault]}: ${from}.`);
}

/** Says what was made and where it is, or prints it as one JSON object. */
export function reportZoom(report: ZoomReport, json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify(reportObject(report))}\n`);
  else for (const line of reportLines(report)) say(oneLine(line));
}

function reportObject(report: ZoomReport): object {
  const { input, target, there, recipe, made, interrupted, movieBytes } = report;
  const { frames, fps } = recipe.movie;
  const whole = isWhole(report);
  return {
    input,
    output: whole ? outputOf(target) : null,
    folder: target.frames,
    ...{ frames, framesMade: made.frames, framesThere: there },
    ...{ ...recipe.size, fps, seed: recipe.dream.seed, seconds: made.seconds },
    ...(made.frames > 0 && { secondsEach: made.secondsEach }),
    ...(!whole && made.frames > 0 && { secondsLeft: secondsLeft(report), framesBytes: framesBytes(report) }),
    ...(movieBytes !== undefined && { movieBytes: Math.round(movieBytes) }),
    ...(interrupted && { stopped: { frame: Math.min(there + 1, frames) } }),
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}

function reportLines(report: ZoomReport): string[] {
  const { target, there, recipe, made, interrupted, movieBytes } = report;
  const { frames } = recipe.movie;
  const { width, height } = recipe.size;
  const seed = `seed ${recipe.dream.seed}`;
  const facts =
    made.frames === 0
      ? seed
      : `${count(made.frames)} in ${durationText(1000 * made.seconds)}, ${durationOfFrame(made.secondsEach)} each, ${seed}`;
  if (isWhole(report)) {
    const lines = [`Flew through ${count(frames)} of ${width}×${height} into ${outputOf(target)} (${facts}).`];
    if (made.frames === 0) lines.unshift(`All ${count(frames)} were there.`);
    return target.movie === undefined ? lines : [...lines, `The frames are kept in ${target.frames}.`];
  }
  const lines = [
    interrupted
      ? `Stopped; ${there} of ${count(frames)} are in ${target.frames} (${facts}).`
      : `Made ${there} of ${count(frames)} in ${target.frames} (${facts}).`,
  ];
  if (made.frames > 0 && there < frames) {
    const movie = movieBytes === undefined ? '' : `, the movie ${megabytes(movieBytes)}`;
    lines.push(
      `The other ${frames - there} will take about ${durationText(1000 * secondsLeft(report))}; all frames will have about ${megabytes(framesBytes(report))}${movie}.`,
    );
  }
  return [...lines, `To go on: ${commandAgain()}`];
}

/** Whether what was asked for is there. */
function isWhole({ there, recipe, interrupted }: ZoomReport): boolean {
  return there === recipe.movie.frames && !interrupted;
}

function outputOf({ movie, frames }: ZoomTarget): string {
  return movie ?? frames;
}

function secondsLeft({ there, recipe, made }: ZoomReport): number {
  return made.secondsEach * (recipe.movie.frames - there);
}

/** About how many bytes all frames will have, by the last one that is there. */
function framesBytes({ folder, there, recipe }: ZoomReport): number {
  const latest = statSync(folder.fileOf(there), { throwIfNoEntry: false });
  return (latest?.size ?? 0) * recipe.movie.frames;
}

/** Prints what a movie would be. */
export function describeZoom(plan: Plan, { frames, fps }: ZoomOptions, names: readonly string[], json: boolean): void {
  const { width, height } = plan.picture;
  const summary = {
    frames,
    seconds: frames / fps,
    stepsEach: plan.totalSteps,
    gflopEach: plan.totalFlops / 1e9,
    peakMemoryBytes: Math.round(plan.peakBytes),
  };
  if (json) {
    process.stdout.write(`${JSON.stringify({ input: names, width, height, ...summary })}\n`);
    return;
  }
  const lines = [
    `${names.join(', ')}: ${count(frames)} of ${width}×${height}, ${summary.seconds.toFixed(1)} s at ${fps} frames a second`,
    ...plan.octaves.map(
      (octave, i) =>
        `octave ${i + 1}: ${octave.width}×${octave.height}, ${octave.options.steps} steps in the first frame`,
    ),
    ...plan.leftOut.map((size) => `left out: ${size.width}×${size.height}, too small for the network`),
    `each frame ${plan.totalSteps} steps, ${summary.gflopEach.toFixed(0)} GFLOP, about ${megabytes(plan.peakBytes)} of memory; --trial tells how long it takes`,
  ];
  process.stdout.write(`${lines.map(oneLine).join('\n')}\n`);
}

const isFlag = /^--?[\w-]+$/;

/** The command line as it was, but for a trial. */
function commandAgain(): string {
  const words = process.argv.slice(2);
  const again = words.filter((word, i) => !/^--trial(=|$)/.test(word) && words[i - 1] !== '--trial');
  return `pareidolia ${again.map((word) => (isFlag.test(word) ? word : shellWord(word))).join(' ')}`;
}

function count(frames: number): string {
  return `${frames} ${frames === 1 ? 'frame' : 'frames'}`;
}

function durationOfFrame(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : durationText(1000 * seconds);
}

function megabytes(bytes: number): string {
  if (bytes < 1e5) return `${Math.ceil(bytes / 1e3)} kB`;
  return `${bytes < 1e7 ? (bytes / 1e6).toFixed(1) : Math.round(bytes / 1e6)} MB`;
}
