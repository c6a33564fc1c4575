import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../test/mutate.js';
import { arrayRaster, storeRaster, wholeOf } from './raster.js';
import { fitted, resize, resizedRaster, type Size } from './resize.js';
import { byteArrayStore } from './samples.js';

/** The largest difference of two arrays of the same length. */
function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a, (value, i) => Math.abs(value - b[i]!)).reduce((x, y) => Math.max(x, y), 0);
}

function random(length: number, seed = 1): Float32Array {
  const next = seededRandom(seed);
  return Float32Array.from({ length }, () => next());
}

function row(length: number, value: (x: number) => number): Float32Array {
  return Float32Array.from({ length }, (_, x) => value(x));
}

/** The formula as it is written in papers: every output reads every input, in float64. */
function direct(data: Float32Array, from: Size, to: Size): number[] {
  const cubic = (t: number): number => {
    const x = Math.abs(t);
    if (x <= 1) return 1.5 * x ** 3 - 2.5 * x ** 2 + 1;
    return x < 2 ? -0.5 * x ** 3 + 2.5 * x ** 2 - 4 * x + 2 : 0;
  };
  const kernel = (output: number, input: number, before: number, after: number): number => {
    const stretch = Math.max(1, before / after);
    return cubic((input + 0.5 - ((output + 0.5) * before) / after) / stretch);
  };
  return Array.from({ length: to.width * to.height }, (_, i) => {
    const [x, y] = [i % to.width, Math.floor(i / to.width)];
    let [sum, weights] = [0, 0];
    data.forEach((value, j) => {
      const across = kernel(x, j % from.width, from.width, to.width);
      const weight = across * kernel(y, Math.floor(j / from.width), from.height, to.height);
      sum += weight * value;
      weights += weight;
    });
    return sum / weights;
  });
}

describe('the formula', () => {
  const sizes: [number, number, number, number][] = [
    [7, 5, 13, 9],
    [13, 9, 7, 5],
    [8, 8, 3, 17],
    [5, 12, 16, 4],
    [2, 3, 9, 11],
    [16, 16, 1, 1],
    [11, 2, 12, 3],
    [20, 20, 19, 21],
    [1, 1, 5, 4],
    [1, 9, 6, 1],
    [9, 1, 2, 7],
  ];
  test.each(sizes)('%i×%i to %i×%i is what reading every pixel gives', (w, h, toWidth, toHeight) => {
    const [from, to] = [
      { width: w, height: h },
      { width: toWidth, height: toHeight },
    ];
    const data = random(w * h);
    expect(difference(resize(data, from, to), direct(data, from, to))).toBeLessThan(1e-6);
  });

  test('gives the numbers of Pillow 9.4, BICUBIC on mode F', () => {
    const line = new Float32Array([0, 1, 0.25, 0.5, 1, 0, 0.75]);
    const to = (width: number) => resize(line, { width: 7, height: 1 }, { width, height: 1 });
    expect(difference(to(3), [0.4606855, 0.57661784, 0.4889113])).toBeLessThan(1e-6);
    expect(difference(to(4), [0.44694686, 0.48531672, 0.6585691, 0.42216456])).toBeLessThan(1e-6);
    const pillow11 = [
      ...[-0.0703125, 0.45478538, 0.99380165, 0.42975205, 0.25676182, 0.5],
      ...[0.91810668, 0.78812921, 0.0308039, 0.38581985, 0.80273438],
    ];
    expect(difference(to(11), pillow11)).toBeLessThan(1e-6);

    const square = new Float32Array([0, 1, 0.5, 0.25, 0.75, 1, 1, 0, 0.125, 0.5, 0.5, 0]);
    const small = resize(square, { width: 3, height: 4 }, { width: 2, height: 3 });
    expect(difference(small, [0.36792564, 0.81983858, 0.5359782, 0.48980317, 0.56412238, 0.09088717])).toBeLessThan(
      1e-6,
    );
  });
});

