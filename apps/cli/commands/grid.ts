import type { Command } from 'commander';
import { dreamOptions, outputOptions, presets } from '../../../src/index.js';
import { addFlags, addSheetFlags, choiceFlag, givenFlags } from '../flags/flags.js';
import { addMaterialFlags } from '../flags/material-flags.js';
import { addModelFlags } from '../flags/model-flags.js';
import type { GridFlags } from '../inspect/draw-grid.js';

/** The options of a dream as `pareidolia grid` takes them: small, for a look. */
const gridOptions = { ...dreamOptions, size: { ...dreamOptions.size, default: 400 } };

const examples = `
Examples:
  pareidolia grid photo.jpg --vary steps=10,20,40                      three dreams side by side, in photo-grid.png
  pareidolia grid photo.jpg --vary steps=10,20,40 --vary layers=mixed3,mixed5 -o grid.png
  pareidolia grid photo.jpg --vary "layers=mixed3,mixed5;mixed4"       with commas inside the values
  pareidolia grid photo.jpg --vary preset=classic,google,lucid --cells dreams/

The first --vary goes from left to right, the others from top to bottom, in all their combinations. Commas stand between
values; with a semicolon in the text, semicolons do, and commas belong to the values. Whatever is not varied is the same
in all, the seed too. The sheet holds the recipe of each of its dreams: \`pareidolia info grid.png\` lists them,
\`pareidolia rerun grid.png --cell 2 -o dream.png\` makes one of them again, \`--cells\` writes all of them as files.`;

/** Registers `pareidolia grid`. */
export function registerGrid(program: Command): void {
  const command = program
    .command('grid')
    .description('Dream a photo with different settings and lay the dreams out in a labelled table.')
    .argument('<photo>', 'a picture; - reads standard input')
    .requiredOption(
      '--vary <name=values>',
      'an option and its values, such as steps=10,20,40; may be given several times',
      (text: string, texts: string[] = []) => [...texts, text],
    )
    .option('-o, --output <file>', 'where the sheet goes (default: NAME-grid.png here), - for standard output')
    .option('--cells <folder>', 'also write each dream by itself into this folder')
    .addOption(choiceFlag('preset', 'name', 'a published look', Object.keys(presets)));
  addModelFlags(command);
  addMaterialFlags(command);
  addFlags(command, gridOptions);
  addFlags(command, outputOptions);
  addSheetFlags(command);
  command.addHelpText('after', examples).action(async (photo: string, flags: GridFlags) => {
    // Imported here, so that --help does not wait for the picture and network libraries.
    const { drawGrid } = await import('../inspect/draw-grid.js');
    process.exitCode = await drawGrid(photo, flags, {
      dream: { size: gridOptions.size.default, ...givenFlags(command, gridOptions) },
      output: givenFlags(command, outputOptions),
    });
  });
}
