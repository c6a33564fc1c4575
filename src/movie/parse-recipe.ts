import {
  type CommonFacts,
  commonFacts,
  type DreamOptions,
  digest,
  dreamOptions,
  kindOfRecipe,
  type NamedFile,
  namedFiles,
  type OptionTable,
  parseOptions,
  readRecipeText,
  record,
  whole,
} from '../dream/index.js';
import { zoomOptions } from './options.js';
import type { FramesRecipe, MovieRecipe } from './recipe.js';
import { videoOptions } from './video/video-options.js';
import type { VideoRecipe } from './video/video-recipe.js';

/** What the file of a movie's frame tells of it. */
export interface FrameFacts extends CommonFacts {
  /** Of what it is a frame. */
  readonly kind: 'movie-frame' | 'video-frame';
  /** Counted from 1. */
  readonly frame: number;
  /** Every option of its dream with its value. */
  readonly options: DreamOptions;
  /** Photos that are flown through; empty for a frame of a video. */
  readonly inputs: readonly NamedFile[];
  /** Size in pixels. */
  readonly size: FramesRecipe['size'];
  /** SHA-256 of the file of the frame before; `null` for the first. */
  readonly before: string | null;
}

type Fields = Readonly<Record<string, unknown>>;

const longestSide = 1_000_000;

/**
 * Reads the recipe of a movie from text that may come from anywhere, checking every field.
 *
 * @param text JSON, as a file carries it
 * @param name the file's name, for messages
 * @returns undefined when the text is something else, such as the recipe of a picture
 * @throws ImageError `image/no-recipe` when it is a movie's and cannot be used
 */
export function parseMovieRecipe(text: string, name: string): MovieRecipe | VideoRecipe | undefined {
  switch (kindOfRecipe(text)) {
    case 'movie':
      return readRecipeText(text, name, 'movie', (value) => ({
        kind: 'movie',
        ...framesFacts(value),
        movie: parseOptions<typeof zoomOptions & OptionTable>(zoomOptions, value['movie'], 'its options'),
      }));
    case 'video':
      return readRecipeText(text, name, 'video', (value) => ({
        kind: 'video',
        ...framesFacts(value),
        video: parseOptions<typeof videoOptions & OptionTable>(videoOptions, value['video'], 'its options'),
      }));
    default:
      return undefined;
  }
}

/** Reads what a frame's file tells, as {@link parseMovieRecipe} reads a movie's. */
export function parseFrameFacts(text: string, name: string): FrameFacts | undefined {
  const kind = kindOfRecipe(text);
  if (kind !== 'movie-frame' && kind !== 'video-frame') return undefined;
  return readRecipeText(text, name, kind, (value) => ({
    kind,
    ...commonFacts(value),
    frame: whole(value['frame'], 'frame', zoomOptions.frames.max),
    options: dreamOptionsFrom(value['options']),
    inputs: value['inputs'] === undefined ? [] : namedFiles(value['inputs'], 'inputs'),
    size: sizeFrom(value['size']),
    before: value['before'] === null ? null : digest(value['before']),
  }));
}

function framesFacts(value: Fields): FramesRecipe {
  return {
    ...commonFacts(value),
    dream: dreamOptionsFrom(value['dream']),
    inputs: namedFiles(value['inputs'], 'inputs'),
    size: sizeFrom(value['size']),
  };
}

function dreamOptionsFrom(value: unknown): DreamOptions {
  return parseOptions<typeof dreamOptions & OptionTable>(dreamOptions, value, 'its options');
}

function sizeFrom(value: unknown): FramesRecipe['size'] {
  const { width, height } = record(value, 'size');
  return { width: whole(width, 'size.width', longestSide), height: whole(height, 'size.height', longestSide) };
}
