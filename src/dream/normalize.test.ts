import { describe, expect, test } from 'vitest';
import { rootMeanSquare, splitPyramid } from '../../test/at-once.js';
import { noise } from '../../test/run-model.js';
import { atOnce, type Size } from '../image/index.js';
import { divided, measure, type Normalizer, normalizeBands } from './normalize.js';

const levelled = (gradient: Float32Array, size: Size, levels: number) => atOnce(normalizeBands(gradient, size, levels));
const strengthsOf = (gradient: Float32Array, size: Size) =>
  splitPyramid(gradient, size, 2).map(({ data }) => rootMeanSquare(data));

const normalize = (values: Float32Array, normalizer: Normalizer) =>
  divided(values, atOnce(measure(values, normalizer)));

const gradient = new Float32Array([1, -2, 3, -4, 7]);
// mean 1, variance (0 + 9 + 4 + 25 + 36) / 5, magnitudes 17, squares 79.
const deviation = Math.sqrt(74 / 5);

describe('a gradient is divided by', () => {
  test.each<[Normalizer, number]>([
    ['std', deviation],
    ['mean-abs', 17 / 5],
    ['rms', Math.sqrt(79 / 5)],
    ['l2', Math.sqrt(79)],
    ['max', 7],
    ['clip-norm', Math.sqrt(79)],
    ['none', 1],
  ])('%s', (normalizer, size) => {
    normalize(gradient, normalizer).forEach((value, i) => {
      expect(value).toBeCloseTo(gradient[i]! / size, 6);
    });
  });

  test('its deviation, without its mean, to standardize it', () => {
    normalize(gradient, 'standardize').forEach((value, i) => {
      expect(value).toBeCloseTo((gradient[i]! - 1) / deviation, 6);
    });
  });

  test('nothing by clip-norm while its norm is at most 1', () => {
    const small = new Float32Array([0.6, -0.8]);
    expect(normalize(small, 'clip-norm')).toEqual(small);
    expect(normalize(new Float32Array([0.5, 0.5]), 'clip-norm')).toEqual(new Float32Array([0.5, 0.5]));
  });

  test.each<[Normalizer]>([['std'], ['standardize'], ['mean-abs'], ['rms'], ['l2'], ['max'], ['clip-norm'], ['none']])(
    'nothing when it vanishes: %s',
    (normalizer) => {
      expect(normalize(new Float32Array(8), normalizer)).toEqual(new Float32Array(8));
    },
  );

  test('and is itself left as it is', () => {
    normalize(gradient, 'std');
    expect([...gradient]).toEqual([1, -2, 3, -4, 7]);
  });
});

describe('bands', () => {
  test('are those of lap_normalize in the tutorial of 2016, as NumPy computes it', () => {
    const plane = Float32Array.from({ length: 42 }, (_, i) => {
      const [y, x] = [Math.floor(i / 7), i % 7];
      return ((3 * y * y + 5 * x + 2 * y * x) % 11) / 10;
    });
    const expected = [
      [0.19472, 1.79579, 3.36411, 1.55674, 3.01588, 1.13833, 2.56157],
      [1.25026, 3.52494, 2.42897, 1.21931, 3.2437, 1.91582, 0.57023],
      [0.71611, 3.61566, 3.13042, 2.51213, 1.80882, 1.06854, 0.31022],
      [1.92576, 2.10702, 2.21205, 2.18787, 2.08486, 1.95343, 1.80637],
      [1.58999, 2.34944, 3.04017, 3.62192, 0.82275, 1.30476, 1.77215],
      [3.01263, 1.02355, 2.2936, 3.48607, 1.31304, 2.42067, 0.20436],
    ].flat();
    levelled(plane, { width: 7, height: 6 }, 2).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 4);
    });
  });

  test('all weigh the same afterwards, however weak they were', () => {
    const size = { width: 32, height: 32 };
    const rough = noise([3, 32, 32]).data;
    const slow = rough.map((value, i) => 0.001 * value + Math.sin((i % 32) / 5));
    const strengths = strengthsOf(slow, size);
    expect(Math.max(...strengths)).toBeGreaterThan(5 * Math.min(...strengths));
    for (const strength of strengthsOf(levelled(slow, size, 2), size)) {
      // Splitting again moves a little between the bands.
      expect(strength).toBeGreaterThan(0.5);
      expect(strength).toBeLessThan(2);
    }
  });

  test('of a gradient that vanishes stay as they are', () => {
    expect(levelled(new Float32Array(3 * 64), { width: 8, height: 8 }, 3)).toEqual(new Float32Array(3 * 64));
  });
});
