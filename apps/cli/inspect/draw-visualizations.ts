import { join } from 'node:path';
import {
  checkEncoding,
  formatOf,
  freshSeed,
  type Network,
  OptionError,
  type OutputOptions,
  outputOptions,
  parseOptions,
  parseTargets,
  planDream,
  type VisualizationTarget,
  visualizationOptionsOf,
} from '../../../src/platform/node/index.js';
import { encodingOf } from '../dreams/make-dream.js';
import { exitCodes } from '../exit-codes.js';
import { noiseInput } from '../files/made-input.js';
import { checkWritable, meansFolder, standardStream } from '../files/output-file.js';
import type { SheetFlags } from '../flags/flags.js';
import type { ModelFlags } from '../flags/model-flags.js';
import { oneLine, say } from '../report/report.js';
import { type Cell, type CellJob, dreamCells, fileNameOf } from './dream-cells.js';
import { memoryLimit, withNetwork } from './look-tools.js';
import { writeSheet } from './sheet-file.js';

/** The flags of `pareidolia visualize` that are in no table. */
export interface VisualizeFlags extends ModelFlags, SheetFlags {
  readonly output?: string;
  readonly model?: string;
}

/** The flags that are in tables. */
interface GivenOptions {
  /** `diversity`: how many pictures there are of each target. */
  readonly own: { readonly size: number; readonly diversity: number };
  /** As far as they were given, and `unlike`. */
  readonly dream: Readonly<Record<string, unknown>>;
  readonly output: Readonly<Record<string, unknown>>;
}

/** Where pictures go: one file, a sheet of all, or a file each. */
interface Place {
  readonly kind: 'file' | 'sheet' | 'folder';
  readonly path: string;
}

/**
 * Draws what parts of a network look for.
 *
 * @returns the exit code
 */
export async function drawVisualizations(
  texts: readonly string[],
  flags: VisualizeFlags,
  given: GivenOptions,
): Promise<number> {
  const { force = false, json = false, quiet = false, metadata, progress } = flags;
  const { size, diversity } = given.own;
  const output = parseOptions(outputOptions, given.output);
  const seed = typeof given.dream['seed'] === 'number' ? given.dream['seed'] : freshSeed();
  const { unlike, ...values }: Readonly<Record<string, unknown>> = { ...given.dream, seed };
  // What is wrong with them shall not wait for the network.
  const { steps } = visualizationOptionsOf({ ...values, unlike });

  return withNetwork(flags, async (network, platform) => {
    const targets = uniqueTargets(texts.flatMap((text) => parseTargets(text, network, { width: size, height: size })));
    const pictures = targets.flatMap((target) => variantsOf(target, diversity));
    const place = await placeFor(pictures, flags);
    const written = { ...output, format: formatOf(place.kind === 'folder' || isStream(place) ? 'x.png' : place.path) };
    checkEncoding(encodingOf(written.format, output));
    const jobs = pictures.map(({ name, layers, objective, before }): CellJob => {
      // Each of several pictures of one target starts from noise of its own.
      const input = noiseInput(size, size, (seed + before) % 2 ** 32);
      const options = visualizationOptionsOf({ ...values, objective, layers, unlike: before > 0 ? unlike : 0 });
      const guides = Array.from({ length: before }, () => ({ width: size, height: size }));
      const plan = () => planDream(network, input.picture, options, { memoryBytes: memoryLimit(), guides });
      const file = place.kind === 'sheet' ? undefined : place.kind === 'file' ? place.path : fileIn(place.path, name);
      const cellOutput = place.kind === 'sheet' ? onSheet(output) : written;
      return { caption: name, plan, input, materials: { guides: [] }, output: cellOutput, file, before };
    });
    for (const path of place.kind === 'sheet' ? [place.path] : jobs.map(({ file }) => file!)) {
      await checkWritable(path, force, place.kind === 'folder');
    }
    const startedAt = performance.now();
    const cells = await dreamCells(jobs, {
      platform,
      progress: quiet && progress === 'auto' ? 'none' : progress,
      force,
      metadata,
      show: !isStream(place) || process.stderr.isTTY === true,
    });
    const whole = cells.filter(({ recipe }) => !recipe.stopped);
    const sheet = place.kind === 'sheet' && whole.length > 0;
    if (sheet) {
      const title = `${network.name}, ${size}x${size}, ${steps} steps`;
      await writeSheet(whole, { title, captions: true }, { path: place.path, output: written, force, metadata });
    }
    const seconds = (performance.now() - startedAt) / 1000;
    if (json) {
      const object = { output: place.path, size, seed, seconds, pictures: described(cells) };
      process.stdout.write(`${JSON.stringify(object)}\n`);
    } else if (!quiet) {
      report(network, place, cells, { asked: jobs.length, whole: whole.length, size, seed, seconds });
    }
    return whole.length < jobs.length ? exitCodes.interrupted : exitCodes.ok;
  });
}

