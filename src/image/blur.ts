import type { Size } from './resize.js';

/**
 * Blurs planes of values with a Gaussian, one axis after the other. At the borders the picture is mirrored, its edge
 * pixels included, so that a constant stays a constant.
 *
 * @param data `[planes, height, width]`, row-major
 * @param sigma standard deviation in pixels; 0 gives a copy
 * @param radius pixels at which the kernel is cut; default: three standard deviations
 */
export function gaussianBlur(
  data: Float32Array,
  { width, height }: Size,
  sigma: number,
  radius = Math.ceil(3 * sigma),
): Float32Array {
  if (sigma === 0 || radius === 0) return data.slice();
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  for (let i = 0; i < kernel.length; i++) kernel[i]! /= total;

  const rows = new Float32Array(data.length);
  const columnOf = mirrored(width, radius);
  for (let row = 0; row < data.length; row += width) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let tap = 0; tap < kernel.length; tap++) sum += data[row + columnOf[x + tap]!]! * kernel[tap]!;
      rows[row + x] = sum;
    }
  }
  const result = new Float32Array(data.length);
  const rowOf = mirrored(height, radius);
  const sums = new Float64Array(width);
  for (let plane = 0; plane < data.length; plane += width * height) {
    for (let y = 0; y < height; y++) {
      sums.fill(0);
      for (let tap = 0; tap < kernel.length; tap++) {
        const from = plane + rowOf[y + tap]! * width;
        for (let x = 0; x < width; x++) sums[x]! += rows[from + x]! * kernel[tap]!;
      }
      result.set(sums, plane + y * width);
    }
  }
  return result;
}

/** For positions from −radius to size + radius − 1, the position inside that a mirror at the edges shows there. */
function mirrored(size: number, radius: number): Int32Array {
  return Int32Array.from({ length: size + 2 * radius }, (_, i) => {
    const position = (((i - radius) % (2 * size)) + 2 * size) % (2 * size);
    return position < size ? position : 2 * size - 1 - position;
  });
}
