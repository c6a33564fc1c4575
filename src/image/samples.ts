import type { ByteStore, Raster } from './raster.js';
import type { Size } from './resize.js';

/** Pixels as files hold them: whole numbers, the channels of a pixel side by side. */
export interface Samples extends Size {
  /** Numbers a pixel. */
  readonly channels: number;
  /** 1 for numbers of 8 bits, 2 for 16 bits in the byte order of the machine. */
  readonly sampleBytes: 1 | 2;
  /** The number that stands for 1. */
  readonly white: number;
  /** `[height, width, channels]`. */
  readonly store: ByteStore;
}

/** Bytes in memory as a {@link ByteStore}. */
export function byteArrayStore(bytes: Uint8Array): ByteStore {
  return {
    read: (into, at) => into.set(bytes.subarray(at, at + into.length)),
    write: (from, at) => bytes.set(from, at),
    clear: () => void bytes.fill(0),
    close: () => {},
  };
}

/**
 * Samples as planes of values from 0 to 1, computed as they are read.
 *
 * @param first the channel that is plane 0
 * @param planes how many of them
 */
export function samplesRaster(samples: Samples, first: number, planes: number): Raster {
  const { width, height, channels, sampleBytes, white, store } = samples;
  return {
    width,
    height,
    planes,
    rows(plane, top, bottom) {
      const count = (bottom - top) * width;
      const bytes = new Uint8Array(count * channels * sampleBytes);
      store.read(bytes, top * width * channels * sampleBytes);
      const numbers = sampleBytes === 2 ? new Uint16Array(bytes.buffer) : bytes;
      const values = new Float32Array(count);
      for (let i = 0, from = first + plane; i < count; i++, from += channels) {
        values[i] = Math.min(1, numbers[from]! / white);
      }
      return values;
    },
  };
}
