import type { Size } from '../image/index.js';
import { isJpeg } from './jpeg.js';
import { isPng } from './png.js';
import { latin1 } from './recipe-text.js';
import { isWebp } from './webp.js';

/**
 * The size that the header of a PNG, JPEG, WebP or GIF announces, so that a picture can be refused before it takes the
 * memory of its pixels. A JPEG or WebP that is turned by its EXIF orientation has width and height exchanged.
 *
 * @param bytes the file, or enough of its beginning
 * @returns undefined for other formats, and where the header is not among the bytes
 */
export function announcedSize(bytes: Uint8Array): Size | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isPng(bytes)) return bytes.length < 24 ? undefined : { width: view.getUint32(16), height: view.getUint32(20) };
  if (isJpeg(bytes)) return sizeOfJpeg(view);
  if (isWebp(bytes)) return sizeOfWebp(view, latin1(bytes.subarray(12, 16)));
  if (latin1(bytes.subarray(0, 4)) === 'GIF8' && bytes.length >= 10) {
    return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  }
  return undefined;
}

/** In the frame header: any of SOF0 to SOF15 that is not a table (ITU T.81, table B.1). */
function sizeOfJpeg(view: DataView): Size | undefined {
  for (let at = 2; at + 9 <= view.byteLength; ) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at++;
      continue;
    }
    const isTable = marker === 0xc4 || marker === 0xc8 || marker === 0xcc;
    if (marker >= 0xc0 && marker <= 0xcf && !isTable) {
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    }
    if (marker === 0xda) return undefined;
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

function sizeOfWebp(view: DataView, type: string): Size | undefined {
  if (view.byteLength < 30) return undefined;
  if (type === 'VP8X') {
    return { width: (view.getUint32(24, true) & 0xffffff) + 1, height: (view.getUint32(26, true) >>> 8) + 1 };
  }
  if (type === 'VP8L') {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
  }
  return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
}
