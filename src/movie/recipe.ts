import { canonicalJson, type DreamOptions, type NamedFile, type Recipe } from '../dream/index.js';
import { version } from '../version.js';
import type { ZoomOptions } from './options.js';
import type { FrameScript } from './script.js';

/** What decides frames that are dreamed one after the other, whatever they are made from. */
export interface FramesRecipe extends Pick<Recipe, 'model' | 'mask' | 'guides' | 'direction' | 'matchTo' | 'runtime'> {
  /** Version of the program that made them. */
  readonly pareidolia: string;
  /** Every option of their dreams with its value, the seed among them. */
  readonly dream: DreamOptions;
  /** What they are made from. */
  readonly inputs: readonly NamedFile[];
  /** Size of the frames, in pixels. */
  readonly size: {
    /** Pixels a row. */
    readonly width: number;
    /** Rows. */
    readonly height: number;
  };
}

/** Everything that decides a zoom movie, but the files themselves; its inputs are the photos that are flown through. */
export interface MovieRecipe extends FramesRecipe {
  /** What was made. */
  readonly kind: 'movie';
  /** Every option of the movie with its value. */
  readonly movie: ZoomOptions;
}

/** A movie's recipe by this version of the program. */
export function createMovieRecipe(facts: Omit<MovieRecipe, 'pareidolia' | 'kind'>): MovieRecipe {
  return { pareidolia: version, kind: 'movie', ...facts };
}

/**
 * Everything that decides one frame, the frame before included; the same frame always has the same text. It goes into
 * the frame's file, and a file with another text is another frame.
 *
 * @param before SHA-256 of the file of the frame before; `null` for the first frame
 */
export function frameRecipe(recipe: MovieRecipe, script: FrameScript, before: string | null): string {
  const { movie, dream: _, ...base } = recipe;
  const { drift, driftTo } = movie;
  return canonicalJson({ ...base, kind: 'movie-frame', ...script, drift, driftTo, before });
}
