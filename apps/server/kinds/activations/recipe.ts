import type { NamedFile } from '../../../../src/index.js';
import type { JobRecipe } from '../../store/job.js';
import type { NamedInput } from '../../store/jobs.js';
import type { NamedModel } from '../materials.js';
import { checkFields, type Fields, readFlag, readModel, readPictureName, readWhole, readWord } from '../read-recipe.js';

/** What a network's channels answer to a picture. */
export interface ActivationsRecipe extends JobRecipe {
  readonly kind: 'activations';
  readonly input: NamedFile;
  readonly layers: string;
  /** The strongest channels of each layer are shown, so many. */
  readonly top: number;
  /** Longest side that the picture is shrunk to; 0 keeps its size. */
  readonly size: number;
  /** Longest side of each map. */
  readonly cell: number;
  /** Whether the heat lies over the picture. */
  readonly overlay: boolean;
  /** Whether the activations themselves are wanted, as numbers. */
  readonly npy: boolean;
  readonly model: NamedModel;
}

/** Checks what came over the network. */
export async function readActivationsRecipe(fields: Fields): Promise<ActivationsRecipe> {
  checkFields(fields, ['input', 'layers', 'top', 'size', 'cell', 'overlay', 'npy', 'model']);
  return {
    kind: 'activations',
    input: readPictureName(fields['input'], 'recipe.input'),
    layers: readWord(fields['layers'], 'recipe.layers', 2000),
    top: readWhole(fields['top'], 'recipe.top', { min: 1, max: 256, default: 12 }),
    size: readWhole(fields['size'], 'recipe.size', { min: 0, max: 4096, default: 512 }),
    cell: readWhole(fields['cell'], 'recipe.cell', { min: 16, max: 512, default: 160 }),
    overlay: readFlag(fields['overlay'], 'recipe.overlay'),
    npy: readFlag(fields['npy'], 'recipe.npy'),
    model: await readModel(fields['model']),
  };
}

/** The pictures that it is made from. */
export function activationsInputs({ input }: ActivationsRecipe): NamedInput[] {
  return [{ ...input, name: 'input' }];
}
