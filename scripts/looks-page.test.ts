import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { dreamOptions, dreamOptionsOf, parseRecipe } from '../src/index.js';
import { extractRecipe } from '../src/platform/node/index.js';
import { argumentsOf, type Look, looksPage, otherLooks, pictureOf, presetLooks } from './looks-page.js';

const fromRoot = (path: string) => new URL(`../../${path}`, import.meta.url);

/** The options that the arguments of a look ask for. */
function optionsOf(look: Look): Record<string, unknown> {
  const args = argumentsOf(look);
  const values: Record<string, unknown> = args.includes('--guide') ? { objective: 'best-match' } : {};
  args.forEach((arg, i) => {
    const name = arg.replace(/^--/, '').replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (!arg.startsWith('--') || !(name === 'preset' || Object.hasOwn(dreamOptions, name))) return;
    const next = args[i + 1];
    values[name] = next === undefined || next.startsWith('-') ? true : next;
  });
  return dreamOptionsOf(values);
}

test('docs/looks.md shows every preset there is', async () => {
  expect(await readFile(fromRoot('docs/looks.md'), 'utf8')).toBe(looksPage());
});

test.each([...presetLooks, ...otherLooks])(
  'the picture of $name was made with the options it has now',
  async (look) => {
    const path = pictureOf(look);
    const recipe = parseRecipe((await extractRecipe(await readFile(fromRoot(path)), path))!, path);
    // The side of tiles is chosen by what memory there is.
    const { layers, tile: _, ...expected } = optionsOf(look);
    expect(recipe.options).toMatchObject(expected);
    // Which channels are the strongest is found out for each picture.
    if (!String(layers).includes('strongest')) expect(recipe.options.layers).toBe(layers);
    expect(recipe.input.name).toBe('castle.jpg');
  },
);
