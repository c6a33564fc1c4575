import { readFile } from 'node:fs/promises';
import { OptionError } from '../../../src/platform/node/index.js';
import { readStandardInput } from '../files/input-file.js';
import { standardStream } from '../files/output-file.js';

/**
 * Reads a list of file names: one a line, or separated by NUL, as `find -print0` writes them. Empty lines are passed
 * over.
 *
 * @param list a file, or `-` for standard input
 * @throws OptionError when it cannot be read, or names nothing
 */
export async function readNames(list: string): Promise<string[]> {
  const text = decode(list === standardStream ? await readStandardInput('names') : await readList(list));
  const names = text.split(text.includes('\0') ? '\0' : /\r?\n/).filter((name) => name !== '');
  if (names.length > 0) return names;
  throw new OptionError('option/invalid', `--files-from ${list}: expected names of pictures, one a line, got none.`);
}

async function readList(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${cause.code})`;
    throw new OptionError('option/invalid', `--files-from ${path}: ${reason}. Check the name.`, { cause });
  });
}

/** UTF-8, or the UTF-16 that PowerShell redirects into files; a byte order mark is no part of a name. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8').decode(bytes);
}
