import { afterAll, beforeAll, expect, test } from 'vitest';
import { noise, runModel } from '../../../test/run-model.js';
import { floats, ints, type Tensor } from '../../onnx/index.js';
import { type DType, dtypes } from '../../onnx/tensor.js';
import { createNodePlatform, type NodePlatform } from '../../platform/node/platform.js';
import type { AttributeValues } from '../attributes.js';
import { float } from '../attributes.js';
import { GraphBuilder } from '../builder.js';
import { shapeRules } from './index.js';

/** An input: the sizes of a float tensor that is fed, a constant, or left out. */
type Input = readonly number[] | Tensor | undefined;

interface ShapeCase {
  readonly inputs: readonly Input[];
  readonly attributes?: AttributeValues;
  readonly outputs?: number;
  /** Element type of each output where it is not float32. */
  readonly dtype?: DType;
  readonly opset?: number;
}

const picture = [1, 3, 8, 7];
const truth = (...values: number[]): Tensor => ({
  dtype: 'bool',
  dims: [values.length],
  data: Uint8Array.from(values),
});
const bytes = (values: readonly number[], dims: readonly number[]): Tensor => {
  return { dtype: 'uint8', dims, data: Uint8Array.from(values) };
};

const unary: ShapeCase[] = [{ inputs: [picture] }, { inputs: [[]] }];
const binary: ShapeCase[] = [
  { inputs: [picture, picture] },
  { inputs: [picture, [3, 1, 1]] },
  {
    inputs: [
      [2, 1, 4],
      [5, 1, 3, 1],
    ],
  },
  { inputs: [[], [2]] },
];
const variadic: ShapeCase[] = [
  ...binary,
  { inputs: [[4]] },
  {
    inputs: [
      [2, 1],
      [1, 3],
      [4, 1, 1],
    ],
  },
];
const comparison = binary.map((entry): ShapeCase => ({ ...entry, dtype: 'bool' }));
const reduction: ShapeCase[] = [
  { inputs: [picture] },
  { inputs: [picture], attributes: { keepdims: 0 } },
  { inputs: [picture, ints([2, 3])] },
  { inputs: [picture, ints([-1, 1])], attributes: { keepdims: 0 } },
  { inputs: [picture, ints([])], attributes: { noop_with_empty_axes: 1 } },
  { inputs: [picture, ints([])] },
];

const windows = (kernel: readonly number[]): AttributeValues[] => [
  { kernel_shape: kernel },
  { kernel_shape: kernel, strides: [2, 3], pads: [1, 0, 0, 1] },
  { kernel_shape: kernel, strides: [2, 2], auto_pad: 'SAME_UPPER' },
  { kernel_shape: kernel, strides: [3, 2], auto_pad: 'SAME_LOWER' },
  { kernel_shape: kernel, strides: [2, 2], auto_pad: 'VALID' },
];
const pools: ShapeCase[] = [
  ...windows([2, 3]).map((attributes): ShapeCase => ({ inputs: [picture], attributes })),
  ...[5, 6, 7, 8, 9].map((size): ShapeCase => {
    return {
      inputs: [[1, 2, size, size]],
      attributes: { kernel_shape: [2, 3], strides: [3, 2], pads: [1, 1, 1, 1], ceil_mode: 1 },
    };
  }),
  { inputs: [[1, 2, 9]], attributes: { kernel_shape: [3], strides: [2] } },
  { inputs: [[1, 2, 4, 5, 6]], attributes: { kernel_shape: [2, 2, 2] } },
];

