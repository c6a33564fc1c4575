import { arrayRaster, bandValues, overlappingRows, type Raster, wholeOf } from './raster.js';

/**
 * Resamples planes of values with the Catmull-Rom cubic (Keys 1981, a = −0.5), one axis after the other.
 *
 * Pixel centres lie at half coordinates, so a picture scaled down and up again stays where it was. When an axis
 * shrinks, the kernel is stretched over the pixels that fall together, which keeps fine patterns from aliasing.
 * At the borders the kernel is cut and made to sum to 1 again. The result may overshoot the input's range a little.
 *
 * @param data `[planes, from.height, from.width]`, row-major, any range
 * @returns `[planes, to.height, to.width]`; a copy when the sizes are equal
 */
export function resize(data: Float32Array, from: Size, to: Size): Float32Array {
  return wholeOf(resizedRaster(arrayRaster(data, from), to));
}

/**
 * A raster at another size, computed as it is read: the same values that {@link resize} gives, to the last bit. The source
 * must not change meanwhile.
 */
export function resizedRaster(source: Raster, to: Size): Raster {
  const columns = source.width === to.width ? undefined : tapsFor(source.width, to.width);
  const narrow = (plane: number, top: number, bottom: number): Float32Array => {
    const rows = source.rows(plane, top, bottom);
    return columns ? alongRows(rows, bottom - top, source.width, to.width, columns) : rows;
  };
  const { planes } = source;
  const { width, height } = to;
  const effort = Math.max(1, ((source.effort ?? 1) * source.width * source.height) / (width * height));
  if (source.height === height) return { planes, width, height, effort, rows: narrow };
  const narrowRows = overlappingRows({ planes, width, height: source.height, rows: narrow });
  const lines = tapsFor(source.height, height);
  const firstOf = (row: number): number => lines.starts[row]!;
  const lastOf = (row: number): number => firstOf(row) + lines.count;
  const rowsAtOnce = Math.max(lines.count, Math.floor(bandValues / source.width));
  return {
    planes,
    width,
    height,
    effort,
    rows(plane, top, bottom) {
      const result = new Float32Array((bottom - top) * width);
      for (let row = top; row < bottom; ) {
        // As many rows as can be made of the source's rows that are held at once.
        let end = row + 1;
        while (end < bottom && lastOf(end) - firstOf(row) <= rowsAtOnce) end++;
        const first = firstOf(row);
        const made = result.subarray((row - top) * width, (end - top) * width);
        alongColumns(narrowRows(plane, first, lastOf(end - 1)), first, width, lines, row, made);
        row = end;
      }
      return result;
    },
  };
}

/** Width and height in pixels. */
export interface Size {
  /** Pixels a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
}

/** The size that scales the longer side to `longest`, keeping the proportions; each side is at least 1. */
export function fitted({ width, height }: Size, longest: number): Size {
  const factor = longest / Math.max(width, height);
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}

interface Taps {
  /** First element that each output reads. */
  readonly starts: Int32Array;
  /** `count` weights for each output; unused ones are 0. */
  readonly weights: Float64Array;
  readonly count: number;
}

function tapsFor(from: number, to: number): Taps {
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const radius = 2 * stretch;
  const count = Math.min(from, Math.ceil(2 * radius) + 1);
  const starts = new Int32Array(to);
  const weights = new Float64Array(to * count);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale - 0.5;
    const start = Math.min(Math.max(Math.ceil(centre - radius), 0), from - count);
    starts[i] = start;
    let sum = 0;
    for (let tap = 0; tap < count; tap++) {
      const weight = catmullRom((start + tap - centre) / stretch);
      weights[i * count + tap] = weight;
      sum += weight;
    }
    for (let tap = 0; tap < count; tap++) weights[i * count + tap]! /= sum;
  }
  return { starts, weights, count };
}

function catmullRom(x: number): number {
  const distance = Math.abs(x);
  if (distance < 1) return (1.5 * distance - 2.5) * distance * distance + 1;
  if (distance < 2) return ((-0.5 * distance + 2.5) * distance - 4) * distance + 2;
  return 0;
}

function alongRows(
  data: Float32Array,
  rows: number,
  from: number,
  to: number,
  { starts, weights, count }: Taps,
): Float32Array {
  const result = new Float32Array(rows * to);
  for (let row = 0; row < rows; row++) {
    for (let x = 0; x < to; x++) {
      const first = row * from + starts[x]!;
      let sum = 0;
      for (let tap = 0; tap < count; tap++) sum += data[first + tap]! * weights[x * count + tap]!;
      result[row * to + x] = sum;
    }
  }
  return result;
}

/** Fills `result` with rows from `row` on, made of the rows of `data`, of which the first is the source's row `first`. */
function alongColumns(
  data: Float32Array,
  first: number,
  width: number,
  { starts, weights, count }: Taps,
  row: number,
  result: Float32Array,
): void {
  const sums = new Float64Array(width);
  for (let at = 0, y = row; at < result.length; at += width, y++) {
    sums.fill(0);
    for (let tap = 0; tap < count; tap++) {
      const weight = weights[y * count + tap]!;
      const from = (starts[y]! + tap - first) * width;
      for (let x = 0; x < width; x++) sums[x]! += data[from + x]! * weight;
    }
    result.set(sums, at);
  }
}
