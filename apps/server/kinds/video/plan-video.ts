import {
  checkVideo,
  createNodePlatform,
  createVideoRecipe,
  evenlyTiled,
  type FramesRecipe,
  findScenes,
  firstPicture,
  type Movie,
  OptionError,
  partOf,
  recipeModel,
  resolveVideo,
  type Scene,
  videoBytes,
  videoSize,
} from '../../../../src/platform/node/index.js';
import type { Task } from '../../worker/protocol.js';
import { loadNamed, readMaterials } from '../materials.js';
import { plannerOf } from '../plan-frames.js';
import type { ScenesPart, VideoJobRecipe } from './recipe.js';

/** More are not dreamed in one job. */
const mostFrames = 18_000;
/** Starting takes a process a second or two, so a part has some more to do than that. */
const leastFramesOfPart = 8;
const mostParts = 100;

/**
 * Decides everything about a video before its first frame: what the options leave open, and its parts.
 *
 * @param earlier how the frames of an earlier attempt were made
 * @returns undefined when it was to stop
 * @throws OptionError for what cannot be made of this movie
 */
export async function planVideo(
  task: Task,
  wanted: VideoJobRecipe,
  movie: Movie,
  earlier: FramesRecipe | undefined,
  stop: AbortSignal,
): Promise<ScenesPart[] | undefined> {
  const { settings, format, model, input, mask, guides, matchTo } = wanted;
  const size = videoSize(movie, settings.dream.size);
  const { range, frames } = await partOf(movie, settings.video);
  if (frames > mostFrames) throw tooLong();
  await checkVideo(`video.${format}`, movie, settings.video, size);
  const network = await loadNamed(model);
  const platform = await createNodePlatform({
    threads: earlier?.runtime.threads ?? task.threads,
    scratchFolder: task.folder,
  });
  try {
    const first = await firstPicture(movie, range);
    const { video, dream } = await resolveVideo(settings, network, first, platform);
    const known = { video, dream: { ...dream, tile: dream.tile ?? earlier?.dream.tile ?? null } };
    const { guides: pictures } = await readMaterials(task, { ...(guides && { guides }) });
    const planOf = plannerOf(network, size, { guides: pictures, besidesBytes: videoBytes(size) });
    const script = evenlyTiled(known, (options) => planOf(options).options.tile!);
    const recipe = createVideoRecipe({
      ...script.settings,
      ...{ model: recipeModel(network), inputs: [input], size },
      ...(mask && { mask }),
      ...(guides && { guides }),
      ...(matchTo && { matchTo }),
      runtime: { name: platform.runtime, version: platform.runtimeVersion, threads: platform.cores },
    });
    const scenes: Scene[] = [];
    for await (const scene of findScenes(movie, range, size, video.cut, stop)) scenes.push(scene);
    if (stop.aborted) return undefined;
    const parts = grouped(scenes);
    return parts.map(({ first, times }, i) => {
      const next = parts[i + 1]?.times[0]?.timestamp;
      const start = i === 0 ? range.start : times[0]!.timestamp;
      const end = next ?? range.end;
      return {
        recipe,
        first,
        times,
        range: { ...(start !== undefined && { start }), ...(end !== undefined && { end }) },
      };
    });
  } finally {
    await platform.close();
  }
}

/** Scenes put together until each group has enough to do. */
function grouped(scenes: readonly Scene[]): Scene[] {
  const frames = scenes.reduce((sum, { times }) => sum + times.length, 0);
  const least = Math.max(leastFramesOfPart, Math.ceil(frames / mostParts));
  const groups: Scene[] = [];
  for (const scene of scenes) {
    const last = groups.at(-1);
    if (last && (last.times.length < least || scene.times.length < least)) {
      groups[groups.length - 1] = { first: last.first, times: [...last.times, ...scene.times] };
    } else groups.push(scene);
  }
  return groups;
}

function tooLong(): OptionError {
  const message = `The movie has more than ${mostFrames} frames. Dream it in parts, with start and end.`;
  return new OptionError('option/invalid', message);
}
