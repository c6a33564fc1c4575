import { randomBytes } from 'node:crypto';
import { closeSync, openSync, rmSync } from 'node:fs';
import { type FileHandle, link, lstat, open as openFile, readdir, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { assert, OutputError } from '../../../errors.js';
import { isRunning } from './is-running.js';

/** What {@link writeWhole} is told. */
export interface WriteWholeOptions {
  /** Replace a file that exists already. Default false. */
  readonly overwrite?: boolean | undefined;
}

/** The content of a file in parts that are made while it is written. */
export interface MadeParts extends Iterable<Uint8Array> {
  /** Bytes of all parts. */
  readonly sizeBytes: number;
}

/** A file that is being written; nothing has its name before {@link WholeFile.finish}. */
export interface WholeFile {
  /**
   * Writes bytes, all of them.
   *
   * @param position where they belong, in bytes from the start. Default: behind what was written last
   * @throws OutputError `output/write` when the disk is full, and so on
   */
  write(bytes: Uint8Array, position?: number): Promise<void>;
  /**
   * Gives the file its name, in one step.
   *
   * @throws OutputError as {@link createWhole}; `output/exists` when something took the name meanwhile
   */
  finish(): Promise<void>;
  /** Removes what was written. Does nothing after {@link WholeFile.finish}, or when called again. */
  abort(): Promise<void>;
}

/**
 * Writes a file that appears whole or not at all: into a temporary file beside it (`.name.<pid>-<random>.tmp`), to the
 * disk, then under its name in one atomic step, and the folder to the disk. Whatever fails, no temporary file stays and
 * an old file keeps its content, also when the process exits in between. A symbolic link is replaced, not followed; a
 * replaced file's permissions are kept; devices and pipes are refused.
 *
 * @param path where the file shall appear; its folder must exist
 * @param content the whole content, or its parts one after the other
 * @throws OutputError `output/exists` when something has that name and `overwrite` is off, even when it appeared while
 *   this was writing; `output/write` when the folder is missing, the disk is full, permission is denied, and so on
 */
export async function writeWhole(
  path: string,
  content: Uint8Array | readonly Uint8Array[] | MadeParts,
  options: WriteWholeOptions = {},
): Promise<void> {
  const file = await begin(path, options, sizeOf(content));
  try {
    for (const part of content instanceof Uint8Array ? [content] : content) await file.write(part);
  } catch (error) {
    await file.abort();
    throw error;
  }
  await file.finish();
}

/**
 * Begins a file that appears whole or not at all, as {@link writeWhole}, for contents that come piece by piece. When a
 * write fails, what was written is removed.
 *
 * @param path where the file shall appear; its folder must exist
 * @throws OutputError as {@link writeWhole}
 */
export function createWhole(path: string, options: WriteWholeOptions = {}): Promise<WholeFile> {
  return begin(path, options, 0);
}

/** @param expectedBytes size of the whole file as far as it is known, for messages */
async function begin(path: string, options: WriteWholeOptions, expectedBytes: number): Promise<WholeFile> {
  const { overwrite = false } = options;
  const folder = dirname(path);
  const old = await lstat(path).catch(() => undefined);
  if (old?.isDirectory())
    throw new OutputError('output/write', `${path}: expected a file name, got a folder. Add one.`);
  if (old !== undefined && !old.isFile() && !old.isSymbolicLink()) {
    throw new OutputError('output/write', `${path}: expected a file name, got a device or a pipe. Choose another one.`);
  }
  if (old !== undefined && !overwrite) throw existsError(path);
  const temporary = join(folder, `.${stemOf(path)}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`);
  const forget = removeOnExit(temporary);
  let open = true;
  let length = 0;
  const handle = await createFile(temporary, old?.isFile() ? old.mode & 0o777 : 0o666).catch((cause: unknown) => {
    forget();
    throw writeError(path, expectedBytes, cause);
  });

  const abort = async (): Promise<void> => {
    if (!open) return;
    open = false;
    await handle.close().catch(() => undefined);
    await unlink(temporary).catch(() => undefined);
    forget();
  };
  const orAbort = async (work: () => Promise<void>): Promise<void> => {
    assert(open, `${path} is still being written`);
    try {
      await work();
    } catch (cause) {
      await abort();
      throw writeError(path, Math.max(length, expectedBytes), cause);
    }
  };
  return {
    write: (bytes, position = length) =>
      orAbort(async () => {
        length = Math.max(length, position + bytes.length);
        for (let done = 0; done < bytes.length; ) {
          done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
        }
      }),
    finish: () =>
      orAbort(async () => {
        await handle.sync();
        await handle.close();
        await (overwrite ? rename(temporary, path) : claim(temporary, path));
        open = false;
        forget();
        await syncFolder(folder);
      }),
    abort,
  };
}

/**
 * Makes a new file and opens it. It is made at once, not by another thread: else it might come into being when the process
 * already ends and has cleared away what was unfinished.
 */
async function createFile(path: string, mode: number): Promise<FileHandle> {
  closeSync(openSync(path, 'wx', mode));
  return openFile(path, 'r+');
}

function sizeOf(content: Uint8Array | readonly Uint8Array[] | MadeParts): number {
  if (content instanceof Uint8Array) return content.length;
  return 'sizeBytes' in content ? content.sizeBytes : content.reduce((sum, { length }) => sum + length, 0);
}

/**
 * Removes what processes that were killed left behind of a file: temporary files of {@link writeWhole} beside it whose
 * process is gone.
 */
export async function sweepTemporaries(path: string): Promise<void> {
  const folder = dirname(path);
  const start = `.${stemOf(path)}.`;
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = name.startsWith(start) && /^(\d+)-[0-9a-f]{12}\.tmp$/.exec(name.slice(start.length))?.[1];
    if (pid && !isRunning(Number(pid))) await unlink(join(folder, name)).catch(() => undefined);
  }
}

