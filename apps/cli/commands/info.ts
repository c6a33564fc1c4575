import type { Command } from 'commander';
import { cellFlag } from '../flags/flags.js';

const examples = `
Examples:
  pareidolia info castle-dream.png          how this picture was made
  pareidolia info castle-dream.png --json   the recipe itself
  pareidolia info dream.mp4                 how this movie was made, and the command that makes it again
  pareidolia info grid.png --cell 2         one picture of a sheet`;

/** Registers `pareidolia info`. */
export function registerInfo(program: Command): void {
  program
    .command('info')
    .description('Show how a picture or a movie was made: the recipe that pareidolia wrote into the file.')
    .argument('<file>', 'a picture, a movie, or a folder of frames made by pareidolia')
    .addOption(cellFlag())
    .option('--json', 'print the recipe as JSON')
    .addHelpText('after', examples)
    .action(async (file: string, { cell, json }: { cell?: number; json?: boolean }) => {
      const { oneRecipe, readRecipe } = await import('../files/read-recipe.js');
      const { canonicalJson } = await import('../../../src/platform/node/index.js');
      const { describeFrame, describeMovieRecipe, describePicture, describeSheet } = await import(
        '../report/describe-recipe.js'
      );
      const print = (value: unknown, lines: () => readonly string[]): void => {
        process.stdout.write(json ? `${canonicalJson(value)}\n` : `${lines().join('\n')}\n`);
      };
      const found = await readRecipe(file);
      if (cell === undefined && found.kind !== 'picture') {
        if (found.kind === 'sheet') print(found.pictures, () => describeSheet(found.pictures, file));
        else if (found.kind === 'movie') print(found.recipe, () => describeMovieRecipe(found.recipe, file));
        else print(found.recipe, () => describeFrame(found.recipe, file));
        return;
      }
      const recipe = oneRecipe(found, file, cell);
      print(recipe, () => describePicture(recipe, cell === undefined ? file : `${file} --cell ${cell}`));
    });
}
