import {
  builtInName,
  checkMovie,
  covering,
  createMovieRecipe,
  createNodePlatform,
  type DreamOptions,
  dreamFrame,
  FrameFolder,
  frameRecipe,
  freshSeed,
  loadNetwork,
  type MovieOptions,
  type MovieRecipe,
  MovieScript,
  mapKeyedLayers,
  movieFormatOf,
  type Network,
  type NodePlatform,
  OptionError,
  onWhite,
  type Picture,
  type Plan,
  PlatformError,
  playOrder,
  recipeModel,
  resolveOptions,
  type ZoomOptions,
  type ZoomSettings,
  zoomSettingsOf,
} from '../../../src/platform/node/index.js';
import { ranks, refusedModel } from '../dreams/make-dream.js';
import { exitCodes } from '../exit-codes.js';
import { readWholeInput, type WholeInput } from '../files/input-file.js';
import { impliedOptions, type MaterialFlags, readMaterials, recipeMaterials } from '../files/materials.js';
import { standardStream, stemOf } from '../files/output-file.js';
import { type ModelFlags, preprocessingOf } from '../flags/model-flags.js';
import { cameraText } from './camera-text.js';
import { describeMovie } from './describe-movie.js';
import type { FrameMaker } from './make-frames.js';
import { type MovieFlags, makeMovie } from './make-movie.js';
import { checkTarget, movieTarget } from './movie-target.js';
import { announce, plannerOf, ranked } from './plan-frames.js';

/** The flags of `pareidolia zoom` that are in no table. */
export interface ZoomFlags extends MovieFlags, ModelFlags, MaterialFlags {
  readonly model?: string;
}

/**
 * Makes a zoom movie, or goes on with one that was not finished.
 *
 * @param names photo files, in the order they are flown through
 * @param given the flags that are in tables, as far as they were given
 * @returns the exit code
 */
export async function makeZoom(
  names: readonly string[],
  flags: ZoomFlags,
  given: Readonly<Record<string, unknown>>,
): Promise<number> {
  const { force = false, json = false, quiet = false, plan: planOnly = false, trial } = flags;
  if (names.includes(standardStream) && names.length > 1) {
    throw new OptionError('option/invalid', '-: standard input holds one photo. Name several as files.');
  }
  const camera = typeof given['camera'] === 'string' ? { camera: await cameraText(given['camera']) } : {};
  const settings = zoomSettingsOf({
    ...impliedOptions(flags, given),
    ...tonesOf(flags),
    ...given,
    ...camera,
    preset: flags.preset,
  });
  // Keyframes that cannot be read shall not wait for the network.
  new MovieScript(settings, names.length);
  const target = movieTarget(`${stemOf(names[0]!)}-zoom.mp4`, flags.output);
  if (!planOnly) await checkTarget(target, force || trial !== undefined, names);
  const folder = planOnly
    ? await FrameFolder.open(target.frames, force)
    : await FrameFolder.claim(target.frames, force);
  const materials = await readMaterials(flags);
  const inputs = await readPhotos(names, settings.dream.size);
  const photos = inputs.map(({ picture }) => picture);
  const network = await loadNetwork(flags.model, { preprocessing: preprocessingOf(flags) });
  // An unfinished movie goes on as it began, unless something else is asked for.
  const threads = flags.threads ?? folder.recipe?.runtime.threads;
  const platform = await createNodePlatform(threads ? { threads } : {});
  try {
    if (!quiet) announce(platform, network);
    const seed = settings.dream.seed ?? folder.recipe?.dream.seed ?? freshSeed();
    const known = { ...settings.dream, seed, tile: settings.dream.tile ?? folder.recipe?.dream.tile ?? null };
    const numbered = await rankedSettings({ ...settings, dream: known }, network, photos[0]!, platform);
    const planOf = plannerOf(network, photos[0]!, materials, { maxMemory: flags.maxMemory });
    const script = withTiles(numbered, photos.length, planOf);
    const plan = planOf(script.frame(1).options);
    if (planOnly) {
      const { frames, fps } = settings.movie;
      describeMovie({ input: names, frames, fps, seconds: frames / fps, plan }, json);
      return exitCodes.ok;
    }
    const { width, height } = photos[0]!;
    if (target.movie !== undefined) {
      checkMovie(movieFormatOf(target.movie), encodingOf(settings.movie, { width, height }));
    }
    const recipe = createMovieRecipe({
      ...script.settings,
      model: recipeModel(network),
      inputs: inputs.map(({ name, sha256 }) => ({ name, sha256 })),
      ...recipeMaterials(materials),
      runtime: { name: platform.runtime, version: platform.runtimeVersion, threads: platform.cores },
      size: { width, height },
    });
    const { movie } = script.settings;
    const job = {
      ...{ recipe, folder, target, materials, platform, input: names, verb: 'Flew through', fps: movie.fps },
      maker: makerOf(script, recipe, photos, planOf),
      shown: (frames: number) => [...playOrder(frames, movie)].map((frame) => ({ frame })),
      encoding: () => encodingOf(movie, recipe.size),
    };
    return await makeMovie(job, flags);
  } catch (error) {
    throw error instanceof PlatformError && network.name !== builtInName ? refusedModel(network, error) : error;
  } finally {
    await platform.close();
    folder.release();
  }
}

