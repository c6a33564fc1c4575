import { type FileHandle, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MovieError } from '../../../errors.js';
import { maxRecipeBytes } from '../../../metadata/index.js';
import { extractRecipe } from '../pictures/recipe-metadata.js';
import { commentsOf } from './gif-blocks.js';
import type { Movie } from './movie.js';
import { aviComment, openAvi } from './read-avi.js';
import { openAnimation, openFolder } from './read-pictures.js';
import { requireWhole } from './require-whole.js';
import { frameName } from './write-frames.js';

/** What {@link openMovie} is told. */
export interface OpenMovieOptions {
  /** Frames a second of a folder of pictures, which does not say. Default 25. */
  readonly fps?: number | undefined;
}

/**
 * Opens a movie: MP4, MOV, Matroska, WebM, AVI with Motion JPEG, GIF, WebP, or a folder of pictures. VP8 and VP9 are decoded
 * by this package; H.264, HEVC and AV1 by `@mediabunny/server`, where it is installed.
 *
 * @throws MovieError `movie/missing` when there is no such file; `movie/format` when it is empty, no movie, or has no
 *   pictures; `movie/codec` when its codec is not known or not installed; `movie/unreadable` when it is torn or damaged
 */
export async function openMovie(path: string, options: OpenMovieOptions = {}): Promise<Movie> {
  const kind = await kindOf(path);
  switch (kind) {
    case 'folder':
      return openFolder(path, options.fps ?? 25);
    case 'gif':
    case 'webp':
      return openAnimation(path);
    case 'avi': {
      const file = await open(path);
      return openAvi(path, file).catch(async (cause: unknown) => {
        await file.close();
        throw cause;
      });
    }
    case 'muxed': {
      const { openMuxed } = await import('./read-muxed.js');
      return openMuxed(path);
    }
  }
}

/**
 * Reads the recipe that `createMovie` put into a movie; of a folder of frames, that in its first. The text comes from the
 * file and may be anything: parse and check it like any other input.
 *
 * @returns the text, or undefined when there is none
 * @throws MovieError as {@link openMovie}, but for codecs
 */
export async function readMovieRecipe(path: string): Promise<string | undefined> {
  const text = await recipeText(path);
  // Any program may write a comment; only JSON can be a recipe.
  if (text === undefined || !text.trimStart().startsWith('{') || Buffer.byteLength(text) > 6 * maxRecipeBytes) return;
  return text;
}

async function recipeText(path: string): Promise<string | undefined> {
  const kind = await kindOf(path);
  switch (kind) {
    case 'folder': {
      const first = (await readdir(path)).includes(frameName(1)) ? join(path, frameName(1)) : undefined;
      return first === undefined ? undefined : extractRecipe(await readFile(first), first);
    }
    case 'gif':
      return commentsOf(await readFile(path)).find((comment) => comment.startsWith('{'));
    case 'webp':
      return extractRecipe(await readFile(path), path);
    case 'avi': {
      const file = await open(path);
      return aviComment(path, file).finally(() => file.close());
    }
    case 'muxed': {
      const { commentOf } = await import('./read-muxed.js');
      return commentOf(path);
    }
  }
}

type Kind = 'folder' | 'gif' | 'webp' | 'avi' | 'muxed';

/** Tells movies apart by their first bytes, and refuses what is none. */
async function kindOf(path: string): Promise<Kind> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const stat = await file.stat();
    if (stat.isDirectory()) return 'folder';
    if (!stat.isFile()) {
      throw new MovieError('movie/unreadable', `${path}: expected a movie, got a device or a pipe. Name a file.`);
    }
    if (stat.size === 0) {
      throw new MovieError('movie/format', `${path}: expected a movie, got an empty file. Copy it again.`);
    }
    await requireWhole(file, path);
    const bytes = Buffer.alloc(12);
    await file.read(bytes, 0, 12, 0);
    const head = bytes.toString('latin1');
    if (head.startsWith('GIF8')) return 'gif';
    if (head.startsWith('RIFF') && head.endsWith('WEBP')) return 'webp';
    if (head.startsWith('RIFF') && head.endsWith('AVI ')) return 'avi';
    return 'muxed';
  } catch (cause) {
    if (cause instanceof MovieError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new MovieError('movie/missing', `${path}: no such file. Check the name of the movie.`, { cause });
    }
    const reason =
      code === 'EACCES' || code === 'EPERM'
        ? 'expected a file that may be read, got permission denied. Change its permissions.'
        : `the file could not be read (${code}).`;
    throw new MovieError('movie/unreadable', `${path}: ${reason}`, { cause });
  } finally {
    await file?.close();
  }
}
