/** Weights of red, green and blue in luma (ITU-R BT.601, the one of JPEG). */
const weights = [0.299, 0.587, 0.114] as const;

/**
 * The luma of a picture.
 *
 * @param colours planar RGB `[3, H, W]`
 * @returns `[H, W]`, in the same range
 */
export function luma(colours: Float32Array): Float32Array {
  const size = colours.length / 3;
  const result = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    result[i] = weights[0] * colours[i]! + weights[1] * colours[size + i]! + weights[2] * colours[2 * size + i]!;
  }
  return result;
}

/**
 * Gives a picture the colours of another one: its own luma with the other's colour differences. Adding the change of
 * luma to all three channels is exactly that, for any definition of the colour differences.
 *
 * @param picture planar RGB `[3, H, W]` whose luma counts
 * @param colours planar RGB of the same size whose colours count
 * @returns planar RGB; it may leave the range of its inputs
 */
export function keepColour(picture: Float32Array, colours: Float32Array): Float32Array {
  const [light, before] = [luma(picture), luma(colours)];
  return colours.map((value, i) => value + light[i % light.length]! - before[i % before.length]!);
}
