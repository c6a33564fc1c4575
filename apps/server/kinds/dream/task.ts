import { join } from 'node:path';
import {
  canonicalJson,
  createNodePlatform,
  createRecipe,
  type DreamOptions,
  type DreamState,
  dreamRaster,
  encodePicture,
  encodePictureInParts,
  type Finished,
  ImageError,
  type NodePlatform,
  openDreamCheckpoint,
  type Plan,
  type Preview,
  type ProgressEvent,
  pictureOfRgb,
  planDream,
  type RasterPicture,
  type Recipe,
  recipeModel,
  resolveLayers,
  resolvePrecision,
  type UnfinishedDream,
  writeDreamCheckpoint,
  writeWhole,
} from '../../../../src/platform/node/index.js';
import type { JobProgress } from '../../store/job.js';
import type { MadePreview, Outcome, Task } from '../../worker/protocol.js';
import { loadNamed, memoryLimit, readInput, readMaterials } from '../materials.js';
import { vectorInput } from '../noise.js';
import type { TaskTools } from '../task-tools.js';
import type { DreamJobRecipe } from './recipe.js';

const checkpointName = 'dream.checkpoint';
const previewEveryMs = 500;
/** Writing checkpoints takes at most one part in so many of the time. */
const sparing = 20;

/** Dreams a picture. */
export async function dreamTask(task: Task, tools: TaskTools): Promise<Outcome> {
  const wanted = task.recipe as DreamJobRecipe;
  const kept = task.checkpoint[checkpointName];
  const unfinished = kept === undefined ? undefined : openKept(kept);
  const network = await loadNamed(wanted.model);
  // Another number of threads would give other last digits than the dream so far.
  const threads = unfinished?.recipe.runtime.threads ?? task.threads;
  const platform = await createNodePlatform({ threads, scratchFolder: task.folder });
  try {
    const picture = await readInput(task, wanted.input, wanted.options.size);
    const materials = await readMaterials(task, wanted);
    const limits = { memoryBytes: memoryLimit(), scratch: true, guides: materials.guides };
    const layers = await resolveLayers(wanted.options.layers, network, picture, platform);
    const options = { ...wanted.options, ...decidedBefore(wanted.options, unfinished), layers };
    const precise = await resolvePrecision(options, { network, picture, platform, limits });
    const plan = planDream(network, picture, precise, limits);
    const recipe = recipeOf(wanted, plan, platform);
    const same = unfinished && canonicalJson(unfinished.recipe) === canonicalJson(recipe) ? unfinished : undefined;
    const keeper = new Keeper(task, tools, recipe);
    for await (const event of dreamRaster(plan, picture, {
      platform,
      stop: tools.stop,
      previewEveryMs,
      ...materials,
      checkpoint: (state, stops) => keeper.save(state, stops),
      ...(same && { resumeFrom: same.state }),
    })) {
      if (event.type !== 'finished') await tell(event, plan, tools);
      else if (event.stopped && tools.stop.reason !== 'keep') return { type: 'stopped' };
      else return { type: 'done', files: [await writeResult(event, withStop(recipe, event), task, wanted.output)] };
    }
    throw new Error('internal: a dream ends with its result');
  } finally {
    unfinished?.close();
    await platform.close();
  }
}

/** What an earlier attempt has found out about its machine: another answer now would make another dream. */
function decidedBefore({ tile, precision }: DreamOptions, unfinished: UnfinishedDream | undefined) {
  const before = unfinished?.recipe.options;
  if (!before) return {};
  const measured = precision === 'auto' && { precision: before.precision, perOctave: before.perOctave };
  return { tile: tile ?? before.tile, ...measured };
}

/** A checkpoint that cannot be used is worth nothing, and the dream begins anew. */
function openKept(path: string): UnfinishedDream | undefined {
  try {
    return openDreamCheckpoint(path);
  } catch (error) {
    if (error instanceof ImageError) return undefined;
    throw error;
  }
}

function recipeOf(wanted: DreamJobRecipe, plan: Plan, platform: NodePlatform): Recipe {
  const { output, input, mask, guides, matchTo, direction } = wanted;
  return createRecipe({
    options: plan.options,
    output,
    model: recipeModel(plan.network),
    input,
    ...(mask && { mask }),
    ...(guides && { guides }),
    ...(matchTo && { matchTo }),
    ...(direction && { direction: vectorInput(Float32Array.from(direction)) }),
    runtime: { name: platform.runtime, version: platform.runtimeVersion, threads: platform.cores },
  });
}

/** Passes on what a dream tells. */
async function tell(event: ProgressEvent, plan: Plan, tools: TaskTools): Promise<void> {
  if (event.type === 'step') {
    const at = { octave: event.octave, octaves: plan.octaves.length, step: event.step };
    tools.progress({ ...progressOf(event, plan.totalSteps), at });
  }
  if (event.type === 'preview') tools.preview(await encodePreview(event));
}

/** How far a dream is after a step. */
export function progressOf(event: Extract<ProgressEvent, { type: 'step' }>, total: number): JobProgress {
  const { progress01, stepsDone: done, objective, remainingMs } = event;
  return { progress01, done, total, objective, remainingMs };
}

/** A preview as a file. */
export async function encodePreview({ rgb, width, height }: Preview): Promise<MadePreview> {
  const bytes = await encodePicture(pictureOfRgb(rgb, width, height), { format: 'jpeg', quality: 80 });
  return { mediaType: 'image/jpeg', bytes, width, height };
}

/** A dream that was ended early says where. */
function withStop(recipe: Recipe, { stopped }: Finished<RasterPicture>): Recipe {
  return stopped ? { ...recipe, stopped } : recipe;
}

async function writeResult(
  { picture }: Finished<RasterPicture>,
  recipe: Recipe,
  task: Task,
  { format, quality, depth }: DreamJobRecipe['output'],
) {
  const parts = await encodePictureInParts(picture, {
    format,
    depth: depth === '16' ? 16 : 8,
    ...(quality !== null && { quality }),
    recipe: canonicalJson(recipe),
  });
  const name = `dream.${format === 'jpeg' ? 'jpg' : format}`;
  const path = join(task.folder, name);
  await writeWhole(path, parts, { overwrite: true });
  return { name, path, mediaType: `image/${format}`, width: picture.width, height: picture.height };
}

/** Keeps checkpoints: not more often than is asked for, nor so often that it slows the dream down. */
class Keeper {
  readonly #path: string;
  readonly #recipe: Recipe;
  readonly #tools: TaskTools;
  #pauseMs: number;
  readonly #leastMs: number;
  #savedAt = performance.now();

  constructor(task: Task, tools: TaskTools, recipe: Recipe) {
    this.#path = join(task.folder, checkpointName);
    this.#tools = tools;
    this.#recipe = recipe;
    this.#leastMs = task.checkpointEveryMs;
    this.#pauseMs = task.checkpointEveryMs;
  }

  async save(state: DreamState, stops: boolean): Promise<void> {
    const startedAt = performance.now();
    if (!stops && startedAt - this.#savedAt < this.#pauseMs) return;
    await writeDreamCheckpoint(this.#path, this.#recipe, state);
    await this.#tools.checkpoint(checkpointName, this.#path);
    this.#savedAt = performance.now();
    if (this.#leastMs > 0) this.#pauseMs = Math.max(this.#leastMs, sparing * (this.#savedAt - startedAt));
  }
}
