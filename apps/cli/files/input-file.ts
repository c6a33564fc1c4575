import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { buffer } from 'node:stream/consumers';
import {
  OptionError,
  type Picture,
  pictureOf,
  type RasterPicture,
  readRasterPicture,
  readRasterPictureFile,
} from '../../../src/platform/node/index.js';
import { standardStream } from './output-file.js';

/** A picture as a recipe names it. */
export interface Input {
  readonly picture: RasterPicture;
  /** The file's name without its folder; `-` for standard input. */
  readonly name: string;
  /** SHA-256 of the file. */
  readonly sha256: string;
}

/**
 * Reads a picture from a file, or from standard input for `-`.
 *
 * @param size longest side to shrink to, in pixels; 0 keeps the size
 */
export async function readInput(path: string, size: number): Promise<Input> {
  const options = size > 0 ? { size } : {};
  if (path === standardStream) {
    const bytes = await readStandardInput();
    const picture = await readRasterPicture(bytes, { ...options, name: 'standard input' });
    return { picture, name: standardStream, sha256: sha256Of(bytes) };
  }
  const { picture, bytes } = await readRasterPictureFile(path, options);
  return { picture, name: basename(path), sha256: sha256Of(bytes) };
}

/** A picture in memory, as a recipe names it. */
export interface WholeInput extends Omit<Input, 'picture'> {
  readonly picture: Picture;
}

/** Reads a picture as {@link readInput} does, into memory. */
export async function readWholeInput(path: string, size: number): Promise<WholeInput> {
  const input = await readInput(path, size);
  return { ...input, picture: pictureOf(input.picture) };
}

/**
 * Everything that comes from standard input.
 *
 * @param what is expected there
 * @throws OptionError when that is a terminal, where a picture cannot be typed
 */
export async function readStandardInput(what: 'a picture' | 'names' = 'a picture'): Promise<Uint8Array> {
  if (!process.stdin.isTTY) return buffer(process.stdin);
  throw new OptionError(
    'option/invalid',
    `-: expected ${what} on standard input, got a terminal. Pipe ${what === 'names' ? 'them' : 'one'} into it, or name a file.`,
  );
}

/** SHA-256 as 64 hexadecimal digits. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
