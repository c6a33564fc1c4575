import { type GraphBuilder, intAttribute, positiveAxis, type Value } from '../../graph/index.js';
import type { DType } from '../../onnx/index.js';
import type { GradientRules, Site } from '../rule.js';

/** Smallest and largest number of the types that networks are quantised to. */
const ranges: Partial<Record<DType, readonly [number, number]>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65_535],
  int16: [-32_768, 32_767],
};

/**
 * Changes of number format. Rounding has no slope, so the gradient goes straight through it (Bengio et al. 2013,
 * arXiv 1308.3432), and stops where the format's range cuts off, as PyTorch's fake_quantize has it.
 */
export const quantization = {
  Cast: { input: ({ dY }) => dY },
  CastLike: { input: ({ dY }) => dY, target_type: 'stop' },
  // y = round(x / scale) + zero point, cut off at the ends of the range.
  QuantizeLinear: {
    x: (site) => {
      const { g, x, y, dY, inputs } = site;
      const [low, high] = ranges[y.dtype] ?? [-Infinity, Infinity];
      const scale = alongAxis(site, inputs[1]!);
      const level = g.op('Round', [g.op('Div', [x, scale])]);
      const zero = inputs[2] && g.op('Cast', [alongAxis(site, inputs[2])], { to: 1 });
      const position = zero ? g.op('Add', [level, zero]) : level;
      const inside = g.op('And', [
        g.op('GreaterOrEqual', [position, g.scalar(low)]),
        g.op('LessOrEqual', [position, g.scalar(high)]),
      ]);
      return g.op('Where', [inside, g.op('Div', [dY, scale]), g.scalar(0)]);
    },
    y_scale: 'unsupported',
    y_zero_point: 'stop',
  },
  // y = (x − zero point) · scale
  DequantizeLinear: {
    x: (site) => site.g.op('Mul', [site.dY, alongAxis(site, site.inputs[1]!)]),
    x_scale: 'unsupported',
    x_zero_point: 'stop',
  },
} satisfies GradientRules;

/** A scale or zero point, one for all or one a position of the axis, in a shape that goes with the input's. */
function alongAxis({ g, node, x }: Site, parameter: Value): Value {
  if (parameter.shape.length !== 1 || parameter.shape[0] === 1) return parameter;
  return reshapedTo(g, parameter, x.shape, positiveAxis(intAttribute(node, 'axis', 1), x.shape.length));
}

function reshapedTo(g: GraphBuilder, parameter: Value, shape: readonly number[], axis: number): Value {
  return g.op('Reshape', [parameter, g.ints(shape.map((_, i) => (i === axis ? -1 : 1)))]);
}
