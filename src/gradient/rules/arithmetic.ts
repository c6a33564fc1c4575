import type { GraphBuilder, Value } from '../../graph/index.js';
import { asNumbers } from '../../onnx/index.js';
import { type GradientRules, type InputGradient, type Site, variadic } from '../rule.js';

/** The largest or smallest of all inputs: inputs that are equal there share the gradient, as in torch.maximum. */
const extreme: InputGradient = ({ g, inputs, y, dY }, index) => {
  if (inputs.length === 1) return dY;
  const one = (input: Value | undefined): Value => g.op('Where', [g.op('Equal', [input, y]), g.scalar(1), g.scalar(0)]);
  const share = g.op('Div', [dY, g.op('Sum', inputs.map(one))]);
  return g.op('Where', [g.op('Equal', [inputs[index], y]), share, g.scalar(0)]);
};

/** Element-wise arithmetic. Where an input was broadcast, the driver sums its gradient back. */
export const arithmetic = {
  Identity: { input: ({ dY }) => dY },
  Add: { A: ({ dY }) => dY, B: ({ dY }) => dY },
  Sub: { A: ({ dY }) => dY, B: ({ g, dY }) => g.op('Neg', [dY]) },
  Mul: {
    A: ({ g, dY, inputs: [, b] }) => g.op('Mul', [dY, b]),
    B: ({ g, dY, inputs: [a] }) => g.op('Mul', [dY, a]),
  },
  Div: {
    A: ({ g, dY, inputs: [, b] }) => g.op('Div', [dY, b]),
    // d(a/b)/db = −(a/b)/b
    B: ({ g, dY, y, inputs: [, b] }) => g.op('Neg', [g.op('Div', [g.op('Mul', [dY, y]), b])]),
  },
  Sum: { [variadic]: ({ dY }) => dY },
  Max: { [variadic]: extreme },
  Min: { [variadic]: extreme },
  Neg: { X: ({ g, dY }) => g.op('Neg', [dY]) },
  // 0 at 0, as in PyTorch.
  Abs: { X: ({ g, x, dY }) => g.op('Mul', [dY, g.op('Sign', [x])]) },
  // (1/x)' = −1/x²
  Reciprocal: { X: ({ g, y, dY }) => g.op('Neg', [g.op('Mul', [dY, g.op('Mul', [y, y])])]) },
  Exp: { input: ({ g, y, dY }) => g.op('Mul', [dY, y]) },
  Log: { input: ({ g, x, dY }) => g.op('Div', [dY, x]) },
  // (√x)' = 1 / (2√x)
  Sqrt: { X: ({ g, y, dY }) => g.op('Div', [g.op('Mul', [dY, g.scalar(0.5)]), y]) },
  Sin: { input: ({ g, x, dY }) => g.op('Mul', [dY, g.op('Cos', [x])]) },
  Cos: { input: ({ g, x, dY }) => g.op('Neg', [g.op('Mul', [dY, g.op('Sin', [x])])]) },
  // d(xᵏ)/dx = k xᵏ⁻¹ (0 where k = 0), d(xᵏ)/dk = xᵏ log x (0 where x = 0 and k ≥ 0).
  Pow: {
    X: (site) => site.g.op('Mul', [site.dY, powerSlope(site)]),
    Y: ({ g, dY, y, inputs: [x, k] }) => {
      const flat = g.op('And', [
        g.op('Equal', [x, g.scalar(0)]),
        g.op('GreaterOrEqual', [asFloat(g, k!), g.scalar(0)]),
      ]);
      const slope = g.op('Mul', [y, g.op('Log', [x])]);
      return g.op('Where', [flat, g.scalar(0), g.op('Mul', [dY, slope])]);
    },
  },
  // Where `condition` is true X is taken, else Y.
  Where: {
    condition: 'stop',
    X: ({ g, dY, inputs: [condition] }) => g.op('Where', [condition, dY, g.scalar(0)]),
    Y: ({ g, dY, inputs: [condition] }) => g.op('Where', [condition, g.scalar(0), dY]),
  },
  // Nothing is dropped when a network only runs.
  Dropout: { data: ({ dY }) => dY, ratio: 'stop', training_mode: 'stop' },
} satisfies GradientRules;

function powerSlope({ g, inputs: [x, k] }: Site): Value {
  const known = g.constantOf(k);
  const exponents = known && asNumbers(known);
  const [first] = exponents ?? [];
  if (exponents && first !== undefined && exponents.every((exponent) => exponent === first)) {
    if (first === 2) return g.op('Mul', [x, g.scalar(2)]);
    const lower = g.op('Pow', [x, g.scalar(first - 1)]);
    return first === 0 ? g.scalar(0) : g.op('Mul', [lower, g.scalar(first)]);
  }
  const exponent = asFloat(g, k!);
  const lower = g.op('Pow', [x, g.op('Sub', [exponent, g.scalar(1)])]);
  return g.op('Where', [g.op('Equal', [exponent, g.scalar(0)]), g.scalar(0), g.op('Mul', [exponent, lower])]);
}

/** Exponents may be whole numbers; element type 1 is float32. */
function asFloat(g: GraphBuilder, value: Value): Value {
  return value.dtype === 'float32' ? value : g.op('Cast', [value], { to: 1 });
}
