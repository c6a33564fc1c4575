import { join } from 'node:path';
import { movieFormatOf, OptionError } from '../../../src/platform/node/index.js';
import { checkWritable, standardStream } from '../files/output-file.js';

/** Where a movie and its frames go. */
export interface MovieTarget {
  /** The movie; absent where only frames are wanted. */
  readonly movie?: string;
  /** The folder of its frames. */
  readonly frames: string;
}

/**
 * Where a movie goes: a folder, or a file with a folder of frames beside it.
 *
 * @param usual the name of the file where none was given
 */
export function movieTarget(usual: string, output: string | undefined): MovieTarget {
  if (output === standardStream) {
    throw new OptionError('option/invalid', '-o -: expected a file or a folder, as frames are kept. Name one.');
  }
  const path = output ?? usual;
  return movieFormatOf(path) === 'frames' ? { frames: path } : { movie: path, frames: `${path}.frames` };
}

/**
 * Refuses, before any work is done, a place that cannot be written to.
 *
 * @param inputs what it is made from
 */
export async function checkTarget(
  { movie, frames }: MovieTarget,
  force: boolean,
  inputs: readonly string[],
): Promise<void> {
  if (movie !== undefined) await checkWritable(movie, force, false, inputs);
  await checkWritable(join(frames, 'movie.json'), true, true);
}
