/** Pixels: what a picture is, and one verb a file for what is done to it. */
export { readNpy, writeNpy } from './npy.js';
export type { Picture } from './picture.js';
export { fitted, resize, type Size } from './resize.js';
export { mean, meanMagnitude, standardDeviation } from './statistics.js';
