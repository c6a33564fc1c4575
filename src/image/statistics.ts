import { spansOf } from './raster.js';
import type { Sliced } from './sliced.js';

/** Values in one array, or in parts that can be gone through more than once. */
export type Values = Float32Array | Iterable<Float32Array>;

function* partsOf(values: Values): Iterable<Float32Array> {
  if (!(values instanceof Float32Array)) return yield* values;
  for (const [start, end] of spansOf(values.length)) yield values.subarray(start, end);
}

/** The mean of all values, summed in float64. */
export function* mean(values: Values): Sliced<number> {
  let [sum, count] = [0, 0];
  for (const part of partsOf(values)) {
    for (let i = 0; i < part.length; i++) sum += part[i]!;
    count += part.length;
    yield;
  }
  return sum / count;
}

/** The standard deviation over all values (the mean taken out, divided by their number), in float64. */
export function* standardDeviation(values: Values): Sliced<number> {
  const centre = yield* mean(values);
  let [sum, count] = [0, 0];
  for (const part of partsOf(values)) {
    for (let i = 0; i < part.length; i++) {
      const difference = part[i]! - centre;
      sum += difference * difference;
    }
    count += part.length;
    yield;
  }
  return Math.sqrt(sum / count);
}

/** The mean of the magnitudes of all values, in float64. */
export function* meanMagnitude(values: Values): Sliced<number> {
  let [sum, count] = [0, 0];
  for (const part of partsOf(values)) {
    for (let i = 0; i < part.length; i++) sum += Math.abs(part[i]!);
    count += part.length;
    yield;
  }
  return sum / count;
}

/** The Euclidean norm: the root of the sum of the squares, in float64. */
export function* norm(values: Values): Sliced<number> {
  return Math.sqrt((yield* sumOfSquares(values)).sum);
}

/** The root of the mean of the squares, in float64. */
export function* rootMeanSquare(values: Values): Sliced<number> {
  const { sum, count } = yield* sumOfSquares(values);
  return Math.sqrt(sum) / Math.sqrt(count);
}

function* sumOfSquares(values: Values): Sliced<{ sum: number; count: number }> {
  let [sum, count] = [0, 0];
  for (const part of partsOf(values)) {
    for (let i = 0; i < part.length; i++) sum += part[i]! * part[i]!;
    count += part.length;
    yield;
  }
  return { sum, count };
}

/** The largest magnitude; 0 for no values. */
export function* largestMagnitude(values: Values): Sliced<number> {
  let largest = 0;
  for (const part of partsOf(values)) {
    for (let i = 0; i < part.length; i++) largest = Math.max(largest, Math.abs(part[i]!));
    yield;
  }
  return largest;
}
