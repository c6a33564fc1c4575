import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Network } from '../../models/index.js';
import { readModelFile } from './read-model-file.js';

/** What recipes and messages call the network that ships inside the package. */
export const builtInName = 'built-in';

const builtInFile = new URL('../../../models/inception-v3.onnx', import.meta.url);

/**
 * Loads a network from an ONNX file, or the built-in InceptionV3 (mixed0 to mixed7).
 *
 * @param path the ONNX file; default: the built-in network
 * @throws ModelError when the file is missing, damaged, or not a network that takes a colour picture
 */
export async function loadNetwork(path?: string): Promise<Network> {
  const { model, sha256 } = await readModelFile(path ?? fileURLToPath(builtInFile));
  return new Network(model, { name: path === undefined ? builtInName : basename(path), sha256 });
}
