import {
  builtInName,
  canonicalJson,
  checkEncoding,
  createRecipe,
  type DreamEvent,
  type DreamOptions,
  dream,
  type EncodePictureOptions,
  encodePicture,
  freeMemoryBytes,
  ModelError,
  type Network,
  type NodePlatform,
  type OutputOptions,
  type Picture,
  type PictureFormat,
  type Plan,
  PlatformError,
  planDream,
  type Recipe,
  recipeModel,
  type Size,
  writeWhole,
} from '../../src/platform/node/index.js';
import type { Input } from './input-file.js';
import { onInterrupt } from './interrupt.js';
import { type Materials, recipeMaterials, runOptionsOf } from './materials.js';
import { makeFolderFor, standardStream, type Target } from './output-file.js';
import { writeToStandardOutput } from './standard-streams.js';
import type { BatchPosition } from './terminal/batch-line.js';
import { createProgress } from './terminal/progress.js';

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
}

/** What a dream came to. */
export interface DreamReport {
  readonly output: string;
  readonly picture: Picture;
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

/** Plans a dream that must fit into the memory that is free now. */
export function planWithinMemory(
  network: Network,
  picture: Size,
  options: DreamOptions,
  guides: readonly Size[] = [],
): Plan {
  return planDream(network, picture, options, { memoryBytes: process.memoryUsage.rss() + freeMemoryBytes(), guides });
}

/** Dreams one picture, shows how it goes, and writes the result whole or not at all. */
export async function makeDream(job: DreamJob): Promise<DreamReport> {
  const { plan, platform, input, materials, target } = job;
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
  const interrupt = onInterrupt(
    () => progress.note('Stopping after this step and keeping the dream so far. Ctrl-C again leaves at once.'),
    () => progress.end(),
  );
  try {
    let finished: Extract<DreamEvent, { type: 'finished' }> | undefined;
    const running = {
      platform,
      stop: interrupt.stop,
      ...(progress.wantsPreviews && { previewEveryMs: 400 }),
      ...runOptionsOf(materials),
    };
    for await (const event of dream(plan, input.picture, running)) {
      progress.handle(event, plan);
      if (event.type === 'finished') finished = event;
    }
    progress.end();
    const { picture, stopped, ...result } = finished!;
    const recipe = createRecipe({
      options,
      output: { ...job.output, format: target.format },
      model: recipeModel(network),
      input: { name: input.name, sha256: input.sha256 },
      ...recipeMaterials(materials),
      runtime: { name: platform.runtime, version: platform.runtimeVersion, threads: platform.cores },
      ...(stopped && { stopped }),
    });
    const bytes = await encodePicture(picture, {
      ...encoding,
      ...(job.metadata && { recipe: canonicalJson(recipe) }),
    });
    await write(target, bytes, job.force);
    return {
      output: target.path,
      picture,
      width: picture.width,
      height: picture.height,
      objectiveFirst: result.objectiveFirst,
      objectiveLast: result.objectiveLast,
      steps: result.steps,
      seconds: result.elapsedMs / 1000,
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      seed: options.seed!,
      recipe,
      interrupted: interrupt.stop.aborted,
    };
  } catch (error) {
    throw error instanceof PlatformError && network.name !== builtInName ? refusedModel(network, error) : error;
  } finally {
    progress.end();
    interrupt.release();
  }
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

async function write({ path, makesFolder }: Target, bytes: Uint8Array, force: boolean): Promise<void> {
  if (path === standardStream) return writeToStandardOutput(bytes);
  if (makesFolder) await makeFolderFor(path);
  await writeWhole(path, bytes, { overwrite: force });
}
