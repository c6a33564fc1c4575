import { float, floatAttribute, type GraphBuilder, intAttribute, positiveAxis, type Value } from '../../graph/index.js';
import { elementCount, floats } from '../../onnx/index.js';
import type { GradientRules, Site } from '../rule.js';

/** Normalisation: with fixed statistics, with those of the input itself, and across neighbouring channels. */
export const normalization = {
  // y = γ (x − μ) / √(σ² + ε) + β with constants: a factor per channel.
  BatchNormalization: {
    X: ({ g, node, x, dY, inputs: [, scale, , , variance] }) => {
      const deviation = g.op('Sqrt', [g.op('Add', [variance, g.scalar(floatAttribute(node, 'epsilon', 1e-5))])]);
      const shape = x.shape.map((size, axis) => (axis === 1 ? size : 1));
      return g.op('Mul', [dY, g.op('Reshape', [g.op('Div', [scale, deviation]), g.ints(shape)])]);
    },
    scale: 'unsupported',
    B: 'unsupported',
    input_mean: 'unsupported',
    input_var: 'unsupported',
  },
  // Statistics over the spatial axes of each channel: rows of [N · C, D]. y = γ x̂ + β with x̂ = (x − μ)/σ.
  InstanceNormalization: {
    input: (site) => {
      const { g, x, dY, inputs } = site;
      const [n, c] = x.shape as [number, number];
      const scaled = g.op('Mul', [dY, alongChannels(g, x, inputs[1]!)]);
      return throughRows(site, scaled, [n * c, elementCount(x.shape.slice(2))]);
    },
    scale: 'unsupported',
    B: 'unsupported',
  },
  // Statistics over the channels of each group: rows of [N · G, C/G · D].
  GroupNormalization: {
    X: (site) => {
      const { g, node, x, dY, inputs } = site;
      const groups = intAttribute(node, 'num_groups', 1);
      const [n, c] = x.shape as [number, number];
      const scaled = g.op('Mul', [dY, alongChannels(g, x, perChannel(g, inputs[1]!, c))]);
      return throughRows(site, scaled, [n * groups, elementCount(x.shape.slice(1)) / groups]);
    },
    scale: 'unsupported',
    bias: 'unsupported',
  },
  // Statistics over the axes from `axis` on; scale and offset are broadcast to them.
  LayerNormalization: {
    X: (site) => {
      const { g, node, x, dY, inputs } = site;
      const axis = positiveAxis(intAttribute(node, 'axis', -1), x.shape.length);
      const rows = [elementCount(x.shape.slice(0, axis)), elementCount(x.shape.slice(axis))] as const;
      return throughRows(site, g.op('Mul', [dY, inputs[1]]), rows);
    },
    Scale: 'unsupported',
    B: 'unsupported',
  },
  // y_c = x_c / d_c^β with d_c = bias + α · (mean of x² over the window of c), zeros outside the channels.
  // dX_c = dY_c / d_c^β − 2αβ · x_c · (mean over the windows that hold c of dY · y / d).
  LRN: {
    X: ({ g, node, x, y, dY }) => {
      const size = intAttribute(node, 'size', 1);
      const alpha = floatAttribute(node, 'alpha', 1e-4);
      const beta = floatAttribute(node, 'beta', 0.75);
      const before = Math.floor((size - 1) / 2);
      const after = Math.ceil((size - 1) / 2);
      const mean = meanOverChannels(g, g.op('Mul', [x, x]), size, before, after);
      const d = g.op('Add', [g.op('Mul', [mean, g.scalar(alpha)]), g.scalar(floatAttribute(node, 'bias', 1))]);
      const direct = g.op('Div', [dY, g.op('Pow', [d, g.scalar(beta)])]);
      const shared = meanOverChannels(g, g.op('Div', [g.op('Mul', [dY, y]), d]), size, after, before);
      return g.op('Sub', [direct, g.op('Mul', [g.op('Mul', [x, shared]), g.scalar(2 * alpha * beta)])]);
    },
  },
} satisfies GradientRules;

/**
 * With x̂ = (x − μ)/σ over each row and d = dY ⊙ γ: dX = (d − mean(d) − x̂ · mean(d ⊙ x̂)) / σ. x̂ and 1/σ are outputs of
 * LayerNormalization with a scale of 1.
 *
 * @param scaled d, in the shape of the input
 * @param rows how many rows, and how long they are
 */
function throughRows({ g, node, x }: Site, scaled: Value, rows: readonly [number, number]): Value {
  const epsilon = floatAttribute(node, 'epsilon', 1e-5);
  const ones = g.constant(floats(new Float32Array(rows[1]).fill(1)));
  const [normal, , inverse] = g.multi(
    'LayerNormalization',
    [g.op('Reshape', [x, g.ints(rows)]), ones],
    { axis: 1, epsilon: float(epsilon) },
    3,
  ) as [Value, Value, Value];
  const d = g.op('Reshape', [scaled, g.ints(rows)]);
  const mean = (value: Value): Value => g.op('ReduceMean', [value, g.ints([1])], { keepdims: 1 });
  const along = g.op('Mul', [normal, mean(g.op('Mul', [d, normal]))]);
  const across = g.op('Sub', [g.op('Sub', [d, mean(d)]), along]);
  return g.op('Reshape', [g.op('Mul', [across, inverse]), g.ints(x.shape)]);
}

/** `[C]` as `[C, 1, …]`, to go with an input of `[N, C, …]`. */
function alongChannels(g: GraphBuilder, x: Value, parameter: Value): Value {
  return g.op('Reshape', [parameter, g.ints([-1, ...x.shape.slice(2).fill(1)])]);
}

/** A parameter with one value a group (up to opset 20) repeated for the channels of each. */
function perChannel(g: GraphBuilder, parameter: Value, channels: number): Value {
  const groups = parameter.shape[0]!;
  if (groups === channels) return parameter;
  const column = g.op('Reshape', [parameter, g.ints([groups, 1])]);
  return g.op('Reshape', [g.op('Expand', [column, g.ints([groups, channels / groups])]), g.ints([channels])]);
}

/** A sliding mean along the channels, zeros outside: an average pool over the channels taken as rows. */
function meanOverChannels(g: GraphBuilder, x: Value, size: number, before: number, after: number): Value {
  const [n, c, ...spatial] = x.shape as [number, number, ...number[]];
  const rows = g.op('Reshape', [x, g.ints([n, 1, c, elementCount(spatial)])]);
  const mean = g.op('AveragePool', [rows], {
    kernel_shape: [size, 1],
    pads: [before, 0, after, 0],
    count_include_pad: 1,
  });
  return g.op('Reshape', [mean, g.ints(x.shape)]);
}
