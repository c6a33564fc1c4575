import { askDecoder } from './ask-decoder.js';
import type { DecodeRequest, SeenPicture } from './decode-process.js';

const decoder = { program: './decode-process.js', noun: 'picture', code: 'image', heapMiB: 64 } as const;

/**
 * Decodes a picture in a process of its own.
 *
 * @param path a file on this machine
 * @throws Refusal 415 for what is no picture that is taken here, 413 for too many pixels, 422 for a damaged one
 */
export function lookAtPicture(path: string, maxPixels: number): Promise<SeenPicture> {
  return askDecoder<SeenPicture>(decoder, { path, maxPixels } satisfies DecodeRequest);
}
