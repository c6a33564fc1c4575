import { intAttribute } from '../attributes.js';
import { positiveAxis } from '../broadcast.js';
import { axesInput, input, misshaped, type ShapeRule } from './site.js';

const reduced: ShapeRule = (site) => {
  const { dtype, shape } = input(site, 0);
  const named = site.inputs[1] ? axesInput(site, 1, shape.length) : [];
  if (named.length === 0 && intAttribute(site.node, 'noop_with_empty_axes', 0) === 1) return [{ dtype, shape }];
  const axes = new Set(named.length === 0 ? shape.keys() : named);
  const keep = intAttribute(site.node, 'keepdims', 1) === 1;
  return [
    {
      dtype,
      shape: keep ? shape.map((size, axis) => (axes.has(axis) ? 1 : size)) : shape.filter((_, axis) => !axes.has(axis)),
    },
  ];
};

/** The position of the largest or smallest element along one axis. */
const position: ShapeRule = (site) => {
  const { shape } = input(site, 0);
  const axis = positiveAxis(intAttribute(site.node, 'axis', 0), shape.length);
  if (axis === shape.length) throw misshaped(site, `there is no axis ${axis} in [${shape}]`);
  const kept = intAttribute(site.node, 'keepdims', 1) === 1 ? [1] : [];
  return [{ dtype: 'int64', shape: [...shape.slice(0, axis), ...kept, ...shape.slice(axis + 1)] }];
};

/** Operators that make one number of many. */
export const reductionShapes = {
  ReduceMean: reduced,
  ReduceSum: reduced,
  ReduceMax: reduced,
  ReduceMin: reduced,
  ReduceProd: reduced,
  ReduceL1: reduced,
  ReduceL2: reduced,
  ReduceLogSum: reduced,
  ReduceLogSumExp: reduced,
  ReduceSumSquare: reduced,
  ArgMax: position,
  ArgMin: position,
} satisfies Record<string, ShapeRule>;
