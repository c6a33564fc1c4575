import { join } from 'node:path';
import {
  canonicalJson,
  checkVideo,
  createFlowFinder,
  createMovie,
  createNodePlatform,
  evenRate,
  type FrameFolder,
  type FrameTime,
  type Movie,
  MovieError,
  openMovie,
  readPictureFile,
  VideoFrames,
  type VideoRecipe,
  VideoScript,
  videoBytes,
  videoEncoding,
} from '../../../../src/platform/node/index.js';
import type { MadeFile, Outcome, Task } from '../../worker/protocol.js';
import { type FrameMaker, keptFrames, makeFrames } from '../make-frames.js';
import { inputPath, loadNamed, readMaterials } from '../materials.js';
import { movieTypes } from '../movie-types.js';
import { plannerOf } from '../plan-frames.js';
import type { TaskTools } from '../task-tools.js';
import { planVideo } from './plan-video.js';
import { type ScenesPart, type VideoJobRecipe, videoInputs } from './recipe.js';

/**
 * Dreams a movie. Scenes take nothing over from one another, so they are parts that any worker can take; the last run
 * joins their frames. A movie that is one part is dreamed and written in one run.
 */
export async function videoTask(task: Task, tools: TaskTools): Promise<Outcome> {
  const wanted = task.recipe as VideoJobRecipe;
  const movie = await openMovie(inputPath(task, wanted.input));
  try {
    if (task.stage === 'join') {
      const parts = task.parts.map(({ recipe }) => (recipe as VideoJobRecipe).part!);
      const frames = task.parts.flatMap(({ files }) => files.map(({ path }) => path));
      const file = await writeVideo(
        task,
        movie,
        parts[0]!.recipe,
        frames,
        parts.flatMap(({ times }) => times),
      );
      return { type: 'done', files: [file] };
    }
    const folder = await keptFrames(task);
    const parts = wanted.part ? [wanted.part] : await planVideo(task, wanted, movie, folder.recipe, tools.stop);
    if (!parts) return { type: 'stopped' };
    const [part, ...others] = parts as [ScenesPart, ...ScenesPart[]];
    if (others.length > 0) {
      return {
        type: 'parts',
        parts: parts.map((each) => ({ recipe: { ...wanted, part: each }, inputs: videoInputs(wanted) })),
      };
    }
    if (!(await dreamPart(task, tools, movie, part, folder))) return { type: 'stopped' };
    const frames = part.times.map((_, i) => folder.fileOf(i + 1));
    if (!wanted.part) return { type: 'done', files: [await writeVideo(task, movie, part.recipe, frames, part.times)] };
    return { type: 'done', files: frames.map((path, i) => frameFile(path, part.first + i, part.recipe)) };
  } finally {
    await movie.close();
  }
}

/** Makes the frames of some scenes. */
async function dreamPart(
  task: Task,
  tools: TaskTools,
  movie: Movie,
  { recipe, first, times, range }: ScenesPart,
  folder: FrameFolder,
): Promise<boolean> {
  const wanted = task.recipe as VideoJobRecipe;
  const network = await loadNamed(wanted.model);
  const materials = await readMaterials(task, wanted);
  const platform = await createNodePlatform({ threads: recipe.runtime.threads, scratchFolder: task.folder });
  const finder = createFlowFinder();
  const script = new VideoScript(recipe);
  const planOf = plannerOf(network, recipe.size, { guides: materials.guides, besidesBytes: videoBytes(recipe.size) });
  const frames = new VideoFrames({
    ...{ movie, range, first, expected: times.length, script, recipe, finder },
    planOf: (frame) => planOf(script.frame(first + frame - 1).options),
  });
  const maker: FrameMaker = {
    count: times.length,
    has: (frame) => frames.has(frame),
    recipeOf: (frame, before) => frames.recipeOf(frame, before),
    dream: (frame, before, run) => frames.dream(frame, before, frames.planOf(frame), { ...run, ...materials }),
  };
  try {
    if (!(await makeFrames(task, tools, folder, maker, platform, recipe))) return false;
    if (!frames.times.every(({ timestamp }, i) => timestamp === times[i]?.timestamp) || frames.count !== times.length) {
      const message = `The movie has other frames when it is read from ${times[0]!.timestamp} s than when it is read as a whole. Convert it first.`;
      throw new MovieError('movie/unreadable', message);
    }
    return true;
  } finally {
    await frames.close();
    await finder.close();
    await platform.close();
  }
}

function frameFile(path: string, frame: number, { size }: VideoRecipe): MadeFile {
  return { name: `${String(frame).padStart(5, '0')}.png`, path, mediaType: 'image/png', ...size };
}

/**
 * Writes the frames into one movie, with the sound.
 *
 * @param frames their files, in their order
 */
async function writeVideo(
  task: Task,
  movie: Movie,
  recipe: VideoRecipe,
  frames: readonly string[],
  times: readonly FrameTime[],
): Promise<MadeFile> {
  const { format } = task.recipe as VideoJobRecipe;
  const { video, size } = recipe;
  const name = `video.${format}`;
  const path = join(task.folder, name);
  const sound = await checkVideo(name, movie, video, size);
  const fps = evenRate(times, movie.info.fps, format);
  const writer = await createMovie(path, {
    ...{ ...videoEncoding(video, size), fps, recipe: canonicalJson(recipe), overwrite: true },
    ...(sound && { audio: movie.audio, audioStart: times[0]!.timestamp }),
  });
  try {
    for (const [i, frame] of frames.entries()) {
      const { picture } = await readPictureFile(frame);
      await writer.add(picture, fps === undefined ? times[i]!.duration : undefined);
    }
    await writer.finish();
  } finally {
    await writer.abort();
  }
  return { name, path, mediaType: movieTypes[format], width: writer.width, height: writer.height };
}
