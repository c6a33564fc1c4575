import { rm, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import {
  canonicalJson,
  createMovie,
  type FrameFolder,
  type MovieRecipe,
  type MovieWriter,
  playOrder,
  type ZoomOptions,
} from '../../src/platform/node/index.js';
import { onInterrupt } from './interrupt.js';
import { oneLine, say } from './report.js';

/** What the writer of movies is told of a movie. */
export function encodingOfZoom({ fps, quality, codec }: ZoomOptions, size: MovieRecipe['size']) {
  return { ...size, fps, ...(quality !== null && { quality }), ...(codec !== 'auto' && { codec }) };
}

/**
 * Writes the frames of a movie into one file, one at a time.
 *
 * @param frames how many of them
 * @returns whether it was written; Ctrl-C gives it up
 */
export async function writeZoom(
  path: string,
  folder: FrameFolder,
  frames: number,
  recipe: MovieRecipe,
  { force, quiet }: { readonly force: boolean; readonly quiet: boolean },
): Promise<boolean> {
  const interrupt = onInterrupt(
    () => {},
    () => {},
  );
  if (!quiet) say(oneLine(`Writing ${path} …`));
  let movie: MovieWriter | undefined;
  try {
    movie = await createMovie(path, {
      ...encodingOfZoom(recipe.movie, recipe.size),
      recipe: canonicalJson(recipe),
      overwrite: force,
    });
    for (const frame of playOrder(frames, recipe.movie)) {
      if (interrupt.stop.aborted) return false;
      await movie.add(await folder.read(frame));
    }
    await movie.finish();
    return true;
  } finally {
    await movie?.abort();
    interrupt.release();
  }
}

/**
 * About how many bytes a movie will have, from the frames that are there: they are written once, and measured.
 *
 * @param there how many of them
 */
export async function expectedMovieBytes(
  path: string,
  folder: FrameFolder,
  there: number,
  recipe: MovieRecipe,
): Promise<number> {
  const trial = join(folder.path, `trial${extname(path)}`);
  try {
    if (!(await writeZoom(trial, folder, there, recipe, { force: true, quiet: true }))) return 0;
    const shown = (frames: number): number => [...playOrder(frames, recipe.movie)].length;
    return ((await stat(trial)).size * shown(recipe.movie.frames)) / shown(there);
  } finally {
    await rm(trial, { force: true });
  }
}
