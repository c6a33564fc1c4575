import type { Size } from '../image/index.js';

/**
 * Looks pixels up at places between pixels. Each is mixed from the 4×4 around its place (Catmull-Rom, Keys 1981,
 * a = −0.5); beyond its border the picture is mirrored. A place on a pixel gives the very same value.
 *
 * @param data planes of `from`'s size, one after the other
 * @param size of the result
 * @param placeOf sets `at` to the place, in pixels of `from` to the right and down, of a pixel of the result; 0 is the
 *   middle of the first pixel
 * @returns as many planes of the size `size`
 */
export function resampled(
  data: Float32Array,
  from: Size,
  size: Size,
  placeOf: (x: number, y: number, at: Float64Array) => void,
): Float32Array {
  const { width, height } = from;
  const [area, sourceArea] = [size.width * size.height, width * height];
  const planes = data.length / sourceArea;
  const result = new Float32Array(planes * area);
  const at = new Float64Array(2);
  const [across, down] = [new Float64Array(4), new Float64Array(4)];
  const [columns, rows] = [new Int32Array(4), new Int32Array(4)];
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      placeOf(x, y, at);
      const [left, top] = [Math.floor(at[0]!), Math.floor(at[1]!)];
      catmullRom(at[0]! - left, across);
      catmullRom(at[1]! - top, down);
      for (let tap = 0; tap < 4; tap++) {
        columns[tap] = mirrored(left + tap - 1, width);
        rows[tap] = mirrored(top + tap - 1, height) * width;
      }
      for (let plane = 0; plane < planes; plane++) {
        const begin = plane * sourceArea;
        let sum = 0;
        for (let row = 0; row < 4; row++) {
          const start = begin + rows[row]!;
          sum +=
            down[row]! *
            (across[0]! * data[start + columns[0]!]! +
              across[1]! * data[start + columns[1]!]! +
              across[2]! * data[start + columns[2]!]! +
              across[3]! * data[start + columns[3]!]!);
        }
        result[plane * area + y * size.width + x] = sum;
      }
    }
  }
  return result;
}

/** Weights of the four pixels around a place that is `part` (0 to 1) of the way from the second to the third. */
function catmullRom(part: number, weights: Float64Array): void {
  weights[0] = ((2 - part) * part - 1) * part * 0.5;
  weights[1] = ((3 * part - 5) * part * part + 2) * 0.5;
  weights[2] = ((4 - 3 * part) * part + 1) * part * 0.5;
  weights[3] = (part - 1) * part * part * 0.5;
}

/** A position on an axis that goes back where it ends, so that the first and the last pixel are seen twice. */
function mirrored(position: number, length: number): number {
  if (position >= 0 && position < length) return position;
  const turn = ((position % (2 * length)) + 2 * length) % (2 * length);
  return turn < length ? turn : 2 * length - 1 - turn;
}
