import type { Raster, Size } from '../image/index.js';

/**
 * The gradient of the total variation `Σ √(dx² + dy² + ε²)` of each plane, where dx and dy are the differences to the
 * right and lower neighbours (Rudin, Osher and Fatemi 1992). ε keeps it defined on flat ground.
 *
 * @param values `[planes, height, width]`
 * @returns the same shape; each value is between −3.5 and 3.5, whatever the picture's range
 */
export function totalVariationGradient(values: Float32Array, { width, height }: Size): Float32Array {
  const epsilon = 1e-3;
  const result = new Float32Array(values.length);
  for (let plane = 0; plane < values.length; plane += width * height) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = plane + y * width + x;
        const right = x + 1 < width ? at + 1 : at;
        const below = y + 1 < height ? at + width : at;
        const dx = values[right]! - values[at]!;
        const dy = values[below]! - values[at]!;
        const length = Math.sqrt(dx * dx + dy * dy + epsilon * epsilon);
        result[right]! += dx / length;
        result[below]! += dy / length;
        result[at]! -= (dx + dy) / length;
      }
    }
  }
  return result;
}

/** {@link totalVariationGradient} of a raster, computed as it is read. */
export function totalVariationRaster(source: Raster): Raster {
  const { planes, width, height, effort } = source;
  return {
    planes,
    width,
    height,
    effort,
    rows(plane, top, bottom) {
      // A row's value depends on its neighbours alone.
      const [first, last] = [Math.max(0, top - 1), Math.min(height, bottom + 1)];
      const rows = totalVariationGradient(source.rows(plane, first, last), { width, height: last - first });
      return rows.subarray((top - first) * width, (bottom - first) * width);
    },
  };
}
