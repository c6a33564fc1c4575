import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, realpathSync, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ModelError } from '../../../errors.js';
import { type Model, readModel } from '../../../onnx/index.js';

/** The most bytes that a model may have, all its files together: 1 GiB. */
const maxSizeBytes = 2 ** 30;

/** A model and what it was read from. */
export interface ModelFile {
  readonly model: Model;
  /** The ONNX file. The model's weights are views of these bytes, so they must not be changed. */
  readonly bytes: Uint8Array;
  /**
   * What the network is, in 64 hexadecimal digits. A model in one file: the SHA-256 of that file. A model with weights
   * in files of their own: the SHA-256 of a text, which is the SHA-256 of the ONNX file and a newline, then for each of
   * the other files, in the order of their names, its SHA-256, two spaces, its name and a newline (as `sha256sum` prints).
   */
  readonly sha256: string;
}

/**
 * Reads an ONNX file, and the files that hold its weights when it has such.
 *
 * Those are taken from the folder of the ONNX file only, and only when they are plain files there: no symbolic links,
 * no files with a second name (hard links), no pipes or devices. A model that comes from someone else can therefore not
 * make this program read anything but what lies beside it. The ONNX file itself may be a symbolic link.
 *
 * @param path the ONNX file
 * @param check is told the SHA-256 of that file before anything in it is read, and throws to refuse it
 * @throws ModelError `model/missing` when there is no such file; `model/unreadable` when it is a folder, a pipe or a
 *   device, may not be read, or has more than 1 GiB with all its files; and everything that `readModel` throws
 */
export async function readModelFile(path: string, check?: (sha256: string) => void): Promise<ModelFile> {
  const bytes = await readWhole(path);
  const own = sha256Of(bytes);
  check?.(own);
  const folder = dirname(path);
  const others = new Map<string, Uint8Array>();
  let totalBytes = bytes.length;
  const external = (location: string, offset: number, length: number): Uint8Array => {
    let weights = others.get(location);
    if (!weights) {
      weights = readBeside(path, folder, location, maxSizeBytes - totalBytes);
      totalBytes += weights.length;
      others.set(location, weights);
    }
    if (offset + length > weights.length) {
      throw new ModelError(
        'model/truncated',
        `${path}: needs ${length} bytes at ${offset} of "${location}", which has ${weights.length}. Fetch both files again.`,
      );
    }
    return weights.subarray(offset, offset + length);
  };
  const model = readModel(bytes, { name: path, external });
  return { model, bytes, sha256: digestOf(own, others) };
}

function digestOf(own: string, others: ReadonlyMap<string, Uint8Array>): string {
  if (others.size === 0) return own;
  const names = [...others.keys()].sort();
  return sha256Of(`${own}\n${names.map((name) => `${sha256Of(others.get(name)!)}  ${name}\n`).join('')}`);
}

function sha256Of(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

async function readWhole(path: string): Promise<Uint8Array> {
  let file: FileHandle | undefined;
  try {
    // A pipe that nobody writes to must not stop the program, so it is opened without waiting, and refused.
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = await file.stat();
    if (stat.isDirectory()) throw unreadable(`${path}: expected an ONNX file, got a folder. Name a file inside it.`);
    if (!stat.isFile()) throw unreadable(`${path}: expected an ONNX file, got a pipe or a device. Name a file.`);
    if (stat.size > maxSizeBytes) throw tooLarge(path, stat.size, maxSizeBytes);
    const bytes = new Uint8Array(stat.size);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, filled);
      if (bytesRead === 0) throw shrank(path);
      filled += bytesRead;
    }
    return bytes;
  } catch (cause) {
    throw readError(path, cause);
  } finally {
    await file?.close();
  }
}

/** Reads a file of weights. Waits for the disk, because `readModel` asks for bytes while it reads the model. */
function readBeside(path: string, folder: string, location: string, maxBytes: number): Uint8Array {
  const beside = join(folder, location);
  const fact = `${path}: "${location}", which holds its weights,`;
  const refuse = (what: string): never => {
    throw new ModelError('model/unreadable', `${fact} is ${what}, expected a plain file beside it. Copy it there.`);
  };
  let descriptor: number | undefined;
  try {
    const found = lstatSync(beside);
    if (found.isSymbolicLink()) refuse('a symbolic link');
    if (!found.isFile()) refuse(found.isDirectory() ? 'a folder' : 'a pipe or a device');
    if (dirname(realpathSync(beside)) !== realpathSync(folder)) refuse('in another folder');
    // Whoever can change the folder could swap the file by now: it must be opened as it was found, and is looked at again.
    descriptor = openSync(beside, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const opened: Stats = fstatSync(descriptor);
    if (opened.ino !== found.ino || opened.dev !== found.dev || !opened.isFile()) refuse('changing');
    if (opened.nlink > 1) refuse('a file with several names (hard links)');
    if (opened.size > maxBytes) throw tooLarge(path, maxSizeBytes - maxBytes + opened.size, maxSizeBytes);
    const bytes = new Uint8Array(opened.size);
    let filled = 0;
    while (filled < bytes.length) {
      const count = readSync(descriptor, bytes, filled, bytes.length - filled, filled);
      if (count === 0) throw shrank(beside);
      filled += count;
    }
    return bytes;
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') {
      throw new ModelError('model/missing', `${fact} is not there. Put it into the same folder.`, { cause });
    }
    throw readError(beside, cause);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function readError(path: string, cause: unknown): ModelError {
  if (cause instanceof ModelError) return cause;
  const code = codeOf(cause);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new ModelError('model/missing', `${path}: no such file. Check the name of the model.`, { cause });
  }
  const reason =
    code === 'EACCES' || code === 'EPERM'
      ? 'expected a file that may be read, got permission denied. Change its permissions.'
      : `the file could not be read (${code}). Copy it to another place.`;
  return unreadable(`${path}: ${reason}`, cause);
}

function tooLarge(path: string, sizeBytes: number, limitBytes: number): ModelError {
  return unreadable(`${path}: expected at most ${limitBytes} bytes, got ${sizeBytes}. Use a smaller network.`);
}

function shrank(path: string): ModelError {
  return unreadable(`${path}: the file became shorter while it was read. Wait until it is complete.`);
}

function unreadable(message: string, cause?: unknown): ModelError {
  return new ModelError('model/unreadable', message, cause === undefined ? {} : { cause });
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
}
