import type { Size } from '../../image/index.js';

/** OpenCV, loaded. */
const openCvBytes = 120e6;
/** Frames of the movie and what flow is found in, between two of them and back, and what is carried along with it. */
const bytesPerPixel = 310;

/**
 * The most memory that a frame of a dreamed video takes besides its dream. Fitted to measured peaks, see docs/memory.md.
 *
 * @param size of the frames
 */
export function videoBytes({ width, height }: Size): number {
  return openCvBytes + bytesPerPixel * width * height;
}
