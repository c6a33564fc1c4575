import { type AttributeValues, float, type GraphBuilder, type Value } from '../graph/index.js';
import { elementCount, floats } from '../onnx/index.js';

type Shape = readonly number[];

/** One way to use an operator whose gradient is checked. */
export interface GradientCase {
  /** What is special about it. */
  readonly name: string;
  /** Shape of the value that is differentiated to. */
  readonly shape: Shape;
  /** Writes the operator on `x`. Outputs that the objective must not use are left out of the answer. */
  readonly write: (g: GraphBuilder, x: Value) => Value | readonly Value[];
  /** Where the operator reads `x`, by the names of its rule; default: its first input only. */
  readonly reads?: readonly string[];
  /**
   * The values of `x`: `random` in [−2, 2] (default); `apart`, all different by 1 or more and never nearer than 1/2
   * to a whole number, for operators with kinks there; `positive` in [2, 4].
   */
  readonly values?: 'random' | 'apart' | 'positive';
  /** Set where the operator is not linear between its kinks, so that finite differences are only approximate. */
  readonly curved?: boolean;
  /** Version of the operator set, where the default is too old. */
  readonly opset?: number;
  /**
   * At a kink or tie there is no finite difference: the values of `x` there, and d(sum of the outputs)/dx as PyTorch
   * answers it.
   */
  readonly kink?: { readonly values: readonly number[]; readonly gradient: readonly number[] };
}

/**
 * The same pseudo-random numbers everywhere: in [−1, 1), multiples of 2⁻²³, from a linear congruential generator.
 * scripts/make-fixtures.py and bench/peers/torch_gradient.py draw the same.
 */
export function pseudoRandom(seed: number, count: number): Float32Array {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 23 - 1;
  });
}

/** Pseudo-random multiples of 1/64 in [−1, 1]: few bits, so that float32 sums of their products are exact. */
export function coarseRandom(seed: number, count: number): Float32Array {
  return pseudoRandom(seed, count).map((value) => Math.round(value * 64) / 64);
}

function random(g: GraphBuilder, shape: Shape, seed = 7): Value {
  return g.constant(floats(coarseRandom(seed, elementCount(shape)), shape));
}

/** Constants in [1, 2], to divide by or to take as a variance. */
function positive(g: GraphBuilder, shape: Shape, seed = 8): Value {
  return g.constant(
    floats(
      coarseRandom(seed, elementCount(shape)).map((value) => 1.5 + value / 2),
      shape,
    ),
  );
}

type Write = GradientCase['write'];

const apply =
  (opType: string, attributes: AttributeValues = {}): Write =>
  (g, x) =>
    g.op(opType, [x], attributes);

const conv =
  (weight: Shape, attributes: AttributeValues = {}): Write =>
  (g, x) =>
    g.op('Conv', [x, random(g, weight)], attributes);

/** `x` on the left, or on the right of a constant. */
const beside = (opType: string, other: Shape, attributes: AttributeValues = {}): { left: Write; right: Write } => ({
  left: (g, x) => g.op(opType, [x, positive(g, other)], attributes),
  right: (g, x) => g.op(opType, [positive(g, other), x], attributes),
});

/** The broadcasts that every two-sided operator meets, each with `x` on either side. */
function broadcasts(opType: string, curved: { readonly right?: boolean } = {}): GradientCase[] {
  const pairs: readonly [name: string, x: Shape, other: Shape][] = [
    ['same shape', [2, 3, 4, 5], [2, 3, 4, 5]],
    ['other is one value per channel', [2, 3, 4, 5], [1, 3, 1, 1]],
    ['input is one value per channel', [1, 3, 1, 1], [2, 3, 4, 5]],
    ['other is a scalar', [2, 3, 4], []],
    ['input is a scalar', [], [2, 3, 4]],
    ['other has fewer axes', [2, 3, 4, 5], [4, 1]],
    ['input has fewer axes', [4, 1], [2, 3, 4, 5]],
    ['both stretch', [3, 1, 5], [2, 1, 4, 1]],
  ];
  return pairs.flatMap(([name, shape, other]): GradientCase[] => {
    const { left, right } = beside(opType, other);
    return [
      { name: `${name}, input on the left`, shape, write: left },
      {
        name: `${name}, input on the right`,
        shape,
        write: right,
        reads: ['B'],
        ...(curved.right && { values: 'positive', curved: true }),
      },
    ];
  });
}

const maxPool = (attributes: AttributeValues): Pick<GradientCase, 'write' | 'values'> => ({
  write: apply('MaxPool', attributes),
  values: 'apart',
});

const averagePool = (attributes: AttributeValues): Write => apply('AveragePool', attributes);

const split =
  (parts: number, use: readonly number[], attributes: AttributeValues, sizes?: readonly number[]): Write =>
  (g, x) => {
    const outputs = g.multi('Split', sizes ? [x, g.ints(sizes)] : [x], attributes, parts);
    return use.map((index) => outputs[index]!);
  };

