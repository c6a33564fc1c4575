import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { modelOf, node, runModel, valuesOf } from '../../test/run-model.js';
import { ModelError } from '../errors.js';
import { asNumbers, type DType, elementCount, floats, ints, type Tensor } from '../onnx/index.js';
import { dtypes } from '../onnx/tensor.js';
import { createNodePlatform, type NodePlatform } from '../platform/node/platform.js';
import type { AttributeValues } from './attributes.js';
import { evaluate } from './evaluate.js';

function tensorOf(dtype: DType, values: readonly number[], dims: readonly number[] = [values.length]): Tensor {
  const data = new dtypes[dtype].array(values.length);
  values.forEach((value, i) => {
    data[i] = dtype.endsWith('int64') ? BigInt(value) : value;
  });
  return { dtype, dims, data };
}

/** Distinct numbers, so that one in the wrong place is seen. */
const counting = (...dims: number[]): Tensor =>
  floats(
    Array.from({ length: elementCount(dims) }, (_, i) => i + 0.5),
    dims,
  );

const scalarInt = (value: number): Tensor => ints([value], []);
const toEnd = 2 ** 63;
const positive = floats([0.25, 1, 2, 9, 1e-3, 1e4], [2, 3]);
const signed = floats([-2.5, -0, 0, 3, 1e30, -1e-30], [2, 3]);

type EvaluationCase = [op: string, inputs: (Tensor | undefined)[], attributes?: AttributeValues];

