import type { Command } from 'commander';
import { parseOptions } from '../../../src/index.js';
import { addFlags, givenFlags, threadsFlag } from '../flags/flags.js';
import { addModelFlags } from '../flags/model-flags.js';
import type { RankFlags } from '../inspect/rank-photo.js';

/** The flags that have a default. */
const options = {
  layers: {
    kind: 'text',
    default: 'blocks',
    group: 'what to show',
    help: 'layers, patterns, and channels, such as mixed3,mixed5; blocks are those that `pareidolia layers` lists',
  },
  top: { kind: 'integer', default: 10, min: 1, max: 100_000, group: 'what to show', help: 'most channels a layer' },
  size: {
    kind: 'integer',
    default: 512,
    min: 0,
    max: 32_768,
    unit: 'px',
    group: 'what to show',
    help: 'longest side to shrink pictures to before the network sees them; 0 keeps their size',
  },
} as const;

const examples = `
Examples:
  pareidolia rank photo.jpg                            the channels of each block that stand out
  pareidolia rank photo.jpg --against photos/          those that this photo excites more than others do
  pareidolia rank photo.jpg --layers mixed5 --top 5 --json
  pareidolia dream photo.jpg --layers "mixed5[73 91]"  dream on what was found

Z says by how many standard deviations a channel's mean activation is above its mean for the pictures of --against. That
tells more than a ranking without them: some channels answer to everything, and then Z only compares the channels of a
layer with each other. The deviation of a channel that is all but silent for them counts as a twentieth of what is usual
in its layer, lest it stand out for next to nothing. A dozen pictures of all kinds are enough, two the least.

Of a network with a classifier, the classes that it takes the photo for come first.`;

/** Registers `pareidolia rank`. */
export function registerRank(program: Command): void {
  const command = program
    .command('rank')
    .description('List the channels of a network that a photo excites most, layer by layer.')
    .argument('<photo>', 'a picture; - reads standard input')
    .option('--against <pictures...>', 'pictures, or folders of them, to compare with');
  addModelFlags(command);
  addFlags(command, options);
  command
    .option('--json', 'print one JSON object')
    .option('-q, --quiet', 'say nothing beside the table but errors')
    .addOption(threadsFlag())
    .addHelpText('after', examples)
    .action(async (photo: string, flags: RankFlags) => {
      // Imported here, so that --help does not wait for the picture and network libraries.
      const { rankPhoto } = await import('../inspect/rank-photo.js');
      await rankPhoto(photo, flags, parseOptions(options, givenFlags(command, options)));
    });
}
