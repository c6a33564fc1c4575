import { type DreamOptions, visualizationOptionsOf } from '../../../../src/index.js';
import type { JobRecipe } from '../../store/job.js';
import { withSeed } from '../dream/recipe.js';
import type { NamedModel } from '../materials.js';
import { checkFields, type Fields, invalid, readModel, readObject, readWhole, readWord } from '../read-recipe.js';

/** Pictures of what parts of a network look for. */
export interface VisualizeRecipe extends JobRecipe {
  readonly kind: 'visualize';
  /** As `pareidolia visualize` takes them, such as `mixed4:0-15`. */
  readonly targets: readonly string[];
  /** Width and height of each picture. */
  readonly size: number;
  /** With a seed; what is climbed comes from the targets. */
  readonly options: DreamOptions;
  readonly model: NamedModel;
  /** The one target of a part. */
  readonly part?: { readonly name: string; readonly layers: string; readonly objective: string };
}

const mostTexts = 64;

/** Checks what came over the network. */
export async function readVisualizeRecipe(fields: Fields): Promise<VisualizeRecipe> {
  checkFields(fields, ['targets', 'size', 'options', 'model']);
  const texts = typeof fields['targets'] === 'string' ? [fields['targets']] : fields['targets'];
  if (!Array.isArray(texts) || texts.length === 0 || texts.length > mostTexts) {
    throw invalid('recipe.targets', `1 to ${mostTexts} targets such as "mixed4:12"`, 'something else');
  }
  const options = readObject(fields['options'], 'recipe.options');
  for (const name of ['layers', 'objective', 'size']) {
    if (options[name] !== undefined)
      throw invalid(`recipe.options.${name}`, 'targets and size beside the options', 'it');
  }
  return {
    kind: 'visualize',
    targets: texts.map((text: unknown, i) => readWord(text, `recipe.targets[${i}]`)),
    size: readWhole(fields['size'], 'recipe.size', { min: 16, max: 4096, default: 224 }),
    options: withSeed(visualizationOptionsOf(options)),
    model: await readModel(fields['model']),
  };
}
