import {
  canonicalJson,
  covering,
  createMovieRecipe,
  type DreamOptions,
  dreamFrame,
  encodePicture,
  freshSeed,
  MovieScript,
  type Network,
  onWhite,
  type Picture,
  type Plan,
  type Platform,
  planDream,
  playOrder,
  recipeModel,
  SessionCache,
} from '../../../src/platform/web/index.js';
import type { MovieEvent, MovieRequest } from './engine.js';
import { sizeOfDream } from './size-of-dream.js';

/** What movies are made with. */
export interface MovieTools {
  readonly network: Network;
  readonly platform: Platform;
  /** Pictures that guided objectives go by. */
  readonly guides: readonly Picture[];
  /** Where frames dream; undefined for everywhere. */
  readonly mask: Picture | undefined;
  /** Gives it up. */
  readonly signal: AbortSignal;
  /** Ends it, and makes a movie of the frames that are there. */
  readonly stop: AbortSignal;
}

/** The frames of the latest movie: one that differs in nothing that decides them goes on from there. */
interface Frames {
  readonly key: string;
  readonly seed: number;
  /** PNG files, in their order. */
  readonly files: Blob[];
  last: Picture;
}

let latest: Frames | undefined;

/** Makes the frames of a zoom that are not there yet, each from the one before, and writes the movie. */
export async function* makeMovie(
  request: MovieRequest,
  picture: Picture,
  tools: MovieTools,
): AsyncGenerator<MovieEvent, void> {
  const { movie, dream } = request.settings;
  const { network, platform, stop } = tools;
  const size = sizeOfDream(picture, dream.size);
  // Fetched when the first movie is made; what the browser cannot write is refused before the first frame.
  const { chooseFormat, writeMovie } = await import('./movie-file.js');
  const format = await chooseFormat(size);
  const photo = covering(onWhite(picture), size);
  const frames = framesOf(request, network, photo);
  const settings = { movie, dream: { ...dream, seed: frames.seed } };
  yield* makeFrames(frames, settings, photo, tools);
  const there = Math.min(frames.files.length, movie.frames);
  if (there === 0) return;
  const recipe = createMovieRecipe({
    ...settings,
    model: recipeModel(network),
    inputs: [{ name: request.photo.name, sha256: request.photo.sha256 }],
    ...(request.mask && { mask: { name: request.mask.name, sha256: request.mask.sha256 } }),
    ...(request.guides?.length && { guides: request.guides.map(({ name, sha256 }) => ({ name, sha256 })) }),
    runtime: { name: platform.runtime, version: platform.runtimeVersion, threads: platform.cores },
    size,
  });
  const shown = [...playOrder(there, movie)].map((frame) => frames.files[frame - 1]!);
  const written = await writeMovie(shown, { ...format, size, fps: movie.fps, recipe: canonicalJson(recipe) });
  const extension = format.container;
  if (!stop.aborted) yield { type: 'frame', done: there, total: movie.frames, remainingMs: 0 };
  yield { type: 'movie', extension, frames: there, ...written };
}

async function* makeFrames(
  frames: Frames,
  settings: MovieRequest['settings'],
  photo: Picture,
  { network, platform, guides, mask, signal, stop }: MovieTools,
): AsyncGenerator<MovieEvent, void> {
  const { frames: total, drift, driftTo } = settings.movie;
  const script = new MovieScript(settings);
  const planOf = plannerOf(network, photo, platform, guides);
  const sessions = new SessionCache(platform);
  const begin = frames.files.length;
  const startedAt = performance.now();
  try {
    while (frames.files.length < total && !stop.aborted) {
      const each = script.frame(frames.files.length + 1);
      const source = { before: frames.last, photos: [photo], tones: { drift, driftTo } };
      const run = { platform, sessions, guides, ...(mask && { mask }), signal, stop, previewEveryMs: 500 };
      for await (const event of dreamFrame(each, source, planOf(each.options), run)) {
        if (event.type === 'preview') yield event;
        if (event.type !== 'finished' || event.stopped) continue;
        frames.files.push(await encodePicture(event.picture, { format: 'png' }));
        frames.last = event.picture;
      }
      const done = frames.files.length;
      const perFrame = (performance.now() - startedAt) / Math.max(1, done - begin);
      if (!stop.aborted) yield { type: 'frame', done, total, remainingMs: perFrame * (total - done) };
    }
  } finally {
    await sessions.close();
  }
}

/** The frames that are there already, or none. */
function framesOf(
  { photo: { sha256 }, settings, guides = [], mask }: MovieRequest,
  network: Network,
  photo: Picture,
): Frames {
  const { movie, dream } = settings;
  const { frames, fps: _, reverse: __, quality: ___, codec: ____, loop, ...deciding } = movie;
  const guided = guides.map((guide) => guide.sha256);
  // Only a camera that flies back into the photo must know how long it has.
  const length = loop === 'seamless' ? frames : null;
  const keyOf = (seed: number) =>
    canonicalJson({
      sha256,
      guided,
      mask: mask?.sha256,
      network: network.sha256,
      deciding,
      length,
      dream: { ...dream, seed },
    });
  const seed = dream.seed ?? latest?.seed ?? freshSeed();
  const key = keyOf(seed);
  if (latest?.key !== key) latest = { key, seed, files: [], last: photo };
  return latest;
}

/** Plans frames; those that differ in nothing but their seed share a plan. */
function plannerOf(
  network: Network,
  photo: Picture,
  platform: Platform,
  guides: readonly Picture[],
): (options: DreamOptions) => Plan {
  let before: { readonly key: string; readonly plan: Plan } | undefined;
  return (options) => {
    const key = canonicalJson({ ...options, seed: null });
    const memoryBytes = platform.freeMemoryBytes?.();
    if (before?.key !== key) {
      before = {
        key,
        plan: planDream(network, photo, options, { guides, ...(memoryBytes !== undefined && { memoryBytes }) }),
      };
    }
    return before.plan;
  };
}
