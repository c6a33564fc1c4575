import { freshSeed, MovieScript, type NamedFile, type ZoomSettings, zoomSettingsOf } from '../../../../src/index.js';
import type { JobRecipe } from '../../store/job.js';
import type { NamedInput } from '../../store/jobs.js';
import type { NamedModel } from '../materials.js';
import { type MovieType, readMovieType } from '../movie-types.js';
import {
  checkFields,
  type Fields,
  mostGuides,
  readModel,
  readObject,
  readPictureName,
  readPictureNames,
  readWord,
} from '../read-recipe.js';

/** A flight into one or several pictures. */
export interface ZoomRecipe extends JobRecipe {
  readonly kind: 'zoom';
  readonly inputs: readonly NamedFile[];
  readonly guides?: readonly NamedFile[];
  readonly mask?: NamedFile;
  /** With a seed. */
  readonly settings: ZoomSettings;
  readonly format: MovieType;
  readonly model: NamedModel;
}

const mostPhotos = 20;

/** Checks what came over the network. */
export async function readZoomRecipe(fields: Fields): Promise<ZoomRecipe> {
  checkFields(fields, ['input', 'inputs', 'guides', 'mask', 'options', 'preset', 'format', 'model']);
  const { preset, guides, mask } = fields;
  const format = readMovieType(fields['format']);
  const inputs = readPictureNames(fields['inputs'] ?? fields['input'], 'recipe.inputs', mostPhotos);
  const { movie, dream } = zoomSettingsOf({
    ...(guides !== undefined && { objective: 'best-match' }),
    ...readObject(fields['options'], 'recipe.options'),
    ...(preset !== undefined && { preset: readWord(preset, 'recipe.preset') }),
  });
  const settings = { movie, dream: { ...dream, seed: dream.seed ?? freshSeed() } };
  // Keyframes that cannot be read are refused here.
  new MovieScript(settings, inputs.length);
  return {
    ...{ kind: 'zoom', inputs, settings, format, model: await readModel(fields['model']) },
    ...(guides !== undefined && { guides: readPictureNames(guides, 'recipe.guides', mostGuides) }),
    ...(mask !== undefined && { mask: readPictureName(mask, 'recipe.mask') }),
  };
}

/** The pictures that it is made from. */
export function zoomInputs({ inputs, guides = [], mask }: ZoomRecipe): NamedInput[] {
  return [
    ...inputs.map((input, i) => ({ ...input, name: `input-${i + 1}` })),
    ...guides.map((guide, i) => ({ ...guide, name: `guide-${i + 1}` })),
    ...(mask ? [{ ...mask, name: 'mask' }] : []),
  ];
}
