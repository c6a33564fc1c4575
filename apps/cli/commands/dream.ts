import type { Command } from 'commander';
import { Option as Flag } from 'commander';
import { dreamOptions, outputOptions, presets } from '../../../src/index.js';
import type { DreamFlags } from '../dreams/dream-pictures.js';
import { addFlags, choiceFlag, givenFlags, heading, maxMemoryFlag, progressFlag, threadsFlag } from '../flags/flags.js';
import { addMaterialFlags } from '../flags/material-flags.js';
import { addModelFlags } from '../flags/model-flags.js';

const longestName = Math.max(...Object.keys(presets).map(({ length }) => length));

const examples = `
Presets:
${Object.entries(presets)
  .map(([name, { title }]) => `  ${name.padEnd(longestName)}  ${title}`)
  .join('\n')}

Examples:
  pareidolia dream photo.jpg                                  a dream in photo-dream.png
  pareidolia dream photo.jpg -o dream.webp --preset article   the founding article's look
  pareidolia dream photo.jpg --layers mixed4,mixed5:0.5 --steps 30 --seed 7
  pareidolia dream *.jpg -o dreams/ --size 800                several pictures into a folder
  pareidolia dream photos/ --recursive -o dreams/             every picture in a folder, but no results (NAME-dream.*)
  pareidolia dream photos/ --watch -o dreams/                 and those that come, until Ctrl-C
  find . -name '*.jpg' -print0 | pareidolia dream --files-from - -o dreams/
  cat photo.jpg | pareidolia dream - > dream.png`;

/** Registers `pareidolia dream`. */
export function registerDream(program: Command): void {
  const command = program
    .command('dream')
    .description('Show a picture to a network and climb until what the network sees appears in it.')
    .argument('[inputs...]', 'JPEG, PNG, WebP, AVIF, TIFF or SVG files, folders or globs; - reads standard input')
    .option('-o, --output <file>', 'where the dream goes; a folder for several inputs, - for standard output')
    .option('-r, --recursive', 'look into the folders inside folders, and keep their structure')
    .option('--files-from <list>', 'read names from a file, one a line or NUL-separated; - reads standard input')
    .option('--watch', 'dream what is in a folder and what comes into it, until Ctrl-C')
    .addOption(choiceFlag('preset', 'name', 'a published look, see below', Object.keys(presets)));
  addModelFlags(command);
  addMaterialFlags(command);
  addFlags(command, dreamOptions);
  addFlags(command, outputOptions);
  const formats = ['png', 'jpeg', 'webp', 'avif', 'tiff'];
  const flags = [
    choiceFlag('format', 'name', 'file format where the name does not say it', formats),
    new Flag('-f, --force', 'overwrite existing files'),
    new Flag(
      '--resume',
      'go on with a dream that was interrupted, from FILE.checkpoint; of many pictures, skip those that are finished',
    ),
    maxMemoryFlag(),
    new Flag('--no-metadata', 'write no recipe into the file'),
    new Flag('--json', 'print one JSON object about each result'),
    new Flag('--classes', 'say what the network takes the picture for, before and after'),
    new Flag('--plan', 'say what would be done, and stop'),
    new Flag('-q, --quiet', 'say nothing but errors'),
    progressFlag(),
    threadsFlag(),
  ];
  for (const flag of flags) command.addOption(flag.helpGroup(heading('output')));
  command.addHelpText('after', examples).action(async (inputs: string[], given: DreamFlags) => {
    if (inputs.length === 0 && given.filesFrom === undefined)
      command.error("error: missing required argument 'inputs'");
    // Imported here, so that --help does not wait for the picture and network libraries.
    const { dreamPictures } = await import('../dreams/dream-pictures.js');
    const options = { dream: givenFlags(command, dreamOptions), output: givenFlags(command, outputOptions) };
    process.exitCode = await dreamPictures(inputs, given, options);
  });
}
