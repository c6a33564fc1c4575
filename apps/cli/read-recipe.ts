import { readFile } from 'node:fs/promises';
import { extractRecipe, ImageError, parseRecipe, type Recipe } from '../../src/platform/node/index.js';

/**
 * The recipe inside a picture file.
 *
 * @throws ImageError `image/no-recipe` when there is none, `image/missing` or `image/unreadable` for the file itself
 */
export async function readRecipe(path: string): Promise<Recipe> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new ImageError('image/missing', `${path}: no such file. Check the name.`);
    throw new ImageError(
      'image/unreadable',
      `${path}: cannot be read (${error.code ?? error.message}). Check the file.`,
    );
  });
  const text = await extractRecipe(bytes, path);
  if (text === undefined) {
    throw new ImageError(
      'image/no-recipe',
      `${path}: expected a picture made by pareidolia, got one without a recipe. Pictures made with --no-metadata have none.`,
    );
  }
  return parseRecipe(text, path);
}
