import { float, floatAttribute, type GraphBuilder, type Value } from '../../graph/index.js';
import type { GradientRules } from '../rule.js';

/**
 * Activation functions with a kink. Those that can be differentiated from their output alone do, so that the input can
 * be freed. What they answer at a kink is what PyTorch answers there.
 */
export const activation = {
  // 1 where the output is positive. At exactly 0 the gradient is 0, as in PyTorch and TensorFlow.
  Relu: { X: ({ g, dY, y }) => g.op('Mul', [dY, positiveMask(g, y)]) },
  LeakyRelu: {
    X: ({ g, node, x, dY }) => {
      const alpha = floatAttribute(node, 'alpha', 0.01);
      return g.op('Where', [g.op('Greater', [x, g.scalar(0)]), dY, g.op('Mul', [dY, g.scalar(alpha)])]);
    },
  },
  // x where x > 0, else slope · x.
  PRelu: {
    X: ({ g, dY, inputs: [x, slope] }) =>
      g.op('Where', [g.op('Greater', [x, g.scalar(0)]), dY, g.op('Mul', [dY, slope])]),
    slope: ({ g, x, dY }) => g.op('Mul', [dY, g.op('Min', [x, g.scalar(0)])]),
  },
  // x where x > α, else 0.
  ThresholdedRelu: {
    X: ({ g, node, x, dY }) => {
      const above = g.op('Greater', [x, g.scalar(floatAttribute(node, 'alpha', 1))]);
      return g.op('Where', [above, dY, g.scalar(0)]);
    },
  },
  // Passes between the bounds, the bounds included, as torch.clamp does.
  Clip: {
    input: ({ g, dY, inputs: [x, min, max] }) => {
      const above = min && g.op('GreaterOrEqual', [x, min]);
      const below = max && g.op('LessOrEqual', [x, max]);
      const inside = above && below ? g.op('And', [above, below]) : (above ?? below);
      return inside ? g.op('Where', [inside, dY, g.scalar(0)]) : dY;
    },
    min: 'unsupported',
    max: 'unsupported',
  },
  // max(0, min(1, αx + β)): α where strictly between.
  HardSigmoid: {
    X: ({ g, node, y, dY }) => {
      const alpha = floatAttribute(node, 'alpha', 0.2);
      const inside = g.op('And', [g.op('Greater', [y, g.scalar(0)]), g.op('Less', [y, g.scalar(1)])]);
      return g.op('Where', [inside, g.op('Mul', [dY, g.scalar(alpha)]), g.scalar(0)]);
    },
  },
  // x · max(0, min(1, x/6 + 1/2)): x/3 + 1/2 from −3 to 3, 0 below, 1 above.
  HardSwish: {
    X: ({ g, x, dY }) => {
      const slope = g.op('Add', [g.op('Mul', [x, g.scalar(1 / 3)]), g.scalar(0.5)]);
      const factor = g.op('Where', [g.op('Greater', [x, g.scalar(3)]), g.scalar(1), slope]);
      const below = g.op('Less', [x, g.scalar(-3)]);
      return g.op('Where', [below, g.scalar(0), g.op('Mul', [dY, factor])]);
    },
  },
  // x where x > 0, else α (eˣ − 1), of which the derivative is y + α.
  Elu: {
    X: ({ g, node, x, y, dY }) => {
      const slope = g.op('Add', [y, g.scalar(floatAttribute(node, 'alpha', 1))]);
      return g.op('Where', [g.op('Greater', [x, g.scalar(0)]), dY, g.op('Mul', [dY, slope])]);
    },
  },
  // γx where x > 0, else γα (eˣ − 1), of which the derivative is y + γα.
  Selu: {
    X: ({ g, node, x, y, dY }) => {
      const gamma = floatAttribute(node, 'gamma', 1.0507009873554805);
      const slope = g.op('Add', [y, g.scalar(gamma * floatAttribute(node, 'alpha', 1.6732632423543772))]);
      return g.op('Mul', [dY, g.op('Where', [g.op('Greater', [x, g.scalar(0)]), g.scalar(gamma), slope])]);
    },
  },
  // x where x > 0, else α (e^(x/α) − 1), of which the derivative is y/α + 1.
  Celu: {
    X: ({ g, node, x, y, dY }) => {
      const alpha = floatAttribute(node, 'alpha', 1);
      const slope = g.op('Add', [g.op('Mul', [y, g.scalar(1 / alpha)]), g.scalar(1)]);
      return g.op('Where', [g.op('Greater', [x, g.scalar(0)]), dY, g.op('Mul', [dY, slope])]);
    },
  },
  // Flat between its steps.
  Floor: { X: 'stop' },
  Ceil: { X: 'stop' },
  Round: { X: 'stop' },
  Sign: { input: 'stop' },
} satisfies GradientRules;

/**
 * 1 where a tensor that is nowhere negative is positive, else 0: max(0, min(1, αx)) with an α beyond all doubt. HardSigmoid
 * and Mul are what onnxruntime keeps in the layout of its convolutions; comparisons it takes out and back again.
 */
function positiveMask(g: GraphBuilder, value: Value): Value {
  return g.op('HardSigmoid', [value], { alpha: float(1e38), beta: float(0) });
}
