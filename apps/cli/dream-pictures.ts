import {
  checkEncoding,
  createNodePlatform,
  dreamOptionsOf,
  freshSeed,
  ImageError,
  loadNetwork,
  MemoryError,
  type Network,
  type NodePlatform,
  OutputError,
  outputOptions,
  parseOptions,
  planDream,
} from '../../src/platform/node/index.js';
import { describePlan } from './describe-plan.js';
import { assumptionText } from './describe-preprocessing.js';
import { exitCodes } from './exit-codes.js';
import { goOnAdvice } from './go-on.js';
import { readInput } from './input-file.js';
import { type DreamReport, encodingOf, makeDream, type ProgressMode, planWithinMemory } from './make-dream.js';
import { type ModelFlags, preprocessingOf } from './model-flags.js';
import { checkWritable, type Target, targetsFor } from './output-file.js';
import { announceRuntime, reportDream, say } from './report.js';

/** The flags of `pareidolia dream` that are in no table. */
export interface DreamFlags extends ModelFlags {
  readonly output?: string;
  readonly format?: string;
  readonly preset?: string;
  readonly model?: string;
  readonly mask?: string;
  readonly threads?: number;
  readonly force?: boolean;
  readonly metadata: boolean;
  readonly json?: boolean;
  readonly plan?: boolean;
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
 * What is wrong with one of several pictures does not stop the rest. A single one throws its error, and so does what
 * would be wrong with every picture.
 *
 * @returns the exit code
 */
export async function dreamPictures(
  inputs: readonly string[],
  flags: DreamFlags,
  given: GivenOptions,
): Promise<number> {
  const options = dreamOptionsOf({ ...given.dream, preset: flags.preset });
  const output = parseOptions(outputOptions, given.output);
  const targets = await targetsFor(inputs, { ...flags, json: flags.json && !flags.plan });
  for (const { format } of targets) checkEncoding(encodingOf(format, output));
  const tools = new Tools(flags);
  const mask = flags.mask === undefined ? undefined : await readInput(flags.mask, 0);

  const dreamOne = async (input: string, target: Target): Promise<DreamReport | undefined> => {
    const { plan = false, force = false, json = false, quiet = false, model, metadata, progress } = flags;
    if (!plan) await checkWritable(target.path, force, target.makesFolder);
    const read = await readInput(input, options.size);
    const network = await tools.network();
    const seeded = { ...options, seed: options.seed ?? freshSeed() };
    if (plan) {
      describePlan(planDream(network, read.picture, seeded), input, json);
      return undefined;
    }
    const report = await makeDream({
      plan: planWithinMemory(network, read.picture, seeded),
      platform: await tools.platform(network),
      input: read,
      mask,
      output,
      target,
      force,
      metadata,
      progress: quiet && progress === 'auto' ? 'none' : progress,
    });
    const goOn = goOnAdvice({ output: target.path, input, mask: flags.mask, model, metadata, seed: seeded.seed });
    if (!quiet || json) reportDream(report, input, goOn, json);
    return report;
  };

  let failed = 0;
  try {
    for (const [i, input] of inputs.entries()) {
      try {
        const report = await dreamOne(input, targets[i]!);
        const left = inputs.length - i - 1;
        if (report?.recipe.stopped || (report?.interrupted && left > 0)) {
          if (left > 0) say(`Not begun: ${left} of ${inputs.length} pictures.`);
          return exitCodes.interrupted;
        }
      } catch (error) {
        if (inputs.length === 1 || !isAboutOnePicture(error)) throw error;
        failed++;
        say(`pareidolia: ${error.message.includes(input) ? '' : `${input}: `}${error.message}`);
      }
    }
  } finally {
    await tools.close();
  }
  if (failed === 0) return exitCodes.ok;
  say(`${failed} of ${inputs.length} pictures failed.`);
  return exitCodes.someFailed;
}

function isAboutOnePicture(error: unknown): error is ImageError | MemoryError | OutputError {
  return error instanceof ImageError || error instanceof MemoryError || error instanceof OutputError;
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

  async close(): Promise<void> {
    await this.#platform?.close();
  }
}
