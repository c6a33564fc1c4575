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
import { checkFields, type Fields, invalid, readModel, readObject, readPictureName, readWord } from '../read-recipe.js';

/** A movie to dream. */
export interface VideoJobRecipe extends JobRecipe {
  readonly kind: 'video';
  /** The movie. */
  readonly input: NamedFile;
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
  checkFields(fields, ['input', 'options', 'preset', 'format', 'model']);
  const { preset } = fields;
  const { video, dream } = videoSettingsOf({
    ...readObject(fields['options'], 'recipe.options'),
    ...(preset !== undefined && { preset: readWord(preset, 'recipe.preset') }),
  });
  if (video.fps !== null) throw invalid('recipe.options.fps', 'none, as movies say it themselves', `${video.fps}`);
  const settings = { video, dream: { ...dream, seed: dream.seed ?? freshSeed() } };
  // Sets of layers that cannot be read are refused here.
  new VideoScript(settings);
  const format = readMovieType(fields['format']);
  const input = readPictureName(fields['input'], 'recipe.input', 'movie');
  return { kind: 'video', input, settings, format, model: await readModel(fields['model']) };
}

/** The movie that it is made from. */
export function videoInputs({ input }: VideoJobRecipe): NamedInput[] {
  return [{ ...input, name: 'input' }];
}
