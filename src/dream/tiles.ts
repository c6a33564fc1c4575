import type { Size } from '../image/index.js';
import { drawInteger } from './random.js';

/** How one side of a picture is cut into overlapping tiles of one length. */
export interface TiledAxis {
  /** Length of every tile. */
  readonly length: number;
  /** How many tiles cover the side. */
  readonly count: number;
  /** Every tile starts at a multiple of this many pixels, and the last one still ends at the end. */
  readonly grid: number;
}

/** How a picture is cut: every tile has the same size, so that one compiled graph serves them all. */
export interface Tiling {
  readonly horizontal: TiledAxis;
  readonly vertical: TiledAxis;
}

/** Picture pixels between neighbouring elements of a layer. */
export interface Stride {
  readonly horizontal: number;
  readonly vertical: number;
}

/** One tile along one side: where it starts, and how much each of its elements counts. */
export interface TileSpan {
  readonly start: number;
  /** `length` weights; over all tiles they add up to 1 at every element of the side. */
  readonly weights: Float32Array;
}

/**
 * Cuts a picture into tiles of about `tile` pixels a side: a tile may be up to an eighth longer where that
 * saves one. A side up to a quarter longer than `tile` stays whole.
 *
 * Tiles start at multiples of the network's stride, so that a layer's elements lie at the same pixels in every tile and
 * neighbours agree about what they share; a tile a few pixels off this grid sees another picture. To end at the end of
 * the side and start on the grid, a tile may be up to a stride shorter than `tile`.
 *
 * @param tile side of a tile in pixels; 0 never cuts
 * @param stride picture pixels between neighbouring elements of the coarsest layer on the way
 */
export function planTiles({ width, height }: Size, tile: number, stride: Stride): Tiling {
  return {
    horizontal: planAxis(width, tile, stride.horizontal),
    vertical: planAxis(height, tile, stride.vertical),
  };
}

/** Cuts a picture into tiles of exactly one size, for a network that takes no other. */
export function tilesOfOneSize({ width, height }: Size, tile: Size): Tiling {
  const axis = (size: number, length: number): TiledAxis => {
    const count = 1 + Math.ceil((size - length) / reachOf(length, 1));
    return { length, count, grid: 1 };
  };
  return { horizontal: axis(width, tile.width), vertical: axis(height, tile.height) };
}

/** Neighbouring tiles share at least this many pixels, over which one fades into the other. */
function overlapOf(tile: number): number {
  return Math.max(1, Math.round(tile / 4));
}

/** How far apart neighbouring tiles may start, in steps of the grid. */
function reachOf(length: number, grid: number): number {
  return Math.max(1, Math.floor((length - overlapOf(length)) / grid));
}

function planAxis(size: number, tile: number, stride: number): TiledAxis {
  if (!isCut(size, tile)) return { length: size, count: 1, grid: 1 };
  const grid = 2 * stride <= tile ? stride : 1;
  const longest = onGrid(Math.floor(tile * 1.125), size, grid);
  const count = 1 + Math.ceil((size - longest) / grid / reachOf(longest, grid));
  // Longer than asked for only as far as it saves a tile.
  let length = onGrid(tile, size, grid);
  while (length < longest && !covers(length, count, size, grid)) length += grid;
  return { length, count, grid };
}

/** The longest length up to this one that both starts on the grid and ends with the side. */
function onGrid(length: number, size: number, grid: number): number {
  return length - ((((length - size) % grid) + grid) % grid);
}

function covers(length: number, count: number, size: number, grid: number): boolean {
  return length + (count - 1) * reachOf(length, grid) * grid >= size;
}

/** Whether a side of this size is cut into tiles at all. */
export function isCut(size: number, tile: number): boolean {
  return tile > 0 && size > tile * 1.25;
}

/**
 * Places the tiles of one side. The first starts at 0 and the last ends at the end; what they overlap beyond the least
 * is shared out by chance, differently in every step, so that no line is a border for long. Between two neighbours the
 * weight moves linearly from one to the other, so every element is covered fully and no border shows.
 *
 * @param place where in the dream this is drawn, for {@link drawInteger}
 */
export function placeTiles(size: number, { length, count, grid }: TiledAxis, ...place: readonly number[]): TileSpan[] {
  if (count === 1) return [{ start: 0, weights: new Float32Array(length).fill(1) }];
  const reach = reachOf(length, grid);
  const slack = (count - 1) * reach - (size - length) / grid;
  const shares = Array.from({ length: count - 2 }, (_, i) => drawInteger(0, slack, ...place, i)).sort((a, b) => a - b);
  const starts = [0, ...shares.map((share, i) => Math.max(0, (i + 1) * reach - share) * grid), size - length];
  const spans = starts.map((start, i) => {
    const weights = new Float32Array(length).fill(1);
    const before = i === 0 ? 0 : starts[i - 1]! + length - start;
    const after = i === count - 1 ? 0 : start + length - starts[i + 1]!;
    for (let j = 0; j < before; j++) weights[j]! *= fade(j, before);
    for (let j = 0; j < after; j++) weights[length - 1 - j]! *= fade(j, after);
    return { start, weights };
  });
  // Where chance has pushed three tiles over one another, their weights do not add up to 1 by themselves.
  const totals = new Float32Array(size);
  for (const { start, weights } of spans) for (let j = 0; j < length; j++) totals[start + j]! += weights[j]!;
  for (const { start, weights } of spans) for (let j = 0; j < length; j++) weights[j]! /= totals[start + j]!;
  return spans;
}

/**
 * What a tile counts at its pixel `j` of an overlap. Near its edge a tile does not see enough to know much, so that it
 * leaves the first quarter to its neighbour.
 */
function fade(j: number, overlap: number): number {
  return Math.min(Math.max(((j + 0.5) / overlap - 0.25) * 2, 0), 1);
}
