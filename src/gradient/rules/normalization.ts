import { floatAttribute, type GraphBuilder, intAttribute, type Value } from '../../graph/index.js';
import { elementCount } from '../../onnx/index.js';
import type { GradientRules } from '../rule.js';

/** Normalisation with fixed statistics, and across neighbouring channels. */
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
