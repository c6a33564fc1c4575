import { basename, join } from 'node:path';
import {
  checkEncoding,
  type DreamOptions,
  dreamOptionsOf,
  formatOf,
  freshSeed,
  OptionError,
  outputOptions,
  parseOptions,
  planDream,
} from '../../../src/platform/node/index.js';
import { encodingOf } from '../dreams/make-dream.js';
import { exitCodes } from '../exit-codes.js';
import { type Input, readInput } from '../files/input-file.js';
import { guideSizes, impliedOptions, type MaterialFlags, readMaterials } from '../files/materials.js';
import { checkWritable, standardStream, stemOf } from '../files/output-file.js';
import type { SheetFlags } from '../flags/flags.js';
import type { ModelFlags } from '../flags/model-flags.js';
import { oneLine, say } from '../report/report.js';
import { type CellJob, dreamCells, fileNameOf } from './dream-cells.js';
import { memoryLimit, withNetwork } from './look-tools.js';
import { writeSheet } from './sheet-file.js';
import { parseVariation, type Table, tableOf } from './vary.js';

/** The flags of `pareidolia grid` that are in no table. */
export interface GridFlags extends ModelFlags, MaterialFlags, SheetFlags {
  readonly vary: readonly string[];
  readonly cells?: string;
  readonly output?: string;
  readonly preset?: string;
  readonly model?: string;
}

/** The flags that are in tables, as far as they were given, and `size`. */
interface GivenOptions {
  readonly dream: Readonly<Record<string, unknown>>;
  readonly output: Readonly<Record<string, unknown>>;
}

/** One place of the table, with the options of its dream. */
interface Choice {
  readonly told: string;
  readonly options: DreamOptions;
}

/**
 * Dreams a photo with all combinations of some values, and lays the dreams out in a table.
 *
 * @returns the exit code
 */
export async function drawGrid(photo: string, flags: GridFlags, given: GivenOptions): Promise<number> {
  const { force = false, json = false, quiet = false, metadata, progress } = flags;
  const output = parseOptions(outputOptions, given.output);
  const table = tableOf(flags.vary.map(parseVariation));
  const choices = choicesOf(table, {
    ...impliedOptions(flags, given.dream),
    seed: freshSeed(),
    preset: flags.preset,
    ...given.dream,
  });
  const path = outputFor(photo, flags);
  const written = { ...output, format: formatOf(path === standardStream ? 'grid.png' : path) };
  checkEncoding(encodingOf(written.format, output));
  const { cells: folder } = flags;
  const files = choices.map(({ told }) =>
    folder === undefined ? undefined : join(folder, `${stemOf(photo)}-${fileNameOf(told)}.png`),
  );
  refuseSameNames(files);
  await checkWritable(path, force, false, [photo]);
  for (const file of files) if (file !== undefined) await checkWritable(file, force, true);
  const inputs = await readAtSizes(photo, choices);
  const materials = await readMaterials(flags);

  return withNetwork(flags, async (network, platform) => {
    const limits = { memoryBytes: memoryLimit(), guides: guideSizes(materials) };
    const jobs = choices.map(({ told, options }, i): CellJob => {
      const input = inputs.get(options.size)!;
      const plan = () => planDream(network, input.picture, options, limits);
      const { depth } = output;
      return { caption: told, plan, input, materials, output: { depth, quality: null, format: 'png' }, file: files[i] };
    });
    // What is wrong with one of them shall not wait for those before it.
    for (const { plan } of jobs) plan();
    const startedAt = performance.now();
    const cells = await dreamCells(jobs, {
      platform,
      progress: quiet && progress === 'auto' ? 'none' : progress,
      force,
      metadata,
      show: path !== standardStream || process.stderr.isTTY === true,
    });
    const whole = cells.filter(({ recipe }) => !recipe.stopped);
    const name = photo === standardStream ? 'photo' : basename(photo);
    if (whole.length > 0) {
      await writeSheet(
        whole,
        { ...layoutOf(table), title: name, captions: false },
        { path, output: written, force, metadata },
      );
    }
    const seconds = (performance.now() - startedAt) / 1000;
    const stopped = whole.length < jobs.length;
    const seed = choices[0]!.options.seed;
    if (json) {
      const pictures = whole.map(({ caption, file, objectiveFirst, objectiveLast, steps, seconds: each }) => ({
        ...{ caption, ...(file !== undefined && { file }), objectiveFirst, objectiveLast, steps, seconds: each },
      }));
      process.stdout.write(`${JSON.stringify({ input: photo, output: path, seconds, seed, stopped, pictures })}\n`);
    } else if (!quiet) {
      const where = path === standardStream ? 'standard output' : path;
      const beside = folder === undefined ? '' : `, each by itself in ${folder}`;
      const text = !stopped
        ? `${whole.length} dreams of ${name} are in ${where}${beside} (${seconds.toFixed(1)} s).`
        : whole.length > 0
          ? `Stopped. ${whole.length} of ${jobs.length} dreams are in ${where}.`
          : 'Stopped before the first dream was whole.';
      say(oneLine(text));
    }
    return stopped ? exitCodes.interrupted : exitCodes.ok;
  });
}

/** The photo at every size that is asked for, read as a single dream of that size would. */
async function readAtSizes(photo: string, choices: readonly Choice[]): Promise<ReadonlyMap<number, Input>> {
  const sizes = new Set(choices.map(({ options }) => options.size));
  if (photo === standardStream && sizes.size > 1) {
    throw new OptionError('option/invalid', '-: standard input can be read at one size only. Name a file instead.');
  }
  const inputs = new Map<number, Input>();
  for (const size of sizes) inputs.set(size, await readInput(photo, size));
  return inputs;
}

/** The cells of the table row by row, each with all of its options. */
function choicesOf({ columns, rows }: Table, values: Readonly<Record<string, unknown>>): Choice[] {
  return rows.flatMap((row) =>
    columns.map((column) => ({
      told: [column.told, row.told].filter((part) => part !== '').join(', '),
      options: dreamOptionsOf({ ...values, ...row.values, ...column.values }),
    })),
  );
}

function layoutOf({ columns, rows }: Table) {
  return {
    columns: columns.length,
    columnHeadings: columns.map(({ told }) => told),
    ...(rows.length > 1 && { rowHeadings: rows.map(({ told }) => headingOf(told)) }),
  };
}

/** Whatever is left of a row shall not take more room than its dreams. */
const longestHeading = 32;

function headingOf(told: string): string {
  const lines = told.split(', ');
  return lines
    .map((line) => (line.length > longestHeading ? `${line.slice(0, longestHeading - 2)}..` : line))
    .join('\n');
}

function outputFor(photo: string, { output, json }: GridFlags): string {
  const isPipe = photo === standardStream && !process.stdout.isTTY && !json;
  const path = output ?? (isPipe ? standardStream : `${stemOf(photo)}-grid.png`);
  if (path === standardStream && json) {
    throw new OptionError('option/invalid', '--json: standard output is taken by -o -. Choose a file with -o.');
  }
  return path;
}

/** Values that differ only in what no file name holds would be written over each other. */
function refuseSameNames(files: readonly (string | undefined)[]): void {
  const twice = files.find((file, i) => file !== undefined && files.indexOf(file) < i);
  if (twice === undefined) return;
  throw new OptionError(
    'option/invalid',
    `--cells: several dreams would be written to ${twice}. Vary one of the values at a time.`,
  );
}
