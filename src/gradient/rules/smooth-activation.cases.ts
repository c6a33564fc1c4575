import { apply, type GradientCase, type GradientCases } from '../write.cases.js';

function softmax(op: string): GradientCase[] {
  return [
    { name: 'last axis', shape: [2, 5], write: apply(op), curved: true },
    { name: 'channels', shape: [2, 3, 2, 2], write: apply(op, { axis: 1 }), curved: true },
    { name: 'negative axis', shape: [2, 3, 4], write: apply(op, { axis: -2 }), curved: true },
  ];
}

/** Activation functions without a kink: for every operator the ways to use it that could each go wrong on their own. */
export const smoothActivationCases: GradientCases = {
  Sigmoid: [{ name: 'around 0', shape: [2, 3, 4], write: apply('Sigmoid'), curved: true }],
  Tanh: [{ name: 'around 0', shape: [2, 3, 4], write: apply('Tanh'), curved: true }],
  ...Object.fromEntries(
    ['Softplus', 'Mish', 'Erf'].map((op): [string, GradientCase[]] => [
      op,
      [{ name: 'around 0', shape: [2, 3, 4], write: apply(op), curved: true }],
    ]),
  ),
  Softsign: [{ name: 'both sides of 0', shape: [2, 3], write: apply('Softsign'), values: 'apart', curved: true }],
  Gelu: [
    { name: 'exact', shape: [2, 3, 4], write: apply('Gelu'), curved: true, opset: 20 },
    { name: 'by tanh', shape: [2, 3, 4], write: apply('Gelu', { approximate: 'tanh' }), curved: true, opset: 20 },
  ],
  Softmax: softmax('Softmax'),
  LogSoftmax: softmax('LogSoftmax'),
};
