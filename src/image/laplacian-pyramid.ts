import { mapped } from './raster.js';
import type { Size } from './resize.js';
import type { Sliced } from './sliced.js';

/** One band of a Laplacian pyramid: what a level has beyond the level below. */
export interface Band extends Size {
  /** `[planes, height, width]`. */
  readonly data: Float32Array;
}

/** The binomial kernel of Burt and Adelson (1983), summing to 1. */
const binomial = [1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16];

/**
 * Splits planes of values into bands from fine to coarse; {@link mergePyramid} gives the values back. Each level is
 * halved with the kernel 1 4 6 4 1, zeros outside, as in TensorFlow's DeepDream tutorial of 2016.
 *
 * @param data `[planes, height, width]`
 * @param levels number of fine bands; the last element of the result is the coarse rest
 */
export function* splitPyramid(data: Float32Array, size: Size, levels: number): Sliced<Band[]> {
  const bands: Band[] = [];
  let current: Band = { ...size, data };
  for (let level = 0; level < levels; level++) {
    const half: Size = { width: Math.ceil(current.width / 2), height: Math.ceil(current.height / 2) };
    const low: Band = { ...half, data: yield* halved(current, half) };
    const raised = yield* doubled(low, current);
    bands.push({ ...current, data: yield* mapped(current.data, (value, i) => value - raised[i]!) });
    current = low;
  }
  return [...bands, current];
}

/** Puts bands together again, from the coarse rest up. */
export function* mergePyramid(bands: readonly Band[]): Sliced<Float32Array> {
  let merged = bands.at(-1)!;
  for (const band of bands.slice(0, -1).reverse()) {
    const raised = yield* doubled(merged, band);
    merged = { ...band, data: yield* mapped(band.data, (value, i) => value + raised[i]!) };
  }
  return merged.data;
}

/** Where the kernel's first tap lies for output 0 when an axis is halved with stride 2 and "same" padding. */
function firstTap(size: number): number {
  const total = Math.max((Math.ceil(size / 2) - 1) * 2 + binomial.length - size, 0);
  return -Math.floor(total / 2);
}

function* halved({ data, width, height }: Band, half: Size): Sliced<Float32Array> {
  const planes = data.length / (width * height);
  const narrow = new Float32Array(planes * height * half.width);
  const left = firstTap(width);
  for (let row = 0; row < planes * height; row++) {
    for (let x = 0; x < half.width; x++) {
      let sum = 0;
      for (let tap = 0; tap < binomial.length; tap++) {
        const from = 2 * x + left + tap;
        if (from >= 0 && from < width) sum += data[row * width + from]! * binomial[tap]!;
      }
      narrow[row * half.width + x] = sum;
    }
    yield;
  }
  const result = new Float32Array(planes * half.height * half.width);
  const top = firstTap(height);
  for (let plane = 0; plane < planes; plane++) {
    for (let y = 0; y < half.height; y++) {
      const target = (plane * half.height + y) * half.width;
      for (let tap = 0; tap < binomial.length; tap++) {
        const from = 2 * y + top + tap;
        if (from < 0 || from >= height) continue;
        const source = (plane * height + from) * half.width;
        for (let x = 0; x < half.width; x++) result[target + x]! += narrow[source + x]! * binomial[tap]!;
      }
      yield;
    }
  }
  return result;
}

/** The transpose of {@link halved}, times 4, which keeps the mean. */
function* doubled({ data, width, height }: Band, full: Size): Sliced<Float32Array> {
  const planes = data.length / (width * height);
  const tall = new Float32Array(planes * full.height * width);
  const top = firstTap(full.height);
  for (let plane = 0; plane < planes; plane++) {
    for (let y = 0; y < height; y++) {
      const source = (plane * height + y) * width;
      for (let tap = 0; tap < binomial.length; tap++) {
        const to = 2 * y + top + tap;
        if (to < 0 || to >= full.height) continue;
        const target = (plane * full.height + to) * width;
        for (let x = 0; x < width; x++) tall[target + x]! += data[source + x]! * binomial[tap]! * 2;
      }
      yield;
    }
  }
  const result = new Float32Array(planes * full.height * full.width);
  const left = firstTap(full.width);
  for (let row = 0; row < planes * full.height; row++) {
    for (let x = 0; x < width; x++) {
      for (let tap = 0; tap < binomial.length; tap++) {
        const to = 2 * x + left + tap;
        if (to >= 0 && to < full.width) result[row * full.width + to]! += tall[row * width + x]! * binomial[tap]! * 2;
      }
    }
    yield;
  }
  return result;
}
