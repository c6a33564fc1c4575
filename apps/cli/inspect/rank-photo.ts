import { basename } from 'node:path';
import {
  activations,
  channelMeans,
  ImageError,
  type LayerActivations,
  listLayers,
  type Network,
  type NodePlatform,
  OptionError,
  type RankedChannel,
  rankChannels,
  type Size,
  topClasses,
} from '../../../src/platform/node/index.js';
import { readWholeInput } from '../files/input-file.js';
import { standardStream } from '../files/output-file.js';
import { pictureFiles } from '../files/picture-set.js';
import type { ModelFlags } from '../flags/model-flags.js';
import { classLine, say } from '../report/report.js';
import { table } from '../report/table.js';
import { type Colour, colourFor } from '../terminal/colour.js';
import { shownClasses } from './classes-of.js';
import { memoryLimit, shortNumber, withNetwork } from './look-tools.js';

/** The flags of `pareidolia rank` that have no default. */
export interface RankFlags extends ModelFlags {
  readonly against?: readonly string[];
  readonly model?: string;
  readonly threads?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** The others, with their values. */
export interface RankOptions {
  readonly layers: string;
  readonly top: number;
  readonly size: number;
}

/** A layer with the channels that are listed of it, and how a dream is told of them. */
interface Ranking {
  readonly name: string;
  readonly shape: readonly number[];
  readonly channels: readonly RankedChannel[];
  readonly layers: string;
}

const leastPictures = 2;

/**
 * Lists the channels that a photo excites most, and the classes that a classifier takes it for.
 */
export async function rankPhoto(photo: string, flags: RankFlags, options: RankOptions): Promise<void> {
  const paths = flags.against ? await pictureFiles(flags.against, photo) : [];
  if (flags.against) refuseTooFew(paths.length);
  const { picture } = await readWholeInput(photo, options.size);

  await withNetwork(flags, async (network, platform) => {
    const layers = options.layers === 'blocks' ? blocksOf(network, picture) : options.layers;
    const looked = await activations(network, picture, layers, platform, { memoryBytes: memoryLimit() });
    const classes = await topClasses(network, picture, shownClasses, platform, { memoryBytes: memoryLimit() });
    const others = await meansOf(paths, options.size, { network, platform, layers, quiet: flags.quiet ?? false });
    if (flags.against) refuseTooFew(others.length);
    const rankings = looked.layers.map((layer) => {
      const channels = rankChannels(
        layer,
        others.map((means) => means.get(layer.name)!),
      ).slice(0, options.top);
      const numbers = channels.map(({ channel }) => channel).join(' ');
      return { name: layer.name, shape: layer.shape, channels, layers: `${layer.name}[${numbers}]` };
    });
    const seen = { width: looked.picture.width, height: looked.picture.height };
    if (flags.json) {
      const against = flags.against && others.length;
      process.stdout.write(`${JSON.stringify({ network: network.name, seen, against, classes, layers: rankings })}\n`);
      return;
    }
    const name = photo === standardStream ? 'standard input' : basename(photo);
    const against = others.length > 0 ? `, against ${others.length} pictures` : '';
    const title = `${name} at ${seen.width}×${seen.height}${against}`;
    const text = [title, ...(classes ? ['', classLine('Taken for', classes)] : [])];
    const colour = colourFor(process.env, process.stdout);
    process.stdout.write(`${[...text, ...rankings.flatMap((ranking) => describe(ranking, colour))].join('\n')}\n`);
  });
}

/** The mean activations of the layers' channels, by layer, for each picture that can be read. */
async function meansOf(
  paths: readonly string[],
  size: number,
  { network, platform, layers, quiet }: { network: Network; platform: NodePlatform; layers: string; quiet: boolean },
): Promise<ReadonlyMap<string, Float64Array>[]> {
  const found: ReadonlyMap<string, Float64Array>[] = [];
  for (const path of paths) {
    try {
      const { picture } = await readWholeInput(path, size);
      const looked = await activations(network, picture, layers, platform, { memoryBytes: memoryLimit() });
      found.push(new Map(looked.layers.map((layer: LayerActivations) => [layer.name, channelMeans(layer)])));
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      if (!quiet) say(`Left out: ${error.message.includes(path) ? '' : `${path}: `}${error.message}`);
    }
  }
  return found;
}

function blocksOf(network: Network, size: Size): string {
  const blocks = listLayers(network, size).filter(
    ({ kind, shape: [, , height, width] }) => kind === 'block' && height * width > 1,
  );
  if (blocks.length > 0) return blocks.map(({ name }) => name).join(',');
  throw new OptionError(
    'option/layer',
    `--layers: expected names of layers, ${network.name} has no blocks to take instead. \`pareidolia layers --all\` lists them.`,
  );
}

function refuseTooFew(count: number): void {
  if (count >= leastPictures) return;
  throw new OptionError(
    'option/invalid',
    `--against: expected at least ${leastPictures} pictures beside the photo, got ${count}. Name more, or a folder of them.`,
  );
}

function describe({ name, shape, channels, layers }: Ranking, colour: Colour): string[] {
  const [header, ...lines] = table(
    [
      ['CHANNEL', 'MEAN', 'Z'],
      ...channels.map(({ channel, mean, score }) => [
        String(channel),
        shortNumber(mean),
        score.toFixed(1).replace('-', '−'),
      ]),
    ],
    0,
  );
  const [count, height, width] = shape;
  return [
    '',
    `${colour.bold(name)} (${count} channels of ${width}×${height})`,
    colour.bold(colour.cyan(header!)),
    ...lines,
    colour.dim(`--layers "${layers}"`),
  ];
}
