import { floatAttribute } from '../../graph/index.js';
import type { GradientRules } from '../rule.js';

/** Activation functions. Those that can be differentiated from their output alone do, so that the input can be freed. */
export const activation = {
  // 1 where the output is positive. At exactly 0 the gradient is 0, as in PyTorch and TensorFlow.
  Relu: { X: ({ g, dY, y }) => g.op('Where', [g.op('Greater', [y, g.scalar(0)]), dY, g.scalar(0)]) },
  LeakyRelu: {
    X: ({ g, node, x, dY }) => {
      const alpha = floatAttribute(node, 'alpha', 0.01);
      return g.op('Where', [g.op('Greater', [x, g.scalar(0)]), dY, g.op('Mul', [dY, g.scalar(alpha)])]);
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
  // σ' = σ (1 − σ)
  Sigmoid: { X: ({ g, dY, y }) => g.op('Mul', [dY, g.op('Mul', [y, g.op('Sub', [g.scalar(1), y])])]) },
  // tanh' = 1 − tanh²
  Tanh: { input: ({ g, dY, y }) => g.op('Mul', [dY, g.op('Sub', [g.scalar(1), g.op('Mul', [y, y])])]) },
  // max(0, min(1, αx + β)): α where strictly between.
  HardSigmoid: {
    X: ({ g, node, y, dY }) => {
      const alpha = floatAttribute(node, 'alpha', 0.2);
      const inside = g.op('And', [g.op('Greater', [y, g.scalar(0)]), g.op('Less', [y, g.scalar(1)])]);
      return g.op('Where', [inside, g.op('Mul', [dY, g.scalar(alpha)]), g.scalar(0)]);
    },
  },
} satisfies GradientRules;
