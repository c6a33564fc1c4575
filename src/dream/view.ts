import type { Size, Sliced, StoredRaster } from '../image/index.js';
import type { DreamOptions } from './options.js';
import { drawInteger, drawReal } from './random.js';
import { warpedView } from './warped-view.js';

/** A rectangle of what the network is shown. */
export interface Rectangle extends Size {
  /** Column of its first pixels. */
  readonly left: number;
  /** Row of its first pixels. */
  readonly top: number;
}

/**
 * How a picture lies under the network in one step: shifted, turned, scaled, with something around it. The picture itself
 * is not moved; rectangles are read and written at other places instead.
 */
export interface View {
  /** What a rectangle of the view shows, `[3, height, width]`. */
  read(picture: StoredRaster, rectangle: Rectangle): Sliced<Float32Array>;
  /**
   * Adds a gradient of what `read` gave to the gradient of the picture: the transpose of reading.
   *
   * @param weights of the rectangle's columns and rows; default: 1 everywhere
   */
  add(
    gradient: StoredRaster,
    rectangle: Rectangle,
    values: Float32Array,
    weights?: { readonly columns: Float32Array; readonly rows: Float32Array },
  ): Sliced<void>;
}

/** What decides how a picture is shown. */
export type ViewOptions = Pick<DreamOptions, 'jitter' | 'pad' | 'padWith' | 'randomScale' | 'randomRotate'>;

/** Purposes of random numbers, so that no two draws of one step are the same. */
export const draws = { shiftX: 0, shiftY: 1, columns: 2, rows: 3, scale: 4, angle: 5 } as const;

/** Size of what the network is shown: the picture and what is around it. */
export function viewSize({ width, height }: Size, { pad }: ViewOptions): Size {
  return { width: width + 2 * pad, height: height + 2 * pad };
}

/**
 * Draws how a picture is shown in one step.
 *
 * With jitter alone it is rolled: what leaves at one side comes in at the other (google/deepdream). With anything around
 * it, or scaled or turned, it is moved about as Lucid does (`optvis/transform.py`).
 *
 * @param middles the value half-way between black and white of each channel
 * @param place where in the dream it is drawn: seed, octave and step
 */
export function drawView(
  size: Size,
  options: ViewOptions,
  middles: readonly number[],
  ...place: readonly number[]
): View {
  const { jitter, pad, padWith, randomScale, randomRotate } = options;
  const shiftX = drawInteger(-jitter, jitter, ...place, draws.shiftX);
  const shiftY = drawInteger(-jitter, jitter, ...place, draws.shiftY);
  if (pad === 0 && randomScale === 0 && randomRotate === 0) return rolledView(size, shiftX, shiftY);
  return warpedView(size, {
    view: viewSize(size, options),
    shiftX,
    shiftY,
    scale: 1 + randomScale * drawReal(...place, draws.scale),
    angle: ((randomRotate * Math.PI) / 180) * drawReal(...place, draws.angle),
    around: padWith === 'grey' ? middles : 'mirror',
  });
}

/** A picture's rows are moved quickly. */
const rowsASlice = 16;

/** A picture that goes on at the other side where it ends, shifted by whole pixels. */
function rolledView({ width, height }: Size, shiftX: number, shiftY: number): View {
  /** The pieces of a rectangle's rows that lie together in the picture. */
  const pieces = function* (rectangle: Rectangle): Generator<Piece> {
    const left = positive(rectangle.left - shiftX, width);
    const top = positive(rectangle.top - shiftY, height);
    const [w, h] = [rectangle.width, rectangle.height];
    for (let channel = 0; channel < 3; channel++) {
      for (let y = 0; y < h; y++) {
        const line = (channel * height + ((top + y) % height)) * width;
        for (let x = 0; x < w; ) {
          const from = (left + x) % width;
          const length = Math.min(w - x, width - from);
          yield { x, y, at: line + from, inTile: (channel * h + y) * w + x, length };
          x += length;
        }
      }
    }
  };
  return {
    *read(picture, rectangle) {
      const tile = new Float32Array(3 * rectangle.width * rectangle.height);
      for (const { y, at, inTile, length } of pieces(rectangle)) {
        tile.set(picture.read(at, length), inTile);
        if (y % rowsASlice === 0) yield;
      }
      return tile;
    },
    *add(gradient, rectangle, values, weights) {
      for (const { x, y, at, inTile, length } of pieces(rectangle)) {
        const sums = gradient.read(at, length);
        const row = values.subarray(inTile, inTile + length);
        if (weights) addWeighted(sums, row, weights.rows[y]!, weights.columns.subarray(x, x + length));
        else for (let i = 0; i < length; i++) sums[i]! += row[i]!;
        gradient.write(at, sums);
        if (y % rowsASlice === 0) yield;
      }
    },
  };
}

function addWeighted(sums: Float32Array, values: Float32Array, weight: number, weights: Float32Array): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += values[i]! * weight * weights[i]!;
}

/** Some pixels of a row, in one channel. */
interface Piece {
  /** Column in the rectangle. */
  readonly x: number;
  /** Row in the rectangle. */
  readonly y: number;
  /** Index of the first value in the picture. */
  readonly at: number;
  /** Index of the first value in the rectangle. */
  readonly inTile: number;
  readonly length: number;
}

function positive(position: number, size: number): number {
  return ((position % size) + size) % size;
}
