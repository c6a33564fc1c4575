import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  checkVideo,
  type Movie,
  movieFormatOf,
  movieTraits,
  type NamedFile,
  OptionError,
  openMovie,
  type Size,
  type VideoOptions,
} from '../../../src/platform/node/index.js';
import { isFolder, standardStream } from '../files/output-file.js';
import { oneLine, say } from '../report/report.js';

/** Opens the movie to dream on. */
export async function openVideo(path: string, { fps }: VideoOptions): Promise<Movie> {
  if (path === standardStream) {
    throw new OptionError('option/invalid', '-: expected a movie, got standard input. Name a file or a folder.');
  }
  if (fps !== null && !(await isFolder(path))) {
    throw new OptionError('option/invalid', `--fps: ${path} says itself how fast it is. Leave it out.`);
  }
  return openMovie(path, fps === null ? {} : { fps });
}

/** A movie as a recipe names it: by its bytes, or a folder by the names and sizes of its files. */
export async function namedMovie(path: string): Promise<NamedFile> {
  const hash = createHash('sha256');
  if (await isFolder(path)) {
    for (const name of (await readdir(path)).sort()) hash.update(`${name} ${(await stat(join(path, name))).size}\n`);
  } else {
    await pipeline(createReadStream(path), hash);
  }
  return { name: basename(resolve(path)), sha256: hash.digest('hex') };
}

/**
 * Refuses what the file to write cannot hold, before the first frame, and says what will be left out.
 *
 * @param path undefined where only frames are wanted
 * @returns whether the sound comes along
 */
export async function checkOutput(
  path: string | undefined,
  movie: Movie,
  options: VideoOptions,
  size: Size,
  quiet: boolean,
): Promise<boolean> {
  if (path === undefined) return false;
  const sound = await checkVideo(path, movie, options, size);
  if (movie.audio && !sound && !options.mute && !quiet) {
    say(oneLine(`A ${movieTraits(movieFormatOf(path)).title} has no sound; that of the movie is left out.`));
  }
  return sound;
}
