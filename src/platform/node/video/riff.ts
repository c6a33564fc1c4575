/** The bytes of RIFF files: AVI and WebP. Numbers are little-endian, chunks begin at even offsets. */

/** A number in two bytes. */
export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

/** A number in three bytes. */
export function u24(value: number): Buffer {
  const bytes = Buffer.alloc(3);
  bytes.writeUIntLE(value, 0, 3);
  return bytes;
}

/** A number in four bytes; what has more bits is cut, as RIFF's counters are. */
export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(Math.round(value) % 2 ** 32);
  return bytes;
}

/** A chunk: four letters, its length, its data, and a byte where the length is odd. */
export function chunk(id: string, data: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(id, 'latin1'), u32(data.length), data, Buffer.alloc(data.length % 2)]);
}

/** A chunk that holds chunks. */
export function list(type: string, ...chunks: readonly Uint8Array[]): Buffer {
  return chunk('LIST', Buffer.concat([Buffer.from(type, 'latin1'), ...chunks]));
}

/** A frame rate as a fraction: whole, over 1001 as television has it, or in thousandths. */
export function rationalOf(fps: number): { numerator: number; denominator: number } {
  for (const denominator of [1, 1001]) {
    const numerator = Math.round(fps * denominator);
    const whole = denominator === 1 || numerator % 1000 === 0;
    if (whole && Math.abs(numerator / denominator - fps) < 1e-3) return { numerator, denominator };
  }
  return { numerator: Math.round(fps * 1000), denominator: 1000 };
}
