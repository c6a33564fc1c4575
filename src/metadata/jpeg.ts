import { OptionError } from '../errors.js';
import { latin1 } from './recipe-text.js';

/** What the segment APP1 of an XMP packet begins with (Adobe, XMP Specification Part 3). */
const header = 'http://ns.adobe.com/xap/1.0/\0';

/** A segment says its length, itself included, in 16 bits. */
const maxXmpBytes = 65_533 - header.length;

/** Whether a file begins as a JPEG does. */
export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/**
 * Puts an XMP packet into a JPEG that has none, right after its start.
 *
 * @param jpeg a whole JPEG file
 * @returns the new file in parts that stand one after the other
 * @throws OptionError `option/invalid` when the packet does not fit into one segment
 */
export function jpegXmpParts(jpeg: Uint8Array, xmp: Uint8Array): readonly Uint8Array[] {
  if (xmp.length > maxXmpBytes) {
    throw new OptionError(
      'option/invalid',
      `recipe: expected at most ${maxXmpBytes} bytes in a JPEG, got ${xmp.length}. Write a PNG instead.`,
    );
  }
  const start = new Uint8Array(6);
  new DataView(start.buffer).setUint32(0, 0xffd8ffe1);
  new DataView(start.buffer).setUint16(4, 2 + header.length + xmp.length);
  return [start, new TextEncoder().encode(header), xmp, jpeg.subarray(2)];
}

/** The XMP packet of a JPEG; undefined when there is none. */
export function findJpegXmp(jpeg: Uint8Array): Uint8Array | undefined {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  for (let at = 2; at + 4 <= jpeg.length && jpeg[at] === 0xff; ) {
    const marker = jpeg[at + 1];
    // Bytes of filling may stand before a marker.
    if (marker === 0xff) {
      at++;
      continue;
    }
    // Pixels begin: what stands after them is no segment of ours.
    if (marker === 0xda) return undefined;
    const end = at + 2 + view.getUint16(at + 2);
    const content = jpeg.subarray(at + 4, end);
    if (marker === 0xe1 && latin1(content.subarray(0, header.length)) === header)
      return content.subarray(header.length);
    at = end;
  }
  return undefined;
}
