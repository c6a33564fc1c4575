import type { Command } from 'commander';
import type { RerunFlags } from '../dreams/rerun-picture.js';
import { cellFlag, maxMemoryFlag, progressFlag } from '../flags/flags.js';

const examples = `
Examples:
  pareidolia rerun castle-dream.png                        the same bytes again, in castle-dream-rerun.png
  pareidolia rerun castle-dream.png --input old/castle.jpg where the photo has moved
  pareidolia rerun castle-grid.png --cell 2 -o dream.png   the second picture of a sheet by itself`;

/** Registers `pareidolia rerun`. */
export function registerRerun(program: Command): void {
  program
    .command('rerun')
    .description(
      'Make a picture again, byte for byte, from the recipe inside it. A dream that was stopped is made whole.',
    )
    .argument('<file>', 'a picture made by pareidolia')
    .addOption(cellFlag())
    .option('-o, --output <file>', 'where it goes (default: NAME-rerun beside FILE), - for standard output')
    .option('--mask <file>', 'the original mask, where there was one (default: looked for like the photo)')
    .option('--guide <file>', 'the original guides, all of them in their order', (path, paths: string[] = []) => [
      ...paths,
      path,
    ])
    .option('--direction <file>', 'the original vector, where there was one')
    .option('--match-to <file>', 'the original picture to match, where there was one')
    .option('--input <photo>', 'the original photo (default: looked for beside FILE and here)')
    .option('--model <file>', 'the network, where it was not the built-in one')
    .option('-f, --force', 'overwrite an existing file')
    .option('--resume', 'go on with a rerun that was interrupted')
    .addOption(maxMemoryFlag())
    .option('--json', 'print one JSON object about the result')
    .option('-q, --quiet', 'say nothing but errors')
    .addOption(progressFlag())
    .addHelpText('after', examples)
    .action(async (file: string, flags: RerunFlags) => {
      // Imported here, so that --help does not wait for the picture and network libraries.
      const { rerunPicture } = await import('../dreams/rerun-picture.js');
      process.exitCode = await rerunPicture(file, flags);
    });
}
