import {
  builtInName,
  dreamOptions,
  flagOf,
  type MovieRecipe,
  type OptionTable,
  type VideoRecipe,
  videoOptions,
  videoSettingsOf,
  zoomOptions,
  zoomSettingsOf,
} from '../../../src/platform/node/index.js';
import { shellWord } from '../dreams/go-on.js';
import { materialPaths } from '../files/materials.js';

type Values = Readonly<Record<string, string | number | boolean | null>>;

/** The command line that makes a movie again, from files of the same names. */
export function remakeCommand(recipe: MovieRecipe | VideoRecipe): string {
  const usual = recipe.kind === 'movie' ? zoomSettingsOf() : videoSettingsOf();
  const settings = recipe.kind === 'movie' ? recipe.movie : recipe.video;
  const plain = 'movie' in usual ? usual.movie : usual.video;
  const { mask, guides, direction, matchTo, model, inputs, runtime } = recipe;
  const materials = materialPaths({
    mask: mask?.name,
    guide: guides?.map(({ name }) => name),
    direction: direction?.name,
    matchTo: matchTo?.name,
  });
  const words = [
    recipe.kind === 'movie' ? 'zoom' : 'video',
    ...inputs.map(({ name }) => shellWord(name)),
    '-o again.mp4',
    ...flagsOf(recipe.kind === 'movie' ? zoomOptions : videoOptions, settings, plain),
    ...(model.name === builtInName ? [] : [`--model ${shellWord(model.name)}`]),
    ...materials.map(([flag, path]) => `${flag} ${shellWord(path)}`),
    ...flagsOf(dreamOptions, recipe.dream, usual.dream),
    `--threads ${runtime.threads}`,
  ];
  return `pareidolia ${words.join(' ')}`;
}

/** The flags of those options that are not as usual. */
function flagsOf(table: OptionTable, values: Values, usual: Values): string[] {
  return Object.keys(table)
    .filter((name) => values[name] !== usual[name])
    .map((name) => {
      const value = values[name];
      if (typeof value !== 'boolean') return `${flagOf(name)} ${shellWord(String(value))}`;
      return value ? flagOf(name) : flagOf(name).replace('--', '--no-');
    });
}
