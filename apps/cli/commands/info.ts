import type { Command } from 'commander';
import type { Recipe } from '../../../src/index.js';

const examples = `
Examples:
  pareidolia info castle-dream.png          how this picture was made
  pareidolia info castle-dream.png --json   the recipe itself`;

/** Registers `pareidolia info`. */
export function registerInfo(program: Command): void {
  program
    .command('info')
    .summary('show the recipe inside a picture')
    .description('Show how a picture was made: the recipe that pareidolia wrote into the file.')
    .argument('<file>', 'a picture made by pareidolia')
    .option('--json', 'print the recipe as JSON')
    .addHelpText('after', examples)
    .action(async (file: string, { json }: { json?: boolean }) => {
      const { readRecipe } = await import('../read-recipe.js');
      const { canonicalJson } = await import('../../../src/platform/node/index.js');
      const recipe = await readRecipe(file);
      process.stdout.write(json ? `${canonicalJson(recipe)}\n` : `${describe(recipe, file).join('\n')}\n`);
    });
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
