import type { Command } from 'commander';
import type { Recipe, SheetPicture } from '../../../src/index.js';
import { cellFlag } from '../flags.js';

const examples = `
Examples:
  pareidolia info castle-dream.png          how this picture was made
  pareidolia info castle-dream.png --json   the recipe itself
  pareidolia info grid.png --cell 2         one picture of a sheet`;

/** Registers `pareidolia info`. */
export function registerInfo(program: Command): void {
  program
    .command('info')
    .description('Show how a picture was made: the recipe that pareidolia wrote into the file.')
    .argument('<file>', 'a picture made by pareidolia')
    .addOption(cellFlag())
    .option('--json', 'print the recipe as JSON')
    .addHelpText('after', examples)
    .action(async (file: string, { cell, json }: { cell?: number; json?: boolean }) => {
      const { oneRecipe, readRecipe } = await import('../read-recipe.js');
      const { canonicalJson } = await import('../../../src/platform/node/index.js');
      const found = await readRecipe(file);
      if (found.kind === 'sheet' && cell === undefined) {
        const { pictures } = found;
        process.stdout.write(json ? `${canonicalJson(pictures)}\n` : `${listed(pictures, file).join('\n')}\n`);
        return;
      }
      const recipe = oneRecipe(found, file, cell);
      const name = cell === undefined ? file : `${file} --cell ${cell}`;
      process.stdout.write(json ? `${canonicalJson(recipe)}\n` : `${describe(recipe, name).join('\n')}\n`);
    });
}

function listed(pictures: readonly SheetPicture[], file: string): string[] {
  const width = String(pictures.length).length;
  return [
    `${file}: a sheet of ${pictures.length} pictures by pareidolia ${pictures[0]?.recipe.pareidolia ?? ''}`,
    '',
    ...pictures.map(({ caption }, i) => `  ${String(i + 1).padStart(width)}  ${caption}`),
    '',
    `To see how the first was made: pareidolia info ${file} --cell 1`,
    `To make it by itself: pareidolia rerun ${file} --cell 1 -o picture.png`,
  ];
}

function describe(recipe: Recipe, file: string): string[] {
  const { input, model, runtime, options, output, stopped } = recipe;
  const settings = Object.entries({ ...options, format: output.format, depth: output.depth, quality: output.quality });
  return [
    `${file}: a dream of ${input.name} by pareidolia ${recipe.pareidolia}`,
    ...(stopped ? [`stopped by hand in octave ${stopped.octave} after step ${stopped.step}`] : []),
    '',
    ...settings.map(([name, value]) => `  ${name.padEnd(13)} ${value ?? '–'}`),
    '',
    `  input         ${input.name}, SHA-256 ${input.sha256}`,
    `  network       ${model.name}, SHA-256 ${model.sha256}`,
    `  computed by   ${runtime.name} ${runtime.version}, ${runtime.threads} threads`,
    '',
    `To make it again: pareidolia rerun ${file}`,
  ];
}
