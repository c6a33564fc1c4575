import { basename } from 'node:path';
import {
  activations,
  channelMeans,
  checkEncoding,
  contactSheet,
  encodePicture,
  fitted,
  formatOf,
  freeMemoryBytes,
  heatMap,
  heatOverlay,
  type LayerActivations,
  MemoryError,
  OptionError,
  type Picture,
  resize,
  type Size,
  stacked,
  writeNpy,
  writeWhole,
} from '../../../src/platform/node/index.js';
import { readWholeInput } from '../files/input-file.js';
import { checkWritable, standardStream, stemOf } from '../files/output-file.js';
import type { ModelFlags } from '../flags/model-flags.js';
import { say } from '../report/report.js';
import { writeToStandardOutput } from '../standard-streams.js';
import { besideFor, memoryLimit, shortNumber, withNetwork } from './look-tools.js';

/** The flags of `pareidolia activations` that have no default. */
export interface ActivationsFlags extends ModelFlags {
  readonly output?: string;
  readonly model?: string;
  readonly overlay?: boolean;
  readonly npy?: boolean;
  readonly threads?: number;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** The others, with their values. */
export interface ActivationsOptions {
  readonly layers: string;
  readonly top: number;
  readonly size: number;
  readonly cell: number;
}

/** A sheet of few maps is one row. */
const leastColumns = 6;

/** A layer with the channels that are shown of it, strongest first. */
interface Section {
  readonly layer: LayerActivations;
  readonly channels: readonly { readonly channel: number; readonly mean: number }[];
}

/**
 * Draws a contact sheet of the activations that a photo causes, and writes the activations themselves where asked for.
 */
export async function drawActivations(
  photo: string,
  flags: ActivationsFlags,
  options: ActivationsOptions,
): Promise<void> {
  const { force = false, json = false, quiet = false, npy = false } = flags;
  const output = outputFor(photo, flags);
  const format = formatOf(output === standardStream ? 'sheet.png' : output);
  await checkWritable(output, force, false, [photo]);
  const input = await readWholeInput(photo, options.size);

  await withNetwork(flags, async (network, platform) => {
    const startedAt = performance.now();
    const { layers } = options;
    const looked = await activations(network, input.picture, layers, platform, { memoryBytes: memoryLimit() });
    const arrays = npy ? looked.layers.map((layer) => ({ path: besideFor(output, layer.name, 'npy'), layer })) : [];
    for (const { path } of arrays) await checkWritable(path, force);

    const sections = looked.layers.map((layer) => ({ layer, channels: strongest(layer, options.top) }));
    const name = photo === standardStream ? 'photo' : basename(photo);
    const cell = shrunk(looked.picture, options.cell);
    refuseTooLarge(sections, cell);
    const sheet = drawSections(sections, cell, name, flags.overlay ?? false);
    checkEncoding({ format }, sheet);
    const bytes = await encodePicture(sheet, { format });
    if (output === standardStream) await writeToStandardOutput(bytes);
    else await writeWhole(output, bytes, { overwrite: force });
    for (const { path, layer } of arrays) {
      await writeWhole(path, writeNpy(layer.shape, layer.data), { overwrite: force });
    }

    const { width, height } = looked.picture;
    if (json) {
      const seconds = (performance.now() - startedAt) / 1000;
      const described = sections.map(({ layer, channels }, i) => ({
        name: layer.name,
        shape: layer.shape,
        ...(npy && { npy: arrays[i]!.path }),
        channels,
      }));
      const object = { output, width: sheet.width, height: sheet.height, seen: { width, height }, layers: described };
      process.stdout.write(`${JSON.stringify({ ...object, seconds })}\n`);
    } else if (!quiet) {
      const where = output === standardStream ? 'standard output' : output;
      const files = npy ? `, and as numbers in ${arrays.map(({ path }) => path).join(', ')}` : '';
      say(`What ${network.name} answers to ${name} at ${width}×${height} is in ${where}${files}.`);
    }
  });
}

function outputFor(photo: string, { output, json, npy }: ActivationsFlags): string {
  const isPipe = photo === standardStream && !process.stdout.isTTY && !json && !npy;
  const path = output ?? (isPipe ? standardStream : `${stemOf(photo)}-activations.png`);
  const taken = json ? '--json' : npy ? '--npy' : undefined;
  if (path !== standardStream || !taken) return path;
  const reason = json ? 'standard output is taken by -o -' : 'its files stand beside the sheet, and -o - is none';
  throw new OptionError('option/invalid', `${taken}: ${reason}. Choose a file with -o.`);
}

function strongest(layer: LayerActivations, top: number): Section['channels'] {
  const means = channelMeans(layer);
  return layer.channels
    .map((channel) => ({ channel, mean: means[channel]! }))
    .sort((a, b) => b.mean - a.mean)
    .slice(0, top);
}

function shrunk(picture: Picture, longest: number): Picture {
  const { width, height } = fitted(picture, longest);
  return { width, height, data: resize(picture.data, picture, { width, height }) };
}

/** Refuses, before it is drawn, a sheet that there is no room for: its maps, its sections, and the sections stacked. */
function refuseTooLarge(sections: readonly Section[], { width, height }: Size): void {
  const cells = sections.reduce((sum, { channels }) => sum + channels.length + 1, 0);
  const neededBytes = 3 * 12 * cells * (width + 12) * (height + 40);
  const freeBytes = freeMemoryBytes();
  if (neededBytes <= freeBytes) return;
  const [needed, free] = [neededBytes, freeBytes].map((bytes) => Math.round(bytes / 1e6));
  throw new MemoryError(
    'memory/too-large',
    `A sheet of ${cells} maps of ${width}×${height} needs about ${needed} MB of memory, ${free} MB are free. Use a smaller --top or --cell, or fewer layers.`,
  );
}

/** A section for each layer: the photo, and a map for each channel. */
function drawSections(sections: readonly Section[], photo: Picture, name: string, overlay: boolean): Picture {
  const most = Math.max(...sections.map(({ channels }) => channels.length + 1));
  const cells = sections.reduce((sum, { channels }) => sum + channels.length + 1, 0);
  const columns = Math.min(most, Math.max(leastColumns, Math.ceil(Math.sqrt((cells * photo.height) / photo.width))));
  const sheets = sections.map(({ layer, channels }) => {
    const maps = channels.map(({ channel, mean }) => ({
      picture: overlay ? heatOverlay(layer, channel, photo) : heatMap(layer, channel, photo),
      caption: captionFor(layer.name, channel, mean, photo.width),
    }));
    const [count, height, width] = layer.shape;
    const title = `${layer.name}: ${channels.length} of ${count} channels, ${width}x${height}`;
    return contactSheet([{ picture: photo, caption: name }, ...maps], { columns, title });
  });
  return stacked(sheets);
}

/** What stands under a map: the layer, where there is room for it, the channel, and its mean activation. */
function captionFor(layer: string, channel: number, mean: number, width: number): string {
  const short = `${channel}  ${shortNumber(mean)}`;
  const long = `${layer} ${short}`;
  // Characters are 6 pixels wide, and grow with the cells so that there is room for 20.
  return long.length <= Math.min(20, width / 6) ? long : short;
}
