import type { Size } from './resize.js';
import { atOnce, type Sliced } from './sliced.js';

/**
 * Planes of float32 values that are read a few rows at a time, so that nobody needs the whole of them in memory: they may
 * be stored in memory or in a file, or be computed as they are read.
 */
export interface Raster extends Size {
  /** Number of planes, all of the raster's size. */
  readonly planes: number;
  /** How many values are read to compute one of its own, at least 1; default: 1. */
  readonly effort?: number | undefined;
  /**
   * Some rows of one plane.
   *
   * @param plane counted from 0
   * @param top first row
   * @param bottom the row after the last
   * @returns `[bottom - top, width]`; not to be changed, because it may be the raster's own memory
   */
  rows(plane: number, top: number, bottom: number): Float32Array;
}

/** A raster that keeps what is written into it. */
export interface StoredRaster extends Raster {
  /**
   * Some values in their order in `[planes, height, width]`.
   *
   * @param start index of the first one
   * @returns `length` values; changing them changes nothing until they are written back
   */
  read(start: number, length: number): Float32Array;
  /** Keeps values from the index `start` on. */
  write(start: number, values: Float32Array): void;
  /** Sets every value to 0. */
  clear(): Sliced<void>;
  /** Gives its memory or its file back; it must not be used afterwards. */
  close(): void;
}

/** Room for bytes, in memory or outside of it. */
export interface ByteStore {
  /** Fills `into` with the bytes from `at` on; what was never written is 0. */
  read(into: Uint8Array, at: number): void;
  /** Keeps bytes from `at` on. */
  write(bytes: Uint8Array, at: number): void;
  /** Sets every byte to 0. */
  clear(): void;
  /** Gives the room back; it must not be used afterwards. Closing twice does nothing. */
  close(): void;
}

/** Some rows of one plane. */
export interface RowBand {
  /** Counted from 0. */
  readonly plane: number;
  /** First row. */
  readonly top: number;
  /** The row after the last. */
  readonly bottom: number;
  /** Index of the first value in `[planes, height, width]`. */
  readonly start: number;
  /** Number of values. */
  readonly length: number;
}

/** About as many values are read at once where a raster is gone through, which is done in a few milliseconds. */
export const bandValues = 2 ** 16;

/**
 * Cuts a raster into bands of rows, one plane after the other, so that going through them meets the values in the order
 * of `[planes, height, width]`: sums over them come out the same wherever the values are kept.
 */
export function* bandsOf({
  planes,
  width,
  height,
  effort = 1,
}: Pick<Raster, 'planes' | 'width' | 'height' | 'effort'>): Generator<RowBand> {
  const rows = Math.max(1, Math.floor(bandValues / width / effort));
  for (let plane = 0; plane < planes; plane++) {
    for (let top = 0; top < height; top += rows) {
      const bottom = Math.min(top + rows, height);
      yield { plane, top, bottom, start: (plane * height + top) * width, length: (bottom - top) * width };
    }
  }
}

/** Cuts a number of values into spans as long as a band. */
export function* spansOf(length: number): Generator<readonly [start: number, end: number]> {
  for (let start = 0; start < length; start += bandValues) yield [start, Math.min(start + bandValues, length)];
}

/** New values, computed from others one by one. */
export function* mapped(values: Float32Array, change: (value: number, index: number) => number): Sliced<Float32Array> {
  const result = new Float32Array(values.length);
  for (const [start, end] of spansOf(values.length)) {
    for (let i = start; i < end; i++) result[i] = change(values[i]!, i);
    yield;
  }
  return result;
}

/** Setting values to 0 is quick. */
const clearedValues = 16 * bandValues;

/**
 * A raster in memory. Reading gives views, so that nothing is copied.
 *
 * @param data `[planes, height, width]`; used as it is, not copied
 */
export function arrayRaster(data: Float32Array, { width, height }: Size): StoredRaster {
  const read = (start: number, length: number): Float32Array => data.subarray(start, start + length);
  return {
    width,
    height,
    planes: data.length / (width * height),
    rows: (plane, top, bottom) => read((plane * height + top) * width, (bottom - top) * width),
    read,
    write(start, values) {
      const own = values.buffer === data.buffer && values.byteOffset === data.byteOffset + 4 * start;
      if (!own) data.set(values, start);
    },
    *clear() {
      for (let start = 0; start < data.length; start += clearedValues) {
        data.fill(0, start, start + clearedValues);
        yield;
      }
    },
    close: () => {},
  };
}

