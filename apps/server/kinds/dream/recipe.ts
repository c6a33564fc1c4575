import { type DreamOptions, dreamOptionsOf, freshSeed, type NamedFile } from '../../../../src/index.js';
import type { JobRecipe } from '../../store/job.js';
import type { NamedInput } from '../../store/jobs.js';
import type { NamedModel } from '../materials.js';
import {
  checkFields,
  type Fields,
  mostGuides,
  readModel,
  readNumbers,
  readObject,
  readOutput,
  readPictureName,
  readPictureNames,
  readWord,
} from '../read-recipe.js';

/** A dream that is asked for, with every option decided. */
export interface DreamJobRecipe extends JobRecipe {
  readonly kind: 'dream';
  /** With a seed. */
  readonly options: DreamOptions;
  readonly output: ReturnType<typeof readOutput>;
  readonly model: NamedModel;
  readonly input: NamedFile;
  readonly mask?: NamedFile;
  readonly guides?: readonly NamedFile[];
  readonly matchTo?: NamedFile;
  /** A number for every channel of the layer, for the objective `direction`. */
  readonly direction?: readonly number[];
}

/** More channels than a layer of any known network has. */
const mostChannels = 4096;

/** Checks a dream that came over the network: everything that can be checked without the network and the pictures. */
export async function readDreamRecipe(fields: Fields): Promise<DreamJobRecipe> {
  checkFields(fields, ['preset', 'options', 'output', 'model', 'input', 'mask', 'guides', 'matchTo', 'direction']);
  const { preset, mask, guides, matchTo, direction } = fields;
  const implied = {
    ...(guides !== undefined && { objective: 'best-match' }),
    ...(direction !== undefined && { objective: 'direction' }),
  };
  const tones = { ...(matchTo !== undefined && { match: 'mean-std' }) };
  const given = readObject(fields['options'], 'recipe.options');
  const look = preset === undefined ? {} : { preset: readWord(preset, 'recipe.preset') };
  return {
    kind: 'dream',
    options: withSeed(dreamOptionsOf({ ...implied, ...tones, ...given, ...look })),
    output: readOutput(fields['output']),
    model: await readModel(fields['model']),
    input: readPictureName(fields['input'], 'recipe.input'),
    ...(mask !== undefined && { mask: readPictureName(mask, 'recipe.mask') }),
    ...(guides !== undefined && { guides: readPictureNames(guides, 'recipe.guides', mostGuides) }),
    ...(matchTo !== undefined && { matchTo: readPictureName(matchTo, 'recipe.matchTo') }),
    ...(direction !== undefined && { direction: readNumbers(direction, 'recipe.direction', mostChannels) }),
  };
}

/** The pictures that a dream is made from. */
export function dreamInputs({ input, mask, guides = [], matchTo }: DreamJobRecipe): NamedInput[] {
  return [
    { ...input, name: 'input' },
    ...(mask ? [{ ...mask, name: 'mask' }] : []),
    ...guides.map((guide, i) => ({ ...guide, name: `guide-${i + 1}` })),
    ...(matchTo ? [{ ...matchTo, name: 'match-to' }] : []),
  ];
}

/** Options with a seed, so that every attempt makes the same. */
export function withSeed(options: DreamOptions): DreamOptions {
  return { ...options, seed: options.seed ?? freshSeed() };
}
