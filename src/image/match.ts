import { mean, standardDeviation } from './statistics.js';

/**
 * Moves and stretches the values of each plane until they have the mean and the standard deviation of the reference's.
 * A plane of one value takes the reference's mean.
 *
 * @param values `[planes, …]`
 * @param reference `[planes, …]`, of any size
 */
export function matchMeanAndDeviation(values: Float32Array, reference: Float32Array, planes: number): Float32Array {
  return perPlane(values, reference, planes, (plane, target) => {
    const [from, to] = [mean(plane), mean(target)];
    const deviation = standardDeviation(plane);
    const factor = deviation === 0 ? 1 : standardDeviation(target) / deviation;
    return plane.map((value) => (value - from) * factor + to);
  });
}

/**
 * Gives the values of each plane the distribution of the reference's: the k-th smallest value becomes the value of the
 * same rank in the reference. Equal values may become different ones; their order of position decides.
 *
 * @param values `[planes, …]`
 * @param reference `[planes, …]`, of any size
 */
export function matchHistogram(values: Float32Array, reference: Float32Array, planes: number): Float32Array {
  return perPlane(values, reference, planes, (plane, target) => {
    const sorted = target.slice().sort();
    const order = positionsByValue(plane);
    const result = new Float32Array(plane.length);
    const last = Math.max(plane.length - 1, 1);
    order.forEach((position, rank) => {
      const at = (rank * (sorted.length - 1)) / last;
      const below = Math.floor(at);
      const above = Math.min(below + 1, sorted.length - 1);
      result[position] = sorted[below]! + (sorted[above]! - sorted[below]!) * (at - below);
    });
    return result;
  });
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

function perPlane(
  values: Float32Array,
  reference: Float32Array,
  planes: number,
  match: (plane: Float32Array, target: Float32Array) => Float32Array,
): Float32Array {
  const result = new Float32Array(values.length);
  const [size, referenceSize] = [values.length / planes, reference.length / planes];
  for (let i = 0; i < planes; i++) {
    const plane = values.subarray(i * size, (i + 1) * size);
    result.set(match(plane, reference.subarray(i * referenceSize, (i + 1) * referenceSize)), i * size);
  }
  return result;
}
