import { askDecoder } from './ask-decoder.js';
import type { MovieRequest, SeenMovie } from './movie-process.js';

const decoder = { program: './movie-process.js', noun: 'movie', code: 'movie', heapMiB: 256 } as const;

/**
 * Looks at a movie in a process of its own: what its container says, and its first frame.
 *
 * @param path a file on this machine
 * @throws Refusal 415 for what is no movie that is taken here, 413 for too many pixels or frames, 422 for a damaged one
 */
export function lookAtMovie(path: string, limits: Omit<MovieRequest, 'path'>): Promise<SeenMovie> {
  return askDecoder<SeenMovie>(decoder, { path, ...limits } satisfies MovieRequest);
}
