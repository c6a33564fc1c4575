import {
  canonicalJson,
  createRecipe,
  type DreamEvent,
  type DreamOptions,
  dream,
  encodePicture,
  type Network,
  type NodePlatform,
  type OutputOptions,
  type PictureFormat,
  planDream,
  type Recipe,
  writeWhole,
} from '../../src/platform/node/index.js';
import type { Input } from './input-file.js';
import { onInterrupt } from './interrupt.js';
import { standardStream, writeToStandardOutput } from './output-file.js';
import { createProgress } from './terminal/progress.js';

/** How progress is shown. */
export type ProgressMode = 'auto' | 'json' | 'none';

/** One picture to dream, with everything decided. */
export interface DreamJob {
  readonly network: Network;
  readonly platform: NodePlatform;
  readonly input: Input;
  /** Every option with its value, the seed among them. */
  readonly options: DreamOptions;
  readonly output: OutputOptions & { readonly format: PictureFormat };
  /** File to write, or `-`. */
  readonly path: string;
  readonly force: boolean;
  /** Whether the recipe goes into the file. */
  readonly metadata: boolean;
  readonly progress: ProgressMode;
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
}

/** Dreams one picture, shows how it goes, and writes the result whole or not at all. */
export async function makeDream(job: DreamJob): Promise<DreamReport> {
  const { network, platform, input, options } = job;
  const memoryBytes = process.memoryUsage.rss() + (platform.freeMemoryBytes?.() ?? Number.POSITIVE_INFINITY);
  const plan = planDream(network, input.picture, options, { memoryBytes });
  const progress = createProgress({
    stream: process.stderr,
    mode: job.progress,
    picture: job.path !== standardStream || process.stderr.isTTY === true,
    env: process.env,
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
    const previews = progress.wantsPreviews ? { previewEveryMs: 400 } : {};
    for await (const event of dream(plan, input.picture, { platform, stop: interrupt.stop, ...previews })) {
      progress.handle(event, plan);
      if (event.type === 'finished') finished = event;
    }
    progress.end();
    const { picture, stopped, ...result } = finished!;
    const recipe = createRecipe({
      options,
      output: job.output,
      model: { name: network.name, sha256: network.sha256 },
      input: { name: input.name, sha256: input.sha256 },
      runtime: { name: platform.runtime, version: platform.runtimeVersion, threads: platform.cores },
      ...(stopped && { stopped }),
    });
    const { format, quality, depth } = job.output;
    const bytes = await encodePicture(picture, {
      format,
      depth: depth === '16' ? 16 : 8,
      ...(quality !== null && { quality }),
      ...(job.metadata && { recipe: canonicalJson(recipe) }),
    });
    if (job.path === standardStream) await writeToStandardOutput(bytes);
    else await writeWhole(job.path, bytes, { overwrite: job.force });
    return {
      output: job.path,
      width: picture.width,
      height: picture.height,
      objectiveFirst: result.objectiveFirst,
      objectiveLast: result.objectiveLast,
      steps: result.steps,
      seconds: result.elapsedMs / 1000,
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      seed: options.seed!,
      recipe,
    };
  } finally {
    progress.end();
    interrupt.release();
  }
}
