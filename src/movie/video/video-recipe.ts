import { canonicalJson } from '../../dream/index.js';
import { version } from '../../version.js';
import type { FramesRecipe } from '../recipe.js';
import type { VideoOptions } from './video-options.js';
import type { VideoFrameScript } from './video-script.js';

/** Everything that decides a dreamed video, but the files themselves; its one input is the movie that was dreamed on. */
export interface VideoRecipe extends FramesRecipe {
  /** What was made. */
  readonly kind: 'video';
  /** Every option of the video with its value. */
  readonly video: VideoOptions;
}

/** A dreamed video's recipe by this version of the program. */
export function createVideoRecipe(facts: Omit<VideoRecipe, 'pareidolia' | 'kind'>): VideoRecipe {
  return { pareidolia: version, kind: 'video', ...facts };
}

/**
 * Everything that decides one frame of a dreamed video, as `frameRecipe` says it for zoom movies.
 *
 * @param picture SHA-256 of the colours of the movie's frame, `[height, width, 3]` with 8 bits
 * @param before SHA-256 of the file of the frame before; `null` for the first frame
 */
export function videoFrameRecipe(
  { video: _, dream: __, inputs: ___, ...base }: VideoRecipe,
  script: VideoFrameScript,
  picture: string,
  before: string | null,
): string {
  return canonicalJson({ ...base, kind: 'video-frame', ...script, picture, before });
}
