import { type GraphBuilder, intAttribute, positiveAxis, stringAttribute, type Value } from '../../graph/index.js';
import type { GradientRules, Site } from '../rule.js';

/** Activation functions without a kink. */
export const smoothActivation = {
  // σ' = σ (1 − σ)
  Sigmoid: { X: ({ g, dY, y }) => g.op('Mul', [dY, g.op('Mul', [y, g.op('Sub', [g.scalar(1), y])])]) },
  // tanh' = 1 − tanh²
  Tanh: { input: ({ g, dY, y }) => g.op('Mul', [dY, oneMinusSquare(g, y)]) },
  // log(1 + eˣ)' = σ(x)
  Softplus: { X: ({ g, x, dY }) => g.op('Mul', [dY, g.op('Sigmoid', [x])]) },
  // x / (1 + |x|), of which the derivative is (1 − |y|)².
  Softsign: {
    input: ({ g, y, dY }) => {
      const rest = g.op('Sub', [g.scalar(1), g.op('Abs', [y])]);
      return g.op('Mul', [dY, g.op('Mul', [rest, rest])]);
    },
  },
  // x · t with t = tanh(log(1 + eˣ)): t + x (1 − t²) σ(x)
  Mish: {
    X: ({ g, x, dY }) => {
      const t = g.op('Tanh', [g.op('Softplus', [x])]);
      const bend = g.op('Mul', [g.op('Mul', [x, g.op('Sigmoid', [x])]), oneMinusSquare(g, t)]);
      return g.op('Mul', [dY, g.op('Add', [t, bend])]);
    },
  },
  Gelu: {
    X: (site) => {
      const tanh = stringAttribute(site.node, 'approximate', 'none') === 'tanh';
      return site.g.op('Mul', [site.dY, tanh ? tanhGeluSlope(site) : geluSlope(site)]);
    },
  },
  // erf' = 2/√π · exp(−x²)
  Erf: {
    input: ({ g, x, dY }) => {
      const bell = g.op('Exp', [g.op('Neg', [g.op('Mul', [x, x])])]);
      return g.op('Mul', [dY, g.op('Mul', [bell, g.scalar(2 / Math.sqrt(Math.PI))])]);
    },
  },
  // dX = y ⊙ (dY − Σ dY ⊙ y) along the axis.
  Softmax: {
    input: (site) => {
      const { g, y, dY } = site;
      return g.op('Mul', [y, g.op('Sub', [dY, sumAlongAxis(site, g.op('Mul', [dY, y]))])]);
    },
  },
  // dX = dY − eʸ Σ dY along the axis.
  LogSoftmax: {
    input: (site) => {
      const { g, y, dY } = site;
      return g.op('Sub', [dY, g.op('Mul', [g.op('Exp', [y]), sumAlongAxis(site, dY)])]);
    },
  },
} satisfies GradientRules;

function oneMinusSquare(g: GraphBuilder, y: Value): Value {
  return g.op('Sub', [g.scalar(1), g.op('Mul', [y, y])]);
}

function sumAlongAxis({ g, node, x }: Site, value: Value): Value {
  const axis = positiveAxis(intAttribute(node, 'axis', -1), x.shape.length);
  return g.op('ReduceSum', [value, g.ints([axis])], { keepdims: 1 });
}

/** x Φ(x), with Φ = (1 + erf(x/√2)) / 2 and Φ' = φ = exp(−x²/2) / √(2π): Φ + x φ. */
function geluSlope({ g, x }: Site): Value {
  const erf = g.op('Erf', [g.op('Mul', [x, g.scalar(Math.SQRT1_2)])]);
  const cumulative = g.op('Mul', [g.op('Add', [erf, g.scalar(1)]), g.scalar(0.5)]);
  const bell = g.op('Exp', [g.op('Mul', [g.op('Mul', [x, x]), g.scalar(-0.5)])]);
  return g.op('Add', [cumulative, g.op('Mul', [g.op('Mul', [x, bell]), g.scalar(1 / Math.sqrt(2 * Math.PI))])]);
}

/** x (1 + t) / 2 with t = tanh(u), u = √(2/π) (x + c x³): (1 + t)/2 + x (1 − t²) √(2/π) (1 + 3c x²) / 2. */
function tanhGeluSlope({ g, x }: Site): Value {
  const c = 0.044715;
  const k = Math.sqrt(2 / Math.PI);
  const square = g.op('Mul', [x, x]);
  const polynomial = (a: number, b: number): Value => g.op('Add', [g.op('Mul', [square, g.scalar(b)]), g.scalar(a)]);
  const t = g.op('Tanh', [g.op('Mul', [x, polynomial(k, k * c)])]);
  const bend = g.op('Mul', [g.op('Mul', [x, oneMinusSquare(g, t)]), polynomial(k / 2, (3 * c * k) / 2)]);
  return g.op('Add', [g.op('Mul', [g.op('Add', [t, g.scalar(1)]), g.scalar(0.5)]), bend]);
}
