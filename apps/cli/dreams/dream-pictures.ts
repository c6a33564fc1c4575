import { rm } from 'node:fs/promises';
import {
  checkEncoding,
  createNodePlatform,
  type DreamOptions,
  dreamOptionsOf,
  type EncodePictureOptions,
  freshSeed,
  loadNetwork,
  type Network,
  type NodePlatform,
  OptionError,
  OutputError,
  outputOptions,
  parseOptions,
  type RasterPicture,
  resolveOptions,
  resolvePrecision,
  type Size,
} from '../../../src/platform/node/index.js';
import { exitCodes } from '../exit-codes.js';
import { readInput } from '../files/input-file.js';
import { listPictures } from '../files/list-pictures.js';
import { guideSizes, impliedOptions, type MaterialFlags, materialPaths, readMaterials } from '../files/materials.js';
import { checkWritable, isFolder, standardStream, type Target, targetRule, targetsFor } from '../files/output-file.js';
import type { Source, Sources } from '../files/source.js';
import { type ModelFlags, preprocessingOf } from '../flags/model-flags.js';
import { classesOf } from '../inspect/classes-of.js';
import { onInterrupt } from '../interrupt.js';
import { describePlan } from '../report/describe-plan.js';
import { assumptionText } from '../report/describe-preprocessing.js';
import { announceRuntime, reportDream, say } from '../report/report.js';
import type { BatchPosition } from '../terminal/batch-line.js';
import { Batch, type Outcome } from './batch.js';
import { canGoOnOver, checkpointPath, findUnfinished, isDreamed, isFinished } from './checkpoint.js';
import { goOnAdvice } from './go-on.js';
import {
  encodingOf,
  makeDream,
  type PlanNeeds,
  type ProgressMode,
  planLimits,
  planWithinMemory,
  ranks,
} from './make-dream.js';
import { watchFolder } from './watch-folder.js';

/** The flags of `pareidolia dream` that are in no table. */
export interface DreamFlags extends ModelFlags, MaterialFlags {
  readonly recursive?: boolean;
  readonly filesFrom?: string;
  readonly watch?: boolean;
  readonly output?: string;
  readonly format?: string;
  readonly preset?: string;
  readonly model?: string;
  readonly maxMemory?: number;
  readonly resume?: boolean;
  readonly threads?: number;
  readonly force?: boolean;
  readonly metadata: boolean;
  readonly json?: boolean;
  readonly plan?: boolean;
  readonly classes?: boolean;
  readonly quiet?: boolean;
  readonly progress: ProgressMode;
}

/** The flags that are in tables, as far as they were given. */
export interface GivenOptions {
  readonly dream: Readonly<Record<string, unknown>>;
  readonly output: Readonly<Record<string, unknown>>;
}

/**
 * Dreams pictures one after the other.
 *
 * What is wrong with one of many pictures does not stop the rest. A single one throws its error, and so does what
 * would be wrong with every picture.
 *
 * @param names files, folders, globs, or `-` for standard input
 * @returns the exit code
 */
