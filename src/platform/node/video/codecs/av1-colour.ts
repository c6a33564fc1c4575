/** Writes BT.709 into AV1 (specification 1.0.0 with errata 1, section 5.5), whose encoders are not told of colours. */

/** The OBU that describes the sequence. */
const sequenceHeader = 1;
/** H.273's numbers for BT.709 primaries, transfer function and matrix. */
const bt709 = [1, 1, 1] as const;

/**
 * A packet whose sequence header, where it has one that names no colours, names BT.709. What is not understood stays as
 * it is.
 *
 * @param packet OBUs with their sizes, as containers hold them
 */
export function withBt709(packet: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < packet.length; ) {
    const header = packet[at]!;
    const headerBytes = (header & 4) === 0 ? 1 : 2;
    if ((header & 2) === 0) return packet; // without a size
    const size = readLeb128(packet, at + headerBytes);
    const start = at + headerBytes + size.bytes;
    const end = start + size.value;
    const payload = ((header >> 3) & 15) === sequenceHeader ? taggedSequence(packet.subarray(start, end)) : undefined;
    if (payload === undefined) parts.push(packet.subarray(at, end));
    else parts.push(packet.subarray(at, at + headerBytes), leb128(payload.length), payload);
    at = end;
  }
  return Buffer.concat(parts);
}

/** The sequence header with colours; undefined when it names some already, or is of a kind no encoder writes here. */
function taggedSequence(payload: Uint8Array): Uint8Array | undefined {
  const bits = Array.from(payload, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const flag = colourFlagAt(bits);
  if (flag === undefined || bits[flag] !== '0') return undefined;
  const colours = bt709.map((value) => value.toString(2).padStart(8, '0')).join('');
  const tagged = `${bits.slice(0, flag)}1${colours}${bits.slice(flag + 1)}`;
  return Uint8Array.from({ length: tagged.length / 8 }, (_, i) => Number.parseInt(tagged.slice(8 * i, 8 * i + 8), 2));
}

/** Where color_description_present_flag stands. */
function colourFlagAt(bits: string): number | undefined {
  let at = 0;
  const read = (count: number): number => {
    at += count;
    return Number.parseInt(bits.slice(at - count, at), 2);
  };
  const profile = read(3);
  read(1); // still_picture
  const reduced = read(1) === 1;
  const timed = !reduced && read(1) === 1;
  // 4:2:0 in a stream with neither timing nor reduced headers: what encoders of movies write.
  if (profile !== 0 || reduced || timed) return undefined;
  const delayed = read(1) === 1;
  const points = read(5) + 1;
  for (let i = 0; i < points; i++) {
    read(12);
    if (read(5) > 7) read(1);
    if (delayed && read(1) === 1) read(4);
  }
  const widthBits = read(4) + 1;
  const heightBits = read(4) + 1;
  read(widthBits + heightBits);
  if (read(1) === 1) read(4 + 3); // frame ids
  read(3 + 4); // superblocks, filters; compound and warped motion
  const ordered = read(1) === 1;
  if (ordered) read(2);
  const chosenContent = read(1) === 1;
  const content = chosenContent ? 2 : read(1);
  if (content > 0 && read(1) === 0) read(1); // integer motion vectors
  if (ordered) read(3);
  read(3); // superres, cdef, restoration
  read(2); // high_bitdepth, mono_chrome
  return at < bits.length ? at : undefined;
}

function readLeb128(bytes: Uint8Array, start: number): { value: number; bytes: number } {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes[start + i] ?? 0;
    value += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) return { value, bytes: i + 1 };
  }
  return { value, bytes: 8 };
}

function leb128(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest & 127) | 128);
  }
}
