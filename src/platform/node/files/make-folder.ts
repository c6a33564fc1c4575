import { mkdir } from 'node:fs/promises';
import { OutputError } from '../../../errors.js';

/**
 * Makes a folder, and those that it is in.
 *
 * @returns the outermost one that was missing; undefined when it was there
 * @throws OutputError `output/write` when it cannot be made
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  return mkdir(path, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === 'EEXIST' || cause.code === 'ENOTDIR' ? 'a file has that name' : cause.message;
    const message = `${path}: the folder cannot be made (${reason}). Choose another place with -o.`;
    throw new OutputError('output/write', message, { cause });
  });
}
