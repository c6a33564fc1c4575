import type { ClassScore, NodePlatform } from '../../../src/platform/node/index.js';
import type { DreamReport } from '../dreams/make-dream.js';
import { standardStream } from '../files/output-file.js';

/** Says something to the person at the terminal; standard output is left to data. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** A sentence with a file name in it, without what would break the line or move the cursor. */
export function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '?');
}

/** What a classifier takes a picture for, the most probable first. */
export interface Classes {
  readonly before: readonly ClassScore[];
  readonly after: readonly ClassScore[];
}

/** Classes in one line, such as `Taken for: tabby 41 %; tiger cat 22 %`. Names of classes often have commas in them. */
export function classLine(what: string, classes: readonly ClassScore[]): string {
  const texts = classes.map(
    ({ index, label, probability }) => `${label ?? `class ${index}`} ${percentText(probability)}`,
  );
  return `${what}: ${texts.join('; ')}`;
}

function percentText(share: number): string {
  const percent = 100 * share;
  if (percent < 0.1) return '< 0.1 %';
  return `${percent < 10 ? percent.toFixed(1) : percent.toFixed(0)} %`;
}

/**
 * Says where a dream is and how it was made, or prints it as one JSON object for programs.
 *
 * @param name what was dreamed on
 * @param goOn how a dream that was stopped is made whole
 * @param classes what the network takes the picture for, where that was asked
 */
export function reportDream(report: DreamReport, name: string, goOn: string, json: boolean, classes?: Classes): void {
  const { output, width, height, objectiveFirst, objectiveLast, steps, seconds, peakMemoryBytes, seed, recipe } =
    report;
  const { stopped } = recipe;
  if (json) {
    const object = {
      input: name,
      output,
      width,
      height,
      objectiveFirst,
      objectiveLast,
      steps,
      seconds,
      peakMemoryBytes,
      seed,
    };
    process.stdout.write(
      `${JSON.stringify({ ...object, ...(stopped && { stopped }), ...(classes && { classes }) })}\n`,
    );
    return;
  }
  const source = name === standardStream ? 'standard input' : name;
  const where = output === standardStream ? 'standard output' : output;
  const facts = `${width}×${height}, ${steps} ${steps === 1 ? 'step' : 'steps'} in ${seconds.toFixed(1)} s, seed ${seed}`;
  if (classes) {
    say(classLine('Before', classes.before));
    say(classLine('After', classes.after));
  }
  if (!stopped) {
    say(oneLine(`Dreamed ${source} into ${where} (${facts}).`));
    return;
  }
  const place = `octave ${stopped.octave} after step ${stopped.step}`;
  say(oneLine(`Stopped in ${place}. The dream so far is in ${where} (${facts}).`));
  say(goOn);
}

/** Says that WebAssembly computes instead of the native runtime, why, and how to get the faster one. */
export function announceRuntime({ fallbackReason }: NodePlatform): void {
  if (fallbackReason === undefined) return;
  const remedy = process.env['PAREIDOLIA_RUNTIME']
    ? 'To get it: unset PAREIDOLIA_RUNTIME'
    : 'To get it: ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node';
  say(
    `onnxruntime-node is not in use (${fallbackReason.split('\n')[0]}); WebAssembly computes instead, several times slower. ${remedy}`,
  );
}
