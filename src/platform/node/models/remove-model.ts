import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelError, OutputError } from '../../../errors.js';
import { isModelName } from '../../../models/index.js';
import { cachedNames, findModel, modelFolder } from './model-folders.js';
import { unknownModel } from './unknown-model.js';

/**
 * Removes a network from the cache, and what has come of a download.
 *
 * @returns bytes that are free now
 * @throws ModelError `model/missing` when there is nothing of it
 */
export async function removeModel(name: string): Promise<number> {
  const folder = modelFolder(name);
  const found = isModelName(name) && (await cachedNames()).includes(name);
  if (!found) {
    const known = isModelName(name) && (await findModel(name));
    if (!known) throw await unknownModel(name);
    throw new ModelError('model/missing', `${name} is not here, so there is nothing to remove.`);
  }
  const sizeBytes = await folderSize(folder);
  await rm(folder, { recursive: true, force: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new OutputError('output/write', `${folder} cannot be removed (${cause.code}). Change its permissions.`, {
      cause,
    });
  });
  return sizeBytes;
}

async function folderSize(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
