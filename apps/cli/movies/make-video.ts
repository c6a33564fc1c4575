import { resolve } from 'node:path';
import {
  builtInName,
  createFlowFinder,
  createNodePlatform,
  createVideoRecipe,
  evenlyTiled,
  evenRate,
  FrameFolder,
  firstPicture,
  freshSeed,
  loadNetwork,
  type Movie,
  movieFormatOf,
  type Network,
  type NodePlatform,
  OptionError,
  PlatformError,
  partOf,
  recipeModel,
  resolveVideo,
  VideoFrames,
  type VideoPart,
  type VideoSettings,
  videoBytes,
  videoEncoding,
  videoSettingsOf,
  videoSize,
} from '../../../src/platform/node/index.js';
import { ranks, refusedModel } from '../dreams/make-dream.js';
import { exitCodes } from '../exit-codes.js';
import { impliedOptions, type MaterialFlags, readMaterials, recipeMaterials } from '../files/materials.js';
import { stemOf } from '../files/output-file.js';
import { type ModelFlags, preprocessingOf } from '../flags/model-flags.js';
import { describeMovie } from './describe-movie.js';
import { type MovieFlags, makeMovie } from './make-movie.js';
import { checkTarget, type MovieTarget, movieTarget } from './movie-target.js';
import { checkOutput, namedMovie, openVideo } from './open-video.js';
import { announce, plannerOf } from './plan-frames.js';
import type { ShownFrame } from './write-frames.js';

/** The flags of `pareidolia video` that are in no table. */
export interface VideoFlags extends MovieFlags, ModelFlags, MaterialFlags {
  readonly model?: string;
}

/**
 * Dreams every frame of a movie, or goes on with one that was not finished.
 *
 * @param path the movie
 * @param given the flags that are in tables, as far as they were given
 * @returns the exit code
 */
export async function makeVideo(
  path: string,
  flags: VideoFlags,
  given: Readonly<Record<string, unknown>>,
): Promise<number> {
  const { force = false, plan: planOnly = false, trial } = flags;
  const settings = videoSettingsOf({ ...impliedOptions(flags, given), ...given, preset: flags.preset });
  const target = movieTarget(`${stemOf(path)}-dream.mp4`, flags.output);
  if (resolve(path) === resolve(target.frames)) {
    const message = `-o ${target.frames}: the frames would take the place of the pictures. Choose another name.`;
    throw new OptionError('option/invalid', message);
  }
  if (!planOnly) await checkTarget(target, force || trial !== undefined, [path]);
  const movie = await openVideo(path, settings.video);
  try {
    const folder = planOnly
      ? await FrameFolder.open(target.frames, force)
      : await FrameFolder.claim(target.frames, force);
    try {
      return await dreamMovie({ path, movie, settings, target, folder }, flags);
    } finally {
      folder.release();
    }
  } finally {
    await movie.close();
  }
}

/** A movie to dream, with its files open. */
interface OpenVideo {
  readonly path: string;
  readonly movie: Movie;
  readonly settings: VideoSettings;
  readonly target: MovieTarget;
  readonly folder: FrameFolder;
}

