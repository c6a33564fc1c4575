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
    const order = Uint32Array.from(plane.keys()).sort((a, b) => plane[a]! - plane[b]! || a - b);
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
