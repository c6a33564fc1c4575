import { ImageError } from '../errors.js';
import { canonicalJson, parseRecipe, type Recipe } from './recipe.js';

/** One picture of a sheet. */
export interface SheetPicture {
  /** What stands under it on the sheet. */
  readonly caption: string;
  /** How it is made by itself, as a PNG. */
  readonly recipe: Recipe;
}

/** The most pictures that a recipe may tell of. */
const mostPictures = 10_000;

/**
 * The recipe of a contact sheet: how each of its pictures is made. The first one's recipe stands there whole, of the
 * others only the options that differ.
 *
 * @param pictures at least one, all made from the same files by the same program on the same machine
 * @returns canonical JSON
 */
export function sheetRecipe(pictures: readonly SheetPicture[]): string {
  const { recipe } = pictures[0]!;
  const first: Readonly<Record<string, unknown>> = recipe.options;
  const parts = pictures.map(({ caption, recipe: { options } }) => ({
    caption,
    options: Object.fromEntries(Object.entries(options).filter(([name, value]) => value !== first[name])),
  }));
  return canonicalJson({ pareidolia: recipe.pareidolia, kind: 'sheet', first: recipe, pictures: parts });
}

/**
 * Reads the recipe of a sheet from text that may come from anywhere.
 *
 * @param name the file's name, for messages
 * @returns its pictures in their order; undefined when the text is something else, such as the recipe of one picture
 * @throws ImageError `image/no-recipe` when it is a sheet's and cannot be used
 */
export function parseSheetRecipe(text: string, name: string): SheetPicture[] | undefined {
  const value = parsed(text);
  if (!isRecord(value) || value['kind'] !== 'sheet') return undefined;
  const { first, pictures } = value;
  if (!isRecord(first) || !isRecord(first['options']) || !Array.isArray(pictures) || pictures.length > mostPictures) {
    throw new ImageError(
      'image/no-recipe',
      `${name}: expected the recipe of a sheet, got one that cannot be used. Make the sheet again.`,
    );
  }
  const common = first['options'];
  return pictures.map((picture: unknown) => {
    const { caption, options } = isRecord(picture) ? picture : {};
    const whole = { ...first, options: isRecord(options) ? { ...common, ...options } : undefined };
    return { caption: String(caption).replace(/\p{Cc}/gu, ' '), recipe: parseRecipe(JSON.stringify(whole), name) };
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