/** A node each, with constant inputs. */
const cases: EvaluationCase[] = [
  ['Constant', [], { value: { type: 'tensor', value: counting(2, 2) } }],
  ['Identity', [counting(3)]],
  ['Identity', [tensorOf('bool', [1, 0])]],
  ['Reshape', [counting(2, 3, 4), ints([0, -1])]],
  ['Reshape', [ints([1, 2, 3, 4]), ints([2, 2])]],
  ['Flatten', [counting(2, 3, 4)], { axis: 2 }],
  ['Squeeze', [counting(1, 3, 1), ints([0])]],
  ['Squeeze', [counting(1, 3, 1)]],
  ['Unsqueeze', [scalarInt(7), ints([0])]],
  ['Unsqueeze', [counting(3, 2), ints([1, -1])]],
  ['Transpose', [counting(2, 3, 4)], { perm: [2, 0, 1] }],
  ['Transpose', [counting(2, 3)]],
  ['Transpose', [tensorOf('uint8', [1, 2, 3, 4, 5, 255], [2, 3])]],
  ['Transpose', [ints([toEnd, 1, -toEnd, 2], [2, 2])]],
  ['Slice', [counting(4, 5), ints([1, -2]), ints([3, toEnd])]],
  ['Slice', [counting(4, 5), ints([4]), ints([-toEnd]), ints([-1]), ints([-2])]],
  ['Slice', [ints([1, 3, 8, 7]), ints([2]), ints([toEnd]), ints([0])]],
  ['Slice', [counting(3), ints([2]), ints([1])]],
  ['Expand', [counting(3, 1), ints([2, 1, 4])]],
  ['Expand', [ints([toEnd], []), ints([2])]],
  ['Expand', [tensorOf('bool', [1, 0], [2, 1]), ints([2, 2])]],
  ['ConstantOfShape', [ints([2, 3])]],
  ['ConstantOfShape', [ints([3])], { value: { type: 'tensor', value: ints([-1]) } }],
  ['ConstantOfShape', [ints([])], { value: { type: 'tensor', value: floats([4]) } }],
  ['Gather', [counting(3, 4, 2), ints([3, 0, -1, 2], [2, 2])], { axis: 1 }],
  ['Gather', [ints([1, 3, 224, 224]), scalarInt(-1)]],
  ['Gather', [counting(3, 2), ints([], [0])]],
  ['Gather', [ints([5, toEnd]), ints([1])]],
  ['Concat', [ints([1, 2]), ints([3]), ints([], [0])], { axis: 0 }],
  ['Concat', [counting(2, 1, 2), counting(2, 3, 2)], { axis: -2 }],
  ['Concat', [ints([0]), ints([toEnd])], { axis: 0 }],
  ['Concat', [tensorOf('int32', [1, -2]), tensorOf('int32', [3])], { axis: 0 }],
  ['Cast', [floats([-2.7, 2.7, 0, 1e9])], { to: 7 }],
  ['Cast', [floats([-2.7, 2.7, 0])], { to: 6 }],
  ['Cast', [floats([0.2, 0, -3])], { to: 9 }],
  ['Cast', [floats([0, 127.9, 255])], { to: 2 }],
  ['Cast', [floats([0, -128, 127])], { to: 3 }],
  ['Cast', [floats([0.1])], { to: 11 }],
  ['Cast', [tensorOf('float64', [0.1, 1e-60])], { to: 1 }],
  ['Cast', [tensorOf('float16', [0x3555, 0x0001, 0xfc00])], { to: 1 }],
  ['Cast', [tensorOf('bool', [1, 0])], { to: 1 }],
  ['Cast', [ints([3, -4, 2 ** 40])], { to: 1 }],
  ['Cast', [ints([3, toEnd])], { to: 7 }],
  ['Cast', [tensorOf('int32', [5, -5])], { to: 7 }],
  ['DequantizeLinear', [tensorOf('uint8', [0, 128, 255, 3], [2, 2]), floats([0.1], [])]],
  ['DequantizeLinear', [tensorOf('uint8', [0, 128, 255, 3], [2, 2]), floats([0.1], []), tensorOf('uint8', [128], [])]],
  ['DequantizeLinear', [tensorOf('int8', [-128, 127, 5], [3]), floats([0.1]), tensorOf('int8', [-3])], { axis: 0 }],
  ['DequantizeLinear', [tensorOf('int32', [-70_000, 70_000]), floats([1e-3], [])]],
  [
    'DequantizeLinear',
    [tensorOf('uint8', [1, 2, 3, 4, 5, 6], [3, 2, 1]), floats([0.1, 2, 0.3]), tensorOf('uint8', [0, 128, 255])],
    { axis: 0 },
  ],
  [
    'DequantizeLinear',
    [tensorOf('int8', [1, 2, 3, 4, 5, -6], [1, 3, 2]), floats([0.1, 2]), tensorOf('int8', [0, -128])],
    { axis: -1 },
  ],
  ['DequantizeLinear', [tensorOf('uint8', [1, 2, 3, 4], [2, 2]), floats([0.5, 2]), tensorOf('uint8', [1, 0])]],
  ['Add', [signed, floats([1, 2, 3])]],
  ['Add', [ints([1, -2], [2, 1]), ints([10, 20, 30])]],
  ['Add', [tensorOf('int32', [2 ** 31 - 1]), tensorOf('int32', [1])]],
  ['Sub', [signed, floats([0.1], [])]],
  ['Sub', [ints([5]), ints([7, 9])]],
  ['Mul', [signed, positive]],
  ['Mul', [ints([224, 3], [2, 1]), ints([2, -2])]],
  ['Div', [signed, positive]],
  ['Div', [floats([1, -1, 0]), floats([0])]],
  ['Div', [ints([7, -7, 7, -7]), ints([2, 2, -2, -2])]],
  ['Div', [tensorOf('int32', [-9, 9]), tensorOf('int32', [4])]],
  ['Pow', [positive, floats([2], [])]],
  ['Pow', [positive, floats([0.5], [])]],
  ['Pow', [ints([2, 3]), ints([10])]],
  ['Sqrt', [positive]],
  ['Neg', [signed]],
  ['Neg', [ints([3, -4])]],
  ['Exp', [floats([-1, 0, 1, 3.5, -200])]],
  ['Reciprocal', [positive]],
  ['Shape', [counting(2, 3, 4)], { start: -2 }],
  ['Size', [counting(2, 3, 4)]],
  ['Range', [scalarInt(2), scalarInt(11), scalarInt(4)]],
  ['Range', [floats([1], []), floats([-1], []), floats([-0.5], [])]],
  ['Tile', [counting(2, 1, 3), ints([1, 2, 2])]],
  ['Trilu', [counting(2, 3, 3)]],
  ['Trilu', [counting(3, 4), scalarInt(-1)], { upper: 0 }],
  ['Trilu', [counting(3, 4), scalarInt(2)]],
  ['GatherND', [counting(3, 4), ints([0, 1, 2, -1], [2, 2])]],
  ['GatherND', [counting(3, 4), ints([2, -3], [2, 1])]],
  ['ScatterND', [counting(3, 2), ints([2, -3], [2, 1]), floats([7, 8, 9, 10], [2, 2])]],
  ['NonZero', [floats([0, 2, 0, 3, 0, 5], [2, 3])]],
  ['CastLike', [floats([2.7, -1]), ints([0])]],
  ['Mod', [ints([7, -7, 7, -7]), ints([3, 3, -3, -3])]],
  ['Mod', [floats([7.5, -7.5]), floats([2])], { fmod: 1 }],
  ['Max', [ints([1, 5]), ints([3]), ints([-2, 9], [2, 1])]],
  ['Min', [floats([1, 5]), floats([3])]],
  ['Abs', [signed]],
  ['Sign', [ints([-3, 0, 4])]],
  ['Log', [positive]],
  ['Floor', [floats([-1.5, 1.5, 2])]],
  ['Ceil', [floats([-1.5, 1.5, 2])]],
  ['Round', [floats([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.4, -2.6])]],
  ['Not', [tensorOf('bool', [1, 0])]],
  ['And', [tensorOf('bool', [1, 0, 1]), tensorOf('bool', [1])]],
  ['Or', [tensorOf('bool', [1, 0]), tensorOf('bool', [0])]],
  ['Xor', [tensorOf('bool', [1, 0]), tensorOf('bool', [1])]],
  ['Equal', [ints([3, -1]), ints([-1])]],
  ['Greater', [floats([3, -1]), floats([-1])]],
  ['GreaterOrEqual', [floats([3, -1]), floats([-1])]],
  ['Less', [ints([3, -1]), ints([0])]],
  ['LessOrEqual', [ints([3, -1]), ints([3])]],
  ['Where', [tensorOf('bool', [1, 0]), ints([1, toEnd]), ints([7, 8], [2, 1])]],
  ['ReduceSum', [ints([1, 2, 3, 4], [2, 2]), ints([0])], { keepdims: 0 }],
  ['ReduceProd', [ints([2, 3, 4])], { keepdims: 0 }],
  ['ReduceProd', [ints([2, 3, 4], [1, 3]), ints([0])]],
  ['ReduceMax', [counting(2, 3, 2), ints([-1, 0])]],
  ['ReduceMin', [counting(2, 3), ints([1])], { keepdims: 0 }],
  ['ReduceMean', [counting(2, 3), ints([0])]],
];

