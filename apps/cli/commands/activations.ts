import { type Command, Option as Flag } from 'commander';
import { dreamOptions, parseOptions } from '../../../src/index.js';
import { addFlags, givenFlags, threadsFlag } from '../flags/flags.js';
import { addModelFlags } from '../flags/model-flags.js';
import type { ActivationsFlags } from '../inspect/draw-activations.js';

/** The flags that have a default. */
const options = {
  layers: {
    kind: 'text',
    default: dreamOptions.layers.default,
    group: 'what to show',
    help: 'layers, patterns, and channels: mixed3,mixed5[12 40-47]',
  },
  top: { kind: 'integer', default: 64, min: 1, max: 100_000, group: 'what to show', help: 'most channels a layer' },
  size: {
    kind: 'integer',
    default: 512,
    min: 0,
    max: 32_768,
    unit: 'px',
    group: 'what to show',
    help: 'longest side to shrink the photo to before the network sees it; 0 keeps its size',
  },
  cell: {
    kind: 'integer',
    default: 160,
    min: 16,
    max: 4096,
    unit: 'px',
    group: 'what to show',
    help: 'longest side of each map on the sheet',
  },
} as const;

const examples = `
Examples:
  pareidolia activations photo.jpg                                 photo-activations.png, for the layers of a dream
  pareidolia activations photo.jpg --layers mixed4 --overlay       where in the photo each channel answers
  pareidolia activations photo.jpg --layers "mixed4[12 40-47]" --cell 320
  pareidolia activations photo.jpg --layers "mixed*" --top 8 --npy numbers as well, one file a layer

The sheet has a section for each layer, its strongest channels first, by their mean activation, which stands under each
map. A map goes from 0 (black; the lowest value where that is below 0) to its channel's highest value (light yellow), and
lies where the channel looks: an element's value is in the middle of what it sees.

--npy writes NAME-LAYER.npy beside the sheet: float32 of shape [C, H, W], all channels.
In Python: numpy.load("photo-activations-mixed4.npy")`;

/** Registers `pareidolia activations`. */
export function registerActivations(program: Command): void {
  const command = program
    .command('activations')
    .description("Draw a contact sheet of the activations of a network's channels for a photo.")
    .argument('<photo>', 'a picture; - reads standard input')
    .option('-o, --output <file>', 'where the sheet goes (default: NAME-activations.png here), - for standard output');
  addModelFlags(command);
  addFlags(command, options);
  command
    .addOption(new Flag('--overlay', 'lay each map over the photo').helpGroup('What to show:'))
    .option('--npy', 'also write the activations of each layer as .npy')
    .option('-f, --force', 'overwrite existing files')
    .option('--json', 'print one JSON object about the result')
    .option('-q, --quiet', 'say nothing but errors')
    .addOption(threadsFlag())
    .addHelpText('after', examples)
    .action(async (photo: string, flags: ActivationsFlags) => {
      // Imported here, so that --help does not wait for the picture and network libraries.
      const { drawActivations } = await import('../inspect/draw-activations.js');
      await drawActivations(photo, flags, parseOptions(options, givenFlags(command, options)));
    });
}
