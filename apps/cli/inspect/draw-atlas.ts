import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import {
  createNodePlatform,
  type NodePlatform,
  OptionError,
  OutputError,
  pictureFormats,
  pictureOf,
  planChannels,
  visualizationOptionsOf,
  visualizeChannels,
} from '../../../src/platform/node/index.js';
import { exitCodes } from '../exit-codes.js';
import { channelVector, noiseInput } from '../files/made-input.js';
import type { ModelFlags } from '../flags/model-flags.js';
import { onInterrupt } from '../interrupt.js';
import { oneLine, say } from '../report/report.js';
import { createCountProgress } from '../terminal/count-progress.js';
import { AtlasFolder } from './atlas-folder.js';
import { cellRecipe, fileNameOf } from './dream-cells.js';
import { memoryLimit, withNetwork } from './look-tools.js';

/** The flags of `pareidolia atlas` that are in no table. */
export interface AtlasFlags extends ModelFlags {
  readonly output?: string;
  readonly model?: string;
  readonly threads?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly progress: 'auto' | 'json' | 'none';
}

/** The flags that are in tables. */
interface GivenOptions {
  readonly own: { readonly size: number; readonly channels: string };
  /** As far as they were given, steps and seed in any case. */
  readonly dream: Readonly<Record<string, unknown>>;
}

/**
 * Draws what each channel of a layer looks for.
 *
 * @returns the exit code
 */
export async function drawAtlas(layer: string, flags: AtlasFlags, given: GivenOptions): Promise<number> {
  const { json = false, quiet = false, progress: mode } = flags;
  const { size, channels: chosen } = given.own;
  const options = visualizationOptionsOf({ ...given.dream, layers: layer });
  const folder = flags.output ?? `${fileNameOf(layer)}-atlas`;
  refuseFile(folder);
  const cores = flags.threads ?? availableParallelism();

  return withNetwork({ ...flags, threads: 1 }, async (network, platform) => {
    const seed = options.seed!;
    const input = noiseInput(size, size, seed);
    const start = pictureOf(input.picture);
    const planned = planChannels(network, start, options, memoryLimit());
    const { plan, count } = planned;
    const wanted = channelsOf(chosen, count, planned.layer);
    await makeFolder(folder);
    const name = fileNameOf(planned.layer);
    const atlas = await AtlasFolder.open(folder, {
      ...{ network, layer: planned.layer, count, size, steps: options.steps, seed },
      recipeOf: (channel) => {
        const materials = { guides: [], direction: channelVector(channel, count) };
        const output = { format: 'png', depth: '8', quality: null } as const;
        return cellRecipe({ input, materials, output }, plan, platform);
      },
      fileOf: (channel) => `${name}-${String(channel).padStart(4, '0')}.png`,
    });
    const there = new Set(atlas.channels);
    const missing = wanted.filter((channel) => !there.has(channel));

    const startedAt = performance.now();
    const progress = createCountProgress({
      stream: process.stderr,
      mode: quiet && mode === 'auto' ? 'none' : mode,
      env: process.env,
      what: planned.layer,
      type: 'channel',
      before: wanted.length - missing.length,
      count: wanted.length,
    });
    const interrupt = onInterrupt(
      () => progress.note('Stopping. What is done stays. Ctrl-C again leaves at once.'),
      () => progress.end(),
    );
    const platforms = [platform];
    try {
      const most = Math.min(cores, missing.length, Math.floor(memoryLimit() / plan.peakBytes));
      while (platforms.length < most) platforms.push(await createNodePlatform({ threads: 1 }));
      await visualizeChannels(planned, missing, start, {
        platforms,
        signal: interrupt.stop,
        drawn: async ({ channel, picture, objectiveFirst, objectiveLast }) => {
          await atlas.add(channel, picture, { objectiveFirst, objectiveLast });
          progress.advance({ channel, objectiveFirst, objectiveLast });
        },
      });
    } catch (error) {
      if (!interrupt.stop.aborted) throw error;
    } finally {
      progress.end();
      interrupt.release();
      await closeAll(platforms.slice(1));
    }
    const drawn = atlas.channels.length - there.size;
    const seconds = (performance.now() - startedAt) / 1000;
    const stopped = drawn < missing.length;
    const sheets = stopped ? [] : await atlas.writeSheets();
    if (json) {
      const object = { output: folder, layer: planned.layer, asked: wanted.length, drawn, sheets, seconds, stopped };
      process.stdout.write(`${JSON.stringify(object)}\n`);
    } else if (!quiet) {
      const done = wanted.length - missing.length + drawn;
      const text = stopped
        ? `Stopped. ${done} of ${wanted.length} channels are in ${folder}; the same command goes on.`
        : `What ${wanted.length} channels of ${planned.layer} look for is in ${folder} (${drawn} drawn in ${seconds.toFixed(1)} s): ${sheets.join(', ')}.`;
      say(oneLine(text));
    }
    return stopped ? exitCodes.interrupted : exitCodes.ok;
  });
}

async function closeAll(platforms: readonly NodePlatform[]): Promise<void> {
  await Promise.all(platforms.map((each) => each.close()));
}

/** A name that ends like a picture's is meant for one, and there would be a folder of that name. */
function refuseFile(folder: string): void {
  if (!Object.hasOwn(pictureFormats, extname(folder).slice(1).toLowerCase())) return;
  throw new OptionError(
    'option/invalid',
    `-o: expected a folder for pictures, sheets and atlas.json, got the file ${folder}. Leave out its ending.`,
  );
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: Error) => {
    const message = `${folder}: the folder cannot be made (${cause.message}). Choose another place with -o.`;
    throw new OutputError('output/write', message, { cause });
  });
}

/** Channels by their numbers: `all`, or such as `0-63,100`. */
function channelsOf(text: string, count: number, layer: string): number[] {
  if (text === 'all') return [...Array(count).keys()];
  const channels = text.split(',').flatMap((part) => {
    const [, first, last = first] = /^\s*(\d+)(?:\s*-\s*(\d+))?\s*$/.exec(part) ?? [];
    const [low, high] = [Number(first), Number(last)];
    if (first === undefined || high < low || high >= count) {
      throw new OptionError(
        'option/invalid',
        `--channels: expected channels from 0 to ${count - 1} of ${layer}, such as 0-63,100, got "${text}".`,
      );
    }
    return Array.from({ length: high - low + 1 }, (_, i) => low + i);
  });
  return [...new Set(channels)].sort((a, b) => a - b);
}
