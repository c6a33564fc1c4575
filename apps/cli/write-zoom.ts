import type { FrameFolder, MovieRecipe } from '../../src/platform/node/index.js';

/**
 * Writes the frames of a movie into one file, one at a time.
 *
 * @param order the frames to show, counted from 1
 */
export async function writeZoom(
  _path: string,
  _folder: FrameFolder,
  _order: Iterable<number>,
  _recipe: MovieRecipe,
  _force: boolean,
): Promise<void> {}
