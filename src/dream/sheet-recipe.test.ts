import { expect, test } from 'vitest';
import { ImageError } from '../errors.js';
import { dreamOptionsOf } from './presets/index.js';
import { canonicalJson, createRecipe } from './recipe.js';
import { parseSheetRecipe, sheetRecipe } from './sheet-recipe.js';

const recipeOf = (options: Readonly<Record<string, unknown>>) =>
  createRecipe({
    options: dreamOptionsOf({ seed: 3, ...options }),
    output: { format: 'png', quality: null, depth: '8' },
    model: { name: 'built-in', sha256: '0123456789abcdef'.repeat(4) },
    input: { name: 'photo.jpg', sha256: 'f'.repeat(64) },
    runtime: { name: 'onnxruntime-node', version: '1.30.0', threads: 8 },
  });

const pictures = [
  { caption: 'steps 10', recipe: recipeOf({ steps: 10 }) },
  { caption: 'steps 20, seed open', recipe: recipeOf({ steps: 20, stepSizeEnd: 0.001 }) },
  { caption: 'lucid', recipe: recipeOf({ preset: 'lucid' }) },
];

test('a sheet tells how each of its pictures is made', () => {
  const text = sheetRecipe(pictures);
  expect(parseSheetRecipe(text, 'sheet.png')).toEqual(pictures);
  expect(canonicalJson(JSON.parse(text))).toBe(text);
});

test('pictures that are nearly alike take little room', () => {
  const many = Array.from({ length: 500 }, (_, i) => ({
    caption: `mixed4:${i}`,
    recipe: recipeOf({ layers: `mixed4[${i}]` }),
  }));
  expect(sheetRecipe(many).length).toBeLessThan(40_000);
});

test('what is not the recipe of a sheet is left to others', () => {
  expect(parseSheetRecipe(canonicalJson(pictures[0]!.recipe), 'dream.png')).toBeUndefined();
  for (const text of ['', 'no JSON', 'null', '[]', '3']) expect(parseSheetRecipe(text, 'x.png')).toBeUndefined();
});

test.each([
  { first: undefined },
  { first: [] },
  { first: { options: null } },
  { pictures: {} },
  { pictures: [null] },
  { pictures: [{ caption: 'a', options: { steps: 'many' } }] },
  { pictures: [{ caption: 'a', options: { unheard: 1 } }] },
])('a damaged one is refused: %j', (part) => {
  const text = JSON.stringify({ ...JSON.parse(sheetRecipe(pictures)), ...part });
  expect(() => parseSheetRecipe(text, 'sheet.png')).toThrow(ImageError);
  expect(() => parseSheetRecipe(text, 'sheet.png')).toThrow(/^sheet\.png: expected .*Make .* again\.$/);
});
