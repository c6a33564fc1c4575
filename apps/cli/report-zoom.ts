import { stat } from 'node:fs/promises';
import type { Flaw, FrameFolder, Plan, ZoomOptions } from '../../src/platform/node/index.js';
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
  readonly options: ZoomOptions;
  readonly made: MadeFrames;
  readonly width: number;
  readonly height: number;
  readonly seed: number;
  /** Whether only some frames were asked for. */
  readonly trial: boolean;
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
export async function reportZoom(report: ZoomReport, json: boolean): Promise<void> {
  const { target, folder, options, made, width, height, seed, trial } = report;
  const { frames, fps } = options;
  const { movie } = target;
  const whole = folder.count >= frames && made.stoppedIn === undefined;
  const expected = await expectedOfAll(report);
  if (json) {
    const object = {
      ...{ input: report.input, output: whole ? (movie ?? target.frames) : null, folder: target.frames },
      ...{ frames, framesMade: made.frames, framesThere: Math.min(folder.count, frames), width, height, fps, seed },
      ...{ seconds: made.seconds, ...(made.frames > 0 && { secondsEach: made.secondsEach }) },
      ...(!whole && { secondsLeft: expected.secondsLeft, bytesOfAll: expected.bytes }),
      ...(made.stoppedIn !== undefined && { stopped: { frame: made.stoppedIn } }),
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    };
    process.stdout.write(`${JSON.stringify(object)}\n`);
    return;
  }
  const work =
    made.frames === 0
      ? 'all of them were there'
      : `${count(made.frames)} in ${durationText(1000 * made.seconds)}, ${durationOfFrame(made.secondsEach)} each`;
  if (whole) {
    const what = `${count(frames)} of ${width}×${height}`;
    say(oneLine(`Flew through ${what} into ${movie ?? target.frames} (${work}, seed ${seed}).`));
    if (movie !== undefined) say(oneLine(`The frames are in ${target.frames}.`));
    return;
  }
  if (made.stoppedIn !== undefined) {
    const there = folder.count === 0 ? 'there is none yet' : `${folder.count} are in ${target.frames}`;
    say(oneLine(`Stopped in frame ${made.stoppedIn} of ${frames}; ${there} (${work}, seed ${seed}).`));
  } else if (trial) {
    say(oneLine(`Frames 1 to ${folder.count} of ${frames} are in ${target.frames} (${work}, seed ${seed}).`));
  }
  if (made.frames > 0) {
    const { secondsLeft, bytes } = expected;
    const left = count(frames - folder.count);
    say(
      `The other ${left} will take about ${durationText(1000 * secondsLeft)}, and all of them about ${megabytes(bytes)}.`,
    );
  }
  say(`To go on: ${commandAgain()}`);
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

/** What the frames that are there let expect of all. */
async function expectedOfAll({ folder, options, made }: ZoomReport): Promise<{ secondsLeft: number; bytes: number }> {
  const there = Math.min(folder.count, options.frames);
  const latest = there > 0 ? await stat(folder.fileOf(there)).catch(() => undefined) : undefined;
  return { secondsLeft: made.secondsEach * (options.frames - there), bytes: (latest?.size ?? 0) * options.frames };
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
  return `${bytes < 1e7 ? (bytes / 1e6).toFixed(1) : Math.round(bytes / 1e6)} MB`;
}
