import { inflateSync } from 'node:zlib';
import sharp from 'sharp';
import { ImageError } from '../../../errors.js';
import {
  damaged,
  decodeText,
  findPngRecipe,
  isPng,
  maxRecipeBytes,
  pngRecipeParts,
  readXmpRecipe,
} from '../../../metadata/index.js';

/**
 * Puts a recipe into a PNG, see {@link pngRecipeParts}.
 *
 * @returns the PNG with the recipe; the input stays as it is
 */
export function embedRecipe(png: Uint8Array, recipe: string): Uint8Array {
  return Buffer.concat(pngRecipeParts(png, recipe));
}

/**
 * Reads the recipe that is inside a picture file. The text comes from the file and may be anything: parse and check it
 * like any other input.
 *
 * @param bytes a whole PNG, JPEG, WebP, AVIF or TIFF
 * @param name what messages call the file. Default `picture`
 * @returns the text, or undefined when the picture holds no recipe
 * @throws ImageError `image/format` when the bytes are no picture, `image/unreadable` when the recipe or the file's
 *   header is damaged, or the recipe is longer than 64 KiB
 */
export async function extractRecipe(bytes: Uint8Array, name = 'picture'): Promise<string | undefined> {
  const stored = isPng(bytes) ? findPngRecipe(bytes, name) : undefined;
  if (stored) return decodeText(stored.compressed ? inflate(stored.bytes, name) : stored.bytes, name);
  let xmp: Buffer | undefined;
  try {
    xmp = (await sharp(bytes, { failOn: 'error', limitInputPixels: false }).metadata()).xmp;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : '';
    if (/unsupported image format|is empty/.test(message)) {
      throw new ImageError('image/format', `${name}: expected a picture, got something else. Name a picture.`, {
        cause,
      });
    }
    throw damaged(name, 'its header is damaged', cause);
  }
  return xmp === undefined ? undefined : readXmpRecipe(xmp, name);
}

/** Other programs may rewrite a PNG with its texts compressed. */
function inflate(data: Uint8Array, name: string): Uint8Array {
  try {
    return inflateSync(data, { maxOutputLength: maxRecipeBytes });
  } catch (cause) {
    throw damaged(name, 'its recipe is malformed or longer than 64 KiB', cause);
  }
}