const isStream = ({ path }: Place): boolean => path === standardStream;

/** A picture on a sheet is made again as a PNG. */
function onSheet({ depth }: OutputOptions): CellJob['output'] {
  return { depth, quality: null, format: 'png' };
}

/** A target that is named twice is drawn once. */
function uniqueTargets(targets: readonly VisualizationTarget[]): VisualizationTarget[] {
  return [...new Map(targets.map((target) => [target.name, target])).values()];
}

/** The pictures of one target, with the number of those before each that it is to be unlike. */
function variantsOf(target: VisualizationTarget, count: number) {
  return Array.from({ length: count }, (_, before) => ({
    ...target,
    before,
    name: count === 1 ? target.name : `${target.name} #${before + 1}`,
  }));
}

async function placeFor(
  targets: readonly { readonly name: string }[],
  { output, json }: VisualizeFlags,
): Promise<Place> {
  const one = targets.length === 1;
  if (json && output === standardStream) {
    throw new OptionError('option/invalid', '--json: standard output is taken by -o -. Choose a file with -o.');
  }
  if (output === undefined) {
    return one
      ? { kind: 'file', path: `${fileNameOf(targets[0]!.name)}.png` }
      : { kind: 'sheet', path: 'visualization.png' };
  }
  if (!(await meansFolder(output))) return { kind: one ? 'file' : 'sheet', path: output };
  const names = new Map<string, string>();
  for (const { name } of targets) {
    const path = fileIn(output, name);
    const other = names.get(path);
    if (other !== undefined) {
      const message = `${other} and ${name} would both be written to ${path}. Run them apart.`;
      throw new OptionError('option/invalid', message);
    }
    names.set(path, name);
  }
  return { kind: 'folder', path: output };
}

function fileIn(folder: string, name: string): string {
  return join(folder, `${fileNameOf(name)}.png`);
}

function described(cells: readonly Cell[]) {
  return cells.map(({ caption, file, recipe, objectiveFirst, objectiveLast, steps, seconds }) => ({
    target: caption,
    layers: recipe.options.layers,
    ...(file !== undefined && { file }),
    ...{ objectiveFirst, objectiveLast, steps, seconds },
    ...(recipe.stopped && { stopped: recipe.stopped }),
  }));
}

function report(
  network: Network,
  place: Place,
  cells: readonly Cell[],
  { asked, whole, size, seed, seconds }: Record<'asked' | 'whole' | 'size' | 'seed' | 'seconds', number>,
): void {
  const where = isStream(place) ? 'standard output' : place.path;
  const facts = `${size}×${size}, ${seconds.toFixed(1)} s, seed ${seed}`;
  if (whole < asked) {
    const kept = place.kind === 'file' ? `The picture so far is in ${where}.` : `${whole} of ${asked} are in ${where}.`;
    say(oneLine(whole > 0 || place.kind === 'file' ? `Stopped. ${kept}` : 'Stopped before the first was whole.'));
    if (place.kind === 'file' && !isStream(place)) say(oneLine(`To make it whole: pareidolia rerun ${place.path}`));
    return;
  }
  const what =
    asked === 1
      ? `What ${cells[0]!.caption} of ${network.name} looks for is`
      : `${asked} pictures of what ${network.name} looks for are`;
  say(oneLine(`${what} in ${where} (${facts}).`));
}
