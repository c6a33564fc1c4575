import { basename } from 'node:path';
import {
  builtInName,
  findModel,
  freeMemoryBytes,
  loadNetwork,
  ModelError,
  type NamedFile,
  type Network,
  OptionError,
  type RasterPicture,
  readRasterPictureFile,
} from '../../../src/platform/node/index.js';
import type { Task } from '../worker/protocol.js';

/** A network as a recipe names it: one of the local catalogue, never a path. */
export interface NamedModel {
  /** `built-in`, or a name that `pareidolia models ls` lists. */
  readonly name: string;
  /** What its digest must be; absent where any will do. */
  readonly sha256?: string | undefined;
}

/**
 * Loads the network that a recipe names.
 *
 * @throws ModelError when it is not on this machine, or is another one than the recipe's
 */
export async function loadNamed({ name, sha256 }: NamedModel): Promise<Network> {
  // A file of the name, wherever this process stands, must not be taken for a network of the catalogue.
  if (name !== builtInName && (await findModel(name))?.state !== 'here') {
    const message = `${name}: expected a network that is on this machine, got none. Fetch it there: pareidolia models pull ${basename(name)}`;
    throw new ModelError('model/missing', message);
  }
  const network = await loadNetwork(name === builtInName ? undefined : name);
  if (sha256 === undefined || sha256 === network.sha256) return network;
  throw new ModelError(
    'model/format',
    `${name}: expected the network with the digest ${sha256.slice(0, 12)}…, got ${network.sha256.slice(0, 12)}…. Leave the digest out to take this one.`,
  );
}

/**
 * Reads a picture that a task was given.
 *
 * @param size longest side to shrink to, in pixels; 0 keeps the size
 */
export async function readInput(task: Task, input: NamedFile, size: number): Promise<RasterPicture> {
  const path = inputPath(task, input);
  const { name } = input;
  const { picture } = await readRasterPictureFile(path, { name, maxPixels: mostPixels, ...(size > 0 && { size }) });
  return picture;
}

/** The file of something that a task is made from. */
export function inputPath(task: Task, { name, sha256 }: NamedFile): string {
  const path = task.inputs[sha256];
  if (path === undefined) throw new OptionError('option/invalid', `${name}: the file is not there.`);
  return path;
}

/** What is taken over HTTP has no more pixels. */
export const mostPixels = 50_000_000;

/** Bytes that this process may have in all. */
export function memoryLimit(): number {
  return process.memoryUsage.rss() + freeMemoryBytes();
}

/** What dreams go by besides their picture, by name. */
interface NamedMaterials {
  readonly mask?: NamedFile;
  readonly guides?: readonly NamedFile[];
  readonly matchTo?: NamedFile;
  /** A number for each channel. */
  readonly direction?: readonly number[];
}

/** Reads what a dream goes by besides its picture, as the library takes it. */
export async function readMaterials(task: Task, { mask, guides = [], matchTo, direction }: NamedMaterials) {
  const pictures: RasterPicture[] = [];
  for (const guide of guides) pictures.push(await readInput(task, guide, 0));
  return {
    guides: pictures,
    ...(mask && { mask: await readInput(task, mask, 0) }),
    ...(matchTo && { reference: await readInput(task, matchTo, 0) }),
    ...(direction && { direction: Float32Array.from(direction) }),
  };
}
