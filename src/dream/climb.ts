import { assert } from '../errors.js';
import {
  arrayRaster,
  bandsOf,
  blurredRaster,
  fillRaster,
  mappedRaster,
  partsOf,
  type Raster,
  type RowBand,
  readWhole,
  type Size,
  type Sliced,
  type StoredRaster,
  spansOf,
} from '../image/index.js';
import { divided, measure, normalizeBands } from './normalize.js';
import { createOptimizer, memoryRasters, type Optimizer, type OptimizerState } from './optimizer.js';
import type { DreamOptions } from './options.js';
import { totalVariationRaster } from './penalty.js';
import { scheduled } from './schedule.js';
import { alongSigmoid, sigmoidSlope } from './sigmoid.js';
import { createSpace, type Space } from './space.js';

/** What a climb on one octave needs to know. */
export interface ClimbOptions {
  readonly options: DreamOptions;
  readonly size: Size;
  /** The order of the network's channels. */
  readonly order: 'RGB' | 'BGR';
  /** The original picture at this size, three planes in the network's range; only a `pull` needs it. */
  readonly original?: Raster | undefined;
  /** Lowest and highest value of each channel. */
  readonly ranges: readonly { low: number; high: number }[];
  /** How much of each step a place takes, one plane from 0 to 1; default: all of it everywhere. */
  readonly mask?: Raster | undefined;
  /** Makes room for three planes of values, all 0. */
  readonly createRaster: (size: Size) => StoredRaster;
}

/** Gradient ascent on one octave: keeps the optimizer's memory from step to step. */
export class Climb {
  readonly #given: ClimbOptions;
  /** Room for what the optimizer remembers. */
  readonly #memory: readonly StoredRaster[];
  #optimizer: Optimizer;
  readonly #space: Space | undefined;
  /** The gradient as it is smoothed, where that is all that is done to it. */
  #smoothedGradient: StoredRaster | undefined;
  /** A band of the gradient, divided. */
  #divided = new Float32Array(0);
  /** The gradient of the total variation, where that is a penalty. */
  #rough: StoredRaster | undefined;

  constructor(given: ClimbOptions) {
    const { options, size, order, original } = given;
    assert(original || options.pull === 0, 'a pull has an original to go back to');
    this.#given = given;
    this.#space = createSpace(options, size, order);
    const remembered = this.#inParameters ? this.#space!.size : size;
    this.#memory = Array.from({ length: memoryRasters[options.optimizer] }, () => given.createRaster(remembered));
    this.#optimizer = createOptimizer(options.optimizer, options.momentum, this.#memory);
  }

  /** Goes on with what the optimizer remembered when this octave was left in the middle, before the first move. */
  *resume({ steps, memory }: OptimizerState): Sliced<void> {
    const { optimizer, momentum } = this.#given.options;
    for (const [i, raster] of memory.entries()) yield* fillRaster(this.#memory[i]!, raster);
    this.#optimizer = createOptimizer(optimizer, momentum, this.#memory, steps);
  }

  /** What the optimizer remembers. */
  get optimizerState(): OptimizerState {
    return this.#optimizer.state;
  }

  /**
   * Moves the picture one step, in place. The gradient is smoothed, its bands are levelled, it is divided by its size,
   * penalties are taken off, the optimizer makes it a direction, and the picture moves along it by the step size
   * times half the range of each channel.
   *
   * A space other than plain pixels turns the gradient `g` into `A Aᵀ g` before it is divided. Adam, which treats every
   * parameter by itself, works on the parameters instead. With `sigmoid` it is the logits of colours that are moved.
   *
   * @param picture three planes in the network's range
   * @param gradient the same shape; left as it is
   * @param step counted from 0 within the octave
   */
  *move(picture: StoredRaster, gradient: StoredRaster, step: number): Sliced<void> {
    const { schedule, steps, stepSize, stepSizeEnd, sigmoid } = this.#given.options;
    const length = scheduled(schedule, stepSize, stepSizeEnd ?? stepSize, step, steps);
    const felt = sigmoid ? this.#throughSigmoid(gradient, picture) : gradient;
    const uphill = yield* this.#uphill(yield* this.#filtered(felt, step), picture);
    this.#optimizer.begin();
    const whole = this.#inParameters ? yield* this.#directionInParameters(uphill) : undefined;
    for (const band of bandsOf(picture)) {
      const { plane, top, bottom, start, length: count } = band;
      const rows = uphill.rows(plane, top, bottom);
      const direction = whole ? whole.subarray(start, start + count) : this.#optimizer.direction(rows, start);
      this.#moveBand(picture, direction, length, band);
      yield;
    }
  }

  #moveBand(picture: StoredRaster, direction: Float32Array, length: number, band: RowBand): void {
    const { options, ranges, mask } = this.#given;
    const { plane, top, bottom, start } = band;
    const values = picture.read(start, band.length);
    const share = mask?.rows(0, top, bottom);
    const range = ranges[plane]!;
    const factor = (length * (range.high - range.low)) / 2;
    const change = share ? masked(direction, share) : direction;
    if (options.sigmoid) {
      for (let i = 0; i < values.length; i++) values[i] = alongSigmoid(values[i]!, change[i]! * factor, range);
    } else add(values, change, factor);
    if (options.clip) hold(values, range);
    picture.write(start, values);
  }

