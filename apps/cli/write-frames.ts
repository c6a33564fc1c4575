import { rm, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { createMovie, type FrameFolder, type MovieOptions, type MovieWriter } from '../../src/platform/node/index.js';
import { onInterrupt } from './interrupt.js';
import { oneLine, say } from './report.js';

/** A frame as it is shown. */
export interface ShownFrame {
  /** Its number in the folder, counted from 1. */
  readonly frame: number;
  /** How long, in seconds, where frames last differently long. */
  readonly duration?: number | undefined;
}

/**
 * Writes frames into one movie, one at a time.
 *
 * @param shown in the order they are shown
 * @returns whether it was written; Ctrl-C gives it up
 */
export async function writeFrames(
  path: string,
  folder: FrameFolder,
  shown: Iterable<ShownFrame>,
  options: MovieOptions,
  quiet: boolean,
): Promise<boolean> {
  const interrupt = onInterrupt(
    () => {},
    () => {},
  );
  if (!quiet) say(oneLine(`Writing ${path} …`));
  let movie: MovieWriter | undefined;
  try {
    movie = await createMovie(path, options);
    for (const { frame, duration } of shown) {
      if (interrupt.stop.aborted) return false;
      await movie.add(await folder.read(frame), duration);
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
 * @param shown those that are there, in the order they are shown
 * @param count how many the movie shows
 */
export async function expectedMovieBytes(
  path: string,
  folder: FrameFolder,
  shown: readonly ShownFrame[],
  count: number,
  options: MovieOptions,
): Promise<number> {
  const trial = join(folder.path, `trial${extname(path)}`);
  try {
    if (!(await writeFrames(trial, folder, shown, { ...options, overwrite: true }, true))) return 0;
    return ((await stat(trial)).size * count) / shown.length;
  } finally {
    await rm(trial, { force: true });
  }
}
