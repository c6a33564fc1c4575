import { readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import {
  extractRecipe,
  type FrameFacts,
  ImageError,
  type MovieRecipe,
  movieTraits,
  OptionError,
  parseFrameFacts,
  parseMovieRecipe,
  parseRecipe,
  parseSheetRecipe,
  type Recipe,
  readMovieRecipe,
  type SheetPicture,
  type VideoRecipe,
} from '../../../src/platform/node/index.js';
import { remakeCommand } from '../report/remake-command.js';
import { readStandardInput } from './input-file.js';
import { standardStream } from './output-file.js';

/** What is inside a file: the recipe of a picture, of every picture of a sheet, of a movie, or of a frame of one. */
export type FoundRecipe =
  | { readonly kind: 'picture'; readonly recipe: Recipe }
  | { readonly kind: 'sheet'; readonly pictures: readonly SheetPicture[] }
  | { readonly kind: 'movie'; readonly recipe: MovieRecipe | VideoRecipe }
  | { readonly kind: 'frame'; readonly recipe: FrameFacts };

/** Movies that are no pictures as well. */
const movieExtensions = (['mp4', 'mov', 'mkv', 'webm', 'avi', 'gif'] as const).map(
  (format) => `.${movieTraits(format).extension}`,
);

/**
 * The recipe inside a picture or a movie, in a folder of frames, or inside what comes from standard input for `-`.
 *
 * @throws ImageError `image/no-recipe` when there is none, `image/missing` or `image/unreadable` for the file itself
 * @throws MovieError when a movie cannot be read
 */
export async function readRecipe(path: string): Promise<FoundRecipe> {
  const name = path === standardStream ? 'standard input' : path;
  const text = await recipeText(path, name);
  if (text === undefined) {
    throw new ImageError(
      'image/no-recipe',
      `${name}: expected a picture or a movie made by pareidolia, got one without a recipe. Those made with --no-metadata have none.`,
    );
  }
  const pictures = parseSheetRecipe(text, name);
  if (pictures) return { kind: 'sheet', pictures };
  const movie = parseMovieRecipe(text, name);
  if (movie) return { kind: 'movie', recipe: movie };
  const frame = parseFrameFacts(text, name);
  if (frame) return { kind: 'frame', recipe: frame };
  return { kind: 'picture', recipe: parseRecipe(text, name) };
}

async function recipeText(path: string, name: string): Promise<string | undefined> {
  if (path === standardStream) return extractRecipe(await readStandardInput(), name);
  if ((await stat(path).catch(() => undefined))?.isDirectory()) {
    const list = await readFile(join(path, 'movie.json'), 'utf8').catch(() => undefined);
    return list === undefined ? readMovieRecipe(path) : recipeOfList(list);
  }
  if (movieExtensions.includes(extname(path).toLowerCase())) return readMovieRecipe(path);
  return extractRecipe(await readBytes(path), name);
}

/** The recipe that the list of a folder of frames holds. */
function recipeOfList(list: string): string {
  try {
    return JSON.stringify((JSON.parse(list) as { recipe: unknown }).recipe);
  } catch {
    return list;
  }
}

/**
 * The recipe of a picture, or of one of the pictures of a sheet.
 *
 * @param path the file that it was found in, for messages
 * @param cell which picture of a sheet, from 1
 * @throws OptionError when it names none of them, a sheet is given without it, or a movie
 */
export function oneRecipe(found: FoundRecipe, path: string, cell: number | undefined): Recipe {
  if (found.kind === 'movie') {
    const command = remakeCommand(found.recipe);
    throw new OptionError('option/invalid', `${path} is a movie, which is made again by its own command: ${command}`);
  }
  if (found.kind === 'frame') {
    const message = `${path} is a frame of a movie, made from the frame before. The command that made the movie makes a missing frame again; \`pareidolia info\` of the movie or of its folder tells it.`;
    throw new OptionError('option/invalid', message);
  }
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

async function readBytes(path: string): Promise<Uint8Array> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
      throw new ImageError('image/missing', `${path}: no such file. Check the name.`);
    }
    const reason = error.code === 'EISDIR' ? 'expected a file, got a folder' : `cannot be read (${error.code})`;
    throw new ImageError('image/unreadable', `${path}: ${reason}. Name a picture made by pareidolia.`);
  });
}
