import { assert } from '../errors.js';
import { gaussianBlur, type Size } from '../image/index.js';
import { normalize, normalizeBands } from './normalize.js';
import { createOptimizer, type Optimizer } from './optimizer.js';
import type { DreamOptions } from './options.js';
import { totalVariationGradient } from './penalty.js';
import { scheduled } from './schedule.js';
import { createSpace, type Space } from './space.js';

/** What a climb on one octave needs to know. */
export interface ClimbOptions {
  readonly options: DreamOptions;
  readonly size: Size;
  /** The order of the network's channels. */
  readonly order: 'RGB' | 'BGR';
  /** The original picture at this size, `[3, H, W]` in the network's range; only a `pull` needs it. */
  readonly original?: Float32Array | undefined;
  /** Lowest and highest value of each channel. */
  readonly ranges: readonly { low: number; high: number }[];
  /** How much of each step a place takes, `[H, W]` from 0 to 1; default: all of it everywhere. */
  readonly mask?: Float32Array | undefined;
}

/** Gradient ascent on one octave: keeps the optimizer's memory from step to step. */
export class Climb {
  readonly #options: DreamOptions;
  readonly #size: Size;
  readonly #original: Float32Array | undefined;
  readonly #ranges: readonly { low: number; high: number }[];
  readonly #mask: Float32Array | undefined;
  readonly #optimizer: Optimizer;
  readonly #space: Space | undefined;

  constructor({ options, size, order, original, ranges, mask }: ClimbOptions) {
    assert(original || options.pull === 0, 'a pull has an original to go back to');
    this.#options = options;
    this.#size = size;
    this.#original = original;
    this.#ranges = ranges;
    this.#mask = mask;
    this.#optimizer = createOptimizer(options.optimizer, options.momentum);
    this.#space = createSpace(options, size, order);
  }

  /**
   * Moves the picture one step, in place. The gradient is smoothed, its bands are levelled, it is divided by its size,
   * penalties are taken off, the optimizer makes it a direction, and the picture moves along it by the step size
   * times half the range of each channel.
   *
   * A space other than plain pixels turns the gradient `g` into `A Aᵀ g` before it is divided. Adam, which treats every
   * parameter by itself, works on the parameters instead.
   *
   * @param picture `[3, H, W]` in the network's range
   * @param gradient the same shape
   * @param step counted from 0 within the octave
   */
  move(picture: Float32Array, gradient: Float32Array, step: number): void {
    const { schedule, steps, stepSize, stepSizeEnd, clip } = this.#options;
    const length = scheduled(schedule, stepSize, stepSizeEnd ?? stepSize, step, steps);
    const uphill = normalize(this.#filtered(gradient, step), this.#options.normalize);
    const direction = this.#directed(this.#penalised(uphill, picture));
    const plane = picture.length / 3;
    this.#ranges.forEach(({ low, high }, channel) => {
      const factor = (length * (high - low)) / 2;
      const end = (channel + 1) * plane;
      for (let i = channel * plane; i < end; i++) {
        picture[i]! += direction[i]! * factor * (this.#mask?.[i % plane] ?? 1);
      }
    });
    if (clip) hold(picture, this.#ranges);
  }

  #filtered(gradient: Float32Array, step: number): Float32Array {
    const { schedule, steps, smooth, smoothEnd, bands } = this.#options;
    const sigma = scheduled(schedule, smooth, smoothEnd ?? smooth, step, steps);
    const smoothed = sigma > 0 ? threeGaussians(gradient, this.#size, sigma) : gradient;
    const levelled = bands > 0 ? normalizeBands(smoothed, this.#size, bands) : smoothed;
    const space = this.#space;
    return space && !this.#inParameters ? space.decode(space.encode(levelled)) : levelled;
  }

  get #inParameters(): boolean {
    return this.#options.optimizer === 'adam';
  }

  #directed(uphill: Float32Array): Float32Array {
    const space = this.#space;
    return space && this.#inParameters ? space.decode(this.#optimizer(space.encode(uphill))) : this.#optimizer(uphill);
  }

  #penalised(uphill: Float32Array, picture: Float32Array): Float32Array {
    const { tv, pull } = this.#options;
    if (tv === 0 && pull === 0) return uphill;
    const rough = tv > 0 ? totalVariationGradient(picture, this.#size) : undefined;
    const original = this.#original;
    const plane = picture.length / 3;
    return uphill.map((value, i) => {
      const { low, high } = this.#ranges[Math.floor(i / plane)]!;
      const change = original ? (picture[i]! - original[i]!) / ((high - low) / 2) : 0;
      return value - pull * change - tv * (rough?.[i] ?? 0);
    });
  }
}

/** Holds every value between the lowest and the highest of its channel, in place. */
export function hold(values: Float32Array, ranges: readonly { low: number; high: number }[]): void {
  const plane = values.length / ranges.length;
  ranges.forEach(({ low, high }, channel) => {
    const end = (channel + 1) * plane;
    for (let i = channel * plane; i < end; i++) values[i] = Math.min(Math.max(values[i]!, low), high);
  });
}

/** The mean of three Gaussians of half, once and twice the sigma (pytorch-deepdream, after Hvass-Labs' tutorial 14). */
function threeGaussians(gradient: Float32Array, size: Size, sigma: number): Float32Array {
  const [half, once, twice] = [0.5, 1, 2].map((factor) => gaussianBlur(gradient, size, sigma * factor));
  return gradient.map((_, i) => (half![i]! + once![i]! + twice![i]!) / 3);
}