const slice =
  (starts: readonly number[], ends: readonly number[], axes?: readonly number[], steps?: readonly number[]): Write =>
  (g, x) =>
    g.op('Slice', [x, g.ints(starts), g.ints(ends), axes && g.ints(axes), steps && g.ints(steps)]);

const pad =
  (mode: string, pads: readonly number[], axes?: readonly number[]): Write =>
  (g, x) =>
    g.op('Pad', [x, g.ints(pads), undefined, axes && g.ints(axes)], { mode });

const reduce =
  (opType: string, axes: readonly number[] | undefined, attributes: AttributeValues = {}): Write =>
  (g, x) =>
    g.op(opType, [x, axes && g.ints(axes)], attributes);

function reductions(opType: string): GradientCase[] {
  const shape = [2, 3, 4, 5];
  return [
    { name: 'spatial axes kept as ones', shape, write: reduce(opType, [2, 3]) },
    { name: 'spatial axes dropped', shape, write: reduce(opType, [2, 3], { keepdims: 0 }) },
    { name: 'negative axes kept', shape, write: reduce(opType, [-1, -3], { keepdims: 1 }) },
    { name: 'negative axis dropped', shape, write: reduce(opType, [-2], { keepdims: 0 }) },
    { name: 'no axes means all, kept', shape, write: reduce(opType, undefined) },
    { name: 'no axes means all, dropped', shape, write: reduce(opType, undefined, { keepdims: 0 }) },
    { name: 'empty axes mean all', shape, write: reduce(opType, [], { keepdims: 0 }) },
    { name: 'no axes mean none when asked', shape, write: reduce(opType, undefined, { noop_with_empty_axes: 1 }) },
  ];
}

const batchNormalization =
  (channels: number, attributes: AttributeValues = {}): Write =>
  (g, x) => {
    const [scale, bias, mean] = [1, 2, 3].map((seed) => random(g, [channels], seed));
    return g.op('BatchNormalization', [x, scale, bias, mean, positive(g, [channels], 4)], attributes);
  };

const gemm =
  (a: Shape | 'x', b: Shape | 'x', c: Shape | 'x' | undefined, attributes: AttributeValues = {}): Write =>
  (g, x) => {
    const inputs = [a, b, c].map((shape, i) => (shape === 'x' ? x : shape && random(g, shape, i + 1)));
    return g.op('Gemm', inputs, attributes);
  };

const scaled: AttributeValues = { alpha: float(0.5), beta: float(-2) };

