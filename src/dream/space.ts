import { hartley, mapped, nextSmooth, type Size, type Sliced, spansOf } from '../image/index.js';
import type { DreamOptions } from './options.js';

/**
 * A linear way to write a change of a picture as parameters `θ`: the change is `A θ`. A gradient with respect to pixels
 * becomes one with respect to parameters by the transpose of `A`.
 */
export interface Space {
  /** Size of the parameters' three planes. */
  readonly size: Size;
  /** `Aᵀ g`: the gradient with respect to the parameters, from that with respect to the pixels, `[3, H, W]`. */
  encode(gradient: Float32Array): Sliced<Float32Array>;
  /** `A θ`: the change of the pixels, `[3, H, W]`, from that of the parameters. */
  decode(parameters: Float32Array): Sliced<Float32Array>;
}

/**
 * Square root of the covariance of colours in photos (Lucid, `optvis/param/color.py`): red, green and blue by rows. The
 * columns are about light and dark, blue and yellow, green and magenta.
 */
const colourDirections = [
  [0.26, 0.09, 0.02],
  [0.27, 0.0, -0.05],
  [0.27, -0.09, 0.03],
] as const;

/** Lucid divides the matrix by the largest norm of its columns, the first's. */
const colourScale = 1 / Math.hypot(0.26, 0.27, 0.27);

/**
 * A space to climb in, or undefined for plain pixels.
 *
 * In Fourier space a coefficient of frequency `f`, in cycles a pixel, counts `1 / max(f, 1 / longest side)` times, so
 * that coarse and fine structure grow alike (Lucid, `optvis/param/spatial.py`, `decay_power` 1). A step along the gradient
 * itself passes this twice, to the parameters and back; there it counts by the root, so that it is the same in all. The
 * coefficients are those of the Hartley transform, which are real and as many as the pixels; sides are filled up to whole numbers that
 * transform fast, and what is beyond the picture is cut off. They are scaled so that a step of Adam is as long as in
 * Lucid where its sigmoid is steepest, in units of half the range of colours.
 *
 * @param size of the picture in pixels
 * @param order of the picture's channels, as the network takes them
 */
export function createSpace(
  { space, colour, optimizer }: Pick<DreamOptions, 'space' | 'colour' | 'optimizer'>,
  size: Size,
  order: 'RGB' | 'BGR',
): Space | undefined {
  const parts: Space[] = [];
  if (colour === 'decorrelated') parts.push(decorrelatedColour(size, order));
  if (space === 'fourier') parts.push(fourier(size, optimizer === 'adam' ? 1 : 0.5));
  if (parts.length === 0) return undefined;
  return {
    size: parts.at(-1)!.size,
    *encode(gradient) {
      let values = gradient;
      for (const part of parts) values = yield* part.encode(values);
      return values;
    },
    *decode(parameters) {
      let values = parameters;
      for (const part of parts.toReversed()) values = yield* part.decode(values);
      return values;
    },
  };
}

function decorrelatedColour(size: Size, order: 'RGB' | 'BGR'): Space {
  const rows = order === 'RGB' ? colourDirections : colourDirections.toReversed();
  const mixed = function* (values: Float32Array, factor: (to: number, from: number) => number): Sliced<Float32Array> {
    const plane = values.length / 3;
    const result = new Float32Array(values.length);
    for (let to = 0; to < 3; to++) {
      for (let from = 0; from < 3; from++) {
        const part = factor(to, from) * colourScale;
        for (const [start, end] of spansOf(plane)) {
          for (let i = start; i < end; i++) result[to * plane + i]! += part * values[from * plane + i]!;
          yield;
        }
      }
    }
    return result;
  };
  return {
    size,
    encode: (gradient) => mixed(gradient, (to, from) => rows[from]![to]!),
    decode: (parameters) => mixed(parameters, (to, from) => rows[to]![from]!),
  };
}

/** @param decay the power of the frequency by which coefficients are divided */
function fourier(size: Size, decay: number): Space {
  const padded: Size = { width: nextSmooth(size.width), height: nextSmooth(size.height) };
  let scale: Float32Array | undefined;
  const scaled = function* (values: Float32Array): Sliced<Float32Array> {
    scale ??= yield* frequencyScale(padded, decay);
    const factors = scale;
    return yield* mapped(values, (value, i) => value * factors[i % factors.length]!);
  };
  return {
    size: padded,
    *encode(gradient) {
      return yield* scaled(yield* hartley(yield* copied(gradient, size, padded), padded));
    },
    *decode(parameters) {
      return yield* copied(yield* hartley(yield* scaled(parameters), padded), padded, size);
    },
  };
}

/** What every coefficient of a plane counts, `[height, width]`. */
function frequencyScale({ width, height }: Size, decay: number): Sliced<Float32Array> {
  const lowest = 1 / Math.max(width, height);
  // Lucid divides by 4 and takes a sigmoid, whose slope is half the half range; a coefficient and its complex
  // conjugate are two of ours.
  const step = Math.SQRT2 / 4 / 2;
  const frequency = (k: number, length: number): number => Math.min(k, length - k) / length;
  return mapped(new Float32Array(width * height), (_, i) => {
    const f = Math.hypot(frequency(i % width, width), frequency(Math.floor(i / width), height));
    return step / Math.max(f, lowest) ** decay;
  });
}

/** The part that two sizes share, at the top left; zeros elsewhere. */
function* copied(values: Float32Array, from: Size, to: Size): Sliced<Float32Array> {
  if (from.width === to.width && from.height === to.height) return values;
  const result = new Float32Array(3 * to.width * to.height);
  const [width, height] = [Math.min(from.width, to.width), Math.min(from.height, to.height)];
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < height; y++) {
      const start = (channel * from.height + y) * from.width;
      result.set(values.subarray(start, start + width), (channel * to.height + y) * to.width);
      yield;
    }
  }
  return result;
}
