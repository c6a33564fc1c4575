import type { NodePlatform } from '../../src/platform/node/index.js';
import type { DreamReport } from './make-dream.js';
import { standardStream } from './output-file.js';

/** Says something to the person at the terminal; standard output is left to data. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Says where a dream is and how it was made, or prints it as one JSON object for programs. */
export function reportDream(report: DreamReport, name: string, json: boolean): void {
  const { output, width, height, objectiveFirst, objectiveLast, steps, seconds, peakMemoryBytes, seed, recipe } =
    report;
  const { stopped } = recipe;
  if (json) {
    const object = { output, width, height, objectiveFirst, objectiveLast, steps, seconds, peakMemoryBytes, seed };
    process.stdout.write(`${JSON.stringify({ ...object, ...(stopped && { stopped }) })}\n`);
    return;
  }
  const where = output === standardStream ? 'standard output' : output;
  const facts = `${width}×${height}, ${steps} steps in ${seconds.toFixed(1)} s, seed ${seed}`;
  if (!stopped) {
    say(`Dreamed ${name} into ${where} (${facts}).`);
    return;
  }
  say(`Stopped in octave ${stopped.octave} after step ${stopped.step}. The dream so far is in ${where} (${facts}).`);
  if (output !== standardStream) say(`To make it whole: pareidolia rerun ${output}`);
}

/** Says that WebAssembly computes instead of the native runtime, why, and how to get the faster one. */
export function announceRuntime({ fallbackReason }: NodePlatform): void {
  if (fallbackReason === undefined) return;
  say(
    `onnxruntime-node is not in use (${fallbackReason.split('\n')[0]}); WebAssembly computes instead, several times slower. ` +
      'To get it: ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node',
  );
}
