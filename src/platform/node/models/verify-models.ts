import { join } from 'node:path';
import { ModelError } from '../../../errors.js';
import { digestOfFile } from './download-file.js';
import { cachedNames, findModel, type KnownModel } from './model-folders.js';
import { unknownModel } from './unknown-model.js';

/** What a check of a network in the cache found. */
export interface VerifiedModel {
  /** Its name. */
  readonly name: string;
  /** `good` when its bytes are those that were fetched or added. */
  readonly result: 'good' | 'damaged' | 'partly here';
}

/**
 * Computes the digests of networks in the cache anew.
 *
 * @param name one of them; default: all
 * @throws ModelError `model/missing` when it is not in the cache
 */
export async function verifyModels(name?: string): Promise<VerifiedModel[]> {
  const names = name === undefined ? (await cachedNames()).sort() : [name];
  const results: VerifiedModel[] = [];
  for (const each of names) {
    const model = await findModel(each);
    if (!model && name !== undefined) throw await unknownModel(each);
    if (!model || model.state === 'not here') {
      if (name !== undefined)
        throw new ModelError('model/missing', `${each} is not here. Fetch it: pareidolia models pull ${each}`);
      continue;
    }
    results.push({ name: each, result: await verify(model) });
  }
  return results;
}

async function verify({ entry, record, state, folder }: KnownModel): Promise<VerifiedModel['result']> {
  if (state !== 'here' || !record) return 'partly here';
  const digests: [string, string][] = [[record.file, entry?.sha256 ?? record.sha256]];
  if (record.converted) digests.push([record.converted.file, record.converted.sha256]);
  for (const [file, expected] of digests) {
    if ((await digestOfFile(join(folder, file), 'sha256').catch(() => '')) !== expected) return 'damaged';
  }
  return 'good';
}
