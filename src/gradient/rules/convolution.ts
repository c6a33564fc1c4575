import { assert } from '../../errors.js';
import {
  type GraphBuilder,
  intAttribute,
  transposedWindowOf,
  type Value,
  type Window,
  windowOf,
} from '../../graph/index.js';
import { asFloats, floats, type Tensor } from '../../onnx/index.js';
import type { GradientRules } from '../rule.js';

/**
 * The gradient of a convolution with respect to its input is the transposed convolution of dY.
 *
 * With stride 1 that is an ordinary convolution of dY by the kernel turned by 180° with input and output channels
 * swapped, padded by (extent − 1 − pad), which onnxruntime runs far faster than ConvTranspose. Any other stride, or
 * padding wider than the kernel, is a ConvTranspose by the kernel as it is.
 */
export const convolution = {
  Conv: {
    X: ({ g, node, dY, inputs: [x, w] }) => {
      assert(x && w, 'Conv has X and W');
      const group = intAttribute(node, 'group', 1);
      const window = windowOf(node, x.shape.slice(2), w.shape.slice(2));
      const weight = g.constantOf(w);
      const extents = window.kernel.map((size, axis) => (size - 1) * window.dilations[axis]! + 1);
      const begin = extents.map((extent, axis) => extent - 1 - window.padsBegin[axis]!);
      const end = extents.map((extent, axis) => extent - 1 - window.padsEnd[axis]!);
      if (!weight || window.strides.some((stride) => stride !== 1) || [...begin, ...end].some((pad) => pad < 0)) {
        return transposedConvolution(g, dY, w, window, x.shape.slice(2), group);
      }
      return g.op('Conv', [dY, g.constant(turnedKernel(weight, group))], {
        kernel_shape: window.kernel,
        dilations: window.dilations,
        pads: [...begin, ...end],
        group,
      });
    },
    W: 'unsupported',
    B: 'unsupported',
  },
  // The convolution that ConvTranspose transposes: its kernel has the outputs of that one first.
  ConvTranspose: {
    X: ({ g, node, dY, inputs: [x, w] }) => {
      assert(x && w, 'ConvTranspose has X and W');
      const window = transposedWindowOf(node, x.shape.slice(2), w.shape.slice(2));
      const result = g.op('Conv', [dY, w], {
        kernel_shape: window.kernel,
        strides: window.strides,
        dilations: window.dilations,
        pads: [...window.padsBegin, ...window.padsEnd],
        group: intAttribute(node, 'group', 1),
      });
      // What output_padding adds may be room for more windows than there were.
      if (String(result.shape) === String(x.shape)) return result;
      const axes = x.shape.slice(2).map((_, axis) => axis + 2);
      const [starts, ends] = [axes.map(() => 0), x.shape.slice(2)];
      return g.op('Slice', [result, g.ints(starts), g.ints(ends), g.ints(axes)]);
    },
    W: 'unsupported',
    B: 'unsupported',
  },
} satisfies GradientRules;

/**
 * Adds each element of dY, times the kernel, to the places its window read: the transpose of sliding that window.
 *
 * @param kernel `[M, C / group, …]`, as Conv takes it; ConvTranspose reads the same as (input, output) channels
 * @param spatial sizes of the forward input, which the result has again
 */
export function transposedConvolution(
  g: GraphBuilder,
  dY: Value,
  kernel: Value,
  window: Window,
  spatial: readonly number[],
  group: number,
): Value {
  // Without cropping the windows cover `reach` elements after the first pad. The input may go on behind them
  // (a stride that does not divide) or end before (padding, ceil_mode).
  const reach = window.output.map(
    (count, axis) =>
      (count - 1) * window.strides[axis]! +
      (window.kernel[axis]! - 1) * window.dilations[axis]! +
      1 -
      window.padsBegin[axis]!,
  );
  return g.op('ConvTranspose', [dY, kernel], {
    kernel_shape: window.kernel,
    strides: window.strides,
    dilations: window.dilations,
    pads: [...window.padsBegin, ...reach.map((size, axis) => Math.max(0, size - spatial[axis]!))],
    output_padding: reach.map((size, axis) => Math.max(0, spatial[axis]! - size)),
    group,
  });
}

/** For each weight, its turned kernel for each number of groups it is read with. */
const turned = new WeakMap<Tensor, Map<number, Tensor>>();

/** `[M, C/g, kernel…]` → `[C, M/g, kernel…]`, each kernel turned by 180°. Kept for the next graph of the same weights. */
function turnedKernel(weight: Tensor, group: number): Tensor {
  const byGroup = turned.get(weight) ?? new Map<number, Tensor>();
  const known = byGroup.get(group);
  if (known) return known;
  const [m, cPerGroup, ...kernel] = weight.dims as [number, number, ...number[]];
  const size = kernel.reduce((a, b) => a * b, 1);
  const mPerGroup = m / group;
  const source = asFloats(weight);
  const result = new Float32Array(source.length);
  for (let out = 0; out < m; out++) {
    const inGroup = out % mPerGroup;
    const firstChannel = Math.floor(out / mPerGroup) * cPerGroup;
    for (let channel = 0; channel < cPerGroup; channel++) {
      const from = (out * cPerGroup + channel) * size;
      const to = ((firstChannel + channel) * mPerGroup + inGroup) * size;
      // Turning by 180° reverses the flattened kernel, whatever its rank.
      for (let i = 0; i < size; i++) result[to + size - 1 - i] = source[from + i]!;
    }
  }
  const tensor = floats(result, [cPerGroup * group, mPerGroup, ...kernel]);
  turned.set(weight, byGroup.set(group, tensor));
  return tensor;
}
