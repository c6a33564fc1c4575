import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  canonicalJson,
  covering,
  createMovie,
  createMovieRecipe,
  createNodePlatform,
  type DreamOptions,
  dreamFrame,
  FrameFolder,
  type FrameScript,
  frameRecipe,
  type MovieRecipe,
  MovieScript,
  type Network,
  onWhite,
  type Picture,
  type Plan,
  pictureOf,
  planDream,
  playOrder,
  recipeModel,
  resolveLayers,
  SessionCache,
} from '../../../../src/platform/node/index.js';
import type { MadeFile, Outcome, Task } from '../../worker/protocol.js';
import { encodePreview } from '../dream/task.js';
import { loadNamed, memoryLimit, readInput } from '../materials.js';
import type { TaskTools } from '../task-tools.js';
import { type ZoomRecipe, zoomFormats } from './recipe.js';

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
  const sessions = new SessionCache(platform);
  try {
    const photos = await readPhotos(task, wanted);
    const [first] = photos as [Picture];
    const dream = wanted.settings.dream;
    const layers = await resolveLayers(dream.layers, network, first, platform);
    const planOf = plannerOf(network, first);
    const { tile } = folder.recipe?.dream ?? planOf({ ...dream, layers }).options;
    const script = new MovieScript({ ...wanted.settings, dream: { ...dream, layers, tile } }, photos.length);
    const recipe = createMovieRecipe({
      ...script.settings,
      model: recipeModel(network),
      inputs: wanted.inputs,
      runtime: { name: platform.runtime, version: platform.runtimeVersion, threads: platform.cores },
      size: { width: first.width, height: first.height },
    });
    const { frames, ...tones } = script.settings.movie;
    let before: Picture | undefined;
    for (let frame = await firstToMake(folder, recipe, script); frame <= frames; frame++) {
      before ??= frame > 1 ? await folder.read(frame - 1) : first;
      const each = script.frame(frame);
      const run = { platform, sessions, stop: tools.stop, previewEveryMs: 500 };
      let made: Picture | undefined;
      for await (const event of dreamFrame(each, { before, photos, tones }, planOf(each.options), run)) {
        if (event.type === 'preview') tools.preview(await encodePreview(event));
        else if (event.type === 'finished' && !event.stopped) made = event.picture;
      }
      if (!made) return { type: 'stopped' };
      before = await folder.write(frame, made, textOf(recipe, each, folder), recipe);
      await keep(task, tools, folder.fileOf(frame));
      await keep(task, tools, join(folder.path, 'movie.json'));
      tools.progress({ progress01: frame / (frames + 1), done: frame, total: frames });
    }
    return { type: 'done', files: [await writeMovie(task, wanted, folder, recipe)] };
  } finally {
    await sessions.close();
    await platform.close();
  }
}

/** A folder with the frames that earlier attempts have kept. */
async function keptFrames(task: Task): Promise<FrameFolder> {
  const path = join(task.folder, 'frames');
  await mkdir(path);
  for (const [name, kept] of Object.entries(task.checkpoint)) await copyFile(kept, join(path, name));
  return FrameFolder.open(path, true);
}

/** Has a copy kept to go on from; the frame itself is needed here. */
async function keep(task: Task, tools: TaskTools, path: string): Promise<void> {
  const copy = join(task.folder, 'kept');
  await copyFile(path, copy);
  await tools.checkpoint(path.slice(path.lastIndexOf('/') + 1), copy);
}

/** The frame to go on with, counted from 1: those before it are there and as they must be. */
async function firstToMake(folder: FrameFolder, recipe: MovieRecipe, script: MovieScript): Promise<number> {
  const flaw = await folder.firstFlaw((frame, before) => frameRecipe(recipe, script.frame(frame), before));
  return flaw?.frame ?? folder.count + 1;
}

function textOf(recipe: MovieRecipe, script: FrameScript, folder: FrameFolder): string {
  return frameRecipe(recipe, script, folder.digestOf(script.frame - 1));
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

/** Plans frames; those that differ in nothing but their seed share a plan. */
function plannerOf(network: Network, size: Picture): (options: DreamOptions) => Plan {
  let latest: { readonly key: string; readonly plan: Plan } | undefined;
  return (options) => {
    const key = JSON.stringify({ ...options, seed: null });
    if (latest?.key !== key) {
      latest = { key, plan: planDream(network, size, options, { memoryBytes: memoryLimit(), scratch: true }) };
    }
    return latest.plan;
  };
}

async function writeMovie(task: Task, wanted: ZoomRecipe, folder: FrameFolder, recipe: MovieRecipe): Promise<MadeFile> {
  const { frames, fps, quality, codec } = recipe.movie;
  const name = `zoom.${wanted.format}`;
  const path = join(task.folder, name);
  const movie = await createMovie(path, {
    ...{ ...recipe.size, fps, recipe: canonicalJson(recipe), overwrite: true },
    ...(quality !== null && { quality }),
    ...(codec !== 'auto' && { codec }),
  });
  try {
    for (const frame of playOrder(frames, recipe.movie)) await movie.add(await folder.read(frame));
    await movie.finish();
  } finally {
    await movie.abort();
  }
  return { name, path, mediaType: zoomFormats[wanted.format], ...recipe.size };
}
