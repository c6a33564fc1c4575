import { arrayRaster, mappedRaster, partsOf, planeOf, type Raster, wholeOf } from './raster.js';
import { mean, standardDeviation } from './statistics.js';

/**
 * Moves and stretches the values of each plane until they have the mean and the standard deviation of the reference's.
 * A plane of one value takes the reference's mean.
 *
 * @param reference of any size, with as many planes
 * @returns what is computed as it is read
 */
export function matchMeanAndDeviation(values: Raster, reference: Raster): Raster {
  const moves = Array.from({ length: values.planes }, (_, plane) => {
    const [own, target] = [partsOf(planeOf(values, plane)), partsOf(planeOf(reference, plane))];
    const deviation = standardDeviation(own);
    const factor = deviation === 0 ? 1 : standardDeviation(target) / deviation;
    return { from: mean(own), factor, to: mean(target) };
  });
  return mappedRaster(values, (rows, { plane }) => {
    const { from, factor, to } = moves[plane]!;
    return rows.map((value) => (value - from) * factor + to);
  });
}

/**
 * Gives the values of each plane the distribution of the reference's: the k-th smallest value becomes the value of the
 * same rank in the reference. Equal values may become different ones; their order of position decides.
 *
 * @param values held in memory whole, and so is the result
 * @param reference of any size, with as many planes
 */
export function matchHistogram(values: Raster, reference: Raster): Raster {
  const { planes, width, height } = values;
  const result = new Float32Array(planes * width * height);
  for (let i = 0; i < planes; i++) {
    const plane = wholeOf(planeOf(values, i));
    const sorted = wholeOf(planeOf(reference, i)).sort();
    const target = result.subarray(i * plane.length, (i + 1) * plane.length);
    const last = Math.max(plane.length - 1, 1);
    positionsByValue(plane).forEach((position, rank) => {
      const at = (rank * (sorted.length - 1)) / last;
      const below = Math.floor(at);
      const above = Math.min(below + 1, sorted.length - 1);
      target[position] = sorted[below]! + (sorted[above]! - sorted[below]!) * (at - below);
    });
  }
  return arrayRaster(result, values);
}

/**
 * The positions of values from the smallest value to the largest, equal values in their order. Each value's bits, turned
 * so that they sort as it does, and its position make one 64-bit number: sorting these is several times as fast
 * as sorting positions by a comparison.
 */
function positionsByValue(values: Float32Array): Uint32Array {
  const keys = new BigUint64Array(values.length);
  const halves = new Uint32Array(keys.buffer);
  // Adding 0 makes a negative zero an ordinary one.
  const bits = new Uint32Array(values.map((value) => value + 0).buffer);
  for (let i = 0; i < bits.length; i++) {
    halves[2 * i] = i;
    halves[2 * i + 1] = bits[i]! >>> 31 ? ~bits[i]! : bits[i]! | 0x80000000;
  }
  keys.sort();
  return bits.map((_, rank) => halves[2 * rank]!);
}
