import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isModelName, Network, type Preprocessing, type PreprocessingDescription } from '../../../models/index.js';
import { loadCached } from './load-model.js';
import { findModel } from './model-folders.js';
import { readCardBeside } from './read-card.js';
import { readKerasInception } from './read-keras-weights.js';
import { readModelFile } from './read-model-file.js';
import { unknownModel } from './unknown-model.js';

/** What recipes and messages call the network that ships inside the package. */
export const builtInName = 'built-in';

const builtInFile = new URL('../../../../models/inception-v3.onnx', import.meta.url);

/** What the caller of {@link loadNetwork} knows of a network. */
export interface LoadNetworkOptions {
  /** How it wants its pictures, as far as the caller says; it counts for more than cards, metadata and the catalogue. */
  readonly preprocessing?: PreprocessingDescription | undefined;
  /** How a recipe says that its pictures were taken, or `file` when it leaves that to the model file; no card is read. */
  readonly recipe?: Preprocessing | 'file' | undefined;
}

/**
 * Loads a network: an ONNX file, HDF5 weights of Keras's InceptionV3 (`.h5`), a network of the cache by its name, or the
 * built-in InceptionV3 (mixed0 to mixed7).
 *
 * A JSON card beside the file may say how it wants its pictures, see {@link ModelCard}.
 *
 * @param path the file, or a name that `pareidolia models ls` lists; a file of that name counts first. Default: the
 *   built-in network
 * @throws ModelError when the file is missing, damaged, or not a network that takes a colour picture; when the name is
 *   not known, or the network has not been fetched yet
 */
export async function loadNetwork(path?: string, options: LoadNetworkOptions = {}): Promise<Network> {
  const { preprocessing: given, recipe } = options;
  const source = { given, ...(recipe !== 'file' && { recipe }) };
  if (path === undefined) {
    const { model, sha256 } = await readModelFile(fileURLToPath(builtInFile));
    return new Network(model, { ...source, name: builtInName, sha256 });
  }
  if (!(await isFile(path)) && isModelName(path)) {
    const known = await findModel(path);
    if (known) return loadCached(known, source, recipe === undefined);
    if (!(await exists(path))) throw await unknownModel(path);
  }
  const { model, sha256 } = await readNetworkFile(path);
  const card = recipe === undefined ? await readCardBeside(path) : undefined;
  return new Network(model, { ...source, card, name: basename(path), sha256 });
}

async function readNetworkFile(path: string) {
  if (!path.toLowerCase().endsWith('.h5') || !(await isFile(path))) return readModelFile(path);
  const bytes = await readFile(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { model: await readKerasInception(bytes, sha256, basename(path)), sha256 };
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
