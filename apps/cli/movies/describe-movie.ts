import type { Plan } from '../../../src/platform/node/index.js';
import { oneLine } from '../report/report.js';
import { countText, megabytes } from './report-frames.js';

/** What a movie would be. */
export interface MoviePlan {
  readonly input: string | readonly string[];
  readonly frames: number;
  readonly fps: number;
  /** How long it lasts. */
  readonly seconds: number;
  /** The dream of its first frame. */
  readonly plan: Plan;
}

/** Prints what a movie would be. */
export function describeMovie({ input, frames, fps, seconds, plan }: MoviePlan, json: boolean): void {
  const { width, height } = plan.picture;
  const summary = {
    frames,
    seconds,
    stepsEach: plan.totalSteps,
    gflopEach: plan.totalFlops / 1e9,
    peakMemoryBytes: Math.round(plan.peakBytes),
  };
  if (json) {
    process.stdout.write(`${JSON.stringify({ input, width, height, ...summary })}\n`);
    return;
  }
  const lines = [
    `${[input].flat().join(', ')}: ${countText(frames)} of ${width}×${height}, ${seconds.toFixed(1)} s at ${Number(fps.toFixed(3))} frames a second`,
    ...plan.octaves.map(
      (octave, i) =>
        `octave ${i + 1}: ${octave.width}×${octave.height}, ${octave.options.steps} steps in the first frame`,
    ),
    ...plan.leftOut.map((size) => `left out: ${size.width}×${size.height}, too small for the network`),
    `each frame ${plan.totalSteps} steps, ${summary.gflopEach.toFixed(0)} GFLOP, about ${megabytes(plan.peakBytes)} of memory; --trial tells how long it takes`,
  ];
  process.stdout.write(`${lines.map(oneLine).join('\n')}\n`);
}
