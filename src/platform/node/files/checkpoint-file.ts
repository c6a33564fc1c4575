import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { endianness } from 'node:os';
import { assert, ImageError } from '../../../errors.js';
import { bandsOf, bytesRaster, type Raster } from '../../../image/index.js';
import { readFully } from './scratch.js';
import { type MadeParts, writeWhole } from './write-whole.js';

/** The first line of the file: what it is, and the version of its form. */
const title = 'pareidolia checkpoint 1\n';
const digestBytes = 32;
/** Recipes are at most 64 KiB; what stands beside them is short. */
const longestHeader = 2 ** 20;
const readAtOnce = 2 ** 22;

/** What a checkpoint file holds. */
export interface Checkpoint {
  /** A value that JSON can hold, but NaN and the infinities. */
  readonly facts: unknown;
  /** Pictures and what belongs to them; those of a file that was read are read from it as they are needed. */
  readonly rasters: readonly Raster[];
}

/** A checkpoint whose file is open. */
export interface OpenCheckpoint extends Checkpoint {
  /** Closes the file; the rasters must not be read afterwards. */
  close(): void;
}

type Shape = Pick<Raster, 'planes' | 'width' | 'height'>;

interface Header {
  readonly facts: unknown;
  readonly rasters: readonly Shape[];
}

/**
 * Writes a checkpoint, which appears whole or not at all and takes the place of the one before: a line that says what it
 * is, a line of JSON, the rasters' values as little-endian float32, and the SHA-256 of all that.
 *
 * @throws OutputError `output/write` when the disk is full, permission is denied, and so on
 */
export async function writeCheckpoint(path: string, { facts, rasters }: Checkpoint): Promise<void> {
  const shapes = rasters.map(({ planes, width, height }) => ({ planes, width, height }));
  const header = Buffer.from(`${title}${JSON.stringify({ facts, rasters: shapes } satisfies Header)}\n`);
  assert(header.length <= longestHeader, 'the facts of a checkpoint are short');
  const content: MadeParts = {
    sizeBytes: header.length + valueBytes(shapes) + digestBytes,
    *[Symbol.iterator]() {
      const hash = createHash('sha256').update(header);
      yield header;
      for (const raster of rasters) {
        for (const { plane, top, bottom } of bandsOf(raster)) {
          const rows = raster.rows(plane, top, bottom);
          const bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
          hash.update(bytes);
          yield bytes;
        }
      }
      yield hash.digest();
    },
  };
  assert(endianness() === 'LE', 'the machine writes little-endian numbers');
  await writeWhole(path, content, { overwrite: true });
}

/**
 * Opens a checkpoint and compares it with its digest, all of it.
 *
 * @returns undefined when there is no such file
 * @throws ImageError `image/unreadable` when it is no checkpoint, is damaged or cannot be read
 */
export function openCheckpoint(path: string): OpenCheckpoint | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const { header, dataStart } = readHeader(file);
    const dataEnd = dataStart + valueBytes(header.rasters);
    if (fstatSync(file).size !== dataEnd + digestBytes) throw new Error('it does not have the length it should have');
    const digest = new Uint8Array(digestBytes);
    readFully(file, digest, dataEnd);
    if (!digestOf(file, dataEnd).equals(digest)) throw new Error('it does not match its digest');
    return opened(file, header, dataStart);
  } catch (cause) {
    if (file !== undefined) closeSync(file);
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new ImageError('image/unreadable', `${path}: expected a whole checkpoint, got a damaged one (${message}).`, {
      cause,
    });
  }
}

function opened(file: number, { facts, rasters }: Header, dataStart: number): OpenCheckpoint {
  let at = dataStart;
  const stored = rasters.map((shape) => {
    const start = at;
    at += valueBytes([shape]);
    return bytesRaster({ read: (into, offset) => readFully(file, into, start + offset) }, shape, shape.planes);
  });
  return { facts, rasters: stored, close: () => closeSync(file) };
}

function readHeader(file: number): { header: Header; dataStart: number } {
  const start = Buffer.alloc(Math.min(longestHeader, fstatSync(file).size));
  readFully(file, start, 0);
  if (!start.subarray(0, title.length).equals(Buffer.from(title))) throw new Error('it is something else');
  const end = start.indexOf('\n', title.length);
  if (end < 0) throw new Error('it has no header');
  const header = JSON.parse(start.toString('utf8', title.length, end)) as Partial<Header>;
  const { rasters } = header;
  if (!Array.isArray(rasters) || !rasters.every(isShape)) throw new Error('it names no rasters');
  return { header: { facts: header.facts, rasters }, dataStart: end + 1 };
}

function isShape(value: unknown): value is Shape {
  if (typeof value !== 'object' || value === null) return false;
  const { planes, width, height } = value as { [K in keyof Shape]?: unknown };
  return [planes, width, height].every(
    (count) => Number.isInteger(count) && Number(count) >= 1 && Number(count) < 2 ** 20,
  );
}

function valueBytes(shapes: readonly Shape[]): number {
  return shapes.reduce((sum, { planes, width, height }) => sum + 4 * planes * width * height, 0);
}

function digestOf(file: number, end: number): Buffer {
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(readAtOnce);
  for (let at = 0; at < end; at += readAtOnce) {
    const part = buffer.subarray(0, Math.min(readAtOnce, end - at));
    readFully(file, part, at);
    hash.update(part);
  }
  return hash.digest();
}
