import { afterAll, beforeAll, expect, test } from 'vitest';
import { noise } from '../../../test/run-model.js';
import { differentiate } from '../../gradient/index.js';
import { GraphBuilder } from '../../graph/index.js';
import { writeModel } from '../../onnx/index.js';
import { createNodePlatform, type NodePlatform } from '../../platform/node/platform.js';
import { textureLikeness, textureOf } from './texture.js';

let platform: NodePlatform;
beforeAll(async () => {
  platform = await createNodePlatform({ threads: 1 });
});
afterAll(() => platform.close());

const [count, height, width] = [3, 4, 5];
const shape = [1, count, height, width];
const layer = noise(shape, 1);
const others = [2, 3].map((seed, i) => ({ tensor: noise(shape, seed), weight: 0.5 + i }));

/** The cosine between two Gram matrices, in plain sums. */
function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const area = height * width;
  const gram = (values: ArrayLike<number>): number[] =>
    Array.from({ length: count * count }, (_, i) => {
      const [row, column] = [Math.floor(i / count), i % count];
      return Array.from({ length: area }, (_, at) => values[row * area + at]! * values[column * area + at]!).reduce(
        (sum, value) => sum + value,
      );
    });
  const [first, second] = [gram(a), gram(b)];
  const dot = first.reduce((sum, value, i) => sum + value * second[i]!, 0);
  return dot / (Math.hypot(...first) * Math.hypot(...second));
}

const expected = (values: ArrayLike<number>) =>
  others.reduce((sum, { tensor, weight }) => sum + weight * cosine(values, tensor.data), 0);

test('likeness is the weighted cosine between Gram matrices, and its gradient that of finite differences', async () => {
  const g = new GraphBuilder();
  const x = g.input('x', shape);
  const likeness = textureLikeness(g, x, g.input('others', [count, count]));
  const gradient = differentiate(g, { of: likeness, to: x });
  const session = await platform.createSession(writeModel(g.toModel({ likeness, gradient })));
  const outputs = await session.run({
    x: { dims: shape, data: layer.data.slice() },
    others: { dims: [count, count], data: textureOf(others) },
  });
  await session.close();
  expect(outputs['likeness']!.data[0]).toBeCloseTo(expected(layer.data), 5);
  layer.data.forEach((value, i) => {
    const at = (offset: number) => expected(Float64Array.from(layer.data).with(i, value + offset));
    expect(outputs['gradient']!.data[i], `${i}`).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 4);
  });
});

test('a texture is wherever it is: mirrored and shifted it is the same', () => {
  const mirrored = Float32Array.from(layer.data, (_, i) => layer.data[i - (i % width) + (width - 1 - (i % width))]!);
  const [one, other] = [layer.data, mirrored].map((data) => textureOf([{ tensor: { dims: shape, data }, weight: 1 }]));
  one!.forEach((value, i) => void expect(other![i]).toBeCloseTo(value, 6));
});

test('nothing active is like nothing, instead of not a number', () => {
  const data = new Float32Array(layer.data.length);
  expect(textureOf([{ tensor: { dims: shape, data }, weight: 1 }]).every((value) => value === 0)).toBe(true);
});
