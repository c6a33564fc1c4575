import { describe, expect, test } from 'vitest';
import { node } from '../../test/run-model.js';
import { type ErrorCode, ModelError } from '../errors.js';
import { floats, ints, type Tensor } from '../onnx/index.js';
import { type AttributeValues, intAttribute } from './attributes.js';
import { broadcastShapes, positiveAxis } from './broadcast.js';
import { inferTypes } from './infer-types.js';

/** The types of a node's outputs; inputs are shapes of float tensors, constants, or left out. */
function inferred(
  op: string,
  inputs: readonly (readonly number[] | Tensor | undefined)[],
  attributes: AttributeValues = {},
  outputs = ['y'],
) {
  const constants = inputs.map((input) => (input && 'data' in input ? input : undefined));
  const values = inputs.map((input, i) => {
    if (!input) return undefined;
    return 'data' in input
      ? { name: `c${i}`, dtype: input.dtype, shape: input.dims }
      : { name: `x${i}`, dtype: 'float32' as const, shape: input };
  });
  const names = values.map((value) => value?.name ?? '');
  return inferTypes(node(op, names, outputs, attributes), values, constants);
}

describe('inferTypes', () => {
  test('an output that is left out has its type all the same', () => {
    expect(inferred('MaxPool', [[1, 1, 4, 4]], { kernel_shape: [2, 2] }, ['y', ''])).toEqual([
      { dtype: 'float32', shape: [1, 1, 3, 3] },
      { dtype: 'int64', shape: [1, 1, 3, 3] },
    ]);
  });

  const picture = [1, 3, 8, 8];
  const longList = ints(new Array(5000).fill(1));
  test.each<[string, ErrorCode, Parameters<typeof inferred>]>([
    ['an unknown operator', 'model/unsupported', ['GridSample', [picture]]],
    ['no input', 'model/format', ['Relu', []]],
    ['a Conv without weights', 'model/format', ['Conv', [picture]]],
    ['a Conv whose weights are left out', 'model/format', ['Conv', [picture, undefined, [4]]]],
    ['an Add of one', 'model/format', ['Add', [picture]]],
    ['a Sum of nothing', 'model/format', ['Sum', []]],
    ['a Sum with a hole', 'model/format', ['Sum', [picture, undefined, picture]]],
    ['a Slice without ends', 'model/format', ['Slice', [picture, ints([0])]]],
    ['a second output of Relu', 'model/format', ['Relu', [picture], {}, ['y', 'z']]],
    ['a shape of floats', 'model/format', ['Reshape', [picture, floats([3, 64])]]],
    ['a shape in two dimensions', 'model/format', ['Reshape', [picture, ints([3, 64], [1, 2])]]],
    ['a shape of five thousand sizes', 'model/format', ['Expand', [picture, longList]]],
    ['axes of floats', 'model/format', ['ReduceMean', [picture, floats([1])]]],
    ['an axis that is not there', 'model/shape', ['ReduceMean', [picture, ints([1000])]]],
    ['a Slice of axis 2^31', 'model/shape', ['Slice', [picture, ints([0]), ints([1]), ints([2 ** 31])]]],
    ['a negative size', 'model/shape', ['Pad', [picture, ints([0, 0, -9, 0, 0, 0, 0, 0])]]],
    ['a size that is no number', 'model/shape', ['Transpose', [picture], { perm: [0, 1, 2, 9] }]],
    ['a stride of 0', 'model/shape', ['MaxPool', [picture], { kernel_shape: [2, 2], strides: [0, 1] }]],
    ['strides for one axis', 'model/shape', ['MaxPool', [picture], { kernel_shape: [2, 2], strides: [1] }]],
    ['more elements than numbers count', 'model/shape', ['ConstantOfShape', [ints([2 ** 30, 2 ** 30])]]],
    ['an attribute of another type', 'model/format', ['Flatten', [picture], { axis: 'one' }]],
  ])('%s is refused', (_what, code, question) => {
    try {
      inferred(...question);
    } catch (error) {
      expect(error).toBeInstanceOf(ModelError);
      expect((error as ModelError).code).toBe(code);
      expect((error as ModelError).message).toMatch(/^[^\n]{10,300}\.$/);
      return;
    }
    throw new Error('nothing was refused');
  });
});

test('shapes broadcast from their last axis on', () => {
  expect(broadcastShapes([2, 1, 4], [3, 1], [])).toEqual([2, 3, 4]);
  expect(broadcastShapes([2, 1], [0])).toEqual([2, 0]);
  expect(broadcastShapes([2], [3])).toBeUndefined();
  expect(broadcastShapes([1, 2], [3, 1], [4, 1])).toBeUndefined();
  expect(broadcastShapes([], [])).toEqual([]);
  expect(broadcastShapes()).toEqual([]);
});

test('axes count from the end when they are negative, and there is none beyond the last but its end', () => {
  expect([0, 3, -1, -4, 4].map((axis) => positiveAxis(axis, 4))).toEqual([0, 3, 3, 0, 4]);
  for (const axis of [5, -5, 2 ** 31, Number.NaN]) expect(() => positiveAxis(axis, 4)).toThrow(ModelError);
});

test('an attribute of the wrong type is refused, one left out has its default', () => {
  const pool = node('MaxPool', ['x'], ['y'], { ceil_mode: 'yes' });
  expect(() => intAttribute(pool, 'ceil_mode', 0)).toThrow(
    /"MaxPool of y": attribute "ceil_mode" is string, expected int/,
  );
  expect(intAttribute(pool, 'storage_order', 7)).toBe(7);
});
