import {
  type AttributeValues,
  float,
  type GraphBuilder,
  intAttribute,
  intsAttribute,
  type Value,
  type Window,
  windowOf,
} from '../../graph/index.js';
import { asFloats, elementCount, floats, type Tensor } from '../../onnx/index.js';
import type { GradientRules, Site } from '../rule.js';
import { transposedConvolution } from './convolution.js';

/** Pooling over windows. */
export const pooling = {
  // Each output's gradient goes to the element it was taken from; windows may overlap, so they are added there.
  // Of equal elements the first one counts, as in PyTorch.
  MaxPool: {
    X: (site) => {
      const window = poolWindow(site);
      return toTheLargest(site.g, site.x, site.dY, {
        kernel_shape: window.kernel,
        strides: window.strides,
        dilations: window.dilations,
        pads: [...window.padsBegin, ...window.padsEnd],
        ceil_mode: intAttribute(site.node, 'ceil_mode', 0),
      });
    },
  },
  GlobalMaxPool: {
    X: ({ g, x, dY }) => toTheLargest(g, x, dY, { kernel_shape: x.shape.slice(2) }),
  },
  // Each output's gradient is shared out evenly over the elements its window averaged.
  AveragePool: {
    X: (site) => {
      const window = poolWindow(site);
      return overWindows(site, site.dY, window, sharePerElement(site, window));
    },
  },
  // y = (Σ |x|ᵖ)^(1/p): sign(x) |x|ᵖ⁻¹ · Σ over the windows that hold x of dY y¹⁻ᵖ, and 0 where y is 0.
  LpPool: {
    X: (site) => {
      const p = intAttribute(site.node, 'p', 2);
      return site.g.op('Mul', [
        powerSlope(site, p),
        overWindows(site, dividedByPower(site, p), poolWindow(site), floats([1], [])),
      ]);
    },
  },
  GlobalLpPool: {
    X: (site) => {
      const p = intAttribute(site.node, 'p', 2);
      return site.g.op('Mul', [powerSlope(site, p), dividedByPower(site, p)]);
    },
  },
  GlobalAveragePool: {
    X: ({ g, x, dY }) => {
      const share = g.op('Mul', [dY, g.scalar(1 / elementCount(x.shape.slice(2)))]);
      return g.op('Expand', [share, g.ints(x.shape)]);
    },
  },
} satisfies GradientRules;

/** Adds each output's gradient to the element that MaxPool took; of equal elements the first one. */
function toTheLargest(g: GraphBuilder, x: Value, dY: Value, attributes: AttributeValues): Value {
  const [, indices] = g.multi('MaxPool', [x], attributes, 2);
  const zeros = g.op('Expand', [computedZero(g, x), g.ints([elementCount(x.shape)])]);
  const scattered = g.op(
    'ScatterElements',
    [zeros, g.op('Reshape', [indices, g.ints([-1])]), g.op('Reshape', [dY, g.ints([-1])])],
    { axis: 0, reduction: 'add' },
  );
  return g.op('Reshape', [scattered, g.ints(x.shape)]);
}

/**
 * A zero that onnxruntime does not know beforehand: constant zeros it would keep as large as the picture, and copy in
 * every step.
 */
function computedZero(g: GraphBuilder, x: Value): Value {
  const first = x.shape.map((_, axis) => axis);
  const one = g.op('Slice', [x, g.ints(x.shape.map(() => 0)), g.ints(x.shape.map(() => 1)), g.ints(first)]);
  return g.op('HardSigmoid', [g.op('Reshape', [one, g.ints([1])])], { alpha: float(0), beta: float(0) });
}

/**
 * Adds each output's value, times its share, to all elements of its window.
 *
 * @param shares one for all outputs, or `[1, 1, …output]`
 */
function overWindows({ g, x }: Site, value: Value, window: Window, shares: Tensor): Value {
  const dense = [...window.strides, ...window.dilations].every((step) => step === 1);
  if (dense) return averageOverWindows(g, x, times(g, value, shares, elementCount(window.kernel)), window);
  const isOne = shares.data.length === 1;
  const channels = x.shape[1]!;
  const kernel = floats(
    new Float32Array(channels * elementCount(window.kernel)).fill(isOne ? asFloats(shares)[0]! : 1),
    [channels, 1, ...window.kernel],
  );
  const shared = isOne ? value : times(g, value, shares, 1);
  return transposedConvolution(g, shared, g.constant(kernel), window, x.shape.slice(2), channels);
}

function times(g: GraphBuilder, value: Value, shares: Tensor, factor: number): Value {
  const factors = asFloats(shares).map((share) => share * factor);
  return factors.every((one) => one === 1) ? value : g.op('Mul', [value, g.constant(floats(factors, shares.dims))]);
}

/** sign(x) |x|ᵖ⁻¹ */
function powerSlope({ g, x }: Site, p: number): Value {
  if (p === 2) return x;
  const sign = g.op('Sign', [x]);
  return p === 1 ? sign : g.op('Mul', [sign, g.op('Pow', [g.op('Abs', [x]), g.scalar(p - 1)])]);
}

/** dY y¹⁻ᵖ, and 0 where y is 0. */
function dividedByPower({ g, y, dY }: Site, p: number): Value {
  if (p === 1) return dY;
  const divided = g.op('Div', [dY, p === 2 ? y : g.op('Pow', [y, g.scalar(p - 1)])]);
  return g.op('Where', [g.op('Equal', [y, g.scalar(0)]), g.scalar(0), divided]);
}

function poolWindow({ node, x }: Site): Window {
  return windowOf(node, x.shape.slice(2), intsAttribute(node, 'kernel_shape')!);
}

/**
 * 1 / (number of elements that the window at each output position averages over): a scalar where it is the same
 * everywhere, else `[1, 1, …output]`.
 */
function sharePerElement({ node, x }: Site, window: Window): Tensor {
  const includePad = intAttribute(node, 'count_include_pad', 0) === 1;
  const spatial = x.shape.slice(2);
  const perAxis = window.output.map((count, axis) => {
    const [low, high] = includePad
      ? [-window.padsBegin[axis]!, spatial[axis]! + window.padsEnd[axis]!]
      : [0, spatial[axis]!];
    return Array.from({ length: count }, (_, position) => {
      const start = position * window.strides[axis]! - window.padsBegin[axis]!;
      const taps = Array.from({ length: window.kernel[axis]! }, (_, tap) => start + tap * window.dilations[axis]!);
      return taps.filter((tap) => tap >= low && tap < high).length;
    });
  });
  if (perAxis.every((counts) => counts.every((count) => count === counts[0]))) {
    return floats([1 / perAxis.reduce((product, counts) => product * counts[0]!, 1)], []);
  }
  let shares = [1];
  for (const counts of perAxis) shares = shares.flatMap((share) => counts.map((count) => share / count));
  return floats(shares, [1, 1, ...window.output]);
}

/**
 * With stride and dilation 1, the mean over all windows that hold an element is itself a sliding window over the outputs:
 * an average that counts its padding.
 */
function averageOverWindows(g: GraphBuilder, x: Value, value: Value, window: Window): Value {
  const begin = window.kernel.map((size, axis) => size - 1 - window.padsBegin[axis]!);
  const end = window.kernel.map((size, axis) => x.shape[axis + 2]! - window.output[axis]! + size - 1 - begin[axis]!);
  return g.op('AveragePool', [value], {
    kernel_shape: window.kernel,
    strides: window.strides,
    pads: [...begin, ...end],
    count_include_pad: 1,
  });
}
