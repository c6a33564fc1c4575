import {
  type Band,
  largestMagnitude,
  mapped,
  mean,
  meanMagnitude,
  mergePyramid,
  norm,
  rootMeanSquare,
  type Size,
  type Sliced,
  splitPyramid,
  standardDeviation,
  type Values,
} from '../image/index.js';

/** What a gradient is divided by before a step; see {@link measure}. */
export type Normalizer = 'std' | 'standardize' | 'mean-abs' | 'rms' | 'l2' | 'max' | 'clip-norm' | 'none';

/** Keeps the division harmless where the gradient vanishes; the value of the TensorFlow tutorial. */
const epsilon = 1e-8;

/** The smallest size of a band that is still divided, as in TensorFlow's tutorial of 2016. */
const smallestBand = 1e-10;

/** What a gradient is divided by, and what is taken off before. */
export interface Scale {
  readonly centre: number;
  readonly size: number;
}

/**
 * What a gradient is divided by, measured over the whole picture:
 *
 * - `std`: its standard deviation (TensorFlow's tutorial, the founding article)
 * - `standardize`: the same, with the mean taken off first (pytorch-deepdream)
 * - `mean-abs`: the mean of its magnitudes (google/deepdream, Keras)
 * - `rms`: the root of the mean of its squares (tfjs-examples)
 * - `l2`: its Euclidean norm (Lucid's optional gradient transform)
 * - `max`: its largest magnitude
 * - `clip-norm`: its norm where that is above 1 (torch-dreams)
 * - `none`: nothing
 */
export function* measure(gradient: Values, normalizer: Normalizer): Sliced<Scale> {
  const centre = normalizer === 'standardize' ? yield* mean(gradient) : 0;
  return { centre, size: yield* sizeOf(gradient, normalizer) };
}

function* sizeOf(gradient: Values, normalizer: Normalizer): Sliced<number> {
  switch (normalizer) {
    case 'std':
    case 'standardize':
      return (yield* standardDeviation(gradient)) + epsilon;
    case 'mean-abs':
      return (yield* meanMagnitude(gradient)) + epsilon;
    case 'rms':
      return (yield* rootMeanSquare(gradient)) + epsilon;
    case 'l2':
      return (yield* norm(gradient)) + epsilon;
    case 'max':
      return (yield* largestMagnitude(gradient)) + epsilon;
    case 'clip-norm':
      return Math.max(yield* norm(gradient), 1);
    case 'none':
      return 1;
  }
}

/**
 * Some values of a gradient, divided; a vanishing gradient stays as it is.
 *
 * @param result where they go; default: an array of their own
 */
export function divided(
  values: Float32Array,
  { centre, size }: Scale,
  result: Float32Array = new Float32Array(values.length),
): Float32Array {
  for (let i = 0; i < values.length; i++) result[i] = (values[i]! - centre) / size;
  return result;
}

/**
 * Brings all frequencies to the same strength: every band of the gradient's Laplacian pyramid is divided by the root of
 * the mean of its squares (`lap_normalize` of TensorFlow's DeepDream tutorial of 2016).
 *
 * @param gradient `[3, height, width]`
 * @param levels fine bands; the coarse rest is one more
 */
export function* normalizeBands(gradient: Float32Array, size: Size, levels: number): Sliced<Float32Array> {
  const bands: Band[] = [];
  for (const band of yield* splitPyramid(gradient, size, levels)) {
    const strength = Math.max(yield* rootMeanSquare(band.data), smallestBand);
    bands.push({ ...band, data: yield* mapped(band.data, (value) => value / strength) });
  }
  return yield* mergePyramid(bands);
}
