import { constants } from 'node:fs';
import { access, lstat, mkdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import {
  formatOf,
  OptionError,
  OutputError,
  type PictureFormat,
  pictureFormats,
} from '../../../src/platform/node/index.js';
import type { Source, Sources } from './source.js';

/** Links to the streams of the process, which replacing them would break for everybody. */
const streams = /^\/dev\/(std(out|err|in)|fd\/\d+)$/;

/** Stands for standard input or standard output in place of a file. */
export const standardStream = '-';

/** Where the result of an input goes. */
export interface Target {
  /** File to write, or `-`. */
  readonly path: string;
  readonly format: PictureFormat;
  /** Whether the folder is made when it is missing. */
  readonly makesFolder: boolean;
}

/** What the command line says about where results go. */
export interface TargetFlags {
  /** One input goes to this file, several into the folder of that name. */
  readonly output?: string | undefined;
  /** The format where the name does not say it. */
  readonly format?: string | undefined;
  /** Whether standard output is taken for a report. */
  readonly json?: boolean | undefined;
}

/** A file name without its folder and extension; `dream` for standard input. */
export function stemOf(path: string): string {
  return path === standardStream ? 'dream' : basename(path, extname(path));
}

/**
 * Where the result of each picture goes.
 *
 * Without an output a file `NAME-dream.png` appears in the current folder; what came from standard input goes to
 * standard output, unless that is a terminal or taken. What was found beneath a folder keeps its place beneath the
 * output folder.
 *
 * @throws OptionError when two pictures would go to one place, or a name and its format do not go together
 */
export async function targetsFor({ pictures, many }: Sources, flags: TargetFlags): Promise<Target[]> {
  if (many && flags.output === standardStream) {
    const message = '-o -: standard output takes one picture that is named itself, not several. Name a folder.';
    throw new OptionError('option/invalid', message);
  }
  const targetOf = await targetRule(many, flags);
  const targets = pictures.map(targetOf);
  if (flags.json && targets.some(({ path }) => path === standardStream)) {
    throw new OptionError('option/invalid', '--json: standard output is taken by -o -. Choose a file with -o.');
  }
  const taken = new Map<string, string>();
  for (const [i, { path }] of pictures.entries()) {
    const other = taken.get(targets[i]!.path);
    if (other !== undefined) throw new OptionError('option/invalid', twiceText(other, path, targets[i]!.path));
    taken.set(targets[i]!.path, path);
  }
  return targets;
}

/**
 * Says where the result of a picture goes, see {@link targetsFor}.
 *
 * @param many whether an output is a folder in any case
 */
export async function targetRule(many: boolean, flags: TargetFlags): Promise<(picture: Source) => Target> {
  const { output, json = false, format } = flags;
  const intoFolder = output !== undefined && (many || (await meansFolder(output)));
  return ({ path: input, beneath }) => {
    const target = (path: string, makesFolder: boolean): Target => ({
      path,
      format: formatFor(path, format),
      makesFolder,
    });
    if (output !== undefined && !intoFolder) return target(output, false);
    if (output === undefined && input === standardStream && !json && !process.stdout.isTTY) {
      return target(standardStream, false);
    }
    const extension = format ?? 'png';
    const name = input === standardStream ? `dream.${extension}` : `${stemOf(input)}-dream.${extension}`;
    return target(join(output ?? '', beneath, name), intoFolder || beneath !== '');
  };
}

function twiceText(one: string, other: string, target: string): string {
  const [first, second] = [one, other].map((input) => (input === standardStream ? 'standard input' : input));
  const where = target === standardStream ? 'standard output' : target;
  return `${first} and ${second} would both be written to ${where}. Rename one, or run them apart.`;
}

/** Whether the `-o` for one picture names a folder that it goes into, rather than a file. */
export async function meansFolder(output: string): Promise<boolean> {
  return output !== standardStream && (output.endsWith('/') || (await isFolder(output)));
}

function formatFor(path: string, format: string | undefined): PictureFormat {
  if (path === standardStream) return formatOf(`x.${format ?? 'png'}`);
  const extension = extname(path).slice(1).toLowerCase();
  if (format === undefined || !Object.hasOwn(pictureFormats, extension)) {
    return formatOf(format === undefined ? path : `x.${format}`);
  }
  const named = formatOf(path);
  if (named === format) return named;
  throw new OptionError(
    'option/invalid',
    `--format: expected ${named} for the name ${path}, got "${format}". Leave one of the two out.`,
  );
}

/**
 * Refuses, before any work is done, a result that could not be written afterwards.
 *
 * @param makesFolder whether a missing folder will be made
 * @param inputs files it is made from, which it never takes the place of: no recipe could make it again
 */
export async function checkWritable(
  path: string,
  force: boolean,
  makesFolder = false,
  inputs: readonly string[] = [],
): Promise<void> {
  if (path === standardStream) {
    if (!process.stdout.isTTY) return;
    throw new OptionError('option/invalid', '-o -: expected a pipe or a file behind it, got a terminal. Name a file.');
  }
  await checkFolder(path, makesFolder);
  const existing = await stat(path).catch(() => undefined);
  if (!existing) return;
  if (existing.isDirectory()) {
    throw new OutputError('output/write', `${path} is a folder, expected a file name. Choose another name with -o.`);
  }
  if (!existing.isFile() || streams.test(path)) {
    throw new OutputError(
      'output/write',
      `${path} is a device or a pipe, expected a file name. Use -o - and redirect it.`,
    );
  }
  for (const input of inputs) {
    const source = input === standardStream ? undefined : await stat(input).catch(() => undefined);
    if (source?.ino !== existing.ino || source.dev !== existing.dev) continue;
    const message = `${path} is what it would be made from, and would be lost. Choose another name with -o.`;
    throw new OutputError('output/exists', message);
  }
  if (!force) {
    throw new OutputError(
      'output/exists',
      `${path} exists already. Use --force to overwrite it, or choose another name with -o.`,
    );
  }
}

async function checkFolder(path: string, makesFolder: boolean): Promise<void> {
  let folder = dirname(path);
  let found = await stat(folder).catch(() => undefined);
  while (!found && makesFolder && dirname(resolve(folder)) !== resolve(folder)) {
    folder = dirname(resolve(folder));
    found = await stat(folder).catch(() => undefined);
  }
  if (!found) {
    throw new OutputError(
      'output/write',
      `${path}: there is no folder ${folder}. Make it, or choose another name with -o.`,
    );
  }
  if (!found.isDirectory()) {
    throw new OutputError('output/write', `${path}: ${folder} is not a folder. Choose another place with -o.`);
  }
  await access(folder, constants.W_OK).catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === 'EROFS' ? 'it can only be read' : 'permission denied';
    throw new OutputError(
      'output/write',
      `${path}: the folder ${folder} cannot be written to (${reason}). Choose another place with -o.`,
      { cause },
    );
  });
}

/** Makes the folder that a file will stand in. */
export async function makeFolderFor(path: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true }).catch((cause: Error) => {
    const message = `${folder}: the folder cannot be made (${cause.message}). Choose another place with -o.`;
    throw new OutputError('output/write', message, { cause });
  });
}

/** Whether there is a folder of that name. */
export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

/** Whether there is something of this name, if only a broken link. */
export async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
