import { type DreamOptions, visualizationOptionsOf } from '../../../../src/index.js';
import type { JobRecipe } from '../../store/job.js';
import type { NamedModel } from '../materials.js';
import { checkFields, type Fields, readModel, readObject, readWhole, readWord } from '../read-recipe.js';

/** What every channel of a layer looks for. */
export interface AtlasRecipe extends JobRecipe {
  readonly kind: 'atlas';
  readonly layer: string;
  /** `all`, or such as `0-63,100`. */
  readonly channels: string;
  /** Width and height of each picture. */
  readonly size: number;
  /** With a seed. */
  readonly options: DreamOptions;
  readonly model: NamedModel;
  /** The channels of a part. */
  readonly part?: readonly number[];
}

/** As `pareidolia atlas` has it: small pictures are done sooner, and all start from the same noise. */
const usual = { steps: 64, seed: 0 } as const;

/** Checks what came over the network. */
export async function readAtlasRecipe(fields: Fields): Promise<AtlasRecipe> {
  checkFields(fields, ['layer', 'channels', 'size', 'options', 'model']);
  const layer = readWord(fields['layer'], 'recipe.layer');
  const options = { ...usual, ...readObject(fields['options'], 'recipe.options') };
  return {
    kind: 'atlas',
    layer,
    channels: readWord(fields['channels'] ?? 'all', 'recipe.channels', 2000),
    size: readWhole(fields['size'], 'recipe.size', { min: 16, max: 1024, default: 112 }),
    options: visualizationOptionsOf({ ...options, layers: layer }),
    model: await readModel(fields['model']),
  };
}