export async function dreamPictures(names: readonly string[], flags: DreamFlags, given: GivenOptions): Promise<number> {
  const { plan: planOnly = false, force = false, json = false, quiet = false, recursive = false } = flags;
  checkTogether(names, flags);
  const options = dreamOptionsOf({ ...impliedOptions(flags, given.dream), ...given.dream, preset: flags.preset });
  const output = parseOptions(outputOptions, given.output);
  const folder = flags.watch ? await watchedFolder(names) : undefined;
  const sources: Sources = folder === undefined ? await listPictures(names, flags) : { pictures: [], many: true };
  const targetFlags = { ...flags, json: json && !planOnly };
  const targets = await targetsFor(sources, targetFlags);
  const targetOf = await targetRule(sources.many, targetFlags);
  const formats = folder === undefined ? targets : [targetOf({ path: folder, beneath: '' })];
  for (const { format } of formats) checkEncoding(encodingOf(format, output));
  const tools = new Tools(flags);
  const materials = await readMaterials(flags);
  const guides = guideSizes(materials);

  // A single picture listens for Ctrl-C while it is dreamed; many do until the last.
  const interrupt = sources.many ? onInterrupt(noWord, noWord) : undefined;

  const dreamOne = async ({ path: input }: Source, target: Target, position?: BatchPosition): Promise<Outcome> => {
    const { model, metadata, progress, resume, maxMemory } = flags;
    const overwrites = force || (resume === true && (await canGoOnOver(target.path)));
    if (resume && !force && !planOnly && (await isDreamed(target.path))) {
      await rm(checkpointPath(target.path), { force: true });
      if (!quiet) say(`${target.path} is finished already.`);
      return 'finished';
    }
    if (!planOnly) await checkWritable(target.path, overwrites, target.makesFolder, [input]);
    const unfinished = planOnly ? undefined : await findUnfinished(target.path, { resume, force, quiet });
    const begun = unfinished?.recipe.options;
    const read = await readInput(input, options.size);
    const network = await tools.network();
    const resolved = ranks(options.layers, options.perOctave)
      ? await resolveOptions(options, network, read.picture, await tools.platform(network))
      : options;
    const seed = options.seed ?? begun?.seed ?? freshSeed();
    const encoding = encodingOf(target.format, output);
    const planned = {
      ...resolved,
      ...measuredBefore(options, begun),
      seed,
      tile: options.tile ?? begun?.tile ?? null,
    };
    const needs = { encoding, guides, maxMemory };
    const precise = planOnly ? unmeasured(planned) : await tools.precision(planned, network, read.picture, needs);
    const plan = planWithinMemory(network, read.picture, precise, needs);
    if (planOnly) {
      describePlan(plan, input, json);
      return 'planned';
    }
    checkHolds(encoding, plan.picture);
    const platform = await tools.platform(network);
    if (interrupt?.stop.aborted) return 'not begun';
    const before = flags.classes ? await classesOf(network, read.picture, platform) : undefined;
    let after: Awaited<ReturnType<typeof classesOf>> = [];
    const report = await makeDream({
      plan,
      unfinished,
      platform,
      input: read,
      materials,
      output,
      target,
      force: overwrites,
      metadata,
      progress: quiet && progress === 'auto' ? 'none' : progress,
      position,
      look:
        before &&
        (async (picture) => {
          after = await classesOf(network, picture, platform);
        }),
    });
    const goOn = goOnAdvice({
      ...{ output: target.path, input, model, metadata, seed },
      materials: materialPaths(flags),
    });
    const classes = before && { before, after };
    if (!quiet || json) reportDream(report, input, goOn, json, classes);
    return report;
  };

  try {
    if (!interrupt) {
      const outcome = await dreamOne(sources.pictures[0]!, targets[0]!);
      return typeof outcome === 'object' && outcome.recipe.stopped ? exitCodes.interrupted : exitCodes.ok;
    }
    const { stop } = interrupt;
    const batch = new Batch(dreamOne, { json, quiet: quiet || json || planOnly });
    try {
      if (folder === undefined)
        return batch.finish(
          await dreamAll(batch, sources.pictures, targets, { skips: flags.resume === true && !force, stop }),
        );
      // What is wrong with the network shall not wait for a picture.
      await tools.network();
      if (!quiet) say(`Watching ${folder} for pictures. Ctrl-C ends it.`);
      return batch.finish(
        await watchFolder(batch, { folder, recursive, again: force, resume: flags.resume ?? false, targetOf, stop }),
      );
    } catch (error) {
      if (batch.begun) batch.finish(0);
      throw error;
    }
  } finally {
    interrupt?.release();
    await tools.close();
  }
}

const noWord = (): void => {};