/** For every operator with a gradient rule, the ways to use it that could each go wrong on their own. */
export const gradientCases: Readonly<Record<string, readonly GradientCase[]>> = {
  Conv: [
    {
      name: 'stride 1, padded to the same size',
      shape: [2, 3, 6, 5],
      write: conv([4, 3, 3, 3], { pads: [1, 1, 1, 1] }),
    },
    { name: 'stride 1 without padding', shape: [1, 3, 6, 5], write: conv([4, 3, 3, 3]) },
    { name: 'bias', shape: [1, 2, 5, 5], write: (g, x) => g.op('Conv', [x, random(g, [3, 2, 3, 3]), random(g, [3])]) },
    { name: 'stride 2 with odd input', shape: [1, 3, 7, 9], write: conv([4, 3, 3, 3], { strides: [2, 2] }) },
    {
      name: 'stride 2 leaves the last row unread',
      shape: [1, 3, 8, 6],
      write: conv([4, 3, 3, 3], { strides: [2, 2] }),
    },
    {
      name: 'stride 2, padded, even input',
      shape: [1, 3, 8, 6],
      write: conv([4, 3, 3, 3], { strides: [2, 2], pads: [1, 1, 1, 1] }),
    },
    { name: 'stride 3 that does not divide', shape: [1, 2, 10, 9], write: conv([3, 2, 2, 2], { strides: [3, 3] }) },
    { name: 'stride wider than the kernel', shape: [1, 2, 8, 9], write: conv([3, 2, 1, 1], { strides: [3, 2] }) },
    { name: 'stride differs per axis', shape: [1, 2, 7, 6], write: conv([3, 2, 3, 3], { strides: [2, 1] }) },
    { name: 'dilation 2', shape: [1, 2, 8, 7], write: conv([3, 2, 3, 3], { dilations: [2, 2], pads: [2, 2, 2, 2] }) },
    {
      name: 'dilation 2 with stride 2',
      shape: [1, 2, 9, 8],
      write: conv([3, 2, 3, 3], { dilations: [2, 2], strides: [2, 2], pads: [1, 1, 1, 1] }),
    },
    { name: 'dilation differs per axis', shape: [1, 2, 8, 7], write: conv([3, 2, 3, 2], { dilations: [1, 3] }) },
    { name: '2 groups', shape: [1, 4, 6, 5], write: conv([6, 2, 3, 3], { group: 2, pads: [1, 1, 1, 1] }) },
    { name: '2 groups with stride 2', shape: [1, 4, 6, 7], write: conv([6, 2, 3, 3], { group: 2, strides: [2, 2] }) },
    { name: 'depthwise', shape: [2, 4, 6, 5], write: conv([4, 1, 3, 3], { group: 4, pads: [1, 1, 1, 1] }) },
    { name: 'depthwise with stride 2', shape: [1, 4, 8, 7], write: conv([4, 1, 3, 3], { group: 4, strides: [2, 2] }) },
    { name: 'depthwise, 2 outputs a channel', shape: [1, 3, 6, 5], write: conv([6, 1, 3, 3], { group: 3 }) },
    {
      name: 'one weight read with 1 and with 2 groups',
      shape: [1, 2, 5, 5],
      write: (g, x) => {
        const w = random(g, [4, 2, 3, 3]);
        return [g.op('Conv', [x, w]), g.op('Conv', [g.op('Concat', [x, x], { axis: 1 }), w], { group: 2 })];
      },
    },
    { name: 'padding on one side, stride 1', shape: [1, 2, 6, 5], write: conv([3, 2, 3, 3], { pads: [1, 0, 0, 2] }) },
    {
      name: 'padding on one side, stride 2',
      shape: [1, 2, 8, 7],
      write: conv([3, 2, 3, 3], { strides: [2, 2], pads: [0, 0, 1, 1] }),
    },
    {
      name: 'SAME_UPPER with an even kernel',
      shape: [1, 2, 6, 5],
      write: conv([3, 2, 2, 4], { auto_pad: 'SAME_UPPER' }),
    },
    {
      name: 'SAME_UPPER with stride 2, even input',
      shape: [1, 2, 8, 7],
      write: conv([3, 2, 3, 3], { auto_pad: 'SAME_UPPER', strides: [2, 2] }),
    },
    {
      name: 'SAME_LOWER with an even kernel',
      shape: [1, 2, 6, 5],
      write: conv([3, 2, 2, 4], { auto_pad: 'SAME_LOWER' }),
    },
    {
      name: 'SAME_LOWER with stride 2, even input',
      shape: [1, 2, 8, 7],
      write: conv([3, 2, 3, 3], { auto_pad: 'SAME_LOWER', strides: [2, 2] }),
    },
    {
      name: 'SAME_UPPER with stride 3 wider than the kernel',
      shape: [1, 2, 6, 8],
      write: conv([3, 2, 1, 1], { auto_pad: 'SAME_UPPER', strides: [3, 3] }),
    },
    { name: 'VALID', shape: [1, 2, 8, 7], write: conv([3, 2, 3, 3], { auto_pad: 'VALID', strides: [2, 1] }) },
    { name: '1×1', shape: [2, 5, 4, 3], write: conv([3, 5, 1, 1]) },
    { name: '1×1 with stride 2', shape: [1, 5, 6, 5], write: conv([3, 5, 1, 1], { strides: [2, 2] }) },
    { name: '1×7', shape: [1, 2, 5, 8], write: conv([3, 2, 1, 7], { pads: [0, 3, 0, 3] }) },
    { name: '7×1', shape: [1, 2, 8, 5], write: conv([3, 2, 7, 1], { pads: [3, 0, 3, 0] }) },
    { name: 'kernel larger than the input', shape: [1, 2, 5, 4], write: conv([3, 2, 7, 7], { pads: [3, 3, 3, 3] }) },
    { name: 'padding wider than kernel − 1', shape: [1, 2, 5, 4], write: conv([3, 2, 3, 3], { pads: [3, 4, 3, 3] }) },
    { name: 'padding around 1×1', shape: [1, 2, 5, 4], write: conv([3, 2, 1, 1], { pads: [1, 1, 1, 1] }) },
    {
      name: 'padding wider than kernel − 1, stride 2',
      shape: [1, 2, 6, 5],
      write: conv([3, 2, 2, 2], { strides: [2, 2], pads: [3, 2, 2, 3] }),
    },
    {
      // onnxruntime computes Abs, the builder does not: the weight is not known while the graph is written.
      name: 'weight computed by the graph',
      shape: [1, 2, 6, 5],
      write: (g, x) => g.op('Conv', [x, g.op('Abs', [random(g, [3, 2, 3, 3])])], { pads: [1, 1, 1, 1] }),
    },
    {
      name: 'weight computed by the graph, 2 groups',
      shape: [1, 4, 6, 5],
      write: (g, x) => g.op('Conv', [x, g.op('Abs', [random(g, [6, 2, 3, 3])])], { group: 2, strides: [2, 1] }),
    },
    { name: '1 spatial axis', shape: [2, 3, 9], write: conv([4, 3, 4], { strides: [2], pads: [1, 2] }) },
    { name: '3 spatial axes', shape: [1, 2, 4, 5, 3], write: conv([3, 2, 2, 3, 1], { pads: [1, 1, 0, 0, 1, 0] }) },
  ],

  Relu: [
    { name: 'away from 0', shape: [2, 3, 4], write: apply('Relu'), values: 'apart' },
    { name: 'at 0', shape: [4], write: apply('Relu'), kink: { values: [-1, 0, -0, 2], gradient: [0, 0, 0, 1] } },
  ],
  LeakyRelu: [
    { name: 'default slope', shape: [2, 3, 4], write: apply('LeakyRelu'), values: 'apart' },
    { name: 'slope 1/4', shape: [2, 3, 4], write: apply('LeakyRelu', { alpha: float(0.25) }), values: 'apart' },
    { name: 'negative slope', shape: [2, 3, 4], write: apply('LeakyRelu', { alpha: float(-0.5) }), values: 'apart' },
    {
      name: 'at 0',
      shape: [3],
      write: apply('LeakyRelu', { alpha: float(0.25) }),
      kink: { values: [-1, 0, 1], gradient: [0.25, 0.25, 1] },
    },
  ],
  Clip: [
    {
      name: 'both bounds',
      shape: [2, 3, 4],
      write: (g, x) => g.op('Clip', [x, g.scalar(-5), g.scalar(6)]),
      values: 'apart',
    },
    { name: 'only a minimum', shape: [2, 3, 4], write: (g, x) => g.op('Clip', [x, g.scalar(-5)]), values: 'apart' },
    {
      name: 'only a maximum',
      shape: [2, 3, 4],
      write: (g, x) => g.op('Clip', [x, undefined, g.scalar(6)]),
      values: 'apart',
    },
    { name: 'no bounds', shape: [2, 3, 4], write: apply('Clip'), values: 'apart' },
    {
      name: 'at its bounds',
      shape: [5],
      write: (g, x) => g.op('Clip', [x, g.scalar(0), g.scalar(6)]),
      kink: { values: [-1, 0, 3, 6, 7], gradient: [0, 1, 1, 1, 0] },
    },
  ],
  Sigmoid: [{ name: 'around 0', shape: [2, 3, 4], write: apply('Sigmoid'), curved: true }],
  Tanh: [{ name: 'around 0', shape: [2, 3, 4], write: apply('Tanh'), curved: true }],
  HardSigmoid: [
    { name: 'default slope', shape: [2, 3, 4], write: apply('HardSigmoid', { beta: float(0.4) }), values: 'apart' },
    {
      name: 'its own slope and middle',
      shape: [2, 3, 4],
      write: apply('HardSigmoid', { alpha: float(0.0625), beta: float(0.25) }),
      values: 'apart',
    },
    {
      name: 'at its corners',
      shape: [5],
      write: apply('HardSigmoid'),
      kink: { values: [-3, -2.5, 0, 2.5, 3], gradient: [0, 0, 0.2, 0, 0] },
    },
  ],

  MaxPool: [
    { name: 'overlapping 3×3, stride 2', shape: [2, 2, 7, 9], ...maxPool({ kernel_shape: [3, 3], strides: [2, 2] }) },
    { name: '2×2, stride 2', shape: [1, 3, 6, 8], ...maxPool({ kernel_shape: [2, 2], strides: [2, 2] }) },
    { name: '2×2, stride 2, odd input', shape: [1, 2, 7, 5], ...maxPool({ kernel_shape: [2, 2], strides: [2, 2] }) },
    { name: '3×3, stride 1, same size', shape: [1, 2, 5, 6], ...maxPool({ kernel_shape: [3, 3], pads: [1, 1, 1, 1] }) },
    {
      name: 'stride wider than the window',
      shape: [1, 2, 8, 7],
      ...maxPool({ kernel_shape: [2, 2], strides: [3, 3] }),
    },
    {
      name: 'ceil_mode, the last window hangs over',
      shape: [1, 2, 6, 8],
      ...maxPool({ kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }),
    },
    {
      name: 'ceil_mode, a window that would start in the padding is left out',
      shape: [1, 2, 5, 5],
      ...maxPool({ kernel_shape: [2, 2], strides: [2, 2], pads: [1, 1, 1, 1], ceil_mode: 1 }),
    },
    {
      name: 'padded, stride 2',
      shape: [1, 2, 8, 7],
      ...maxPool({ kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
    },
    {
      name: 'padding on one side',
      shape: [1, 2, 8, 7],
      ...maxPool({ kernel_shape: [3, 3], strides: [2, 2], pads: [0, 0, 1, 1] }),
    },
    { name: 'dilation 2', shape: [1, 2, 8, 7], ...maxPool({ kernel_shape: [3, 2], dilations: [2, 2] }) },
    {
      name: 'dilation 2, padded, stride 2',
      shape: [1, 2, 9, 8],
      ...maxPool({ kernel_shape: [3, 3], dilations: [2, 2], strides: [2, 2], pads: [1, 1, 1, 1] }),
    },
    {
      name: 'SAME_UPPER with stride 2, even input',
      shape: [1, 2, 8, 7],
      ...maxPool({ kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'SAME_UPPER' }),
    },
    {
      name: 'SAME_LOWER with stride 2, even input',
      shape: [1, 2, 8, 7],
      ...maxPool({ kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'SAME_LOWER' }),
    },
    {
      name: 'VALID',
      shape: [1, 2, 8, 7],
      ...maxPool({ kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'VALID' }),
    },
    { name: '1 spatial axis', shape: [2, 2, 9], ...maxPool({ kernel_shape: [3], strides: [2], pads: [1, 1] }) },
    { name: '3 spatial axes', shape: [1, 2, 4, 4, 5], ...maxPool({ kernel_shape: [2, 2, 2], strides: [2, 1, 2] }) },
    {
      name: 'of equal values the first gets everything',
      shape: [1, 1, 4, 4],
      write: apply('MaxPool', { kernel_shape: [2, 2], strides: [2, 2] }),
      kink: { values: new Array(16).fill(1), gradient: [1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0] },
    },
    {
      name: 'of equal values in overlapping, padded windows the first gets everything',
      shape: [1, 1, 3, 3],
      write: apply('MaxPool', { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }),
      kink: { values: new Array(9).fill(0), gradient: [4, 2, 0, 2, 1, 0, 0, 0, 0] },
    },
  ],
  AveragePool: [
    { name: '2×2, stride 2', shape: [2, 3, 6, 8], write: averagePool({ kernel_shape: [2, 2], strides: [2, 2] }) },
    {
      name: '3×3, stride 2 that does not divide',
      shape: [1, 2, 8, 6],
      write: averagePool({ kernel_shape: [3, 3], strides: [2, 2] }),
    },
    {
      name: 'stride wider than the window',
      shape: [1, 2, 8, 7],
      write: averagePool({ kernel_shape: [2, 2], strides: [3, 3] }),
    },
    { name: 'stride 1 without padding', shape: [1, 2, 6, 7], write: averagePool({ kernel_shape: [3, 2] }) },
    ...[0, 1].flatMap((count_include_pad): GradientCase[] => {
      const counted = count_include_pad ? 'padding counted' : 'padding not counted';
      return [
        {
          name: `stride 1, same size, ${counted}`,
          shape: [2, 2, 6, 5],
          write: averagePool({ kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad }),
        },
        {
          name: `stride 2, padded, ${counted}`,
          shape: [1, 2, 8, 7],
          write: averagePool({ kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], count_include_pad }),
        },
        {
          name: `padding on one side, stride 1, ${counted}`,
          shape: [1, 2, 6, 5],
          write: averagePool({ kernel_shape: [2, 3], pads: [0, 2, 1, 0], count_include_pad }),
        },
        {
          name: `padding on one side, stride 2, ${counted}`,
          shape: [1, 2, 8, 7],
          write: averagePool({ kernel_shape: [3, 3], strides: [2, 2], pads: [0, 0, 1, 1], count_include_pad }),
        },
        {
          name: `ceil_mode, the last window hangs over, ${counted}`,
          shape: [1, 2, 6, 8],
          write: averagePool({ kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1, count_include_pad }),
        },
        {
          name: `ceil_mode, padded, the last window hangs over, ${counted}`,
          shape: [1, 2, 6, 8],
          write: averagePool({
            kernel_shape: [3, 3],
            strides: [2, 2],
            pads: [1, 1, 1, 1],
            ceil_mode: 1,
            count_include_pad,
          }),
        },
        {
          name: `ceil_mode, padded, operator set 19, ${counted}`,
          shape: [1, 2, 6, 8],
          write: averagePool({
            kernel_shape: [3, 3],
            strides: [2, 2],
            pads: [1, 1, 1, 1],
            ceil_mode: 1,
            count_include_pad,
          }),
          opset: 19,
        },
        {
          name: `ceil_mode, a window that would start in the padding is left out, ${counted}`,
          shape: [1, 2, 5, 5],
          write: averagePool({
            kernel_shape: [2, 2],
            strides: [2, 2],
            pads: [1, 1, 1, 1],
            ceil_mode: 1,
            count_include_pad,
          }),
        },
        {
          name: `SAME_UPPER with stride 2, ${counted}`,
          shape: [1, 2, 8, 7],
          write: averagePool({ kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'SAME_UPPER', count_include_pad }),
        },
        {
          name: `SAME_LOWER with an even window, ${counted}`,
          shape: [1, 2, 6, 5],
          write: averagePool({ kernel_shape: [2, 4], auto_pad: 'SAME_LOWER', count_include_pad }),
        },
        {
          name: `dilation 2, ${counted}`,
          shape: [1, 2, 8, 7],
          write: averagePool({ kernel_shape: [3, 2], dilations: [2, 2], pads: [1, 1, 1, 1], count_include_pad }),
          opset: 19,
        },
        {
          name: `dilation 2 with stride 2, ${counted}`,
          shape: [1, 2, 9, 8],
          write: averagePool({
            kernel_shape: [3, 3],
            dilations: [2, 2],
            strides: [2, 2],
            pads: [1, 1, 1, 1],
            count_include_pad,
          }),
          opset: 19,
        },
      ];
    }),
    {
      name: 'window as large as the input',
      shape: [1, 3, 4, 5],
      write: averagePool({ kernel_shape: [4, 5], strides: [4, 5] }),
    },
    {
      name: '1 spatial axis',
      shape: [2, 2, 9],
      write: averagePool({ kernel_shape: [3], strides: [2], pads: [1, 1] }),
    },
    {
      name: '3 spatial axes',
      shape: [1, 2, 4, 4, 5],
      write: averagePool({ kernel_shape: [2, 2, 2], strides: [2, 1, 2] }),
    },
  ],
  GlobalAveragePool: [
    { name: '2 spatial axes', shape: [2, 3, 4, 5], write: apply('GlobalAveragePool') },
    { name: '1 spatial axis', shape: [2, 3, 7], write: apply('GlobalAveragePool') },
  ],

  BatchNormalization: [
    { name: 'default epsilon', shape: [2, 3, 4, 5], write: batchNormalization(3) },
    { name: 'large epsilon', shape: [2, 3, 4, 5], write: batchNormalization(3, { epsilon: float(0.25) }) },
    { name: 'no spatial axes', shape: [4, 3], write: batchNormalization(3) },
  ],
  LRN: [
    // onnxruntime refuses windows of an even number of channels.
    ...[1, 3, 5].map(
      (size): GradientCase => ({
        name: `window of ${size} channels`,
        shape: [2, 6, 3, 2],
        write: apply('LRN', { size, alpha: float(0.5), beta: float(0.75), bias: float(1.5) }),
        curved: true,
      }),
    ),
    {
      name: 'window wider than the channels',
      shape: [1, 3, 2, 2],
      write: apply('LRN', { size: 9, alpha: float(0.5) }),
      curved: true,
    },
    {
      name: 'exponent 1/2',
      shape: [1, 4, 2, 2],
      write: apply('LRN', { size: 3, alpha: float(1), beta: float(0.5), bias: float(2) }),
      curved: true,
    },
    { name: 'default numbers', shape: [1, 4, 2, 2], write: apply('LRN', { size: 5 }), curved: true },
  ],

  Identity: [{ name: 'any shape', shape: [2, 3], write: apply('Identity') }],
  Add: [
    ...broadcasts('Add'),
    { name: 'x + x', shape: [2, 3], write: (g, x) => g.op('Add', [x, x]), reads: ['A', 'B'] },
  ],
  Sub: [
    ...broadcasts('Sub'),
    {
      name: 'x² − x',
      shape: [2, 3],
      write: (g, x) => g.op('Sub', [g.op('Mul', [x, x]), x]),
      reads: ['B'],
      curved: true,
    },
  ],
  Mul: [
    ...broadcasts('Mul'),
    { name: 'x · x', shape: [2, 3], write: (g, x) => g.op('Mul', [x, x]), reads: ['A', 'B'], curved: true },
    {
      name: 'x · mean(x), as a gate',
      shape: [2, 3, 4],
      write: (g, x) => g.op('Mul', [x, g.op('ReduceMean', [x, g.ints([2])])]),
      curved: true,
    },
  ],
  Div: [
    ...broadcasts('Div', { right: true }),
    {
      name: 'x / (1 + x²)',
      shape: [2, 3],
      write: (g, x) => g.op('Div', [x, g.op('Add', [g.scalar(1), g.op('Mul', [x, x])])]),
      curved: true,
    },
  ],
  Sum: [
    { name: '1 input', shape: [2, 3], write: apply('Sum'), reads: ['...'] },
    {
      name: '2 inputs, the other broadcast',
      shape: [2, 3, 4],
      write: (g, x) => g.op('Sum', [x, random(g, [3, 1])]),
      reads: ['...'],
    },
    {
      name: '3 inputs, this one broadcast',
      shape: [3, 1],
      write: (g, x) => g.op('Sum', [random(g, [2, 3, 4]), x, random(g, [4])]),
      reads: ['...'],
    },
    {
      name: 'the same value three times, once broadcast',
      shape: [1, 3],
      write: (g, x) => g.op('Sum', [x, random(g, [2, 3]), x, x]),
      reads: ['...'],
    },
  ],

  Concat: [
    {
      name: 'channels, first of three',
      shape: [2, 3, 2, 2],
      write: (g, x) => g.op('Concat', [x, random(g, [2, 1, 2, 2]), random(g, [2, 2, 2, 2])], { axis: 1 }),
      reads: ['...'],
    },
    {
      name: 'channels, in the middle',
      shape: [2, 3, 2, 2],
      write: (g, x) => g.op('Concat', [random(g, [2, 1, 2, 2]), x, random(g, [2, 2, 2, 2])], { axis: 1 }),
      reads: ['...'],
    },
    {
      name: 'spatial axis, counted from the end',
      shape: [1, 2, 3, 4],
      write: (g, x) => g.op('Concat', [random(g, [1, 2, 2, 4]), x], { axis: -2 }),
      reads: ['...'],
    },
    {
      name: 'the same value twice',
      shape: [1, 2, 3],
      write: (g, x) => g.op('Concat', [x, random(g, [1, 1, 3]), x], { axis: 1 }),
      reads: ['...'],
    },
    { name: 'a single value', shape: [2, 3], write: apply('Concat', { axis: 0 }), reads: ['...'] },
  ],
  Split: [
    { name: 'equal parts', shape: [2, 6, 3], write: split(3, [0, 1, 2], { axis: 1, num_outputs: 3 }) },
    { name: 'a smaller last part', shape: [2, 7, 3], write: split(3, [0, 1, 2], { axis: 1, num_outputs: 3 }) },
    { name: 'unequal parts', shape: [2, 6, 3], write: split(3, [0, 1, 2], { axis: 1 }, [1, 3, 2]) },
    { name: 'a part that nothing uses', shape: [2, 6, 3], write: split(3, [0, 2], { axis: 1 }, [1, 3, 2]) },
    { name: 'only the last part used, negative axis', shape: [2, 5], write: split(2, [1], { axis: -1 }, [2, 3]) },
    {
      name: 'parts that meet again',
      shape: [1, 4, 3],
      write: (g, x) => {
        const [a, b] = g.multi('Split', [x], { axis: 1, num_outputs: 2 }, 2);
        return g.op('Mul', [a, b]);
      },
      curved: true,
    },
  ],
  Slice: [
    { name: 'all axes by position', shape: [4, 5], write: slice([1, 2], [3, 5]) },
    { name: 'one axis', shape: [2, 5, 3], write: slice([1], [4], [1]) },
    { name: 'counted from the end', shape: [2, 5, 3], write: slice([-4], [-1], [-2]) },
    { name: 'to the end', shape: [2, 5, 3], write: slice([2], [Number.MAX_SAFE_INTEGER], [1]) },
    { name: 'step 2', shape: [2, 7, 4], write: slice([1, 0], [7, 4], [1, 2], [2, 2]) },
    { name: 'step 3 that does not divide', shape: [8], write: slice([0], [8], [0], [3]) },
    { name: 'step −1 turns around', shape: [2, 5], write: slice([-1], [-(2 ** 40)], [1], [-1]) },
    { name: 'step −2 within', shape: [2, 8], write: slice([6], [0], [1], [-2]) },
    {
      name: 'steps on two axes, cut on a third',
      shape: [3, 6, 5],
      write: slice([1, 5, 0], [3, 0, 5], [0, 1, 2], [1, -2, 2]),
    },
    { name: 'everything', shape: [2, 3], write: slice([0], [3], [1]) },
  ],
  Pad: [
    { name: 'constant', shape: [1, 2, 3, 4], write: pad('constant', [0, 1, 1, 2, 0, 0, 3, 1]) },
    {
      name: 'constant 5 on named axes',
      shape: [1, 2, 3, 4],
      write: (g, x) => g.op('Pad', [x, g.ints([1, 2, 0, 1]), g.scalar(5), g.ints([-1, 2])]),
    },
    {
      name: 'constant, negative amounts crop',
      shape: [1, 2, 5, 6],
      write: pad('constant', [0, 0, -1, 2, 0, 0, 1, -3]),
    },
    { name: 'constant, crops on both sides', shape: [6, 5], write: pad('constant', [-2, -1, -1, -2]) },
    { name: 'reflect', shape: [1, 2, 4, 5], write: pad('reflect', [0, 0, 2, 3, 0, 0, 3, 1]) },
    { name: 'reflect on named axes', shape: [2, 5], write: pad('reflect', [4, 4], [1]) },
    { name: 'reflect, one side cropped', shape: [2, 6], write: pad('reflect', [0, -2, 0, 3]) },
    { name: 'edge', shape: [1, 2, 3, 4], write: pad('edge', [0, 0, 2, 5, 0, 0, 1, 3]) },
    { name: 'edge, one side cropped', shape: [2, 6], write: pad('edge', [0, -2, 0, 3]) },
    { name: 'wrap', shape: [1, 2, 3, 4], write: pad('wrap', [0, 0, 2, 3, 0, 0, 1, 4]), opset: 19 },
    { name: 'wrap, one side cropped', shape: [2, 6], write: pad('wrap', [0, -2, 0, 3]), opset: 19 },
    { name: 'nothing', shape: [2, 3], write: pad('constant', [0, 0, 0, 0]) },
  ],
  Reshape: [
    {
      name: '0 keeps a size, −1 takes the rest',
      shape: [2, 3, 4],
      write: (g, x) => g.op('Reshape', [x, g.ints([0, -1])]),
    },
    { name: 'to a vector', shape: [2, 3, 4], write: (g, x) => g.op('Reshape', [x, g.ints([-1])]) },
    { name: 'with more axes', shape: [6, 4], write: (g, x) => g.op('Reshape', [x, g.ints([2, 3, 1, 4])]) },
  ],
  Flatten: [
    { name: 'default axis', shape: [2, 3, 4, 5], write: apply('Flatten') },
    { name: 'axis 2', shape: [2, 3, 4, 5], write: apply('Flatten', { axis: 2 }) },
    { name: 'axis 0', shape: [2, 3], write: apply('Flatten', { axis: 0 }) },
    { name: 'negative axis', shape: [2, 3, 4], write: apply('Flatten', { axis: -1 }) },
  ],
  Transpose: [
    { name: 'NCHW to NHWC', shape: [2, 3, 4, 5], write: apply('Transpose', { perm: [0, 2, 3, 1] }) },
    { name: 'NHWC to NCHW', shape: [2, 4, 5, 3], write: apply('Transpose', { perm: [0, 3, 1, 2] }) },
    { name: 'all axes turned around', shape: [2, 3, 4], write: apply('Transpose') },
  ],

  ReduceMean: reductions('ReduceMean'),
  ReduceSum: reductions('ReduceSum'),

  MatMul: [
    { name: 'matrices, input on the left', shape: [3, 4], write: beside('MatMul', [4, 5]).left },
    { name: 'matrices, input on the right', shape: [3, 4], write: beside('MatMul', [5, 3]).right, reads: ['B'] },
    { name: 'batches, input on the left', shape: [2, 3, 4], write: beside('MatMul', [2, 4, 5]).left },
    { name: 'batches, input on the right', shape: [2, 3, 4], write: beside('MatMul', [2, 5, 3]).right, reads: ['B'] },
    { name: 'one matrix on the left of a batch', shape: [3, 4], write: beside('MatMul', [2, 6, 4, 5]).left },
    {
      name: 'one matrix on the right of a batch',
      shape: [4, 5],
      write: beside('MatMul', [2, 3, 4]).right,
      reads: ['B'],
    },
    { name: 'a batch of 1 stretches, left', shape: [1, 3, 4], write: beside('MatMul', [2, 4, 5]).left },
    {
      name: 'a batch of 1 stretches, right',
      shape: [2, 1, 3, 4],
      write: beside('MatMul', [5, 2, 3]).right,
      reads: ['B'],
    },
    { name: 'vector · matrix, input is the vector', shape: [4], write: beside('MatMul', [4, 5]).left },
    { name: 'vector · matrix, input is the matrix', shape: [4, 5], write: beside('MatMul', [4]).right, reads: ['B'] },
    { name: 'matrix · vector, input is the matrix', shape: [4, 5], write: beside('MatMul', [5]).left },
    { name: 'matrix · vector, input is the vector', shape: [5], write: beside('MatMul', [4, 5]).right, reads: ['B'] },
    { name: 'vector · batch, input is the vector', shape: [4], write: beside('MatMul', [2, 4, 5]).left },
    { name: 'vector · batch, input is the batch', shape: [2, 4, 5], write: beside('MatMul', [4]).right, reads: ['B'] },
    { name: 'batch · vector, input is the batch', shape: [2, 4, 5], write: beside('MatMul', [5]).left },
    { name: 'batch · vector, input is the vector', shape: [5], write: beside('MatMul', [2, 4, 5]).right, reads: ['B'] },
    { name: 'vector · vector', shape: [5], write: beside('MatMul', [5]).left },
    { name: 'vector · vector, input on the right', shape: [5], write: beside('MatMul', [5]).right, reads: ['B'] },
    {
      name: 'x · xᵀ, a Gram matrix',
      shape: [3, 4],
      write: (g, x) => g.op('MatMul', [x, g.op('Transpose', [x])]),
      reads: ['A'],
      curved: true,
    },
  ],
  Gemm: [
    ...[0, 1].flatMap((transA) =>
      [0, 1].flatMap((transB): GradientCase[] => {
        const turned = `${transA ? 'Aᵀ' : 'A'} · ${transB ? 'Bᵀ' : 'B'}`;
        const [a, b] = [transA ? [4, 3] : [3, 4], transB ? [5, 4] : [4, 5]];
        const attributes = { ...scaled, transA, transB };
        return [
          { name: `${turned}, input A`, shape: a, write: gemm('x', b, [5], attributes) },
          { name: `${turned}, input B`, shape: b, write: gemm(a, 'x', [5], attributes), reads: ['B'] },
        ];
      }),
    ),
    { name: 'without C', shape: [3, 4], write: gemm('x', [4, 5], undefined) },
    { name: 'input C, a row', shape: [5], write: gemm([3, 4], [4, 5], 'x', scaled), reads: ['C'] },
    { name: 'input C, a column', shape: [3, 1], write: gemm([3, 4], [4, 5], 'x', scaled), reads: ['C'] },
    { name: 'input C, a scalar', shape: [], write: gemm([3, 4], [4, 5], 'x', scaled), reads: ['C'] },
    { name: 'input C, a matrix', shape: [3, 5], write: gemm([3, 4], [4, 5], 'x', scaled), reads: ['C'] },
    {
      name: 'the same value as A and B',
      shape: [3, 3],
      write: gemm('x', 'x', [3], scaled),
      reads: ['A', 'B'],
      curved: true,
    },
  ],
};