/** At least one small case for every operator. */
const cases: Readonly<Record<string, readonly ShapeCase[]>> = {
  ...Object.fromEntries(
    ['Identity', 'Relu', 'LeakyRelu', 'Sigmoid', 'HardSigmoid', 'Tanh', 'Exp', 'Log', 'Sqrt'].map((op) => [op, unary]),
  ),
  ...Object.fromEntries(['Neg', 'Abs', 'Sign', 'Reciprocal'].map((op) => [op, unary])),
  ...Object.fromEntries(['Add', 'Sub', 'Mul', 'Div', 'Pow'].map((op) => [op, binary])),
  ...Object.fromEntries(['Sum', 'Max', 'Min'].map((op) => [op, variadic])),
  ...Object.fromEntries(['Greater', 'Less', 'Equal', 'GreaterOrEqual', 'LessOrEqual'].map((op) => [op, comparison])),
  ...Object.fromEntries(
    ['ReduceMean', 'ReduceSum', 'ReduceMax', 'ReduceMin', 'ReduceL1', 'ReduceL2', 'ReduceSumSquare'].map((op) => {
      return [op, reduction];
    }),
  ),
  Clip: [{ inputs: [picture, floats([0], []), floats([6], [])] }, { inputs: [picture, undefined, floats([1], [])] }],
  LRN: [{ inputs: [picture], attributes: { size: 5 } }],
  Softmax: [{ inputs: [picture], attributes: { axis: 1 } }, { inputs: [[2, 5]] }],
  BatchNormalization: [{ inputs: [picture, [3], [3], [3], [3]] }],
  And: [{ inputs: [truth(1, 0, 1), truth(1)], dtype: 'bool' }],
  Where: [{ inputs: [truth(1, 0, 1), [2, 1], [4, 1, 3]] }],
  Cast: [
    { inputs: [picture], attributes: { to: 7 }, dtype: 'int64' },
    { inputs: [[3]], attributes: { to: 9 }, dtype: 'bool' },
    { inputs: [ints([1, 2], [2, 1])], attributes: { to: 1 } },
  ],
  DequantizeLinear: [
    { inputs: [bytes([1, 2, 3, 4], [2, 2]), floats([0.5], [])] },
    { inputs: [bytes([1, 2, 3, 4], [2, 2]), floats([0.5, 1]), bytes([1, 2], [2])], attributes: { axis: 0 } },
  ],
  Conv: [
    ...windows([3, 2]).map((attributes): ShapeCase => ({ inputs: [picture, [4, 3, 3, 2], [4]], attributes })),
    ...windows([1, 1]).map((attributes): ShapeCase => ({ inputs: [picture, [4, 3, 1, 1]], attributes })),
    {
      inputs: [
        [2, 4, 9, 9],
        [6, 2, 3, 3],
      ],
      attributes: { group: 2, dilations: [2, 3] },
    },
    {
      inputs: [
        [1, 4, 5, 5],
        [4, 1, 3, 3],
      ],
      attributes: { group: 4, pads: [1, 1, 1, 1] },
    },
    {
      inputs: [
        [1, 2, 9],
        [3, 2, 4],
      ],
    },
  ],
  ConvTranspose: [
    { inputs: [picture, [3, 4, 3, 3]], attributes: { strides: [2, 2], auto_pad: 'SAME_UPPER' } },
    { inputs: [picture, [3, 4, 2, 4]], attributes: { strides: [2, 3], auto_pad: 'SAME_LOWER' } },
    { inputs: [picture, [3, 4, 3, 3]], attributes: { strides: [2, 2], auto_pad: 'VALID' } },
    { inputs: [picture, [3, 4, 3, 3]], attributes: { strides: [2, 2], output_shape: [16, 14] } },
    { inputs: [picture, [3, 4, 3, 3]], attributes: { strides: [2, 2], output_shape: [18, 15] } },
    { inputs: [picture, [3, 4, 3, 2]] },
    { inputs: [picture, [3, 4, 3, 2]], attributes: { strides: [2, 3], pads: [1, 0, 0, 1], output_padding: [1, 2] } },
    {
      inputs: [
        [1, 4, 5, 5],
        [4, 3, 3, 3],
      ],
      attributes: { group: 2, dilations: [2, 1], strides: [2, 2] },
    },
  ],
  MaxPool: [...pools, { inputs: [picture], attributes: { kernel_shape: [2, 2], dilations: [2, 3] } }],
  AveragePool: pools,
  GlobalAveragePool: [{ inputs: [picture] }, { inputs: [[2, 3, 4]] }],
  MatMul: [
    {
      inputs: [
        [2, 3],
        [3, 4],
      ],
    },
    {
      inputs: [
        [5, 1, 2, 3],
        [4, 3, 6],
      ],
    },
    { inputs: [[3], [3]] },
    { inputs: [[3], [2, 3, 4]] },
    { inputs: [[2, 4, 3], [3]] },
  ],
  Gemm: [
    { inputs: [[2, 3], [3, 4], [4]] },
    {
      inputs: [
        [3, 2],
        [4, 3],
      ],
      attributes: { transA: 1, transB: 1, alpha: float(0.5) },
    },
  ],
  Constant: [{ inputs: [], attributes: { value: { type: 'tensor', value: floats([1, 2], [2, 1]) } } }],
  ConstantOfShape: [
    { inputs: [ints([2, 3])] },
    { inputs: [ints([4])], attributes: { value: { type: 'tensor', value: ints([7]) } }, dtype: 'int64' },
    { inputs: [ints([])] },
  ],
  Shape: [{ inputs: [picture], dtype: 'int64' }],
  Reshape: [
    { inputs: [picture, ints([3, -1])] },
    { inputs: [picture, ints([0, 0, 56])] },
    { inputs: [[0, 4], ints([4, 0])], attributes: { allowzero: 1 } },
    { inputs: [[1], ints([])] },
  ],
  Flatten: [
    { inputs: [picture] },
    { inputs: [picture], attributes: { axis: 0 } },
    { inputs: [picture], attributes: { axis: -1 } },
    { inputs: [picture], attributes: { axis: 4 } },
  ],
  Transpose: [{ inputs: [picture] }, { inputs: [picture], attributes: { perm: [2, 0, 3, 1] } }],
  Squeeze: [
    { inputs: [[1, 3, 1, 2]] },
    { inputs: [[1, 3, 1, 2], ints([0])] },
    { inputs: [[1, 3, 1, 2], ints([-2, 0])] },
  ],
  Unsqueeze: [{ inputs: [[3, 2], ints([0])] }, { inputs: [[3, 2], ints([-1, 1])] }],
  Expand: [{ inputs: [[3, 1], ints([2, 1, 4])] }, { inputs: [[3, 4], ints([1])] }],
  Concat: [
    { inputs: [picture, [1, 5, 8, 7]], attributes: { axis: 1 } },
    { inputs: [[2], [3], [1]], attributes: { axis: -1 } },
  ],
  Split: [
    { inputs: [picture], attributes: { axis: 2, num_outputs: 4 }, outputs: 4 },
    { inputs: [picture], attributes: { axis: -1, num_outputs: 3 }, outputs: 3 },
    { inputs: [picture, ints([1, 2])], attributes: { axis: 1 }, outputs: 2 },
  ],
  Slice: [
    { inputs: [picture, ints([1, 2]), ints([3, 5]), ints([1, 2])] },
    { inputs: [picture, ints([-3]), ints([2 ** 63]), ints([-1])] },
    { inputs: [picture, ints([6, 7]), ints([0, -(2 ** 63)]), ints([2, 3]), ints([-2, -3])] },
    { inputs: [[9], ints([-100]), ints([100]), ints([0]), ints([4])] },
    { inputs: [[9], ints([5]), ints([2])] },
  ],
  Pad: [
    { inputs: [picture, ints([0, 0, 1, 2, 0, 0, 3, 4])] },
    { inputs: [picture, ints([0, 0, -1, 2, 0, 0, 3, -2]), floats([1], [])] },
    { inputs: [picture, ints([1, 2, 3, 4]), undefined, ints([-1, 2])], attributes: { mode: 'reflect' } },
  ],
  Gather: [
    { inputs: [picture, ints([0, 2, 1], [3, 1])], attributes: { axis: 1 } },
    { inputs: [[4, 2], ints([-1], [])] },
  ],
  GatherElements: [{ inputs: [[3, 4], ints([0, 1, 3, -1], [2, 2])], attributes: { axis: 1 } }],
  GatherND: [
    { inputs: [[3, 4, 2], ints([0, 1, 2, -1], [2, 2])] },
    { inputs: [[3, 4, 2], ints([1], [1])] },
    { inputs: [[2, 4, 3], ints([0, 1, 2, 3], [2, 2, 1])], attributes: { batch_dims: 1 } },
  ],
  ScatterND: [{ inputs: [[3, 2], ints([0, 2], [2, 1]), [2, 2]] }],
  CumSum: [{ inputs: [[3, 2], ints([1], [])] }],
  Trilu: [{ inputs: [[2, 3, 4]] }, { inputs: [[3, 4], ints([-1], [])], attributes: { upper: 0 } }],
  NonZero: [{ inputs: [floats([0, 2, 0, 3], [2, 2])], dtype: 'int64' }],
  Size: [{ inputs: [picture], dtype: 'int64' }],
  Range: [
    { inputs: [ints([2], []), ints([11], []), ints([4], [])], dtype: 'int64' },
    { inputs: [floats([2], []), floats([-1], []), floats([-0.5], [])] },
    { inputs: [ints([3], []), ints([1], []), ints([1], [])], dtype: 'int64' },
  ],
  Tile: [{ inputs: [[2, 3, 1], ints([2, 1, 4])] }],
  DepthToSpace: [{ inputs: [[1, 12, 2, 3]], attributes: { blocksize: 2, mode: 'CRD' } }],
  SpaceToDepth: [{ inputs: [[1, 3, 4, 6]], attributes: { blocksize: 2 } }],
  Einsum: [
    {
      inputs: [
        [2, 3],
        [3, 4],
      ],
      attributes: { equation: 'ij,jk->ik' },
    },
    {
      inputs: [
        [2, 3],
        [3, 4],
      ],
      attributes: { equation: 'zj, ja' },
    },
    {
      inputs: [
        [5, 2, 3],
        [2, 4],
      ],
      attributes: { equation: '...ij,ik' },
    },
    {
      inputs: [
        [5, 2, 3],
        [1, 3, 4],
      ],
      attributes: { equation: '...ij,...jk->...k' },
    },
    { inputs: [[3, 3]], attributes: { equation: 'ii' } },
    { inputs: [[3], [4], [3]], attributes: { equation: 'i,j,i->ji' } },
  ],
  InstanceNormalization: [{ inputs: [picture, [3], [3]] }, { inputs: [[2, 3, 5], [3], [3]] }],
  GroupNormalization: [{ inputs: [[2, 6, 4, 4], [3], [3]], attributes: { num_groups: 3 } }],
  LayerNormalization: [
    { inputs: [[2, 3, 4], [4]] },
    { inputs: [[2, 3, 4], [3, 4], [4]], attributes: { axis: 1 }, outputs: 3 },
  ],
  Resize: [
    { inputs: [picture, undefined, floats([1, 1, 2, 1.7])] },
    { inputs: [picture, undefined, floats([1, 1, 0.6, 0.34])], attributes: { mode: 'linear' } },
    { inputs: [picture, undefined, undefined, ints([1, 3, 20, 5])], attributes: { mode: 'cubic' } },
    { inputs: [picture, floats([]), floats([]), ints([1, 3, 20, 5])] },
    { inputs: [picture, undefined, undefined, ints([5, 9])], attributes: { axes: [3, -2] } },
    {
      inputs: [picture, undefined, undefined, ints([20, 20])],
      attributes: { axes: [2, 3], keep_aspect_ratio_policy: 'not_larger' },
    },
    {
      inputs: [picture, undefined, undefined, ints([20, 20])],
      attributes: { axes: [2, 3], keep_aspect_ratio_policy: 'not_smaller' },
    },
  ],
  LpPool: [{ inputs: [picture], attributes: { kernel_shape: [2, 3], strides: [2, 2] } }],
  GlobalMaxPool: [{ inputs: [picture] }, { inputs: [[1, 2, 5]] }],
  GlobalLpPool: [{ inputs: [picture] }],
  ArgMax: [
    { inputs: [picture], attributes: { axis: 1 }, dtype: 'int64' },
    { inputs: [picture], attributes: { axis: -1, keepdims: 0 }, dtype: 'int64' },
  ],
  ArgMin: [{ inputs: [picture], dtype: 'int64' }],
  ReduceProd: reduction,
  ReduceLogSum: reduction,
  ReduceLogSumExp: reduction,
  ThresholdedRelu: unary,
  PRelu: [{ inputs: [picture, [3, 1, 1]] }],
  ...Object.fromEntries(
    ['Elu', 'Selu', 'Celu', 'Mish', 'HardSwish', 'Softplus', 'Softsign', 'LogSoftmax', 'Erf', 'Sin', 'Cos']
      .concat(['Floor', 'Ceil', 'Round'])
      .map((op): [string, ShapeCase[]] => [op, [{ inputs: [picture] }]]),
  ),
  Gelu: [{ inputs: [picture], opset: 20 }],
  Not: [{ inputs: [truth(1, 0)], dtype: 'bool' }],
  Or: [{ inputs: [truth(1, 0), truth(0)], dtype: 'bool' }],
  Xor: [{ inputs: [truth(1, 0), truth(0)], dtype: 'bool' }],
  Mod: [{ inputs: [ints([5, -5], [2, 1]), ints([3, 2, 7])], dtype: 'int64' }],
  CastLike: [{ inputs: [picture, ints([1])], dtype: 'int64' }],
  Dropout: [{ inputs: [picture] }],
  QuantizeLinear: [
    { inputs: [picture, floats([0.1], [])], dtype: 'uint8' },
    { inputs: [picture, floats([0.1], []), bytes([3], [])], dtype: 'uint8' },
  ],
  ScatterElements: [{ inputs: [[3, 2], ints([0, 1], [1, 2]), [1, 2]], attributes: { axis: 0 } }],
};

