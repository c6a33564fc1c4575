import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import {
  ImageError,
  type Network,
  readNpy,
  readPicture,
  readPictureFile,
  type Size,
  toNetwork,
} from '../../../src/platform/node/index.js';
import { standardStream } from '../files/output-file.js';

/** A picture as a network takes it. */
export interface NetworkValues {
  /** `[3, H, W]` in the network's channel order and range. */
  readonly values: Float32Array;
  readonly size: Size;
}

/**
 * Reads a picture for a network, or values that are in its range already: `.npy` files of shape `[1, 3, H, W]`.
 *
 * @param path a file, or `-` for standard input, which may hold either
 * @throws ImageError for files that hold neither
 */
export async function readValues(path: string, network: Network): Promise<NetworkValues> {
  if (path === standardStream) {
    const bytes = await buffer(process.stdin);
    const name = 'standard input';
    if (isNpy(bytes)) return valuesOf(bytes, name);
    return inRange(await readPicture(bytes, { name }), network);
  }
  if (path.toLowerCase().endsWith('.npy')) return valuesOf(await readBytes(path), path);
  return inRange((await readPictureFile(path)).picture, network);
}

function inRange({ width, height, data }: { data: Float32Array } & Size, { preprocessing }: Network): NetworkValues {
  return { values: toNetwork(data, preprocessing), size: { width, height } };
}

function isNpy(bytes: Uint8Array): boolean {
  return [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59].every((byte, i) => bytes[i] === byte);
}

function valuesOf(bytes: Uint8Array, name: string): NetworkValues {
  const { shape, data } = readNpy(bytes, name);
  const [pictures, channels, height, width] = shape;
  if (shape.length !== 4 || pictures !== 1 || channels !== 3 || !height || !width) {
    throw new ImageError(
      'image/format',
      `${name}: expected values of shape [1, 3, height, width], got [${shape.join(', ')}]. Write one picture, channels first.`,
    );
  }
  return { values: data, size: { width, height } };
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new ImageError('image/missing', `${path}: no such file.`, { cause });
    }
    const reason = code === 'EISDIR' ? 'expected a .npy file, got a folder' : `it could not be read (${code})`;
    throw new ImageError('image/unreadable', `${path}: ${reason}. Name another file.`, { cause });
  }
}