describe('places', () => {
  /** The centre of a soft spot, after its background of 0. */
  function centroid(data: Float32Array, { width }: Size): { x: number; y: number } {
    let [sum, x, y] = [0, 0, 0];
    data.forEach((value, i) => {
      sum += value;
      x += value * ((i % width) + 0.5);
      y += value * (Math.floor(i / width) + 0.5);
    });
    return { x: x / sum, y: y / sum };
  }

  const size = { width: 97, height: 71 };
  const spot = Float32Array.from({ length: size.width * size.height }, (_, i) =>
    Math.exp(-(((i % size.width) - 40.3) ** 2 + (Math.floor(i / size.width) - 33.8) ** 2) / 72),
  );

  test.each([1.1, 1.4, 2, 2.37, 3])('a spot stays where it is, %d times smaller and back', (factor) => {
    const small = { width: Math.round(size.width / factor), height: Math.round(size.height / factor) };
    const before = centroid(spot, size);
    const between = centroid(resize(spot, size, small), small);
    const after = centroid(resize(resize(spot, size, small), small, size), size);
    expect(Math.abs((between.x / small.width) * size.width - before.x)).toBeLessThan(0.01);
    expect(Math.abs((between.y / small.height) * size.height - before.y)).toBeLessThan(0.01);
    expect(Math.abs(after.x - before.x)).toBeLessThan(0.01);
    expect(Math.abs(after.y - before.y)).toBeLessThan(0.01);
  });

  test('a spot stays where it is after ten octaves down and ten up', () => {
    const sizes = Array.from({ length: 11 }, (_, i) => ({
      width: Math.round(size.width / 1.1 ** i),
      height: Math.round(size.height / 1.1 ** i),
    }));
    let [data, at]: [Float32Array, Size] = [spot, size];
    for (const to of [...sizes, ...sizes.toReversed()]) [data, at] = [resize(data, at, to), to];
    const [before, after] = [centroid(spot, size), centroid(data, size)];
    expect(Math.abs(after.x - before.x)).toBeLessThan(0.01);
    expect(Math.abs(after.y - before.y)).toBeLessThan(0.01);
  });

  // A stretched kernel is not exact between its taps: 0.009 pixels off at most for 50 to 20, as in Pillow.
  test.each([
    [20, 50, 1e-5],
    [20, 33, 1e-5],
    [50, 20, 0.01],
    [33, 32, 0.01],
  ])('a ramp of %i pixels is a ramp of %i, away from its ends', (from, to, error) => {
    const ramp = row(from, (x) => x + 0.5);
    const result = resize(ramp, { width: from, height: 1 }, { width: to, height: 1 });
    const margin = Math.ceil(2 * Math.max(1, to / from));
    for (let x = margin; x < to - margin; x++) {
      expect(Math.abs(result[x]! - ((x + 0.5) * from) / to)).toBeLessThan(error);
    }
  });

  test('mirrored pictures give mirrored results', () => {
    const data = random(17);
    const result = resize(data, { width: 17, height: 1 }, { width: 10, height: 1 });
    const mirrored = resize(data.toReversed(), { width: 17, height: 1 }, { width: 10, height: 1 });
    expect(difference(mirrored, result.toReversed())).toBeLessThan(1e-7);
  });
});

describe('values', () => {
  test('a constant stays that constant, enlarged or shrunk, to the last pixel', () => {
    const data = new Float32Array(3 * 19 * 11).fill(0.3);
    for (const [width, height] of [
      [40, 23],
      [7, 3],
      [1, 1],
      [19, 30],
      [5, 11],
    ] as const) {
      const result = resize(data, { width: 19, height: 11 }, { width, height });
      expect(result.length).toBe(3 * width * height);
      expect(difference(result, new Float32Array(result.length).fill(0.3))).toBeLessThan(1e-7);
    }
  });

  test('the same size is a copy', () => {
    const data = random(3 * 4 * 5);
    const result = resize(data, { width: 4, height: 5 }, { width: 4, height: 5 });
    expect(result).toEqual(data);
    expect(result.buffer).not.toBe(data.buffer);
  });

  test('a checkerboard of single pixels shrinks to its mean, without a pattern', () => {
    const size = { width: 64, height: 64 };
    const board = Float32Array.from({ length: 64 * 64 }, (_, i) => ((i % 64) + Math.floor(i / 64)) % 2);
    for (const side of [7, 16, 21, 31]) {
      const result = resize(board, size, { width: side, height: side });
      for (let y = 2; y < side - 2; y++) {
        for (let x = 2; x < side - 2; x++) expect(Math.abs(result[y * side + x]! - 0.5)).toBeLessThan(0.01);
      }
    }
  });

  test('the mean is kept', () => {
    const data = random(60 * 45, 5);
    const mean = (values: Float32Array) => values.reduce((a, b) => a + b, 0) / values.length;
    const result = resize(data, { width: 60, height: 45 }, { width: 20, height: 15 });
    expect(mean(result)).toBeCloseTo(mean(data), 2);
  });

  test('a single pixel fills any size', () => {
    const result = resize(new Float32Array([0.25, 0.5, 0.75]), { width: 1, height: 1 }, { width: 4, height: 3 });
    expect(
      difference(
        result,
        [0.25, 0.5, 0.75].flatMap((value) => Array<number>(12).fill(value)),
      ),
    ).toBe(0);
  });

  test('anything shrinks to a single pixel', () => {
    const result = resize(new Float32Array([0, 1, 1, 0]), { width: 2, height: 2 }, { width: 1, height: 1 });
    expect(difference(result, [0.5])).toBeLessThan(1e-7);
  });

  test('planes do not touch each other', () => {
    const [from, to] = [
      { width: 9, height: 7 },
      { width: 13, height: 5 },
    ];
    const planes = [1, 2, 3, 4].map((seed) => random(63, seed));
    const together = resize(Float32Array.from(planes.flatMap((plane) => [...plane])), from, to);
    const apart = planes.flatMap((plane) => [...resize(plane, from, to)]);
    expect(difference(together, apart)).toBe(0);
  });

  test('the input is not written to', () => {
    const data = random(12);
    const before = data.slice();
    resize(data, { width: 4, height: 3 }, { width: 2, height: 7 });
    expect(data).toEqual(before);
  });
});

