import { join } from 'node:path';
import { ModelError } from '../../../errors.js';
import { Network, type NetworkSource } from '../../../models/index.js';
import type { Model } from '../../../onnx/index.js';
import { digestOfFile } from './download-file.js';
import { keepModel } from './keep-model.js';
import type { KnownModel } from './model-folders.js';
import { readCardBeside } from './read-card.js';
import { kerasConverterVersion } from './read-keras-weights.js';
import { readModelFile } from './read-model-file.js';

/**
 * Loads a network that is in the cache, after its digest was checked.
 *
 * @param readsCard whether a card beside the file counts
 * @param source goes to the {@link Network}
 * @throws ModelError `model/missing` when it has not been fetched yet, `model/format` when its file has changed
 */
export async function loadCached(
  { name, entry, record, state, folder }: KnownModel,
  source: Pick<NetworkSource, 'given' | 'recipe'>,
  readsCard: boolean,
): Promise<Network> {
  if (state !== 'here' || !record) {
    const size = entry ? ` (${Math.round(entry.sizeBytes / 1e6)} MB)` : '';
    throw new ModelError('model/missing', `${name} is not here yet${size}. Fetch it: pareidolia models pull ${name}`);
  }
  const expected = entry?.sha256 ?? record.sha256;
  const refuseOther = (sha256: string): void => {
    if (sha256 === expected) return;
    throw new ModelError(
      'model/format',
      `${join(folder, record.file)} has changed: expected SHA-256 ${expected}, got ${sha256 || 'none'}. Remove it, and fetch or add it again: pareidolia models rm ${name}`,
    );
  };
  const path = join(folder, record.file);
  const card = readsCard ? await readCardBeside(path) : undefined;
  const network = (model: Model): Network =>
    new Network(model, { card, ...source, name, sha256: expected, ...(entry && { listed: entry }) });
  if (record.converted === undefined) {
    return network((await readModelFile(path, refuseOther)).model);
  }
  const { file, sha256, version } = record.converted;
  const isSame = (await digestOfFile(join(folder, file), 'sha256').catch(() => '')) === sha256;
  if (isSame && version === kerasConverterVersion) return network((await readModelFile(join(folder, file))).model);
  // Made by another version, or gone: the weights are still here.
  refuseOther(await digestOfFile(path, 'sha256').catch(() => ''));
  const { converted } = await keepModel(name, record.file);
  return network((await readModelFile(join(folder, converted!.file))).model);
}
