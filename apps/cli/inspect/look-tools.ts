import { parse } from 'node:path';
import {
  builtInName,
  createNodePlatform,
  freeMemoryBytes,
  loadNetwork,
  type Network,
  type NodePlatform,
  PlatformError,
} from '../../../src/platform/node/index.js';
import { refusedModel } from '../dreams/make-dream.js';
import { type ModelFlags, preprocessingOf } from '../flags/model-flags.js';
import { assumptionText } from '../report/describe-preprocessing.js';
import { announceRuntime, say } from '../report/report.js';

/** What a look into a network needs of the command line. */
export interface LookFlags extends ModelFlags {
  readonly model?: string;
  readonly threads?: number;
  readonly quiet?: boolean;
}

/** Loads a network and what runs it, lets them work, and says what is to be known about the two. */
export async function withNetwork<T>(
  flags: LookFlags,
  work: (network: Network, platform: NodePlatform) => Promise<T>,
): Promise<T> {
  const { model, threads, quiet } = flags;
  const network = await loadNetwork(model, { preprocessing: preprocessingOf(flags) });
  const platform = await createNodePlatform(threads ? { threads } : {});
  try {
    if (!quiet) {
      announceRuntime(platform);
      if (!network.preprocessingKnown) say(assumptionText(network));
    }
    return await work(network, platform);
  } catch (error) {
    throw error instanceof PlatformError && network.name !== builtInName ? refusedModel(network, error) : error;
  } finally {
    await platform.close();
  }
}

/** Bytes that the process may have in all. */
export function memoryLimit(): number {
  return process.memoryUsage.rss() + freeMemoryBytes();
}

/** A number for people: two or three digits that count, such as 0.83, 12 or 4160. */
export function shortNumber(value: number): string {
  return Math.abs(value) >= 10 ? value.toFixed(0) : value.toPrecision(2);
}

/** A file beside another one, for one of its layers. */
export function besideFor(path: string, layer: string, extension: string): string {
  const { dir, name } = parse(path);
  const safe = layer.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+/, '');
  return `${dir === '' ? '' : `${dir}/`}${name}-${safe}.${extension}`;
}
