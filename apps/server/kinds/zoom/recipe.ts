import { freshSeed, MovieScript, type NamedFile, type ZoomSettings, zoomSettingsOf } from '../../../../src/index.js';
import type { JobRecipe } from '../../store/job.js';
import type { NamedInput } from '../../store/jobs.js';
import type { NamedModel } from '../materials.js';
import {
  checkFields,
  type Fields,
  invalid,
  readModel,
  readObject,
  readPictureNames,
  readWord,
  shown,
} from '../read-recipe.js';

/** A flight into one or several pictures. */
export interface ZoomRecipe extends JobRecipe {
  readonly kind: 'zoom';
  readonly inputs: readonly NamedFile[];
  /** With a seed. */
  readonly settings: ZoomSettings;
  readonly format: ZoomFormat;
  readonly model: NamedModel;
}

/** The formats that a movie is written in. */
export const zoomFormats = { mp4: 'video/mp4', webm: 'video/webm', gif: 'image/gif', webp: 'image/webp' } as const;

/** A format that a movie is written in. */
export type ZoomFormat = keyof typeof zoomFormats;

const mostPhotos = 20;

/** Checks what came over the network. */
export async function readZoomRecipe(fields: Fields): Promise<ZoomRecipe> {
  checkFields(fields, ['input', 'inputs', 'options', 'preset', 'format', 'model']);
  const { format = 'mp4', preset } = fields;
  if (typeof format !== 'string' || !Object.hasOwn(zoomFormats, format)) {
    throw invalid('recipe.format', `one of ${Object.keys(zoomFormats).join(', ')}`, shown(format));
  }
  const inputs = readPictureNames(fields['inputs'] ?? fields['input'], 'recipe.inputs', mostPhotos);
  const { movie, dream } = zoomSettingsOf({
    ...readObject(fields['options'], 'recipe.options'),
    ...(preset !== undefined && { preset: readWord(preset, 'recipe.preset') }),
  });
  const settings = { movie, dream: { ...dream, seed: dream.seed ?? freshSeed() } };
  // Keyframes that cannot be read are refused here.
  new MovieScript(settings, inputs.length);
  return { kind: 'zoom', inputs, settings, format: format as ZoomFormat, model: await readModel(fields['model']) };
}

/** The pictures that it is made from. */
export function zoomInputs({ inputs }: ZoomRecipe): NamedInput[] {
  return inputs.map((input, i) => ({ ...input, name: `input-${i + 1}` }));
}