let platform: NodePlatform;
beforeAll(async () => {
  platform = await createNodePlatform({ threads: 1 });
});
afterAll(() => platform.close());

/** What onnxruntime computes for a node on constants. */
async function reference(op: string, inputs: (Tensor | undefined)[], attributes?: AttributeValues) {
  const names = inputs.map((tensor, i) => (tensor ? `c${i}` : ''));
  const known = Object.fromEntries(inputs.flatMap((tensor, i) => (tensor ? [[`c${i}`, tensor]] : [])));
  const written = node(op, names, ['y'], attributes);
  const own = evaluate(written, inputs)!;
  expect(own).toHaveLength(1);
  const output = [own[0]!.dims.length, own[0]!.dtype] as const;
  const { y } = await runModel(platform, modelOf({ nodes: [written], outputs: { y: output }, initializers: known }));
  return { own: own[0]!, y: y! };
}

const named = cases.map((entry, i): [string, ...EvaluationCase] => {
  const inputs = entry[1].map((tensor) => tensor && `${tensor.dtype}[${tensor.dims}]`);
  return [`${i + 1}: ${entry[0]}(${inputs.join(', ')})`, ...entry];
});

test.each(named)('%s is what onnxruntime computes', async (_name, op, inputs, attributes) => {
  const { own, y } = await reference(op, inputs, attributes);
  expect(y.dims).toEqual(own.dims);
  expect(own.data).toHaveLength(elementCount(own.dims));
  expect(own.data.constructor).toBe(dtypes[own.dtype].array);
  if (!(own.data instanceof Float32Array) || !['Exp', 'Log', 'Pow', 'Sqrt'].includes(op)) {
    expect(own.data).toEqual(y.data);
    return;
  }
  // onnxruntime approximates these in float32.
  const theirs = valuesOf(y);
  asNumbers(own).forEach((value, i) => {
    expect(Math.abs(value - theirs[i]!)).toBeLessThanOrEqual(Math.abs(value) * 2 ** -22);
  });
});

