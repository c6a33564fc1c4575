import { describe, expect, test } from 'vitest';
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

/** Stride and centre of what a network makes of a picture of 32 × 32, down and across. */
function gridOf(...steps: Write[]) {
  const g = new GraphBuilder();
  let x = g.input('x', [1, 4, 32, 32]);
  for (const step of steps) x = step(g, x);
  const { stride, centre } = receptiveFields(g, 'x').get(x.name)!;
  return [stride, centre];
}

describe('the first element looks at', () => {
  const half = { strides: [2, 2] };

  test('the middle of its window, which padding moves outwards', () => {
    expect(gridOf()).toEqual([
      [1, 1],
      [0.5, 0.5],
    ]);
    expect(gridOf(conv(3))[1]).toEqual([1.5, 1.5]);
    expect(gridOf(conv(3, { pads: [1, 1, 1, 1] }))[1]).toEqual([0.5, 0.5]);
    expect(gridOf(conv(3, { ...half, pads: [0, 1, 1, 0] }))).toEqual([
      [2, 2],
      [1.5, 0.5],
    ]);
    // Windows of 2 by 2, of which the second look at 4 pixels from the one before.
    expect(gridOf(apply('MaxPool', { kernel_shape: [2, 2], ...half }), conv(3, half))).toEqual([
      [4, 4],
      [3, 3],
    ]);
    expect(gridOf(conv(3, { dilations: [2, 3] }))[1]).toEqual([2.5, 3.5]);
  });

  test('where it was cut or padded to', () => {
    const pads = (g: GraphBuilder, x: Value): Value => g.op('Pad', [x, g.ints([0, 0, 3, 1, 0, 0, 2, 2])]);
    expect(gridOf(pads)[1]).toEqual([-2.5, -0.5]);
    const slice: Write = (g, x) => g.op('Slice', [x, g.ints([4, 1]), g.ints([32, 31]), g.ints([2, 3]), g.ints([1, 2])]);
    expect(gridOf(conv(3, half), slice)).toEqual([
      [2, 4],
      [9.5, 3.5],
    ]);
  });

  test('a part of an element in larger maps', () => {
    const twice: Write = (g, x) =>
      g.op('Resize', [x, undefined, g.constant(floats([1, 1, 2, 2]))], { mode: 'nearest' });
    expect(gridOf(apply('MaxPool', { kernel_shape: [2, 2], ...half }), twice)[1]).toEqual([0.5, 0.5]);
    const transposed: Write = (g, x) =>
      g.op('ConvTranspose', [x, weight(g, 4, 4, 4, 4)], { ...half, pads: [1, 1, 1, 1] });
    expect(gridOf(apply('MaxPool', { kernel_shape: [2, 2], ...half }), transposed)[1]).toEqual([0.5, 0.5]);
    expect(gridOf(apply('SpaceToDepth', { blocksize: 4 }))).toEqual([
      [4, 4],
      [2, 2],
    ]);
    expect(gridOf(apply('SpaceToDepth', { blocksize: 2 }), apply('DepthToSpace', { blocksize: 2 }))[1]).toEqual([
      0.5, 0.5,
    ]);
  });

  test('the middle of what the branches see together', () => {
    const branches: Write = (g, x) =>
      g.op('Add', [conv(1, half)(g, x), conv(4, { ...half, pads: [1, 1, 1, 1] })(g, x)]);
    // The first branch sees pixel 0, the second one pixels -1 to 2.
    expect([fieldOf(branches), gridOf(branches)[1]]).toEqual([
      [2, 4],
      [1, 1],
    ]);
  });

  test('the same place after a gate or a normalisation over the whole map', () => {
    const gate: Write = (g, x) => g.op('Mul', [g.op('GlobalAveragePool', [x]), x]);
    const norm: Write = (g, x) => g.op('InstanceNormalization', [x, weight(g, 4), weight(g, 4)]);
    for (const spread of [gate, norm]) {
      expect(gridOf(conv(3, half), spread, conv(3, half))).toEqual([
        [4, 4],
        [3.5, 3.5],
      ]);
      expect(fieldOf(conv(3, half), spread, conv(3, half))).toEqual([4, Number.POSITIVE_INFINITY]);
    }
  });

  test('nothing that is known where rows and columns are lost', () => {
    expect(gridOf(apply('GlobalAveragePool'))[1]).toEqual([Number.NaN, Number.NaN]);
  });
});
