import { type Command, Option as Flag } from 'commander';
import { dreamOptions, parseOptions, visualizationOptionsOf } from '../../../src/index.js';
import { addFlags, givenFlags, heading, progressFlag, tableWith, threadsFlag } from '../flags/flags.js';
import { addModelFlags } from '../flags/model-flags.js';
import type { AtlasFlags } from '../inspect/draw-atlas.js';

/** Small pictures are done sooner, and all start from the same noise, so that an atlas can go on another day. */
const usual = { steps: 64, seed: 0 } as const;

/** The flags of `pareidolia atlas` that take values and that dreams do not have. */
const atlasOptions = {
  channels: {
    kind: 'text',
    default: 'all',
    group: 'what to show',
    help: 'channels, such as 0-63,100',
  },
  size: {
    kind: 'integer',
    default: 112,
    min: 16,
    max: 1024,
    unit: 'px',
    group: 'what to show',
    help: 'width and height of each picture',
  },
} as const;

/** The options of a dream that `pareidolia atlas` takes. */
const climbOptions = tableWith(dreamOptions, {
  without: ['layers', 'objective', 'size', 'guideWeights', 'unlike', 'maskFeather'],
  defaults: visualizationOptionsOf(usual),
});

const examples = `
Examples:
  pareidolia atlas mixed4                                all channels of mixed4, in mixed4-atlas/
  pareidolia atlas mixed4 --channels 0-63 -o atlas/      the first 64
  pareidolia atlas mixed5 --size 160 --steps 128         larger and sharper, in about four times the time

Every channel is drawn as \`pareidolia visualize\` does, but smaller, and several at a time: --threads says how many. Each has
a file of its own with its recipe, LAYER-0012.png. Ctrl-C keeps what is done; the same command goes on where it stopped,
and draws again what is damaged or was made with other settings. sheet.png shows all that are there (sheet-1.png, …, 256 on
each, when there are more), and atlas.json says where on it each channel stands and how far it was excited. All start
from the same noise.`;

/** Registers `pareidolia atlas`. */
export function registerAtlas(program: Command): void {
  const command = program
    .command('atlas')
    .description('Draw a small picture of what each channel of a layer looks for, on labelled sheets.')
    .argument('<layer>', 'a layer, such as mixed4')
    .option('-o, --output <folder>', 'where the pictures and sheets go (default: LAYER-atlas here)');
  addModelFlags(command);
  addFlags(command, atlasOptions);
  addFlags(command, climbOptions);
  const flags = [
    new Flag('--json', 'print one JSON object about the result'),
    new Flag('-q, --quiet', 'say nothing but errors'),
    progressFlag(),
    threadsFlag(),
  ];
  for (const flag of flags) command.addOption(flag.helpGroup(heading('output')));
  command.addHelpText('after', examples).action(async (layer: string, flags: AtlasFlags) => {
    // Imported here, so that --help does not wait for the picture and network libraries.
    const { drawAtlas } = await import('../inspect/draw-atlas.js');
    process.exitCode = await drawAtlas(layer, flags, {
      own: parseOptions(atlasOptions, givenFlags(command, atlasOptions)),
      dream: { ...usual, ...givenFlags(command, climbOptions) },
    });
  });
}