describe('evaluate', () => {
  const evaluated = (op: string, inputs: (Tensor | undefined)[], attributes?: AttributeValues) =>
    evaluate(
      node(
        op,
        inputs.map((tensor, i) => (tensor ? `c${i}` : '')),
        ['y'],
        attributes,
      ),
      inputs,
    );

  test('leaves what it does not cover to the runtime', () => {
    expect(evaluated('Tanh', [floats([1])])).toBeUndefined();
    expect(evaluated('NoSuchOperator', [floats([1])])).toBeUndefined();
    expect(evaluate(node('Dropout', ['x'], ['a', 'b']), [counting(4)])).toBeUndefined();
  });

  test('cuts a constant into parts', () => {
    const split = node('Split', ['x'], ['a', 'b'], { num_outputs: 2, axis: 1 });
    const [a, b] = evaluate(split, [counting(2, 3)])!;
    expect(a).toEqual(floats([0.5, 1.5, 3.5, 4.5], [2, 2]));
    expect(b).toEqual(floats([2.5, 5.5], [2, 1]));
  });

  test('leaves integers that numbers do not hold exactly to the runtime', () => {
    expect(evaluated('Add', [ints([toEnd]), ints([0])])).toBeUndefined();
    expect(evaluated('Mul', [ints([2 ** 40]), ints([2 ** 40])])).toBeUndefined();
    expect(evaluated('Neg', [ints([toEnd])])).toBeUndefined();
    expect(evaluated('Cast', [floats([1e30])], { to: 7 })).toBeUndefined();
    expect(evaluated('Cast', [floats([Number.NaN])], { to: 7 })).toBeUndefined();
    expect(evaluated('Div', [ints([1]), ints([0])])).toBeUndefined();
  });

  test('leaves scales for blocks to the runtime', () => {
    const x = tensorOf('uint8', [1, 2, 3, 4], [2, 2]);
    expect(evaluated('DequantizeLinear', [x, floats([1, 2], [2, 1])], { block_size: 2 })).toBeUndefined();
  });

  test('does not let a small file grow into a large constant', () => {
    expect(evaluated('ConstantOfShape', [ints([100_000, 100_000])])).toBeUndefined();
    expect(evaluated('Expand', [floats([1]), ints([2 ** 20, 2 ** 20])])).toBeUndefined();
    expect(evaluated('Add', [counting(1000, 1), counting(1, 1000)])).toBeUndefined();
  });

  test('joins and moves tensors of any length', () => {
    const long = floats(new Float32Array(300_000).fill(1));
    expect(evaluated('Transpose', [{ ...long, dims: [300, 1000] }])![0]!.dims).toEqual([1000, 300]);
    expect(evaluated('Concat', [long, floats([])], { axis: 0 })![0]!.data).toEqual(long.data);
  });

  test.each<[string, string, (Tensor | undefined)[], AttributeValues?]>([
    ['an index outside of the axis', 'Gather', [counting(3), ints([3])]],
    ['a negative index outside of the axis', 'Gather', [counting(3), ints([-4])]],
    ['an input left out', 'Add', [counting(3), undefined]],
    ['a scale left out', 'DequantizeLinear', [tensorOf('uint8', [1]), undefined]],
    ['scales for another axis', 'DequantizeLinear', [tensorOf('uint8', [1, 2], [1, 2]), floats([1, 2, 3])]],
    [
      'zero points of another length',
      'DequantizeLinear',
      [tensorOf('uint8', [1, 2]), floats([1, 2]), tensorOf('uint8', [1])],
      { axis: 0 },
    ],
    ['tensors of two types joined', 'Concat', [ints([1]), floats([1])], { axis: 0 }],
    ['a part left out', 'Concat', [undefined, floats([1])], { axis: 0 }],
    ['shapes that do not broadcast', 'Mul', [counting(2), counting(3)]],
    ['a negative size', 'ConstantOfShape', [ints([-1])]],
    ['a size beyond numbers', 'ConstantOfShape', [ints([2 ** 62])]],
    ['a permutation that names an axis beyond the last', 'Transpose', [counting(2, 3)], { perm: [0, 7] }],
  ])('%s is refused', (_what, op, inputs, attributes) => {
    expect(() => evaluated(op, inputs, attributes)).toThrow(ModelError);
  });
});
