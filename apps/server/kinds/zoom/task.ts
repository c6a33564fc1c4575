import { join } from 'node:path';
import {
  canonicalJson,
  covering,
  createMovie,
  createMovieRecipe,
  createNodePlatform,
  dreamFrame,
  type FrameFolder,
  frameRecipe,
  type MovieRecipe,
  MovieScript,
  onWhite,
  type Picture,
  pictureOf,
  playOrder,
  recipeModel,
  resolveLayers,
} from '../../../../src/platform/node/index.js';
import type { MadeFile, Outcome, Task } from '../../worker/protocol.js';
import { type FrameMaker, keptFrames, makeFrames } from '../make-frames.js';
import { loadNamed, readInput, readMaterials } from '../materials.js';
import { movieTypes } from '../movie-types.js';
import { plannerOf } from '../plan-frames.js';
import type { TaskTools } from '../task-tools.js';
import type { ZoomRecipe } from './recipe.js';

/** Makes the frames of a zoom one after the other, keeps each, and writes the movie. */
export async function zoomTask(task: Task, tools: TaskTools): Promise<Outcome> {
  const wanted = task.recipe as ZoomRecipe;
  const folder = await keptFrames(task);
  const network = await loadNamed(wanted.model);
  // Frames that are there were made with so many threads.
  const platform = await createNodePlatform({
    threads: folder.recipe?.runtime.threads ?? task.threads,
    scratchFolder: task.folder,
  });
  try {
    const photos = await readPhotos(task, wanted);
    const [first] = photos as [Picture];
    const dream = wanted.settings.dream;
    const layers = await resolveLayers(dream.layers, network, first, platform);
    const materials = await readMaterials(task, wanted);
    const planOf = plannerOf(network, first, { guides: materials.guides });
    const { tile } = folder.recipe?.dream ?? planOf({ ...dream, layers }).options;
    const script = new MovieScript({ ...wanted.settings, dream: { ...dream, layers, tile } }, photos.length);
    const recipe = createMovieRecipe({
      ...script.settings,
      model: recipeModel(network),
      inputs: wanted.inputs,
      ...(wanted.guides && { guides: wanted.guides }),
      ...(wanted.mask && { mask: wanted.mask }),
      runtime: { name: platform.runtime, version: platform.runtimeVersion, threads: platform.cores },
      size: { width: first.width, height: first.height },
    });
    const { frames, ...tones } = script.settings.movie;
    const maker: FrameMaker = {
      count: frames,
      has: (frame) => frame <= frames,
      recipeOf: (frame, before) => frameRecipe(recipe, script.frame(frame), before),
      dream(frame, before = first, run) {
        const each = script.frame(frame);
        return dreamFrame(each, { before, photos, tones }, planOf(each.options), { ...run, ...materials });
      },
    };
    const whole = await makeFrames(task, tools, folder, maker, platform, recipe);
    const keeps = tools.stop.reason === 'keep' && folder.count > 0;
    if (!whole && !keeps) return { type: 'stopped' };
    return { type: 'done', files: [await writeMovie(task, wanted, folder, recipe)] };
  } finally {
    await platform.close();
  }
}

/** Pictures at the size of the first: others are scaled and cut to its proportions. Transparent parts lie on white. */
async function readPhotos(task: Task, { inputs, settings }: ZoomRecipe): Promise<Picture[]> {
  const photos: Picture[] = [];
  for (const input of inputs) {
    const picture = onWhite(pictureOf(await readInput(task, input, settings.dream.size)));
    const first = photos[0] ?? picture;
    const same = picture.width === first.width && picture.height === first.height;
    photos.push(same ? picture : covering(picture, first));
  }
  return photos;
}

/** Writes the movie of the frames that are there. */
async function writeMovie(task: Task, wanted: ZoomRecipe, folder: FrameFolder, recipe: MovieRecipe): Promise<MadeFile> {
  const { fps, quality, codec } = recipe.movie;
  const name = `zoom.${wanted.format}`;
  const path = join(task.folder, name);
  const movie = await createMovie(path, {
    ...{ ...recipe.size, fps, recipe: canonicalJson(recipe), overwrite: true },
    ...(quality !== null && { quality }),
    ...(codec !== 'auto' && { codec }),
  });
  try {
    for (const frame of playOrder(Math.min(folder.count, recipe.movie.frames), recipe.movie))
      await movie.add(await folder.read(frame));
    await movie.finish();
  } finally {
    await movie.abort();
  }
  return { name, path, mediaType: movieTypes[wanted.format], ...recipe.size };
}