describe('fitting', () => {
  test('the longer side gets the length, the shorter one keeps the proportions', () => {
    expect(fitted({ width: 1200, height: 800 }, 300)).toEqual({ width: 300, height: 200 });
    expect(fitted({ width: 800, height: 1200 }, 300)).toEqual({ width: 200, height: 300 });
    expect(fitted({ width: 10, height: 10 }, 25)).toEqual({ width: 25, height: 25 });
  });

  test('no side vanishes', () => {
    expect(fitted({ width: 5000, height: 3 }, 100)).toEqual({ width: 100, height: 1 });
  });
});

describe('a resized raster', () => {
  const from: Size = { width: 37, height: 29 };
  const data = random(3 * 37 * 29);

  test.each<[string, Size]>([
    ['smaller', { width: 20, height: 13 }],
    ['larger', { width: 50, height: 61 }],
    ['narrower and higher', { width: 11, height: 40 }],
    ['as high', { width: 30, height: 29 }],
    ['as wide', { width: 37, height: 8 }],
    ['of the same size', from],
    ['of one pixel', { width: 1, height: 1 }],
  ])('%s has the same values in whatever bands it is read', (_, to) => {
    const expected = resize(data, from, to);
    const raster = resizedRaster(arrayRaster(data, from), to);
    expect(raster).toMatchObject({ ...to, planes: 3 });
    for (const rows of [1, 3, 7]) {
      const got: number[] = [];
      for (let plane = 0; plane < 3; plane++) {
        for (let top = 0; top < to.height; top += rows) {
          got.push(...raster.rows(plane, top, Math.min(top + rows, to.height)));
        }
      }
      expect(got).toEqual([...expected]);
    }
  });

  test('of a large one in a store has the same values, though its source is read in parts', () => {
    const large: Size = { width: 3000, height: 1500 };
    const values = random(3000 * 1500);
    const store = storeRaster(byteArrayStore(new Uint8Array(values.buffer)), large, 1);
    let most = 0;
    const watched = {
      ...store,
      rows: (plane: number, top: number, bottom: number) => {
        most = Math.max(most, bottom - top);
        return store.rows(plane, top, bottom);
      },
    };
    const to: Size = { width: 400, height: 200 };
    const part = wholeOf(resizedRaster(watched, to));
    expect(most).toBeLessThan(large.height / 2);
    // Narrow rasters of the same rows are read at once.
    const strip = (column: number) => Float32Array.from({ length: 1500 }, (_, y) => values[y * 3000 + column]!);
    const column = resize(strip(7), { width: 1, height: 1500 }, { width: 1, height: 200 });
    const kept = resizedRaster(watched, { width: 3000, height: 200 });
    for (let y = 0; y < 200; y++) expect(kept.rows(0, y, y + 1)[7]).toBe(column[y]);
    expect(part).toEqual(resize(values, large, to));
  });
});
