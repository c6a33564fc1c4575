import { describe, expect, test } from 'vitest';
import { noise } from '../../test/run-model.js';
import { totalVariationGradient } from './penalty.js';

/** `Σ √(dx² + dy² + ε²)` over three planes, in float64. */
function totalVariation(values: Float64Array, width: number, height: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    const dx = x + 1 < width ? values[i + 1]! - values[i]! : 0;
    const dy = y + 1 < height ? values[i + width]! - values[i]! : 0;
    sum += Math.sqrt(dx * dx + dy * dy + 1e-6);
  }
  return sum;
}

describe('the gradient of the total variation', () => {
  test.each([
    [6, 5],
    [1, 7],
    [7, 1],
  ])('is what finite differences say, borders and planes included: %i×%i', (width, height) => {
    const { data } = noise([3, height, width]);
    const gradient = totalVariationGradient(data, { width, height });
    const values = Float64Array.from(data);
    data.forEach((value, i) => {
      const at = (offset: number) => {
        const moved = values.slice();
        moved[i] = value + offset;
        return totalVariation(moved, width, height);
      };
      expect(gradient[i]).toBeCloseTo((at(1e-6) - at(-1e-6)) / 2e-6, 4);
    });
  });

  test('is nothing on flat ground', () => {
    const gradient = totalVariationGradient(new Float32Array(3 * 12).fill(0.4), { width: 4, height: 3 });
    expect(Math.max(...gradient.map(Math.abs))).toBe(0);
  });

  test('lets a lone bright pixel fall, and its neighbours rise', () => {
    const data = new Float32Array(25);
    data[12] = 1;
    const gradient = totalVariationGradient(data, { width: 5, height: 5 });
    expect(gradient[12]).toBeGreaterThan(1);
    for (const neighbour of [7, 11, 13, 17]) expect(gradient[neighbour]).toBeLessThan(0);
  });
});
