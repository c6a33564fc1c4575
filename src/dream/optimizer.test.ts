import { describe, expect, test } from 'vitest';
import { arrayRaster } from '../image/index.js';
import { createOptimizer, memoryRasters, type OptimizerName } from './optimizer.js';

const gradients = [
  [1, -2, 0.001],
  [0.5, 2, 0],
  [-3, 0.1, 0.002],
  [0.25, 0, -0.01],
  [1, 1, 1],
].map((values) => new Float32Array(values));

function memoryOf(name: OptimizerName, count: number) {
  return Array.from({ length: memoryRasters[name] }, () =>
    arrayRaster(new Float32Array(count), { width: count, height: 1 }),
  );
}

/** The direction of each step, for gradients of up to three values. */
function optimizerOf(name: OptimizerName, momentum: number): (gradient: Float32Array) => Float32Array {
  const optimizer = createOptimizer(name, momentum, memoryOf(name, 3));
  return (gradient) => {
    optimizer.begin();
    return optimizer.direction(gradient, 0).slice();
  };
}

describe('an optimizer', () => {
  test('of plain ascent moves along the gradient', () => {
    const optimizer = optimizerOf('ascent', 0.9);
    for (const gradient of gradients) expect(optimizer(gradient)).toEqual(gradient);
  });

  test('with momentum keeps a part of every step before', () => {
    const optimizer = optimizerOf('momentum', 0.5);
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
    const optimizer = optimizerOf('momentum', 0);
    for (const gradient of gradients) expect(optimizer(gradient)).toEqual(gradient);
  });

  test('with momentum leaves the gradients as they are', () => {
    const optimizer = optimizerOf('momentum', 0.9);
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
    const optimizer = optimizerOf('adam', 0.9);
    gradients.forEach((gradient, step) => {
      optimizer(gradient).forEach((value, i) => {
        expect(value).toBeCloseTo(expected[step]![i]!, 5);
      });
    });
  });

  test('by Adam does not move where the gradient vanishes', () => {
    const optimizer = optimizerOf('adam', 0.9);
    for (let step = 0; step < 3; step++) expect([...optimizer(new Float32Array(2))]).toEqual([0, 0]);
  });

  test.each<OptimizerName>(['ascent', 'momentum', 'adam'])(
    'that is given its gradient in parts, and its memory in the middle, takes the same steps: %s',
    (name) => {
      const whole = optimizerOf(name, 0.9);
      const expected = gradients.map((gradient) => [...whole(gradient)]);
      const memory = memoryOf(name, 3);
      let optimizer = createOptimizer(name, 0.9, memory);
      gradients.forEach((gradient, step) => {
        if (step === 2) optimizer = createOptimizer(name, 0.9, memory, optimizer.state.steps);
        optimizer.begin();
        const parts = [optimizer.direction(gradient.slice(0, 2), 0), optimizer.direction(gradient.slice(2), 2)];
        expect(parts.flatMap((part) => [...part])).toEqual(expected[step]);
      });
    },
  );
});
