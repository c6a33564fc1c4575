import {
  type FrameRange,
  type FrameTime,
  freshSeed,
  type NamedFile,
  type VideoRecipe,
  VideoScript,
  type VideoSettings,
  videoSettingsOf,
} from '../../../../src/platform/node/index.js';
import type { JobRecipe } from '../../store/job.js';
import type { NamedInput } from '../../store/jobs.js';
import type { NamedModel } from '../materials.js';
import { type MovieType, readMovieType } from '../movie-types.js';
import {
  checkFields,
  type Fields,
  invalid,
  mostGuides,
  readModel,
  readObject,
  readPictureName,
  readPictureNames,
  readWord,
} from '../read-recipe.js';

/** A movie to dream. */
export interface VideoJobRecipe extends JobRecipe {
  readonly kind: 'video';
  /** The movie. */
  readonly input: NamedFile;
  readonly mask?: NamedFile;
  readonly guides?: readonly NamedFile[];
  readonly matchTo?: NamedFile;
  /** With a seed. */
  readonly settings: VideoSettings;
  readonly format: MovieType;
  readonly model: NamedModel;
  /** The scenes of a part. */
  readonly part?: ScenesPart;
}

/** Scenes that follow one another, with everything decided. */
export interface ScenesPart {
  /** The whole video's. */
  readonly recipe: VideoRecipe;
  /** The number of their first frame in the video, counted from 1. */
  readonly first: number;
  /** When the movie shows their frames. */
  readonly times: readonly FrameTime[];
  /** Where they are in the movie. */
  readonly range: FrameRange;
}

/** Checks what came over the network. */
export async function readVideoRecipe(fields: Fields): Promise<VideoJobRecipe> {
  checkFields(fields, ['input', 'mask', 'guides', 'matchTo', 'options', 'preset', 'format', 'model']);
  const { preset, mask, guides, matchTo } = fields;
  const { video, dream } = videoSettingsOf({
    ...(guides !== undefined && { objective: 'best-match' }),
    ...(matchTo !== undefined && { match: 'mean-std' }),
    ...readObject(fields['options'], 'recipe.options'),
    ...(preset !== undefined && { preset: readWord(preset, 'recipe.preset') }),
  });
  if (video.fps !== null) throw invalid('recipe.options.fps', 'none, as movies say it themselves', `${video.fps}`);
  const settings = { video, dream: { ...dream, seed: dream.seed ?? freshSeed() } };
  // Sets of layers that cannot be read are refused here.
  new VideoScript(settings);
  const format = readMovieType(fields['format']);
  const input = readPictureName(fields['input'], 'recipe.input', 'movie');
  return {
    ...{ kind: 'video', input, settings, format, model: await readModel(fields['model']) },
    ...(mask !== undefined && { mask: readPictureName(mask, 'recipe.mask') }),
    ...(guides !== undefined && { guides: readPictureNames(guides, 'recipe.guides', mostGuides) }),
    ...(matchTo !== undefined && { matchTo: readPictureName(matchTo, 'recipe.matchTo') }),
  };
}

/** The movie that it is made from, and the pictures that it goes by. */
export function videoInputs({ input, mask, guides = [], matchTo }: VideoJobRecipe): NamedInput[] {
  return [
    { ...input, name: 'input' },
    ...(mask ? [{ ...mask, name: 'mask' }] : []),
    ...guides.map((guide, i) => ({ ...guide, name: `guide-${i + 1}` })),
    ...(matchTo ? [{ ...matchTo, name: 'match-to' }] : []),
  ];
}