/**
 * A raster in a store of bytes.
 *
 * @param store room for `4 * planes * height * width` bytes, which are closed with the raster
 */
export function storeRaster(store: ByteStore, size: Size, planes: number): StoredRaster {
  const { width, height } = size;
  return {
    width,
    height,
    planes,
    rows: bytesRaster(store, size, planes).rows,
    read: (start, length) => readValues(store, start, length),
    write: (start, values) =>
      store.write(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 4 * start),
    *clear() {
      store.clear();
      yield;
    },
    close: () => store.close(),
  };
}

/** A raster whose values lie in bytes that can only be read: `[planes, height, width]`, float32 as the machine has it. */
export function bytesRaster(bytes: Pick<ByteStore, 'read'>, { width, height }: Size, planes: number): Raster {
  return {
    width,
    height,
    planes,
    rows: (plane, top, bottom) => readValues(bytes, (plane * height + top) * width, (bottom - top) * width),
  };
}

function readValues(bytes: Pick<ByteStore, 'read'>, start: number, length: number): Float32Array {
  const values = new Float32Array(length);
  bytes.read(new Uint8Array(values.buffer), 4 * start);
  return values;
}

/**
 * All values of a raster at once.
 *
 * @returns `[planes, height, width]`, a copy
 */
export function wholeOf(raster: Raster): Float32Array {
  return atOnce(readWhole(raster));
}

/** {@link wholeOf} in slices. */
export function* readWhole(raster: Raster): Sliced<Float32Array> {
  const whole = new Float32Array(raster.planes * raster.width * raster.height);
  yield* fillRaster(arrayRaster(whole, raster), raster);
  return whole;
}

/** Fills a raster with the values of another one of its size; returns it. */
export function* fillRaster<T extends StoredRaster>(target: T, source: Raster): Sliced<T> {
  for (const { plane, top, bottom, start } of bandsOf(source)) {
    target.write(start, source.rows(plane, top, bottom));
    yield;
  }
  return target;
}

/** The values of a raster in their order, a band at a time, as often as they are asked for. */
export function partsOf(raster: Raster): Iterable<Float32Array> {
  return {
    *[Symbol.iterator]() {
      for (const { plane, top, bottom } of bandsOf(raster)) yield raster.rows(plane, top, bottom);
    },
  };
}

/** One plane of a raster as a raster of its own. */
export function planeOf({ width, height, effort, rows }: Raster, plane: number): Raster {
  return { width, height, planes: 1, effort, rows: (_, top, bottom) => rows(plane, top, bottom) };
}

/**
 * A raster whose values are computed from another one's as they are read.
 *
 * @param change the new values of some rows of a plane; must leave those it is given as they are
 */
export function mappedRaster(
  source: Raster,
  change: (rows: Float32Array, band: Pick<RowBand, 'plane' | 'top' | 'bottom'>) => Float32Array,
): Raster {
  const { planes, width, height, effort } = source;
  return {
    planes,
    width,
    height,
    effort,
    rows: (plane, top, bottom) => change(source.rows(plane, top, bottom), { plane, top, bottom }),
  };
}

/**
 * The rows of a raster for someone who goes down its planes by overlapping bands: those of each plane that were read last
 * are kept and not computed again. The raster must not change meanwhile.
 */
export function overlappingRows({ width, rows }: Raster): Raster['rows'] {
  const latest = new Map<number, { top: number; bottom: number; values: Float32Array }>();
  return (plane, top, bottom) => {
    const values = new Float32Array((bottom - top) * width);
    const last = latest.get(plane);
    let known = top;
    if (last && top >= last.top && top < last.bottom) {
      known = Math.min(last.bottom, bottom);
      values.set(last.values.subarray((top - last.top) * width, (known - last.top) * width));
    }
    if (known < bottom) values.set(rows(plane, known, bottom), (known - top) * width);
    latest.set(plane, { top, bottom, values });
    return values;
  };
}
