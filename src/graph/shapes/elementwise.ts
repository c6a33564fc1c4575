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

/** Operators whose outputs have their inputs' shape, after broadcasting. */
export const elementwiseShapes = {
  Identity: unary,
  Relu: unary,
  LeakyRelu: unary,
  Clip: unary,
  Sigmoid: unary,
  HardSigmoid: unary,
  Tanh: unary,
  Exp: unary,
  Log: unary,
  Sqrt: unary,
  Neg: unary,
  Abs: unary,
  Sign: unary,
  Reciprocal: unary,
  LRN: unary,
  Softmax: unary,
  BatchNormalization: unary,
  Add: broadcasting,
  Sub: broadcasting,
  Mul: broadcasting,
  Div: broadcasting,
  Sum: broadcasting,
  Pow: broadcasting,
  Max: broadcasting,
  Min: broadcasting,
  Greater: comparison,
  Less: comparison,
  Equal: comparison,
  GreaterOrEqual: comparison,
  LessOrEqual: comparison,
  And: comparison,
  Where: (site) => [{ dtype: input(site, 1).dtype, shape: broadcasting(site)[0]!.shape }],
  Cast: (site) => {
    const to = dtypeOfWire(intAttribute(site.node, 'to', 0));
    if (!to) throw misshaped(site, `cannot cast to element type ${intAttribute(site.node, 'to', 0)}`);
    return [{ dtype: to, shape: input(site, 0).shape }];
  },
  DequantizeLinear: (site) => [{ dtype: 'float32', shape: input(site, 0).shape }],
} satisfies Record<string, ShapeRule>;