const table = Object.entries(cases).flatMap(([op, entries]) =>
  entries.map((entry, i): [string, string, ShapeCase] => [`${op} ${i + 1}`, op, entry]),
);

let platform: NodePlatform;
beforeAll(async () => {
  platform = await createNodePlatform({ threads: 1 });
});
afterAll(() => platform.close());

test('every operator has a case', () => {
  expect(Object.keys(cases).sort()).toEqual(Object.keys(shapeRules).sort());
});

test.each(table)('%s: onnxruntime gives the types that the rule tells', async (_name, op, entry) => {
  const { inputs, attributes, outputs = 1, dtype = 'float32', opset } = entry;
  const g = new GraphBuilder(opset);
  const fed = inputs.map((input, i) => (Array.isArray(input) ? { name: `x${i}`, dims: input as number[] } : undefined));
  const values = inputs.map((input, i) => {
    if (fed[i]) return g.input(fed[i].name, fed[i].dims);
    return input && g.constant(input as Tensor);
  });
  const results = g.multi(op, values, attributes ?? {}, outputs);
  expect(results.map((result) => result.dtype)).toEqual(results.map(() => dtype));
  const model = g.toModel(Object.fromEntries(results.map((result, i) => [`y${i}`, result])));
  const feeds = Object.fromEntries(fed.flatMap((feed, i) => (feed ? [[feed.name, noise(feed.dims, i)]] : [])));
  const got = await runModel(platform, model, feeds);
  expect(results.map((_, i) => got[`y${i}`]!.dims)).toEqual(results.map((result) => result.shape));
  results.forEach((result, i) => {
    expect(got[`y${i}`]!.data.constructor).toBe(dtypes[result.dtype].array);
  });
});