async function dreamMovie(video: OpenVideo, flags: VideoFlags): Promise<number> {
  const { path, movie, settings, target, folder } = video;
  const { json = false, quiet = false, plan: planOnly = false } = flags;
  const part = await partOf(movie, settings.video);
  if (part.frames === 0) throw nothingThere(path);
  const size = videoSize(movie, settings.dream.size);
  const sound = await checkOutput(target.movie, movie, settings.video, size, quiet || planOnly);
  const materials = await readMaterials(flags);
  const network = await loadNetwork(flags.model, { preprocessing: preprocessingOf(flags) });
  // An unfinished video goes on as it began, unless something else is asked for.
  const threads = flags.threads ?? folder.recipe?.runtime.threads;
  const platform = await createNodePlatform(threads ? { threads } : {});
  const finder = createFlowFinder();
  try {
    if (!quiet) announce(platform, network);
    const planOf = plannerOf(network, size, materials, {
      maxMemory: flags.maxMemory,
      besidesBytes: videoBytes(size),
    });
    const seed = settings.dream.seed ?? folder.recipe?.dream.seed ?? freshSeed();
    const known = { ...settings.dream, seed, tile: settings.dream.tile ?? folder.recipe?.dream.tile ?? null };
    const numbered = await rankedSettings({ ...settings, dream: known }, network, movie, part, platform);
    const script = evenlyTiled(numbered, (options) => planOf(options).options.tile);
    const { fps } = movie.info;
    if (planOnly) {
      const { frames, seconds } = part;
      describeMovie({ input: path, frames, fps, seconds, plan: planOf(script.frame(1).options) }, json);
      return exitCodes.ok;
    }
    const recipe = createVideoRecipe({
      ...script.settings,
      model: recipeModel(network),
      inputs: [await namedMovie(path)],
      ...recipeMaterials(materials),
      runtime: { name: platform.runtime, version: platform.runtimeVersion, threads: platform.cores },
      size,
    });
    const maker = new VideoFrames({
      ...{ movie, script, recipe, finder, range: part.range, expected: part.frames },
      planOf: (frame) => planOf(script.frame(frame).options),
    });
    try {
      if (!(await maker.has(1))) throw nothingThere(path);
      const start = maker.times[0]!.timestamp;
      const job = {
        ...{ maker, recipe, folder, target, materials, platform, input: path, verb: 'Dreamed', fps },
        shown: (frames: number) => shownFrames(frames, maker, rateOf(maker, fps, target)),
        encoding: () => ({
          ...videoEncoding(settings.video, size),
          fps: rateOf(maker, fps, target),
          ...(sound && { audio: movie.audio, audioStart: start }),
        }),
        remarks: () => flickerLines(maker),
        figures: () => ({ flicker: maker.flicker ?? null }),
      };
      return await makeMovie(job, flags);
    } finally {
      await maker.close();
    }
  } catch (error) {
    throw error instanceof PlatformError && network.name !== builtInName ? refusedModel(network, error) : error;
  } finally {
    await finder.close();
    await platform.close();
  }
}

function nothingThere(path: string): OptionError {
  const message = `--start, --end: expected a part of ${path} in which a frame begins, got one without. Make it longer.`;
  return new OptionError('option/invalid', message);
}

/** The settings with layers whose channels are named by number; how strong they are is asked of the first frame. */
async function rankedSettings(
  settings: VideoSettings,
  network: Network,
  movie: Movie,
  { range }: VideoPart,
  platform: NodePlatform,
): Promise<VideoSettings> {
  const { video, dream } = settings;
  if (!ranks(dream.layers, dream.perOctave, video.cycle)) return settings;
  return resolveVideo(settings, network, await firstPicture(movie, range), platform);
}

/** Frames a second of the dreamed video; undefined where each has a duration of its own. */
function rateOf({ times }: VideoFrames, fps: number, { movie }: MovieTarget): number | undefined {
  return evenRate(times, fps, movie === undefined ? undefined : movieFormatOf(movie));
}

/**
 * The first frames, as they are shown.
 *
 * @param rate undefined where each has a duration of its own
 */
function shownFrames(frames: number, maker: VideoFrames, rate: number | undefined): ShownFrame[] {
  return Array.from({ length: frames }, (_, i) => ({
    frame: i + 1,
    ...(rate === undefined && { duration: maker.times[i]?.duration }),
  }));
}

/** How much it flickers, in a line. */
function flickerLines(maker: VideoFrames): string[] {
  const { flicker } = maker;
  if (flicker === undefined) return [];
  const pairs = `${flicker.frames} ${flicker.frames === 1 ? 'frame' : 'frames'}`;
  return [
    `Flicker: ${flicker.dream.toFixed(1)} of 255 from frame to frame over ${pairs}, where the movie itself has ${flicker.movie.toFixed(1)}.`,
  ];
}
