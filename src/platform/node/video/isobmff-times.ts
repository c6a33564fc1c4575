/** Boxes that hold boxes, on the way to those with times. */
const containers = new Set(['moov', 'trak', 'mdia']);
/** Boxes that begin with the time they were made and the time they were changed. */
const timed = new Set(['mvhd', 'tkhd', 'mdhd']);

/**
 * Sets to zero when a file and its tracks were made, so that equal movies are equal files.
 *
 * @param boxes whole boxes of an MP4 or MOV, changed in place
 */
export function forgetTimes(boxes: Uint8Array): void {
  const view = new DataView(boxes.buffer, boxes.byteOffset, boxes.byteLength);
  for (let at = 0; at + 8 <= boxes.length; ) {
    const length = view.getUint32(at);
    const type = Buffer.from(boxes.subarray(at + 4, at + 8)).toString('latin1');
    if (length < 8) return;
    if (containers.has(type)) forgetTimes(boxes.subarray(at + 8, at + length));
    // Four bytes of version and flags; version 1 has times of eight bytes.
    else if (timed.has(type)) boxes.fill(0, at + 12, at + 12 + (boxes[at + 8] === 1 ? 16 : 8));
    at += length;
  }
}