/** Tones that are matched to another picture are not to be held at the photo's as well. */
function tonesOf({ matchTo }: ZoomFlags): Readonly<Record<string, string>> {
  return matchTo === undefined ? {} : { drift: 'none' };
}

/** Photos at the size of the first: others are scaled and cut to its proportions. Transparent parts lie on white. */
async function readPhotos(names: readonly string[], size: number): Promise<WholeInput[]> {
  const inputs: WholeInput[] = [];
  for (const name of names) {
    const input = await readWholeInput(name, size);
    const picture = onWhite(input.picture);
    const first = inputs[0]?.picture ?? picture;
    const same = picture.width === first.width && picture.height === first.height;
    inputs.push({ ...input, picture: same ? picture : covering(picture, first) });
  }
  return inputs;
}

/** The settings with layers whose channels are named by number; how strong they are is asked of the first photo. */
async function rankedSettings(
  { movie, dream }: ZoomSettings,
  network: Network,
  photo: Picture,
  platform: NodePlatform,
): Promise<ZoomSettings> {
  const resolved = (layers: string): Promise<string> => ranked(layers, network, photo, platform);
  return {
    movie: ranks(movie.camera) ? { ...movie, camera: await mapKeyedLayers(movie.camera, resolved) } : movie,
    dream: ranks(dream.layers, dream.perOctave) ? await resolveOptions(dream, network, photo, platform) : dream,
  };
}

/** What makes the frames: each is what the camera sees of the one before, dreamed. */
function makerOf(
  script: MovieScript,
  recipe: MovieRecipe,
  photos: readonly Picture[],
  planOf: (options: DreamOptions) => Plan,
): FrameMaker {
  const { frames, ...tones } = script.settings.movie;
  return {
    count: frames,
    has: async (frame) => frame <= frames,
    recipeOf: (frame, before) => frameRecipe(recipe, script.frame(frame), before),
    planOf: (frame) => planOf(script.frame(frame).options),
    dream: (frame, before = photos[0]!, plan, run) =>
      dreamFrame(script.frame(frame), { before, photos, tones }, plan, run),
  };
}

/** What the writer of movies is told of a zoom. */
function encodingOf({ fps, quality, codec }: ZoomOptions, size: MovieRecipe['size']): MovieOptions {
  return { ...size, fps, ...(quality !== null && { quality }), ...(codec !== 'auto' && { codec }) };
}

/**
 * The script of a movie with tiles of one side, which fits into the memory at every keyframe: where a movie goes on later,
 * there may be more memory or less.
 *
 * @throws OptionError for what is wrong with the dreams at the keyframes
 */
function withTiles(settings: ZoomSettings, photos: number, planOf: (options: DreamOptions) => Plan): MovieScript {
  const script = new MovieScript(settings, photos);
  const sides = [planOf(script.frame(1).options).options.tile];
  for (const { frame } of script.keyframes) {
    try {
      sides.push(planOf(script.frame(frame).options).options.tile);
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      throw new OptionError(error.code, `--camera: at the keyframe ${frame}, ${error.message}`, { cause: error });
    }
  }
  return new MovieScript({ ...settings, dream: { ...settings.dream, tile: Math.min(...sides) } }, photos);
}
