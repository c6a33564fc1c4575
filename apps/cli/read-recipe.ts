import { readFile } from 'node:fs/promises';
import { extractRecipe, ImageError, parseRecipe, type Recipe } from '../../src/platform/node/index.js';
import { readStandardInput } from './input-file.js';
import { standardStream } from './output-file.js';

/**
 * The recipe inside a picture file, or inside what comes from standard input for `-`.
 *
 * @throws ImageError `image/no-recipe` when there is none, `image/missing` or `image/unreadable` for the file itself
 */
export async function readRecipe(path: string): Promise<Recipe> {
  const name = path === standardStream ? 'standard input' : path;
  const bytes = path === standardStream ? await readStandardInput() : await readBytes(path);
  const text = await extractRecipe(bytes, name);
  if (text === undefined) {
    throw new ImageError(
      'image/no-recipe',
      `${name}: expected a picture made by pareidolia, got one without a recipe. Pictures made with --no-metadata have none.`,
    );
  }
  return parseRecipe(text, name);
}

async function readBytes(path: string): Promise<Uint8Array> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
      throw new ImageError('image/missing', `${path}: no such file. Check the name.`);
    }
    const reason = error.code === 'EISDIR' ? 'expected a picture, got a folder' : `cannot be read (${error.code})`;
    throw new ImageError('image/unreadable', `${path}: ${reason}. Name a picture made by pareidolia.`);
  });
}
