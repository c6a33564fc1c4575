import { ImageError, OptionError } from '../errors.js';

/** The most bytes of recipe (JSON text in UTF-8) that are written or read: 64 KiB. */
export const maxRecipeBytes = 65_536;

/** The word that a recipe is filed under. */
export const keyword = 'pareidolia';

/**
 * Refuses text that could not be read back.
 *
 * @throws OptionError `option/invalid` when it is longer than 64 KiB or holds characters no XML may hold
 */
export function checkRecipe(recipe: string): void {
  const sizeBytes = byteLengthOf(recipe);
  if (sizeBytes > maxRecipeBytes) {
    throw new OptionError(
      'option/invalid',
      `recipe: expected at most ${maxRecipeBytes} bytes, got ${sizeBytes}. Write it to a file of its own.`,
    );
  }
  const stranger = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.exec(recipe);
  if (stranger === null) return;
  const code = stranger[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  throw new OptionError(
    'option/invalid',
    `recipe: expected JSON text, got the character U+${code} at ${stranger.index}. Write it as \\u${code}.`,
  );
}

/**
 * Text from a file that may hold anything.
 *
 * @throws ImageError `image/unreadable` when it is not UTF-8, or longer than the limit
 */
export function decodeText(bytes: Uint8Array, name: string, limitBytes = maxRecipeBytes): string {
  if (bytes.length > limitBytes) throw damaged(name, 'its recipe is longer than 64 KiB');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw damaged(name, 'its recipe is not UTF-8', cause);
  }
}

/** One character for each byte, so that places in the text are places in the bytes. */
export function latin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}

/** Bytes of a text in UTF-8. */
export function byteLengthOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** A file whose recipe cannot be read. */
export function damaged(name: string, what: string, cause?: unknown): ImageError {
  const message = `${name}: expected a picture with a recipe that can be read, but ${what}. Use the original file.`;
  return new ImageError('image/unreadable', message, cause === undefined ? {} : { cause });
}
