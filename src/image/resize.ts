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
  const planes = data.length / (from.width * from.height);
  const narrow = from.width === to.width ? data : alongRows(data, planes * from.height, from.width, to.width);
  if (from.height === to.height) return narrow === data ? data.slice() : narrow;
  return alongColumns(narrow, planes, to.width, from.height, to.height);
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

function alongRows(data: Float32Array, rows: number, from: number, to: number): Float32Array {
  const { starts, weights, count } = tapsFor(from, to);
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

function alongColumns(data: Float32Array, planes: number, width: number, from: number, to: number): Float32Array {
  const { starts, weights, count } = tapsFor(from, to);
  const result = new Float32Array(planes * to * width);
  const sums = new Float64Array(width);
  for (let plane = 0; plane < planes; plane++) {
    for (let y = 0; y < to; y++) {
      sums.fill(0);
      for (let tap = 0; tap < count; tap++) {
        const weight = weights[y * count + tap]!;
        const first = (plane * from + starts[y]! + tap) * width;
        for (let x = 0; x < width; x++) sums[x]! += data[first + x]! * weight;
      }
      result.set(sums, (plane * to + y) * width);
    }
  }
  return result;
}
