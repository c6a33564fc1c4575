import { ImageError } from '../errors.js';
import type { Size } from '../image/index.js';
import { latin1 } from './recipe-text.js';

/** A chunk of a RIFF file: its four letters, and where its content lies. */
interface Chunk {
  readonly type: string;
  readonly content: Uint8Array;
}

const hasAlpha = 0x10;
const hasXmp = 0x04;

/** Whether a file begins as a WebP does. */
export function isWebp(bytes: Uint8Array): boolean {
  return latin1(bytes.subarray(0, 4)) === 'RIFF' && latin1(bytes.subarray(8, 12)) === 'WEBP';
}

/**
 * Puts an XMP packet into a still WebP that has none. A WebP in the simple format becomes one in the extended format,
 * which alone has room for it (RFC 9649, section 2.7).
 *
 * @param webp a whole WebP file
 * @param size of its picture in pixels
 * @returns the new file in parts that stand one after the other
 * @throws ImageError `image/format` when the bytes are no WebP
 */
export function webpXmpParts(webp: Uint8Array, size: Size, xmp: Uint8Array): readonly Uint8Array[] {
  const chunks = isWebp(webp) ? chunksOf(webp) : [];
  const extended = chunks.find(({ type }) => type === 'VP8X');
  const picture = chunks.find(({ type }) => type === 'VP8 ' || type === 'VP8L');
  if (!extended && !picture) throw new ImageError('image/format', 'recipe: expected a WebP to put it into, got none.');
  const header = extended?.content.slice() ?? headerOf(size, usesAlpha(picture!));
  header[0]! |= hasXmp;
  const kept = chunks.filter(({ type }) => type !== 'VP8X');
  const body = [{ type: 'VP8X', content: header }, ...kept, { type: 'XMP ', content: xmp }].flatMap(partsOf);
  const start = new Uint8Array(12);
  start.set(new TextEncoder().encode('RIFF'), 0);
  start.set(new TextEncoder().encode('WEBP'), 8);
  const length = body.reduce((sum, part) => sum + part.length, 4);
  new DataView(start.buffer).setUint32(4, length, true);
  return [start, ...body];
}

/** The XMP packet of a WebP; undefined when there is none. */
export function findWebpXmp(webp: Uint8Array): Uint8Array | undefined {
  return chunksOf(webp).find(({ type }) => type === 'XMP ')?.content;
}

function chunksOf(webp: Uint8Array): Chunk[] {
  const view = new DataView(webp.buffer, webp.byteOffset, webp.byteLength);
  const chunks: Chunk[] = [];
  for (let at = 12; at + 8 <= webp.length; ) {
    const length = view.getUint32(at + 4, true);
    const content = webp.subarray(at + 8, at + 8 + length);
    if (content.length < length) break;
    chunks.push({ type: latin1(webp.subarray(at, at + 4)), content });
    at += 8 + length + (length % 2);
  }
  return chunks;
}

function partsOf({ type, content }: Chunk): Uint8Array[] {
  const start = new Uint8Array(8);
  start.set(new TextEncoder().encode(type), 0);
  new DataView(start.buffer).setUint32(4, content.length, true);
  return [start, content, new Uint8Array(content.length % 2)];
}

function headerOf({ width, height }: Size, alpha: boolean): Uint8Array {
  const header = new Uint8Array(10);
  const view = new DataView(header.buffer);
  header[0] = alpha ? hasAlpha : 0;
  // 24 bits each, one less than the side; the second overlaps the last byte of a 32-bit write, so it is set after.
  view.setUint32(4, width - 1, true);
  view.setUint16(7, (height - 1) & 0xffff, true);
  header[9] = (height - 1) >> 16;
  return header;
}

/** The lossless format says in its header whether alpha is used; the lossy one has it in a chunk of its own. */
function usesAlpha({ type, content }: Chunk): boolean {
  return type === 'VP8L' && (content[4]! & 0x10) !== 0;
}
