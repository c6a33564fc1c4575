/** What the library computes in slices, done at once for tests that look at results alone. */
import * as image from '../src/image/index.js';

export const mean = (values: image.Values): number => image.atOnce(image.mean(values));
export const standardDeviation = (values: image.Values): number => image.atOnce(image.standardDeviation(values));
export const meanMagnitude = (values: image.Values): number => image.atOnce(image.meanMagnitude(values));
export const norm = (values: image.Values): number => image.atOnce(image.norm(values));
export const rootMeanSquare = (values: image.Values): number => image.atOnce(image.rootMeanSquare(values));
export const largestMagnitude = (values: image.Values): number => image.atOnce(image.largestMagnitude(values));

export const splitPyramid = (data: Float32Array, size: image.Size, levels: number): image.Band[] =>
  image.atOnce(image.splitPyramid(data, size, levels));
export const mergePyramid = (bands: readonly image.Band[]): Float32Array => image.atOnce(image.mergePyramid(bands));
export const hartley = (values: Float32Array, size: image.Size): Float32Array =>
  image.atOnce(image.hartley(values, size));
