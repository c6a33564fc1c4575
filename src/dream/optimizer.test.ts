import { describe, expect, test } from 'vitest';
import { createOptimizer } from './optimizer.js';

const gradients = [
  [1, -2, 0.001],
  [0.5, 2, 0],
  [-3, 0.1, 0.002],
  [0.25, 0, -0.01],
  [1, 1, 1],
].map((values) => new Float32Array(values));

describe('an optimizer', () => {
  test('of plain ascent moves along the gradient', () => {
    const optimizer = createOptimizer('ascent', 0.9);
    for (const gradient of gradients) expect(optimizer(gradient)).toEqual(gradient);
  });

  test('with momentum keeps a part of every step before', () => {
    const optimizer = createOptimizer('momentum', 0.5);
    const velocity = [0, 0, 0];
    for (const gradient of gradients) {
      const direction = optimizer(gradient);
      gradient.forEach((value, i) => {
        velocity[i] = 0.5 * velocity[i]! + value;
        expect(direction[i]).toBeCloseTo(velocity[i]!, 6);
      });
    }
  });

  test('with momentum 0 is plain ascent', () => {
    const optimizer = createOptimizer('momentum', 0);
    for (const gradient of gradients) expect(optimizer(gradient)).toEqual(gradient);
  });

  test('with momentum leaves the gradients as they are', () => {
    const optimizer = createOptimizer('momentum', 0.9);
    const [first, second] = [new Float32Array([1]), new Float32Array([2])];
    optimizer(first);
    optimizer(second);
    expect([first[0], second[0]]).toEqual([1, 2]);
  });

  test("by Adam takes the steps of PyTorch's torch.optim.Adam with a rate of 1", () => {
    const expected = [
      [1.0, -1.0, 0.99999],
      [0.93218, 0.052632, 0.670049],
      [-0.347224, 0.063247, 0.802932],
      [-0.238292, 0.051808, -0.423711],
      [-0.029937, 0.223292, 0.541793],
    ];
    const optimizer = createOptimizer('adam', 0.9);
    gradients.forEach((gradient, step) => {
      optimizer(gradient).forEach((value, i) => {
        expect(value).toBeCloseTo(expected[step]![i]!, 5);
      });
    });
  });

  test('by Adam does not move where the gradient vanishes', () => {
    const optimizer = createOptimizer('adam', 0.9);
    for (let step = 0; step < 3; step++) expect([...optimizer(new Float32Array(2))]).toEqual([0, 0]);
  });
});