/** Refuses a picture that is larger than its format can hold; its neighbours may be smaller. */
function checkHolds(encoding: EncodePictureOptions, size: Size): void {
  try {
    checkEncoding(encoding, size);
  } catch (cause) {
    throw cause instanceof OptionError ? new OutputError('output/write', cause.message, { cause }) : cause;
  }
}

/** Refuses what cannot go together, before any work is done. */
function checkTogether(names: readonly string[], flags: DreamFlags): void {
  const { filesFrom, watch, plan } = flags;
  const materials = materialPaths(flags).map(([, path]) => path);
  const readers = [...names, filesFrom, ...materials].filter((name) => name === standardStream).length;
  if (readers > 1) {
    const message = `-: standard input can be read once, and - stands ${readers} times. Name a file instead.`;
    throw new OptionError('option/invalid', message);
  }
  for (const [given, flag] of [
    [filesFrom !== undefined, '--files-from'],
    [plan, '--plan'],
  ] as const) {
    if (watch && given)
      throw new OptionError('option/invalid', `--watch does not go with ${flag}. Leave one of them out.`);
  }
}

async function watchedFolder(names: readonly string[]): Promise<string> {
  const [folder = ''] = names;
  if (names.length === 1 && (await isFolder(folder))) return folder;
  const got = names.length === 1 ? folder : `${names.length} names`;
  throw new OptionError('option/invalid', `--watch: expected one folder, got ${got}. Name the folder alone.`);
}

/**
 * Dreams a list to its end, and returns how many pictures Ctrl-C has left out.
 *
 * @param skips whether pictures that were dreamed by an earlier run are left as they are
 */
async function dreamAll(
  batch: Batch,
  pictures: readonly Source[],
  targets: readonly Target[],
  { skips, stop }: { skips: boolean; stop: AbortSignal },
): Promise<number> {
  for (const [i, source] of pictures.entries()) {
    if (stop.aborted) return pictures.length - i;
    if (skips && (await isFinished(targets[i]!.path))) batch.skip();
    else await batch.dream(source, targets[i]!, pictures.length - i - 1);
  }
  return 0;
}

/** The network and what runs it, both loaded when they are first needed and kept for the next picture. */
class Tools {
  readonly #flags: DreamFlags;
  #network: Network | undefined;
  #platform: NodePlatform | undefined;

  constructor(flags: DreamFlags) {
    this.#flags = flags;
  }

  async network(): Promise<Network> {
    this.#network ??= await loadNetwork(this.#flags.model, { preprocessing: preprocessingOf(this.#flags) });
    return this.#network;
  }

  /** What runs the network; says, the first time, what is to be known about the two. */
  async platform(network: Network): Promise<NodePlatform> {
    if (this.#platform) return this.#platform;
    const { threads, quiet } = this.#flags;
    this.#platform = await createNodePlatform(threads ? { threads } : {});
    if (!quiet) {
      announceRuntime(this.#platform);
      if (!network.preprocessingKnown) say(assumptionText(network));
    }
    return this.#platform;
  }

  /** Options with the precision decided, measured on this machine where it is `auto`. */
  async precision(
    options: DreamOptions,
    network: Network,
    picture: RasterPicture,
    needs: PlanNeeds,
  ): Promise<DreamOptions> {
    if (options.precision !== 'auto') return options;
    const platform = await this.platform(network);
    return resolvePrecision(options, { network, picture, platform, limits: planLimits(needs) });
  }

  async close(): Promise<void> {
    await this.#platform?.close();
  }
}

/** What was chosen for a dream that goes on, where the precision is to be measured. */
function measuredBefore({ precision }: DreamOptions, begun: DreamOptions | undefined): Partial<DreamOptions> {
  return precision === 'auto' && begun ? { precision: begun.precision, perOctave: begun.perOctave } : {};
}

/** A plan alone measures nothing. */
function unmeasured(options: DreamOptions): DreamOptions {
  return options.precision === 'auto' ? { ...options, precision: 'float32' } : options;
}
