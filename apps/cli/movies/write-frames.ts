import { rm, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import {
  createMovie,
  type Flashing,
  FlashMeter,
  type FrameFolder,
  type MovieOptions,
  type MovieWriter,
  sweepTemporaries,
} from '../../../src/platform/node/index.js';
import { onInterrupt } from '../interrupt.js';
import { oneLine, say } from '../report/report.js';

/** A frame as it is shown. */
export interface ShownFrame {
  /** Its number in the folder, counted from 1. */
  readonly frame: number;
  /** How long, in seconds, where frames last differently long. */
  readonly duration?: number | undefined;
}

/** What came of writing a movie. */
export interface WrittenFrames {
  /** Whether Ctrl-C was pressed; there is no movie then. */
  readonly stopped: boolean;
  /** Where it flashes too often; absent where it does not. */
  readonly flashing?: Flashing;
}

/**
 * Writes frames into one movie, one at a time.
 *
 * @param shown in the order they are shown
 */
export async function writeFrames(
  path: string,
  folder: FrameFolder,
  shown: Iterable<ShownFrame>,
  options: MovieOptions,
  quiet: boolean,
): Promise<WrittenFrames> {
  const interrupt = onInterrupt(
    () => {},
    () => {},
  );
  if (!quiet) say(oneLine(`Writing ${path} …`));
  let movie: MovieWriter | undefined;
  const meter = new FlashMeter();
  let seconds = 0;
  try {
    await sweepTemporaries(path);
    movie = await createMovie(path, options);
    if (!quiet && (movie.width !== options.width || movie.height !== options.height)) say(paddedText(movie));
    for (const { frame, duration } of shown) {
      if (interrupt.stop.aborted) return { stopped: true };
      const picture = await folder.read(frame);
      meter.add(picture, seconds);
      await movie.add(picture, duration);
      seconds += duration ?? 1 / (options.fps ?? 25);
    }
    await movie.finish();
    return { stopped: false, ...(meter.worst && { flashing: meter.worst }) };
  } finally {
    await movie?.abort();
    interrupt.release();
  }
}

function paddedText({ width, height }: MovieWriter): string {
  return `Its pictures are ${width}×${height}, with the last column or row repeated, as its codec takes even sides only.`;
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
    if ((await writeFrames(trial, folder, shown, { ...options, overwrite: true }, true)).stopped) return 0;
    return ((await stat(trial)).size * count) / shown.length;
  } finally {
    await rm(trial, { force: true });
  }
}
