import { dtypeOfWire } from '../../onnx/index.js';
import { intAttribute } from '../attributes.js';
import { broadcastShapes } from '../broadcast.js';

import { input, misshaped, type ShapeRule } from './site.js';

const unary: ShapeRule = (site) => {
  const { dtype, shape } = input(site, 0);
  return [{ dtype, shape }];
};

const broadcasting: ShapeRule = (site) => {
  const present = site.inputs.filter((value) => value !== undefined);
  const shape = broadcastShapes(...present.map((value) => value.shape));
  if (!shape) throw misshaped(site, `shapes ${present.map((v) => `[${v.shape}]`).join(' and ')} do not broadcast`);
  return [{ dtype: input(site, 0).dtype, shape }];
};

const comparison: ShapeRule = (site) => [{ dtype: 'bool', shape: broadcasting(site)[0]!.shape }];

/** Written out as plain entries, so that the table of operators stays one. */
function sameForAll(opTypes: readonly string[]): Record<string, ShapeRule> {
  return Object.fromEntries(opTypes.map((opType) => [opType, unary]));
}

/** Operators whose outputs have their inputs' shape, after broadcasting. */
export const elementwiseShapes = {
  ...sameForAll([
    ...['Identity', 'Relu', 'LeakyRelu', 'ThresholdedRelu', 'PRelu', 'Clip', 'Elu', 'Selu', 'Celu', 'Gelu', 'Mish'],
    ...['Sigmoid', 'HardSigmoid', 'HardSwish', 'Tanh', 'Softplus', 'Softsign', 'Softmax', 'LogSoftmax'],
    ...['Erf', 'Exp', 'Log', 'Sqrt', 'Sin', 'Cos', 'Neg', 'Abs', 'Sign', 'Reciprocal', 'Floor', 'Ceil', 'Round', 'Not'],
    ...['LRN', 'BatchNormalization'],
  ]),
  Add: broadcasting,
  Sub: broadcasting,
  Mul: broadcasting,
  Div: broadcasting,
  Sum: broadcasting,
  Pow: broadcasting,
  Max: broadcasting,
  Min: broadcasting,
  Mod: broadcasting,
  Greater: comparison,
  Less: comparison,
  Equal: comparison,
  GreaterOrEqual: comparison,
  LessOrEqual: comparison,
  And: comparison,
  Or: comparison,
  Xor: comparison,
  Where: (site) => [{ dtype: input(site, 1).dtype, shape: broadcasting(site)[0]!.shape }],
  Cast: (site) => {
    const to = dtypeOfWire(intAttribute(site.node, 'to', 0));
    if (!to) throw misshaped(site, `cannot cast to element type ${intAttribute(site.node, 'to', 0)}`);
    return [{ dtype: to, shape: input(site, 0).shape }];
  },
  CastLike: (site) => [{ dtype: input(site, 1).dtype, shape: input(site, 0).shape }],
  // The second output is the mask of what was kept.
  Dropout: (site) => {
    const { dtype, shape } = input(site, 0);
    return [
      { dtype, shape },
      { dtype: 'bool', shape },
    ];
  },
  QuantizeLinear: (site) => {
    const named = dtypeOfWire(intAttribute(site.node, 'output_dtype', 0));
    return [{ dtype: site.inputs[2]?.dtype ?? named ?? 'uint8', shape: input(site, 0).shape }];
  },
  DequantizeLinear: (site) => [{ dtype: 'float32', shape: input(site, 0).shape }],
} satisfies Record<string, ShapeRule>;