/** Names have a limit (255 bytes almost everywhere), so a long one is cut. */
function stemOf(path: string): string {
  return basename(path).slice(0, 50);
}

/** Temporary files that are being written. */
const unfinished = new Set<string>();

/** Lets a temporary file go with the process, until the function that is returned is called. */
function removeOnExit(temporary: string): () => void {
  if (unfinished.size === 0) process.on('exit', removeUnfinished);
  unfinished.add(temporary);
  return () => {
    unfinished.delete(temporary);
    if (unfinished.size === 0) process.off('exit', removeUnfinished);
  };
}

function removeUnfinished(): void {
  for (const path of unfinished) rmSync(path, { force: true });
}

/** Gives a temporary file its name unless the name is taken, in one step where the file system has hard links. */
async function claim(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (cause) {
    if (!withoutLinks.has(codeOf(cause))) throw cause;
    await (await openFile(path, 'wx')).close(); // takes the name, or fails with EEXIST
    try {
      await rename(temporary, path);
    } catch (failed) {
      await unlink(path).catch(() => undefined);
      throw failed;
    }
    return;
  }
  // The file is there under its name; another name for it that cannot be removed is no reason to fail.
  await unlink(temporary).catch(() => undefined);
}

/** What `link` answers on file systems without hard links (FAT, some network shares and containers). */
const withoutLinks = new Set(['EPERM', 'EACCES', 'ENOSYS', 'EOPNOTSUPP', 'ENOTSUP', 'EMLINK', 'EXDEV', 'UNKNOWN']);

/** Makes the new name survive a power cut. Some systems (Windows) cannot; the file itself is safe by then. */
export async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await openFile(folder, 'r');
    await handle.sync();
  } catch {
    // best effort: the file is complete and in place
  } finally {
    await handle?.close().catch(() => undefined);
  }
}

function existsError(path: string, cause?: unknown): OutputError {
  const message = `${path} exists already. Use --force to overwrite it, or choose another name with -o.`;
  return new OutputError('output/exists', message, cause === undefined ? {} : { cause });
}

function writeError(path: string, sizeBytes: number, cause: unknown): OutputError {
  const code = codeOf(cause);
  if (code === 'EEXIST') return existsError(path, cause);
  const reason =
    reasons
      .get(code)
      ?.replace('{folder}', () => dirname(path))
      .replace('{size}', `${sizeBytes} bytes`) ?? `it could not be written (${code}). Choose another place with -o.`;
  return new OutputError('output/write', `${path}: ${reason}`, { cause });
}

const full = 'the disk is full: expected room for {size}. Free some, or choose another place with -o.';
const denied = 'permission denied in {folder}. Change its permissions, or choose another place with -o.';
const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'the folder {folder} does not exist. Create it, or choose another place with -o.'],
  ['ENOTDIR', '{folder} is not a folder. Choose another place with -o.'],
  ['EISDIR', 'expected a file name, got a folder. Add one.'],
  ['ENOSPC', full],
  ['EDQUOT', full],
  ['EFBIG', 'the file system takes no file of {size}. Choose another place with -o.'],
  ['EACCES', denied],
  ['EPERM', denied],
  ['EROFS', '{folder} can only be read. Choose another place with -o.'],
  ['ENAMETOOLONG', 'the name is too long. Choose a shorter one with -o.'],
]);

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
}
