import { basename } from 'node:path';
import {
  canonicalJson,
  createRecipe,
  type DreamEvent,
  dream,
  encodePicture,
  type OutputOptions,
  type Picture,
  type PictureFormat,
  type Plan,
  type Platform,
  type Recipe,
  rasterPictureOf,
  readPicture,
  recipeModel,
  writeWhole,
} from '../../../src/platform/node/index.js';
import { encodingOf, type ProgressMode } from '../dreams/make-dream.js';
import { type Input, sha256Of } from '../files/input-file.js';
import { type Materials, recipeMaterials, runOptionsOf } from '../files/materials.js';
import { makeFolderFor, standardStream } from '../files/output-file.js';
import { onInterrupt } from '../interrupt.js';
import { writeToStandardOutput } from '../standard-streams.js';
import { createProgress, type ProgressView } from '../terminal/progress.js';

/** One of several pictures that belong together, with everything decided. */
export interface CellJob {
  readonly caption: string;
  /** Plans it, when its turn comes: a plan holds weights of the network. Its options hold a seed. */
  readonly plan: () => Plan;
  readonly input: Input;
  readonly materials: Materials;
  /** How it is written when it is written by itself. */
  readonly output: OutputOptions & { readonly format: PictureFormat };
  /** The file that it is also written to; absent where it only goes onto a sheet. */
  readonly file?: string | undefined;
  /** How many of the pictures right before it become its guides; default: none. */
  readonly before?: number;
}

/** What became of it. */
export interface Cell {
  readonly caption: string;
  readonly file?: string | undefined;
  readonly picture: Picture;
  readonly recipe: Recipe;
  readonly objectiveFirst: number;
  readonly objectiveLast: number;
  readonly steps: number;
  readonly seconds: number;
}

/** What all of them share. */
export interface CellsOptions {
  readonly platform: Platform;
  readonly progress: ProgressMode;
  readonly force: boolean;
  /** Whether files get a recipe. */
  readonly metadata: boolean;
  /** Whether a terminal may show the pictures. */
  readonly show: boolean;
}

/**
 * Dreams pictures one after the other and writes those that have a file.
 *
 * @returns the pictures as far as they came; after Ctrl-C the last one may be one that was stopped
 */
export async function dreamCells(jobs: readonly CellJob[], options: CellsOptions): Promise<Cell[]> {
  let progress: ProgressView | undefined;
  const interrupt = onInterrupt(
    () => progress?.note('Stopping after this step. Ctrl-C again leaves at once.'),
    () => progress?.end(),
  );
  const cells: Cell[] = [];
  try {
    for (const [i, job] of jobs.entries()) {
      if (interrupt.stop.aborted) break;
      const meanMs = i > 0 ? (1000 * cells.reduce((sum, { seconds }) => sum + seconds, 0)) / i : undefined;
      progress = createProgress({
        stream: process.stderr,
        mode: options.progress,
        picture: options.show,
        env: process.env,
        ...(jobs.length > 1 && { position: { input: job.caption, index: i + 1, count: jobs.length, meanMs } }),
      });
      const before = cells.slice(i - (job.before ?? 0), i);
      const guides = await Promise.all(before.map((cell) => asGuide(cell, options.metadata)));
      const guided = { ...job, materials: { ...job.materials, guides: [...job.materials.guides, ...guides] } };
      const cell = await dreamCell(guided, options.platform, progress, interrupt.stop);
      progress.end();
      if (job.file !== undefined) await writeCell(cell, job.file, options);
      cells.push(cell);
    }
    return cells;
  } finally {
    progress?.end();
    interrupt.release();
  }
}

async function dreamCell(job: CellJob, platform: Platform, progress: ProgressView, stop: AbortSignal): Promise<Cell> {
  const { caption, file, input, materials } = job;
  const plan = job.plan();
  const running = {
    platform,
    stop,
    ...(progress.wantsPreviews && { previewEveryMs: 400 }),
    ...runOptionsOf(materials),
  };
  let finished: Extract<DreamEvent, { type: 'finished' }> | undefined;
  for await (const event of dream(plan, input.picture, running)) {
    progress.handle(event, plan);
    if (event.type === 'finished') finished = event;
  }
  const { picture, objectiveFirst, objectiveLast, steps, elapsedMs, stopped } = finished!;
  const recipe = { ...cellRecipe(job, plan, platform), ...(stopped && { stopped }) };
  return { caption, file, picture, recipe, objectiveFirst, objectiveLast, steps, seconds: elapsedMs / 1000 };
}

/** The recipe of a picture that is dreamed to its end. */
export function cellRecipe(
  { input, materials, output }: Pick<CellJob, 'input' | 'materials' | 'output'>,
  plan: Plan,
  platform: Platform,
): Recipe {
  return createRecipe({
    options: plan.options,
    output,
    model: recipeModel(plan.network),
    input: { name: input.name, sha256: input.sha256 },
    ...recipeMaterials(materials),
    runtime: { name: platform.runtime, version: platform.runtimeVersion, threads: platform.cores },
  });
}

/** Writes a picture by itself, as its recipe says. */
export async function writeCell(
  { picture, recipe }: Pick<Cell, 'picture' | 'recipe'>,
  file: string,
  { metadata, force }: { readonly metadata: boolean; readonly force: boolean },
): Promise<void> {
  const bytes = await encodeCell({ picture, recipe }, metadata);
  if (file === standardStream) return writeToStandardOutput(bytes);
  await makeFolderFor(file);
  await writeWhole(file, bytes, { overwrite: force });
}

async function encodeCell({ picture, recipe }: Pick<Cell, 'picture' | 'recipe'>, metadata: boolean) {
  const { format, ...output } = recipe.output;
  return encodePicture(picture, {
    ...encodingOf(format as PictureFormat, output),
    ...(metadata && { recipe: canonicalJson(recipe) }),
  });
}

/** A picture as one that comes after it sees it: as it would be read from its file, so that a rerun finds the same. */
async function asGuide(cell: Cell, metadata: boolean): Promise<Input> {
  const bytes = await encodeCell(cell, metadata);
  const name = cell.file === undefined ? `${fileNameOf(cell.caption)}.png` : basename(cell.file);
  return { picture: rasterPictureOf(await readPicture(bytes, { name })), name, sha256: sha256Of(bytes) };
}

/** A name of anything as a file may be called: letters, digits, dots and dashes. */
export function fileNameOf(name: string): string {
  return name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|-+$/g, '');
}
