import { readFile } from 'node:fs/promises';
import {
  extractRecipe,
  ImageError,
  OptionError,
  parseRecipe,
  parseSheetRecipe,
  type Recipe,
  type SheetPicture,
} from '../../src/platform/node/index.js';
import { readStandardInput } from './input-file.js';
import { standardStream } from './output-file.js';

/** What is inside a file: the recipe of a picture, or of every picture of a sheet. */
export type FoundRecipe =
  | { readonly kind: 'picture'; readonly recipe: Recipe }
  | { readonly kind: 'sheet'; readonly pictures: readonly SheetPicture[] };

/**
 * The recipe inside a picture file, or inside what comes from standard input for `-`.
 *
 * @throws ImageError `image/no-recipe` when there is none, `image/missing` or `image/unreadable` for the file itself
 */
export async function readRecipe(path: string): Promise<FoundRecipe> {
  const name = path === standardStream ? 'standard input' : path;
  const bytes = path === standardStream ? await readStandardInput() : await readBytes(path);
  const text = await extractRecipe(bytes, name);
  if (text === undefined) {
    throw new ImageError(
      'image/no-recipe',
      `${name}: expected a picture made by pareidolia, got one without a recipe. Pictures made with --no-metadata have none.`,
    );
  }
  if (isFrame(text)) {
    throw new ImageError(
      'image/no-recipe',
      `${name} is a frame of a movie, whose recipe is in movie.json beside it. The command that made the movie makes a missing frame again.`,
    );
  }
  const pictures = parseSheetRecipe(text, name);
  return pictures ? { kind: 'sheet', pictures } : { kind: 'picture', recipe: parseRecipe(text, name) };
}

/**
 * The recipe of a picture, or of one of the pictures of a sheet.
 *
 * @param path the file that it was found in, for messages
 * @param cell which picture of a sheet, from 1
 * @throws OptionError when it names none of them, or a sheet is given without it
 */
export function oneRecipe(found: FoundRecipe, path: string, cell: number | undefined): Recipe {
  if (found.kind === 'picture') {
    if (cell === undefined) return found.recipe;
    throw new OptionError('option/invalid', `--cell: expected a sheet, but ${path} is one picture. Leave it out.`);
  }
  const picture = cell === undefined ? undefined : found.pictures[cell - 1];
  if (picture) return picture.recipe;
  throw new OptionError(
    'option/invalid',
    `${path} is a sheet: expected one of its pictures, --cell 1 to ${found.pictures.length}, got ${cell ?? 'none'}. \`pareidolia info\` lists them.`,
  );
}

/** Whether a recipe is that of a movie's frame, which has no use without the frame before. */
function isFrame(text: string): boolean {
  try {
    const kind = (JSON.parse(text) as { kind?: unknown } | null)?.kind;
    return kind === 'movie-frame' || kind === 'video-frame';
  } catch {
    return false;
  }
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
