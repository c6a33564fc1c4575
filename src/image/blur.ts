import { arrayRaster, overlappingRows, type Raster, wholeOf } from './raster.js';
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
  size: Size,
  sigma: number,
  radius = Math.ceil(3 * sigma),
): Float32Array {
  return wholeOf(blurredRaster(arrayRaster(data, size), sigma, radius));
}

/**
 * A blurred raster, computed as it is read: the same values that {@link gaussianBlur} gives, to the last bit. The source
 * must not change meanwhile.
 */
export function blurredRaster(source: Raster, sigma: number, radius = Math.ceil(3 * sigma)): Raster {
  if (sigma === 0 || radius === 0) return source;
  const { planes, width, height, effort } = source;
  const kernel = kernelOf(sigma, radius);
  const columnOf = mirrored(width, radius);
  const rowOf = mirrored(height, radius);
  const blurredRows = overlappingRows({
    ...{ planes, width, height },
    rows: (plane, top, bottom) => alongRows(source.rows(plane, top, bottom), width, kernel, columnOf),
  });
  return {
    planes,
    width,
    height,
    effort,
    rows(plane, top, bottom) {
      // Near an edge the mirror shows rows from further inside.
      const reached = rowOf.subarray(top, bottom + 2 * radius);
      const [from, to] = [Math.min(...reached), Math.max(...reached) + 1];
      const rows = blurredRows(plane, from, to);
      const result = new Float32Array((bottom - top) * width);
      const sums = new Float64Array(width);
      for (let y = top; y < bottom; y++) {
        sums.fill(0);
        for (let tap = 0; tap < kernel.length; tap++) {
          const start = (rowOf[y + tap]! - from) * width;
          for (let x = 0; x < width; x++) sums[x]! += rows[start + x]! * kernel[tap]!;
        }
        result.set(sums, (y - top) * width);
      }
      return result;
    },
  };
}

function kernelOf(sigma: number, radius: number): Float64Array {
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  return kernel.map((weight) => weight / total);
}

function alongRows(data: Float32Array, width: number, kernel: Float64Array, columnOf: Int32Array): Float32Array {
  const rows = new Float32Array(data.length);
  for (let row = 0; row < data.length; row += width) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let tap = 0; tap < kernel.length; tap++) sum += data[row + columnOf[x + tap]!]! * kernel[tap]!;
      rows[row + x] = sum;
    }
  }
  return rows;
}

/** For positions from −radius to size + radius − 1, the position inside that a mirror at the edges shows there. */
function mirrored(size: number, radius: number): Int32Array {
  return Int32Array.from({ length: size + 2 * radius }, (_, i) => {
    const position = (((i - radius) % (2 * size)) + 2 * size) % (2 * size);
    return position < size ? position : 2 * size - 1 - position;
  });
}
