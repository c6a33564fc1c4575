import { readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { movieFormatOf, OptionError } from '../../src/platform/node/index.js';
import { checkWritable, standardStream, stemOf } from './output-file.js';

/** Where a movie and its frames go. */
export interface ZoomTarget {
  /** The movie; absent where only frames are wanted. */
  readonly movie?: string;
  /** The folder of its frames. */
  readonly frames: string;
}

/** Where the movie of a photo goes: a folder, or a file with a folder of frames beside it. */
export function zoomTarget(photo: string, output: string | undefined): ZoomTarget {
  if (output === standardStream) {
    throw new OptionError('option/invalid', '-o -: expected a file or a folder, as frames are kept. Name one.');
  }
  const path = output ?? `${stemOf(photo)}-zoom.mp4`;
  return movieFormatOf(path) === 'frames' ? { frames: path } : { movie: path, frames: `${path}.frames` };
}

/** Refuses, before any work is done, a place that cannot be written to. */
export async function checkTarget({ movie, frames }: ZoomTarget, force: boolean): Promise<void> {
  if (movie !== undefined) await checkWritable(movie, force);
  await checkWritable(join(frames, 'movie.json'), true, true);
}

/** The option `camera`: the text itself, or what a `.json` file says, in one line. */
export async function cameraText(given: string): Promise<string> {
  if (extname(given).toLowerCase() !== '.json') return given;
  const refuse = (expected: string, cause: unknown): never => {
    const message = `--camera: expected ${expected} in ${basename(given)}. Check the name and what it holds.`;
    throw new OptionError('option/invalid', message, { cause });
  };
  const text = await readFile(given, 'utf8').catch((cause: unknown) => refuse('keyframes', cause));
  try {
    return JSON.stringify(JSON.parse(text));
  } catch (cause) {
    return refuse('JSON', cause);
  }
}
