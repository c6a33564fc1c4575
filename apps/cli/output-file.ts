import { mkdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { OptionError, OutputError, type PictureFormat } from '../../src/platform/node/index.js';

/** Stands for standard input or standard output in place of a file. */
export const standardStream = '-';

/** A file name without its folder and extension; `dream` for standard input. */
export function stemOf(path: string): string {
  return path === standardStream ? 'dream' : basename(path, extname(path));
}

/**
 * Where the result of each input goes.
 *
 * One input goes to `output`, several go into the folder `output`. Without `output` a file `NAME-dream.png` appears in
 * the current folder; what came from standard input goes to standard output, unless that is a terminal.
 */
export async function outputsFor(
  inputs: readonly string[],
  output: string | undefined,
  format: PictureFormat | undefined,
): Promise<string[]> {
  const named = (input: string): string => `${stemOf(input)}-dream.${format ?? 'png'}`;
  if (output === undefined) {
    return inputs.map((input) => (input === standardStream && !process.stdout.isTTY ? standardStream : named(input)));
  }
  const intoFolder = inputs.length > 1 || output.endsWith('/') || (await isFolder(output));
  if (!intoFolder) return [output];
  if (output === standardStream) {
    throw new OptionError(
      'option/invalid',
      '-o -: expected one input for standard output, got several. Name a folder.',
    );
  }
  await mkdir(output, { recursive: true }).catch((error: Error) => {
    throw new OutputError('output/write', `${output}: the folder cannot be made (${error.message}). Name another one.`);
  });
  const paths = inputs.map((input) => join(output, named(input)));
  const twice = paths.find((path, i) => paths.indexOf(path) !== i);
  if (twice) {
    throw new OptionError(
      'option/invalid',
      `Two inputs would both be written to ${twice}. Rename one, or run them apart.`,
    );
  }
  return paths;
}

/** Refuses, before any work is done, a result that could not be written afterwards. */
export async function checkWritable(path: string, force: boolean): Promise<void> {
  if (path === standardStream) return;
  const folder = dirname(path);
  if (!(await isFolder(folder))) {
    throw new OutputError(
      'output/write',
      `${path}: there is no folder ${folder}. Make it, or choose another name with -o.`,
    );
  }
  const existing = await stat(path).catch(() => undefined);
  if (existing?.isDirectory()) {
    throw new OutputError('output/write', `${path} is a folder, expected a file name. Choose another name with -o.`);
  }
  if (existing && !force) {
    throw new OutputError(
      'output/exists',
      `${path} exists already. Use --force to overwrite it, or choose another name with -o.`,
    );
  }
}

/** Writes bytes to standard output and waits until they are gone. */
export async function writeToStandardOutput(bytes: Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error): void =>
      reject(
        new OutputError('output/write', `Standard output cannot be written (${error.message}). Choose a file with -o.`),
      );
    process.stdout.once('error', fail);
    process.stdout.write(bytes, (error) => (error ? fail(error) : resolve()));
  });
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
