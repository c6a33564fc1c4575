import { expect, test } from 'vitest';
import { wholeOf } from './raster.js';
import { byteArrayStore, samplesRaster } from './samples.js';

test('8-bit samples become planes from 0 to 1', () => {
  const store = byteArrayStore(Uint8Array.of(0, 51, 102, 255, 153, 204, 255, 0));
  const samples = { width: 1, height: 2, channels: 4, sampleBytes: 1, white: 255, store } as const;
  const values = [0, 153, 51, 204, 102, 255].map((value) => Math.fround(value / 255));
  expect([...wholeOf(samplesRaster(samples, 0, 3))]).toEqual(values);
  expect([...samplesRaster(samples, 3, 1).rows(0, 1, 2)]).toEqual([0]);
});

test('16-bit samples are held at white', () => {
  const numbers = Uint16Array.of(0, 32_760, 65_535);
  const store = byteArrayStore(new Uint8Array(numbers.buffer));
  const samples = { width: 3, height: 1, channels: 1, sampleBytes: 2, white: 65_520, store } as const;
  expect([...samplesRaster(samples, 0, 1).rows(0, 0, 1)]).toEqual([0, 0.5, 1]);
});
