import { statSync } from 'node:fs';
import type { DreamOptions, Flashing, Flaw, FrameFolder, Size } from '../../../src/platform/node/index.js';
import { shellWord } from '../dreams/go-on.js';
import { oneLine, say } from '../report/report.js';
import { durationText } from '../terminal/bar.js';
import type { MadeFrames } from './make-frames.js';
import type { MovieTarget } from './movie-target.js';

/** What a movie that is dreamed frame by frame came to. */
export interface FramesReport {
  readonly input: string | readonly string[];
  readonly target: MovieTarget;
  readonly folder: FrameFolder;
  /** What was done, such as `Dreamed`. */
  readonly verb: string;
  /** How many frames there will be. */
  readonly frames: number;
  /** How many are there. */
  readonly there: number;
  readonly recipe: { readonly dream: DreamOptions; readonly size: Size };
  readonly fps: number;
  readonly made: MadeFrames;
  /** Whether Ctrl-C ended it before the movie was there. */
  readonly interrupted: boolean;
  /** About how many bytes the movie will have, where that was found out. */
  readonly movieBytes?: number | undefined;
  /** Where the movie flashes too often, where it was written and does. */
  readonly flashing?: Flashing | undefined;
  /** What else there is to say of the frames. */
  readonly remarks?: readonly string[];
  /** The same for programs. */
  readonly figures?: object;
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
export function reportFrames(report: FramesReport, json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify(reportObject(report))}\n`);
  else for (const line of reportLines(report)) say(oneLine(line));
}

/** Warns of a movie that can harm. */
function flashLine({ at, flashes }: Flashing): string {
  return `Warning: it flashes ${flashes} times in the second from ${at.toFixed(1)} s. More than three can harm people with photosensitive epilepsy (WCAG 2.3.1).`;
}

function reportObject(report: FramesReport): object {
  const { input, target, frames, there, recipe, fps, made, interrupted, movieBytes, figures } = report;
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
    ...figures,
    ...(interrupted && { stopped: { frame: Math.min(there + 1, frames) } }),
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}

function reportLines(report: FramesReport): string[] {
  const { target, verb, frames, there, recipe, made, interrupted, movieBytes, flashing, remarks = [] } = report;
  const { width, height } = recipe.size;
  const seed = `seed ${recipe.dream.seed}`;
  const facts =
    made.frames === 0
      ? seed
      : `${countText(made.frames)} in ${durationText(1000 * made.seconds)}, ${durationOfFrame(made.secondsEach)} each, ${seed}`;
  if (isWhole(report)) {
    const lines = [`${verb} ${countText(frames)} of ${width}×${height} into ${outputOf(target)} (${facts}).`];
    if (made.frames === 0) lines.unshift(`All ${countText(frames)} were there.`);
    if (target.movie !== undefined) lines.push(`The frames are kept in ${target.frames}.`);
    return [...lines, ...remarks, ...(flashing ? [flashLine(flashing)] : [])];
  }
  const lines = [
    interrupted
      ? `Stopped; ${there} of ${countText(frames)} are in ${target.frames} (${facts}).`
      : `Made ${there} of ${countText(frames)} in ${target.frames} (${facts}).`,
  ];
  if (made.frames > 0 && there < frames) {
    const movie = movieBytes === undefined ? '' : `, the movie ${megabytes(movieBytes)}`;
    lines.push(
      `The other ${frames - there} will take about ${durationText(1000 * secondsLeft(report))}; all frames will have about ${megabytes(framesBytes(report))}${movie}.`,
    );
  }
  return [...lines, ...remarks, `To go on: ${commandAgain()}`];
}

/** Whether what was asked for is there. */
function isWhole({ there, frames, interrupted }: FramesReport): boolean {
  return there === frames && !interrupted;
}

function outputOf({ movie, frames }: MovieTarget): string {
  return movie ?? frames;
}

function secondsLeft({ there, frames, made }: FramesReport): number {
  return made.secondsEach * (frames - there);
}

/** About how many bytes all frames will have, by the last one that is there. */
function framesBytes({ folder, there, frames }: FramesReport): number {
  const latest = statSync(folder.fileOf(there), { throwIfNoEntry: false });
  return (latest?.size ?? 0) * frames;
}

const isFlag = /^--?[\w-]+$/;

/** The command line as it was, but for a trial. */
function commandAgain(): string {
  const words = process.argv.slice(2);
  const again = words.filter((word, i) => !/^--trial(=|$)/.test(word) && words[i - 1] !== '--trial');
  return `pareidolia ${again.map((word) => (isFlag.test(word) ? word : shellWord(word))).join(' ')}`;
}

/** A number of frames. */
export function countText(frames: number): string {
  return `${frames} ${frames === 1 ? 'frame' : 'frames'}`;
}

function durationOfFrame(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : durationText(1000 * seconds);
}

/** A number of bytes, roughly. */
export function megabytes(bytes: number): string {
  if (bytes < 1e5) return `${Math.ceil(bytes / 1e3)} kB`;
  return `${bytes < 1e7 ? (bytes / 1e6).toFixed(1) : Math.round(bytes / 1e6)} MB`;
}