  /** The gradient with respect to logits of colours; of rows of the picture that have not moved yet. */
  #throughSigmoid(gradient: Raster, picture: Raster): Raster {
    return mappedRaster(gradient, (values, { plane, top, bottom }) => {
      const now = picture.rows(plane, top, bottom);
      return values.map((value, i) => value * sigmoidSlope(now[i]!, this.#given.ranges[plane]!));
    });
  }

  *#filtered(gradient: Raster, step: number): Sliced<Raster> {
    const { schedule, steps, smooth, smoothEnd, bands } = this.#given.options;
    const { size } = this.#given;
    const sigma = scheduled(schedule, smooth, smoothEnd ?? smooth, step, steps);
    const space = this.#inParameters ? undefined : this.#space;
    if (sigma === 0 && bands === 0 && !space) return gradient;
    const smoothed = sigma > 0 ? threeGaussians(gradient, sigma) : gradient;
    if (bands === 0 && !space) {
      this.#smoothedGradient ??= this.#given.createRaster(size);
      return yield* fillRaster(this.#smoothedGradient, smoothed);
    }
    // These look at the whole picture at once.
    const values = yield* readWhole(smoothed);
    const levelled = bands > 0 ? yield* normalizeBands(values, size, bands) : values;
    return arrayRaster(space ? yield* space.decode(yield* space.encode(levelled)) : levelled, size);
  }

  get #inParameters(): boolean {
    return this.#space !== undefined && this.#given.options.optimizer === 'adam';
  }

  *#directionInParameters(uphill: Raster): Sliced<Float32Array> {
    const space = this.#space!;
    const parameters = yield* space.encode(yield* readWhole(uphill));
    for (const [start, end] of spansOf(parameters.length)) {
      parameters.set(this.#optimizer.direction(parameters.subarray(start, end), start), start);
      yield;
    }
    return yield* space.decode(parameters);
  }

  /** The gradient divided by its size, less the penalties. */
  *#uphill(gradient: Raster, picture: StoredRaster): Sliced<Raster> {
    const { tv, pull, normalize } = this.#given.options;
    const scale = yield* measure(partsOf(gradient), normalize);
    if (tv > 0) {
      this.#rough ??= this.#given.createRaster(this.#given.size);
      // Taken now, because the picture will move band by band.
      yield* fillRaster(this.#rough, totalVariationRaster(picture));
    }
    return mappedRaster(gradient, (values, band) => {
      // Fresh memory takes longer to come by than the division.
      if (this.#divided.length < values.length) this.#divided = new Float32Array(values.length);
      const uphill = divided(values, scale, this.#divided.subarray(0, values.length));
      return tv === 0 && pull === 0 ? uphill : this.#penalised(uphill, picture, band);
    });
  }

  #penalised(uphill: Float32Array, picture: Raster, { plane, top, bottom }: BandOfRows): Float32Array {
    const { options, ranges, original } = this.#given;
    const { tv, pull } = options;
    const rough = tv > 0 ? this.#rough!.rows(plane, top, bottom) : undefined;
    const [before, now] = [original?.rows(plane, top, bottom), picture.rows(plane, top, bottom)];
    const { low, high } = ranges[plane]!;
    return uphill.map((value, i) => {
      const change = before ? (now[i]! - before[i]!) / ((high - low) / 2) : 0;
      return value - pull * change - tv * (rough?.[i] ?? 0);
    });
  }
}

/** Adds a multiple of a change, in place. */
function add(values: Float32Array, change: Float32Array, factor: number): void {
  for (let i = 0; i < values.length; i++) values[i]! += change[i]! * factor;
}

function masked(direction: Float32Array, share: Float32Array): Float32Array {
  return direction.map((value, i) => value * share[i]!);
}

type BandOfRows = Pick<RowBand, 'plane' | 'top' | 'bottom'>;

/** Holds every value of a channel between its lowest and its highest, in place. */
export function hold(values: Float32Array, { low, high }: { low: number; high: number }): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < low) values[i] = low;
    else if (value > high) values[i] = high;
  }
}

/** A raster with the values of each plane held between its lowest and its highest. */
export function heldRaster(raster: Raster, ranges: readonly { low: number; high: number }[]): Raster {
  return mappedRaster(raster, (rows, { plane }) => {
    const held = rows.slice();
    hold(held, ranges[plane]!);
    return held;
  });
}

/** The mean of three Gaussians of half, once and twice the sigma (pytorch-deepdream, after Hvass-Labs' tutorial 14). */
function threeGaussians(gradient: Raster, sigma: number): Raster {
  const [half, once, twice] = [0.5, 1, 2].map((factor) => blurredRaster(gradient, sigma * factor)) as [
    Raster,
    Raster,
    Raster,
  ];
  return mappedRaster(half, (rows, { plane, top, bottom }) => {
    const [more, most] = [once.rows(plane, top, bottom), twice.rows(plane, top, bottom)];
    return rows.map((value, i) => (value + more[i]! + most[i]!) / 3);
  });
}
