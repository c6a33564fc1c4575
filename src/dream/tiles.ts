import type { Size } from '../image/index.js';
import { drawInteger } from './random.js';

/** How one side of a picture is cut into overlapping tiles of one length. */
export interface TiledAxis {
  /** Length of every tile. */
  readonly length: number;
  /** How many tiles cover the side. */
  readonly count: number;
}

/** How a picture is cut: every tile has the same size, so that one compiled graph serves them all. */
export interface Tiling {
  readonly horizontal: TiledAxis;
  readonly vertical: TiledAxis;
}

/** One tile along one side: where it starts, and how much each of its elements counts. */
export interface TileSpan {
  readonly start: number;
  /** `length` weights; over all tiles they add up to 1 at every element of the side. */
  readonly weights: Float32Array;
}

/**
 * Cuts a picture into tiles of `tile` pixels a side. A side up to a quarter longer than that stays whole.
 *
 * @param tile side of a tile in pixels; 0 never cuts
 */
export function planTiles({ width, height }: Size, tile: number): Tiling {
  return { horizontal: planAxis(width, tile), vertical: planAxis(height, tile) };
}

/** Neighbouring tiles share at least this many pixels, over which one fades into the other. */
function overlapOf(tile: number): number {
  return Math.max(1, Math.round(tile / 8));
}

function planAxis(size: number, tile: number): TiledAxis {
  if (tile === 0 || size <= tile * 1.25) return { length: size, count: 1 };
  const overlap = overlapOf(tile);
  return { length: tile, count: Math.ceil((size - overlap) / (tile - overlap)) };
}

/**
 * Places the tiles of one side. The first starts at 0 and the last ends at the end; what they overlap beyond the least
 * is shared out by chance, differently in every step, so that no line is a border for long. Between two neighbours the
 * weight moves linearly from one to the other, so every element is covered fully and no border shows.
 *
 * @param place where in the dream this is drawn, for {@link drawInteger}
 */
export function placeTiles(size: number, { length, count }: TiledAxis, ...place: readonly number[]): TileSpan[] {
  if (count === 1) return [{ start: 0, weights: new Float32Array(length).fill(1) }];
  const stride = length - overlapOf(length);
  const slack = count * length - (count - 1) * overlapOf(length) - size;
  const shares = Array.from({ length: count - 1 }, (_, i) => drawInteger(0, slack, ...place, i)).sort((a, b) => a - b);
  const starts = Array.from({ length: count }, (_, i) => i * stride - (i === 0 ? 0 : i === count - 1 ? slack : shares[i - 1]!));
  const spans = starts.map((start, i) => {
    const weights = new Float32Array(length).fill(1);
    const before = i === 0 ? 0 : starts[i - 1]! + length - start;
    const after = i === count - 1 ? 0 : start + length - starts[i + 1]!;
    for (let j = 0; j < before; j++) weights[j]! *= (j + 0.5) / before;
    for (let j = 0; j < after; j++) weights[length - 1 - j]! *= (j + 0.5) / after;
    return { start, weights };
  });
  // Where chance has pushed three tiles over one another, their weights do not add up to 1 by themselves.
  const totals = new Float32Array(size);
  for (const { start, weights } of spans) for (let j = 0; j < length; j++) totals[start + j]! += weights[j]!;
  for (const { start, weights } of spans) for (let j = 0; j < length; j++) weights[j]! /= totals[start + j]!;
  return spans;
}
