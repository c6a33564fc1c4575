/** The mean of all values, summed in float64. */
export function mean(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** The standard deviation over all values (the mean taken out, divided by their number), in float64. */
export function standardDeviation(values: Float32Array): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const difference = values[i]! - centre;
    sum += difference * difference;
  }
  return Math.sqrt(sum / values.length);
}

/** The mean of the magnitudes of all values, in float64. */
export function meanMagnitude(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.abs(values[i]!);
  return sum / values.length;
}

/** The Euclidean norm: the root of the sum of the squares, in float64. */
export function norm(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return Math.sqrt(sum);
}

/** The root of the mean of the squares, in float64. */
export function rootMeanSquare(values: Float32Array): number {
  return norm(values) / Math.sqrt(values.length);
}

/** The largest magnitude; 0 for no values. */
export function largestMagnitude(values: Float32Array): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!));
  return largest;
}
