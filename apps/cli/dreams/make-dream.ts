import {
  builtInName,
  canonicalJson,
  checkEncoding,
  createRecipe,
  type DreamOptions,
  type DreamState,
  dreamRaster,
  type EncodePictureOptions,
  encodePictureInParts,
  type Finished,
  freeMemoryBytes,
  ModelError,
  type Network,
  type NodePlatform,
  type OutputOptions,
  type PictureFormat,
  type Plan,
  type PlanLimits,
  PlatformError,
  planDream,
  type RasterPicture,
  type Recipe,
  recipeModel,
  type Size,
  type UnfinishedDream,
  writeWhole,
} from '../../../src/platform/node/index.js';
import type { Input } from '../files/input-file.js';
import { type Materials, recipeMaterials, runOptionsOf } from '../files/materials.js';
import { makeFolderFor, standardStream, type Target } from '../files/output-file.js';
import { onInterrupt } from '../interrupt.js';
import { writeToStandardOutput } from '../standard-streams.js';
import type { BatchPosition } from '../terminal/batch-line.js';
import { createProgress } from '../terminal/progress.js';
import { CheckpointKeeper, checkSameDream } from './checkpoint.js';

/** How progress is shown. */
export type ProgressMode = 'auto' | 'json' | 'none';

/** One picture to dream, with everything decided. */
export interface DreamJob {
  /** Made by {@link planWithinMemory}; its options hold a seed. */
  readonly plan: Plan;
  readonly platform: NodePlatform;
  readonly input: Input;
  /** What it goes by besides its picture. */
  readonly materials: Materials;
  readonly output: OutputOptions;
  /** Where it goes. */
  readonly target: Target;
  readonly force: boolean;
  /** Whether the recipe goes into the file. */
  readonly metadata: boolean;
  readonly progress: ProgressMode;
  /** Its place among others. */
  readonly position?: BatchPosition | undefined;
  /** Where to go on. */
  readonly unfinished?: UnfinishedDream | undefined;
  /** Is shown the result once it is written; it cannot be read later. */
  readonly look?: ((picture: RasterPicture) => Promise<void>) | undefined;
}

/** What a dream came to. */
export interface DreamReport {
  readonly output: string;
  readonly width: number;
  readonly height: number;
  readonly objectiveFirst: number;
  readonly objectiveLast: number;
  readonly steps: number;
  readonly seconds: number;
  readonly peakMemoryBytes: number;
  readonly seed: number;
  readonly recipe: Recipe;
  /** Whether Ctrl-C was pressed, even when the dream was whole by then. */
  readonly interrupted: boolean;
}

/** About how many bytes a pixel of 8-bit files are; dreams are full of detail. */
const fileBytesPerPixel: Readonly<Record<PictureFormat, number>> = { png: 2, tiff: 2.5, jpeg: 1, webp: 1, avif: 1 };

/** What a plan depends on besides picture and options. */
export interface PlanNeeds {
  /** How the result will be written. */
  readonly encoding: EncodePictureOptions;
  /** Sizes of the guides. */
  readonly guides?: readonly Size[];
  /** Bytes that the process may take; default: what it takes and what is free now. */
  readonly maxMemory?: number | undefined;
  /** Bytes that are taken besides the dream. Default: 0. */
  readonly besidesBytes?: number;
  /** A plan whose graphs are used again where they fit. */
  readonly like?: Plan | undefined;
}

/** Plans a dream that must fit into the memory. */
export function planWithinMemory(network: Network, picture: Size, options: DreamOptions, needs: PlanNeeds): Plan {
  return planDream(network, picture, options, planLimits(needs));
}

/** What the machine allows a plan. */
export function planLimits({
  encoding,
  guides = [],
  maxMemory = process.memoryUsage.rss() + freeMemoryBytes(),
  besidesBytes = 0,
  like,
}: PlanNeeds): PlanLimits {
  const sampleBytes = encoding.depth === 16 ? 2 : 1;
  return {
    memoryBytes: maxMemory,
    scratch: true,
    guides,
    like,
    besidesBytes,
    resultBytesPerPixel: sampleBytes * (3 + fileBytesPerPixel[encoding.format]),
  };
}

