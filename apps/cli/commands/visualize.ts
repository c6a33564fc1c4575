import type { Command } from 'commander';
import { dreamOptions, outputOptions, parseOptions, visualizationOptionsOf } from '../../../src/index.js';
import { addFlags, addSheetFlags, givenFlags, tableWith } from '../flags/flags.js';
import { addModelFlags } from '../flags/model-flags.js';
import type { VisualizeFlags } from '../inspect/draw-visualizations.js';

/** The flags of `pareidolia visualize` that dreams do not have. */
const visualizeOptions = {
  size: {
    kind: 'integer',
    default: 224,
    min: 16,
    max: 4096,
    unit: 'px',
    group: 'what to show',
    help: 'width and height of each picture',
  },
  diversity: {
    kind: 'integer',
    default: 1,
    min: 1,
    max: 100,
    group: 'what to show',
    help: 'pictures of each target, each of them unlike those before it',
  },
} as const;

/** How much the pictures of one target are pushed apart, where there are several of each. */
const usualUnlike = 3;

/** The options of a dream that `pareidolia visualize` takes; what is dreamed, and from what, is its own business. */
const climbOptions = tableWith(dreamOptions, {
  without: ['layers', 'objective', 'size', 'guideWeights', 'maskFeather'],
  defaults: { ...visualizationOptionsOf(), unlike: usualUnlike },
});

const examples = `
Targets:
  mixed4                     a whole layer                   mixed4:12        a channel
  mixed4:12@8,9              a neuron, by column and row     mixed4:12@       the one in the middle
  mixed4:0-15,40             a picture for each channel      logits:285       a class, or its name where it is known
  mixed4:12+mixed5:3*0.5     both in one picture             mixed4:12-mixed5:3  suppress the second

Examples:
  pareidolia visualize mixed4:12                             what channel 12 looks for, in mixed4-12.png
  pareidolia visualize mixed4:0-15 mixed5:3 -o sheet.png     a labelled sheet
  pareidolia visualize mixed4:0-15 -o channels/              a file each
  pareidolia visualize mixed5:73 --diversity 4 -o sheet.png  four pictures, as unlike each other as can be
  pareidolia visualize mixed4:12 --size 512 --steps 512 --seed 7

Starts from faint noise around grey and climbs as the preset lucid does, a little calmer: fewer steps, all of the same
length (--normalize std), and a pull towards smooth ground (--tv). A whole layer climbs the mean of its squares, all else
the mean. A class is best asked for by the layer before its softmax.`;

/** Registers `pareidolia visualize`. */
export function registerVisualize(program: Command): void {
  const command = program
    .command('visualize')
    .description('Draw pictures that excite parts of a network most, out of noise: what they look for.')
    .argument('<targets...>', 'what to excite, see below')
    .option(
      '-o, --output <file>',
      'a picture, a sheet of several, or a folder for a file each (default: TARGET.png, or visualization.png)',
    );
  addModelFlags(command);
  addFlags(command, visualizeOptions);
  addFlags(command, climbOptions);
  addFlags(command, outputOptions);
  addSheetFlags(command);
  command.addHelpText('after', examples).action(async (targets: string[], flags: VisualizeFlags) => {
    // Imported here, so that --help does not wait for the picture and network libraries.
    const { drawVisualizations } = await import('../inspect/draw-visualizations.js');
    process.exitCode = await drawVisualizations(targets, flags, {
      own: parseOptions(visualizeOptions, givenFlags(command, visualizeOptions)),
      dream: { unlike: usualUnlike, ...givenFlags(command, climbOptions) },
      output: givenFlags(command, outputOptions),
    });
  });
}
