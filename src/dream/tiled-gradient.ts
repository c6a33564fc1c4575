import type { Size } from '../image/index.js';
import type { Session } from '../platform/platform.js';
import { drawInteger } from './random.js';
import { placeTiles, type TileSpan, type Tiling } from './tiles.js';

/** The objective of a picture and its gradient with respect to every pixel. */
export interface Gradient {
  /** The mean over the tiles. */
  readonly objective: number;
  /** `[3, H, W]`. */
  readonly gradient: Float32Array;
}

/** Where in the dream a gradient is computed; its random draws follow from this. */
export interface GradientPlace {
  readonly seed: number;
  readonly octave: number;
  readonly step: number;
}

/** Purposes of random numbers, so that no two draws of one step are the same. */
const draws = { shiftX: 0, shiftY: 1, columns: 2, rows: 3 } as const;

/**
 * Computes the gradient of a picture: shifts it by chance under the network (jitter: what leaves at one side comes in at
 * the other), runs every tile, and fades the tiles' gradients into one another. Every pixel gets a gradient.
 *
 * The picture itself is not moved; tiles are read and written at shifted places instead.
 *
 * @param picture `[3, height, width]` in the network's range
 */
export async function tiledGradient(
  session: Session,
  inputName: string,
  picture: Float32Array,
  size: Size,
  options: { readonly tiling: Tiling; readonly jitter: number; readonly place: GradientPlace },
): Promise<Gradient> {
  const { tiling, jitter, place } = options;
  const at = [place.seed, place.octave, place.step] as const;
  const shiftX = drawInteger(-jitter, jitter, ...at, draws.shiftX);
  const shiftY = drawInteger(-jitter, jitter, ...at, draws.shiftY);
  const columns = placeTiles(size.width, tiling.horizontal, ...at, draws.columns);
  const rows = placeTiles(size.height, tiling.vertical, ...at, draws.rows);
  const { length: tileWidth } = tiling.horizontal;
  const { length: tileHeight } = tiling.vertical;

  const gradient = new Float32Array(picture.length);
  let objective = 0;
  for (const row of rows) {
    for (const column of columns) {
      const left = positive(column.start - shiftX, size.width);
      const top = positive(row.start - shiftY, size.height);
      const data = readTile(picture, size, left, top, tileWidth, tileHeight);
      const outputs = await session.run({ [inputName]: { dims: [1, 3, tileHeight, tileWidth], data } });
      objective += outputs['objective']!.data[0]! / (rows.length * columns.length);
      addTile(gradient, size, left, top, outputs['gradient']!.data, row, column);
    }
  }
  return { objective, gradient };
}

function positive(position: number, size: number): number {
  return ((position % size) + size) % size;
}

/** Copies a rectangle that may wrap around the picture's sides. */
function readTile(picture: Float32Array, { width, height }: Size, left: number, top: number, w: number, h: number) {
  const tile = new Float32Array(3 * w * h);
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < h; y++) {
      const source = (channel * height + ((top + y) % height)) * width;
      const target = (channel * h + y) * w;
      for (let x = 0; x < w; ) {
        const from = (left + x) % width;
        const run = Math.min(w - x, width - from);
        tile.set(picture.subarray(source + from, source + from + run), target + x);
        x += run;
      }
    }
  }
  return tile;
}

function addTile(
  gradient: Float32Array,
  { width, height }: Size,
  left: number,
  top: number,
  tile: Float32Array,
  row: TileSpan,
  column: TileSpan,
): void {
  const [w, h] = [column.weights.length, row.weights.length];
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < h; y++) {
      const target = (channel * height + ((top + y) % height)) * width;
      const source = (channel * h + y) * w;
      const weight = row.weights[y]!;
      let to = left;
      for (let x = 0; x < w; x++) {
        gradient[target + to]! += tile[source + x]! * weight * column.weights[x]!;
        if (++to === width) to = 0;
      }
    }
  }
}
