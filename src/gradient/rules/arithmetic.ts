import { type GradientRules, variadic } from '../rule.js';

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
} satisfies GradientRules;
