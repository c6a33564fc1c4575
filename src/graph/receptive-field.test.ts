import { expect, test } from 'vitest';
import { floats } from '../onnx/index.js';
import { GraphBuilder } from './builder.js';
import { receptiveFields } from './receptive-field.js';
import type { Value } from './value.js';

type Write = (g: GraphBuilder, x: Value) => Value;

const weight = (g: GraphBuilder, ...dims: number[]): Value =>
  g.constant(floats(new Float32Array(dims.reduce((a, b) => a * b, 1)).fill(1), dims));

const conv =
  (size: number, attributes = {}): Write =>
  (g, x) =>
    g.op('Conv', [x, weight(g, 4, x.shape[1]!, size, size)], attributes);

/** Stride and size of what a network makes of a picture of 32 × 32. */
function fieldOf(...steps: Write[]) {
  const g = new GraphBuilder();
  let x = g.input('x', [1, 4, 32, 32]);
  for (const step of steps) x = step(g, x);
  const { stride, size } = receptiveFields(g, 'x').get(x.name)!;
  expect([stride[0], size[0]]).toEqual([stride[1], size[1]]);
  return [stride[0], size[0]];
}

const apply =
  (op: string, attributes = {}): Write =>
  (g, x) =>
    g.op(op, [x], attributes);
const toLast = apply('Transpose', { perm: [0, 2, 3, 1] });
const toFirst = apply('Transpose', { perm: [0, 3, 1, 2] });
const everything = [1, Number.POSITIVE_INFINITY];

test('windows make the field grow by strides of their input', () => {
  expect(fieldOf(conv(3))).toEqual([1, 3]);
  expect(fieldOf(conv(3, { strides: [2, 2] }), conv(3))).toEqual([2, 7]);
  expect(fieldOf(conv(3, { dilations: [2, 2] }), apply('MaxPool', { kernel_shape: [2, 2], strides: [2, 2] }))).toEqual([
    2, 6,
  ]);
});

test('larger maps have shorter strides', () => {
  const twice: Write = (g, x) => g.op('Resize', [x, undefined, g.constant(floats([1, 1, 2, 2]))], { mode: 'linear' });
  expect(fieldOf(conv(3, { strides: [2, 2] }), twice)).toEqual([1, 5]);
  const transposed: Write = (g, x) => g.op('ConvTranspose', [x, weight(g, 4, 4, 4, 4)], { strides: [2, 2] });
  expect(fieldOf(conv(3, { strides: [2, 2] }), transposed)).toEqual([1, 5]);
  expect(fieldOf(apply('SpaceToDepth', { blocksize: 2 }), conv(3))).toEqual([2, 6]);
  expect(fieldOf(apply('SpaceToDepth', { blocksize: 2 }), apply('DepthToSpace', { blocksize: 2 }))).toEqual([1, 2]);
});

test('what mixes channels leaves rows and columns apart, wherever they stand', () => {
  const norm: Write = (g, x) => g.op('LayerNormalization', [x, weight(g, 4)]);
  const dense: Write = (g, x) => g.op('MatMul', [x, weight(g, 4, 4)]);
  expect(fieldOf(conv(3), toLast, norm, dense, apply('Softmax'), toFirst, conv(3))).toEqual([1, 5]);
  const mean: Write = (g, x) => g.op('ReduceMean', [x, g.ints([1])], { keepdims: 0 });
  const back: Write = (g, x) => g.op('Unsqueeze', [x, g.ints([1])]);
  expect(fieldOf(conv(3), mean, back, conv(3))).toEqual([1, 5]);
  const shuffled: Write = (g, x) => {
    const apart = g.op('Transpose', [g.op('Reshape', [x, g.ints([1, 2, 2, 32, 32])])], { perm: [0, 2, 1, 3, 4] });
    return g.op('Reshape', [apart, g.ints([1, 4, 32, 32])]);
  };
  expect(fieldOf(shuffled, conv(3))).toEqual([1, 3]);
});

test('what mixes rows or columns sees everything', () => {
  const norm: Write = (g, x) => g.op('LayerNormalization', [x, weight(g, 32)]);
  expect(fieldOf(norm)).toEqual(everything);
  expect(fieldOf((g, x) => g.op('ReduceMean', [x, g.ints([2, 3])]))).toEqual(everything);
  expect(fieldOf(apply('GlobalMaxPool'))).toEqual(everything);
  expect(fieldOf((g, x) => g.op('InstanceNormalization', [x, weight(g, 4), weight(g, 4)]))).toEqual(everything);
  expect(fieldOf((g, x) => g.op('MatMul', [x, x]))).toEqual(everything);
  expect(fieldOf((g, x) => g.op('Mul', [x, g.op('GlobalAveragePool', [x])]), conv(3))).toEqual(everything);
});
