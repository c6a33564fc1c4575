import type { FileHandle } from 'node:fs/promises';
import { MovieError } from '../../../errors.js';

/** Four bytes that stand in most containers before the length of what follows. */
const ebmlHeader = 0x1a45dfa3;
const segment = 0x18538067;

/**
 * Refuses a movie whose end is missing: its container says how long it is.
 *
 * @throws MovieError `movie/unreadable`
 */
export async function requireWhole(file: FileHandle, name: string): Promise<void> {
  const { size } = await file.stat();
  const head = await read(file, 0, 12);
  const expected =
    head.toString('latin1', 0, 4) === 'RIFF' ? 8 + head.readUInt32LE(4) : await promised(file, head, size);
  if (head.toString('latin1', 0, 4) === 'GIF8') await requireTrailer(file, size, name);
  if (expected <= size) return;
  throw new MovieError(
    'movie/unreadable',
    `${name}: the file is torn: expected ${expected} bytes, got ${size}. Copy it again.`,
  );
}

/** A GIF says no length, but ends with a semicolon; some have zeros behind it. */
async function requireTrailer(file: FileHandle, size: number, name: string): Promise<void> {
  const end = await read(file, Math.max(0, size - 64), 64);
  if (end.toString('latin1').replace(/\0+$/, '').endsWith(';')) return;
  throw new MovieError('movie/unreadable', `${name}: the file is torn: the end of the GIF is missing. Copy it again.`);
}

async function promised(file: FileHandle, head: Buffer, size: number): Promise<number> {
  if (head.readUInt32BE(0) === ebmlHeader) return matroskaEnd(file, size);
  return /^(ftyp|moov|mdat|free|skip|wide)$/.test(head.toString('latin1', 4, 8)) ? isobmffEnd(file, size) : 0;
}

/** Where the last top-level box of an MP4 or MOV ends. */
async function isobmffEnd(file: FileHandle, size: number): Promise<number> {
  let at = 0;
  while (at + 8 <= size) {
    const box = await read(file, at, 16);
    const short = box.readUInt32BE(0);
    if (short === 0) return size; // to the end of the file
    const length = short === 1 ? Number(box.readBigUInt64BE(8)) : short;
    if (length < 8) return size; // not a box; whoever reads it will say so
    at += length;
  }
  return at;
}

/** Where the segment of a Matroska or WebM file ends. */
async function matroskaEnd(file: FileHandle, size: number): Promise<number> {
  const header = variableInteger(await read(file, 4, 8));
  const at = 4 + header.bytes + header.value;
  const next = await read(file, at, 12);
  if (next.readUInt32BE(0) !== segment) return size;
  const { value, bytes } = variableInteger(next.subarray(4));
  return Number.isFinite(value) ? at + 4 + bytes + value : size;
}

/** EBML's numbers: as many leading zero bits as there are further bytes. All ones mean that it is unknown. */
function variableInteger(data: Buffer): { value: number; bytes: number } {
  const bytes = Math.clz32(data[0]!) - 23;
  let value = data[0]! & (0xff >> bytes);
  let unknown = value === 0xff >> bytes;
  for (let i = 1; i < bytes; i++) {
    value = value * 256 + data[i]!;
    unknown &&= data[i] === 0xff;
  }
  return { value: unknown ? Number.POSITIVE_INFINITY : value, bytes };
}

/** Bytes of a file, with zeros behind its end. */
async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  await file.read(bytes, 0, length, position);
  return bytes;
}
