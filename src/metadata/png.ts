import { ImageError } from '../errors.js';
import { checkRecipe, damaged, keyword, latin1 } from './recipe-text.js';

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** Whether its checksum holds. */
  readonly sound: boolean;
  /** Where the next chunk starts. */
  readonly end: number;
}

/** What a PNG has under the keyword `pareidolia`. */
export interface PngRecipe {
  /** UTF-8, or zlib's stream of it. */
  readonly bytes: Uint8Array;
  /** Whether another program compressed it. */
  readonly compressed: boolean;
}

/** Whether a file begins as a PNG does. */
export function isPng(bytes: Uint8Array): boolean {
  return bytes.length > signature.length && signature.every((byte, i) => bytes[i] === byte);
}

/**
 * Puts a recipe into a PNG, as an uncompressed iTXt chunk with the keyword `pareidolia`, right after the header.
 *
 * @param png a whole PNG file
 * @param recipe JSON text
 * @returns the new file in parts that stand one after the other: nothing of the PNG is copied
 * @throws OptionError `option/invalid` when the recipe is longer than 64 KiB or holds characters no XML may hold
 * @throws ImageError `image/format` when the bytes are no PNG
 */
export function pngRecipeParts(png: Uint8Array, recipe: string): readonly Uint8Array[] {
  checkRecipe(recipe);
  const ihdr = isPng(png) ? nextChunk(png, 8) : undefined;
  if (ihdr?.type !== 'IHDR') throw new ImageError('image/format', 'recipe: expected a PNG to put it into, got none.');
  // keyword, 0, not compressed, method 0, no language, no translated keyword
  const chunk = chunkOf('iTXt', new TextEncoder().encode(`${keyword}\0\0\0\0\0${recipe}`));
  return [png.subarray(0, ihdr.end), chunk, png.subarray(ihdr.end)];
}

/**
 * The recipe in a PNG, as it is stored; undefined when there is none.
 *
 * @throws ImageError `image/unreadable` when it is damaged
 */
export function findPngRecipe(png: Uint8Array, name: string): PngRecipe | undefined {
  for (let chunk = nextChunk(png, 8); chunk !== undefined && chunk.type !== 'IEND'; chunk = nextChunk(png, chunk.end)) {
    if (chunk.type !== 'iTXt' || latin1(chunk.data.subarray(0, keyword.length + 1)) !== `${keyword}\0`) continue;
    if (!chunk.sound) throw damaged(name, 'its recipe does not match its checksum');
    const compressed = chunk.data[keyword.length + 1];
    const language = chunk.data.indexOf(0, keyword.length + 3);
    const translated = language < 0 ? -1 : chunk.data.indexOf(0, language + 1);
    if (translated < 0 || compressed === undefined || compressed > 1) throw damaged(name, 'its recipe is malformed');
    return { bytes: chunk.data.subarray(translated + 1), compressed: compressed === 1 };
  }
  return undefined;
}

/** The chunk at an offset, or undefined where the file ends before it does. */
function nextChunk(png: Uint8Array, offset: number): Chunk | undefined {
  if (offset + 12 > png.length) return undefined;
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const length = view.getUint32(offset);
  if (length > png.length - offset - 12) return undefined;
  const body = png.subarray(offset + 4, offset + 8 + length);
  const type = latin1(body.subarray(0, 4));
  // A picture's pixels are not ours to check, and summing them up would take longer than all the rest.
  const sound = type !== 'iTXt' || crc32(body) === view.getUint32(offset + 8 + length);
  return { type, data: body.subarray(4), sound, end: offset + 12 + length };
}

function chunkOf(type: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(data.length + 12);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  chunk.set(new TextEncoder().encode(type), 4);
  chunk.set(data, 8);
  view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)));
  return chunk;
}

/** The checksum of PNG's chunks (ISO 3309, polynomial 0xEDB88320). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let crc = n;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});