/** Whether layers name channels by how strong they are, which the network has to be asked. */
export function ranks(...texts: readonly string[]): boolean {
  return texts.some((text) => /\[\s*(strongest|weakest)\b/.test(text));
}

/** Dreams one picture, shows how it goes, and writes the result whole or not at all. */
export async function makeDream(job: DreamJob): Promise<DreamReport> {
  const { plan, platform, input, materials, target, unfinished } = job;
  const { network, options } = plan;
  const encoding = encodingOf(target.format, job.output);
  checkEncoding(encoding, plan.picture);
  const progress = createProgress({
    stream: process.stderr,
    mode: job.progress,
    picture: target.path !== standardStream || process.stderr.isTTY === true,
    env: process.env,
    position: job.position,
  });
  if (plan.leftOut.length > 0 && job.progress === 'auto') {
    const sizes = plan.leftOut.map(({ width, height }) => `${width}×${height}`).join(', ');
    progress.note(
      `Left out ${plan.leftOut.length} of ${options.octaves} octaves, too small for the network: ${sizes}.`,
    );
  }
  const recipe = recipeOf(job);
  if (unfinished) checkSameDream(target.path, unfinished.recipe, recipe);
  const keeper = new CheckpointKeeper(target, recipe, (text) => progress.note(text), unfinished?.state);
  const interrupt = onInterrupt(
    () => progress.note('Stopping after this step and keeping the dream so far. Ctrl-C again leaves at once.'),
    () => {
      if (keeper.advice) progress.note(keeper.advice);
      progress.end();
    },
  );
  try {
    let report: DreamReport | undefined;
    const running = {
      platform,
      stop: interrupt.stop,
      ...(progress.wantsPreviews && { previewEveryMs: 400 }),
      ...runOptionsOf(materials),
      checkpoint: (state: DreamState, stops: boolean) => keeper.save(state, stops),
      ...(unfinished && { resumeFrom: unfinished.state }),
    };
    for await (const event of dreamRaster(plan, input.picture, running)) {
      progress.handle(event, plan);
      if (event.type === 'finished') {
        progress.end();
        report = await writeResult(job, event, recipe, interrupt.stop.aborted);
        await job.look?.(event.picture);
      }
    }
    const stays = await keeper.finish(report!.recipe.stopped !== undefined);
    if (stays && keeper.advice) progress.note(keeper.advice);
    return report!;
  } catch (error) {
    throw error instanceof PlatformError && error.code === 'platform/runtime' && network.name !== builtInName
      ? refusedModel(network, error)
      : error;
  } finally {
    progress.end();
    interrupt.release();
    unfinished?.close();
  }
}

/** The recipe of a dream that runs to its end. */
function recipeOf({ plan, platform, input, materials, output, target }: DreamJob): Recipe {
  return createRecipe({
    options: plan.options,
    output: { ...output, format: target.format },
    model: recipeModel(plan.network),
    input: { name: input.name, sha256: input.sha256 },
    ...recipeMaterials(materials),
    runtime: { name: platform.runtime, version: platform.runtimeVersion, threads: platform.cores },
  });
}

async function writeResult(
  { target, output, force, metadata, plan }: DreamJob,
  { picture, stopped, ...result }: Finished<RasterPicture>,
  whole: Recipe,
  interrupted: boolean,
): Promise<DreamReport> {
  const recipe: Recipe = { ...whole, ...(stopped && { stopped }) };
  const parts = await encodePictureInParts(picture, {
    ...encodingOf(target.format, output),
    ...(metadata && { recipe: canonicalJson(recipe) }),
  });
  await write(target, parts, force);
  return {
    output: target.path,
    width: picture.width,
    height: picture.height,
    objectiveFirst: result.objectiveFirst,
    objectiveLast: result.objectiveLast,
    steps: result.steps,
    seconds: result.elapsedMs / 1000,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    seed: plan.options.seed!,
    recipe,
    interrupted,
  };
}

/** The built-in network is known to run; where another one does not, it is the likely cause. */
export function refusedModel({ name }: Network, cause: PlatformError): ModelError {
  return new ModelError('model/unsupported', `${name}: ${cause.message} Export it again, or use another network.`, {
    cause,
  });
}

/** What the encoder is told, in its own words. */
export function encodingOf(format: PictureFormat, { quality, depth }: OutputOptions): EncodePictureOptions {
  return { format, depth: depth === '16' ? 16 : 8, ...(quality !== null && { quality }) };
}

async function write({ path, makesFolder }: Target, parts: readonly Uint8Array[], force: boolean): Promise<void> {
  if (path === standardStream) {
    for (const part of parts) await writeToStandardOutput(part);
    return;
  }
  if (makesFolder) await makeFolderFor(path);
  await writeWhole(path, parts, { overwrite: force });
}
