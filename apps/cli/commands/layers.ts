import type { Command } from 'commander';
import type { LayerRow, Network, Size } from '../../../src/index.js';
import { addModelFlags, type ModelFlags, preprocessingOf } from '../flags/model-flags.js';
import { preprocessingSentence } from '../report/describe-preprocessing.js';
import { table } from '../report/table.js';

/** The flags of `pareidolia layers`. */
export interface LayersFlags extends ModelFlags {
  readonly model?: string;
  readonly json?: boolean;
  readonly size?: string;
  readonly all?: boolean;
}

/** The size that InceptionV3 was made for; it is enough for every layer of most networks. */
const usualSize = '299x299';

const examples = `
Examples:
  pareidolia layers                              the blocks of the built-in network
  pareidolia layers --all --size 640x480         every layer, for pictures of 640×480
  pareidolia layers --model resnet50.onnx --json for programs; all layers, sizes in pixels

NAME is what \`pareidolia dream --layers\` takes. SEES is how many pixels of the picture, along one side, can change
one element of the layer.`;

/** Registers `pareidolia layers`. */
export function registerLayers(program: Command): void {
  const command = program
    .command('layers')
    .description(
      'List the layers of a network: their sizes, how much of the picture each element sees, and what they cost.',
    )
    .option('--size <WxH>', 'size of the picture in pixels, such as 640x480 or 512', usualSize)
    .option('-a, --all', 'every layer, not only the blocks')
    .option('--json', 'print one JSON object with every layer; a receptiveField of null sees the whole picture')
    .addHelpText('after', examples);
  addModelFlags(command).action(layers);
}

/** Lists the layers of a network on standard output. */
export async function layers(options: LayersFlags): Promise<void> {
  // Imported here, so that --help does not wait for the picture and network libraries.
  const library = await import('../../../src/platform/node/index.js');
  const { colourFor } = await import('../terminal/colour.js');
  const size = sizeOf(options.size ?? usualSize, library);
  const network = await library.loadNetwork(options.model, { preprocessing: preprocessingOf(options) });
  const rows = library.listLayers(network, size);
  if (options.json) {
    const { name, sha256, preprocessing, preprocessingKnown, preprocessingOrigin } = network;
    const all = rows.map((row) => ({ ...row, receptiveField: finiteOrNull(row.receptiveField) }));
    const range = library.valueRange(preprocessing);
    const input = {
      order: preprocessing.order,
      layout: network.layout,
      range: range.map(({ low, high }) => [low, high]),
      mean: preprocessing.mean,
      std: preprocessing.std,
      known: preprocessingKnown,
      origin: preprocessingOrigin,
    };
    process.stdout.write(`${JSON.stringify({ network: name, sha256, input, size, layers: all })}\n`);
    return;
  }
  const blocks = rows.filter(({ kind }) => kind === 'block');
  const shown = options.all || blocks.length === 0 ? rows : blocks;
  const hidden = rows.length - shown.length;
  const colour = colourFor(process.env, process.stdout);
  const [header, ...lines] = tableOf(shown);
  const lost = missingFrom(rows, library.listLayers(network, largerOf(size, sizeOf(usualSize, library))));
  const text = [
    ...introduction(network, size),
    '',
    colour.bold(colour.cyan(header!)),
    ...lines,
    ...(hidden > 0 ? [colour.dim(`… ${hidden} more ${hidden === 1 ? 'layer' : 'layers'}; --all shows them`)] : []),
    ...(lost.length > 0
      ? [`Too small for ${lost.length} ${lost.length === 1 ? 'layer' : 'layers'}, from ${lost[0]!.name} on.`]
      : []),
  ];
  process.stdout.write(`${text.join('\n')}\n`);
}

function sizeOf(
  text: string,
  { OptionError }: { OptionError: new (code: 'option/invalid', message: string) => Error },
): Size {
  const [, width, height = width] = /^(\d{1,5})(?:[x×](\d{1,5}))?$/i.exec(text.trim()) ?? [];
  const size = { width: Number(width), height: Number(height) };
  const good = (side: number): boolean => side >= 1 && side <= 32_768;
  if (!good(size.width) || !good(size.height)) {
    throw new OptionError('option/invalid', `--size: expected WIDTHxHEIGHT or one number, up to 32768, got "${text}".`);
  }
  return size;
}

function introduction(network: Network, size: Size): string[] {
  return [`${network.name}, for a picture of ${size.width}×${size.height}`, preprocessingSentence(network)];
}

/** A header and one line for each layer. */
function tableOf(rows: readonly LayerRow[]): string[] {
  const digits = rows.some(({ flops }) => flops < 1e9) ? 3 : 2;
  return table(
    [
      ['NAME', 'OPERATOR', 'C×H×W', 'STRIDE', 'SEES', 'GFLOP'],
      ...rows.map(({ name, op, shape, stride, receptiveField, flops }) => [
        name,
        op,
        shape.slice(1).join('×'),
        `${stride} px`,
        Number.isFinite(receptiveField) ? `${receptiveField} px` : 'all',
        (flops / 1e9).toFixed(digits),
      ]),
    ],
    2,
  );
}

function largerOf(a: Size, b: Size): Size {
  return { width: Math.max(a.width, b.width), height: Math.max(a.height, b.height) };
}

function missingFrom(rows: readonly LayerRow[], all: readonly LayerRow[]): LayerRow[] {
  const names = new Set(rows.map(({ name }) => name));
  return all.filter(({ name }) => !names.has(name));
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
