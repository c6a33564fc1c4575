import { describe, expect, test } from 'vitest';
import { noise } from '../../test/pictures.js';
import { arrayRaster, bandsOf, bandValues, mappedRaster, type StoredRaster, storeRaster, wholeOf } from './raster.js';
import { byteArrayStore } from './samples.js';
import { atOnce } from './sliced.js';

const size = { width: 7, height: 5 };
const values = () => noise(size).data;

describe.each<[string, () => StoredRaster]>([
  ['in memory', () => arrayRaster(new Float32Array(105), size)],
  ['in a store', () => storeRaster(byteArrayStore(new Uint8Array(420)), size, 3)],
])('a raster %s', (_, create) => {
  test('gives back what was written, by index and by rows', () => {
    const raster = create();
    raster.write(0, values());
    expect(raster).toMatchObject({ ...size, planes: 3 });
    expect(raster.read(9, 40)).toEqual(values().subarray(9, 49));
    expect(raster.rows(2, 1, 4)).toEqual(values().subarray(2 * 35 + 7, 2 * 35 + 28));
    expect(wholeOf(raster)).toEqual(values());
  });

  test('keeps what is read, changed and written back', () => {
    const raster = create();
    const some = raster.read(10, 4);
    some.fill(3);
    raster.write(10, some);
    expect([...raster.read(9, 6)]).toEqual([0, 3, 3, 3, 3, 0]);
  });

  test('is 0 after clearing', () => {
    const raster = create();
    raster.write(0, values());
    atOnce(raster.clear());
    expect(wholeOf(raster)).toEqual(new Float32Array(105));
  });

  test('is left as it was by what is mapped from it', () => {
    const raster = create();
    raster.write(0, values());
    const mapped = mappedRaster(raster, (rows, { plane, top }) => rows.map((value) => value + 10 * plane + 100 * top));
    expect(mapped.rows(1, 2, 3)).toEqual(
      values()
        .subarray(49, 56)
        .map((value) => value + 210),
    );
    expect(wholeOf(raster)).toEqual(values());
  });
});

test('bands meet every value once and in order, and are no larger than they should be', () => {
  const large = { planes: 2, width: 3000, height: 1000 };
  let next = 0;
  for (const { plane, top, bottom, start, length } of bandsOf(large)) {
    expect(start).toBe(next);
    expect(start).toBe((plane * 1000 + top) * 3000);
    expect(length).toBe((bottom - top) * 3000);
    expect(length).toBeLessThanOrEqual(bandValues);
    next += length;
  }
  expect(next).toBe(2 * 3000 * 1000);
});

test('a row that is longer than a band is a band', () => {
  const bands = [...bandsOf({ planes: 1, width: bandValues + 1, height: 2 })];
  expect(bands.map(({ top, bottom }) => [top, bottom])).toEqual([
    [0, 1],
    [1, 2],
  ]);
});
