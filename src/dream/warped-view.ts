import type { Size, Sliced, StoredRaster } from '../image/index.js';
import type { Rectangle, View } from './view.js';

/** How a picture lies under the network. */
export interface Warp {
  /** Size of what the network is shown; the picture's centre lies in its centre. */
  readonly view: Size;
  /** Pixels that the picture is moved to the right. */
  readonly shiftX: number;
  /** Pixels that the picture is moved down. */
  readonly shiftY: number;
  /** How much larger the picture is shown. */
  readonly scale: number;
  /** How far the picture is turned to the right, in radians. */
  readonly angle: number;
  /** What is seen beyond the picture: the picture mirrored, or these values, one for each channel. */
  readonly around: 'mirror' | readonly number[];
}

/** For every pixel of a rectangle the four pixels that it lies between, −1 beyond the picture, and their parts. */
interface Taps {
  readonly rectangle: Rectangle;
  /** The part of the picture that the pixels lie in. */
  readonly box: Rectangle;
  /** Places in the box, row by row. */
  readonly indices: Int32Array;
  readonly parts: Float32Array;
}

/** Pixels are mixed slowly. */
const pixelsASlice = 2 ** 14;

/** A picture that is scaled, turned and moved, each pixel of the view mixed linearly from the four nearest. */
export function warpedView(size: Size, warp: Warp): View {
  let latest: Taps | undefined;
  const tapsOf = function* (rectangle: Rectangle): Sliced<Taps> {
    if (latest?.rectangle !== rectangle) latest = yield* findTaps(size, warp, rectangle);
    return latest;
  };
  return {
    *read(picture, rectangle) {
      const { box, indices, parts } = yield* tapsOf(rectangle);
      const pixels = rectangle.width * rectangle.height;
      const tile = new Float32Array(3 * pixels);
      for (let channel = 0; channel < 3; channel++) {
        const values = yield* readBox(picture, channel, box);
        const beyond = warp.around === 'mirror' ? 0 : warp.around[channel]!;
        for (let i = 0; i < pixels; i++) {
          let sum = 0;
          for (let tap = 4 * i; tap < 4 * i + 4; tap++) {
            const index = indices[tap]!;
            sum += parts[tap]! * (index < 0 ? beyond : values[index]!);
          }
          tile[channel * pixels + i] = sum;
          if (i % pixelsASlice === 0) yield;
        }
      }
      return tile;
    },
    *add(gradient, rectangle, values, weights) {
      const { box, indices, parts } = yield* tapsOf(rectangle);
      const pixels = rectangle.width * rectangle.height;
      for (let channel = 0; channel < 3; channel++) {
        const sums = yield* readBox(gradient, channel, box);
        for (let i = 0; i < pixels; i++) {
          const [row, column] = [Math.floor(i / rectangle.width), i % rectangle.width];
          const value = values[channel * pixels + i]! * (weights ? weights.rows[row]! * weights.columns[column]! : 1);
          for (let tap = 4 * i; tap < 4 * i + 4; tap++) {
            const index = indices[tap]!;
            if (index >= 0) sums[index]! += parts[tap]! * value;
          }
          if (i % pixelsASlice === 0) yield;
        }
        yield* writeBox(gradient, channel, box, sums);
      }
    },
  };
}

/** The values of a part of one channel, row by row: a copy. */
function* readBox(
  raster: StoredRaster,
  channel: number,
  { left, top, width, height }: Rectangle,
): Sliced<Float32Array> {
  const values = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    values.set(raster.read((channel * raster.height + top + y) * raster.width + left, width), y * width);
    yield;
  }
  return values;
}

function* writeBox(
  raster: StoredRaster,
  channel: number,
  { left, top, width, height }: Rectangle,
  values: Float32Array,
): Sliced<void> {
  for (let y = 0; y < height; y++) {
    const start = (channel * raster.height + top + y) * raster.width + left;
    raster.write(start, values.subarray(y * width, (y + 1) * width));
    yield;
  }
}

function* findTaps({ width, height }: Size, warp: Warp, rectangle: Rectangle): Sliced<Taps> {
  const pixels = rectangle.width * rectangle.height;
  const columns = new Int32Array(4 * pixels);
  const rows = new Int32Array(4 * pixels);
  const parts = new Float32Array(4 * pixels);
  const [cos, sin] = [Math.cos(warp.angle) / warp.scale, Math.sin(warp.angle) / warp.scale];
  const inside = (position: number, length: number): number => {
    if (warp.around !== 'mirror') return position < 0 || position >= length ? -1 : position;
    // Mirrored between its pixels, so that the first and the last one are seen twice.
    const turn = ((position % (2 * length)) + 2 * length) % (2 * length);
    return turn < length ? turn : 2 * length - 1 - turn;
  };
  for (let y = 0; y < rectangle.height; y++) {
    const dy = rectangle.top + y + 0.5 - warp.view.height / 2 - warp.shiftY;
    for (let x = 0; x < rectangle.width; x++) {
      const dx = rectangle.left + x + 0.5 - warp.view.width / 2 - warp.shiftX;
      const sourceX = cos * dx + sin * dy + width / 2 - 0.5;
      const sourceY = cos * dy - sin * dx + height / 2 - 0.5;
      const [left, top] = [Math.floor(sourceX), Math.floor(sourceY)];
      const [toRight, down] = [sourceX - left, sourceY - top];
      for (let corner = 0; corner < 4; corner++) {
        const [right, below] = [corner % 2, corner >> 1];
        const [column, row] = [inside(left + right, width), inside(top + below, height)];
        const tap = 4 * (y * rectangle.width + x) + corner;
        [columns[tap], rows[tap]] = column < 0 || row < 0 ? [-1, -1] : [column, row];
        parts[tap] = (right ? toRight : 1 - toRight) * (below ? down : 1 - down);
      }
    }
    yield;
  }
  const box = boxAround(columns, rows);
  const indices = columns.map((column, tap) =>
    column < 0 ? -1 : (rows[tap]! - box.top) * box.width + column - box.left,
  );
  return { rectangle, box, indices, parts };
}

/** The smallest rectangle that holds some places, of which −1 are none. */
function boxAround(columns: Int32Array, rows: Int32Array): Rectangle {
  const [left, right] = rangeOf(columns);
  const [top, bottom] = rangeOf(rows);
  return { left, top, width: right - left, height: bottom - top };
}

/** The smallest position and the one after the largest; nothing where all are −1. */
function rangeOf(positions: Int32Array): readonly [number, number] {
  let [first, end] = [Number.POSITIVE_INFINITY, 0];
  for (const position of positions) {
    if (position < 0) continue;
    first = Math.min(first, position);
    end = Math.max(end, position + 1);
  }
  return end === 0 ? [0, 0] : [first, end];
}
