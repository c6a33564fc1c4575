import { nearestNames } from '../../../dream/index.js';
import { ModelError } from '../../../errors.js';
import { listModels } from './model-folders.js';

/** The error for a name that is no file and no known network: the nearest names, and how to see and fetch them. */
export async function unknownModel(name: string): Promise<ModelError> {
  const names = (await listModels()).map((model) => model.name);
  const nearest = nearestNames(name, names, 3).join(', ');
  const shown = name.slice(0, 80).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
  return new ModelError(
    'model/missing',
    `"${shown}": expected a file or the name of a network, such as ${nearest}. \`pareidolia models ls\` lists them, \`pareidolia models pull NAME\` fetches one.`,
  );
}
