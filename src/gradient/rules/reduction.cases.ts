import type { AttributeValues } from '../../graph/index.js';
import type { GradientCase, GradientCases, Write } from '../write.cases.js';

const reduce =
  (opType: string, axes: readonly number[] | undefined, attributes: AttributeValues = {}): Write =>
  (g, x) =>
    g.op(opType, [x, axes && g.ints(axes)], attributes);

/** Few elements, so that the slope of what is made of all of them is well above the rounding. */
const few = [2, 1, 2, 2];

function reductions(
  opType: string,
  { shape = [2, 3, 4, 5], ...how }: Partial<Pick<GradientCase, 'shape' | 'values' | 'curved'>> = {},
): GradientCase[] {
  const cases: GradientCase[] = [
    { name: 'spatial axes kept as ones', shape, write: reduce(opType, [2, 3]) },
    { name: 'spatial axes dropped', shape, write: reduce(opType, [2, 3], { keepdims: 0 }) },
    { name: 'negative axes kept', shape, write: reduce(opType, [-1, -3], { keepdims: 1 }) },
    { name: 'negative axis dropped', shape, write: reduce(opType, [-2], { keepdims: 0 }) },
    { name: 'no axes means all, kept', shape, write: reduce(opType, undefined) },
    { name: 'no axes means all, dropped', shape, write: reduce(opType, undefined, { keepdims: 0 }) },
    { name: 'empty axes mean all', shape, write: reduce(opType, [], { keepdims: 0 }) },
    { name: 'no axes mean none when asked', shape, write: reduce(opType, undefined, { noop_with_empty_axes: 1 }) },
  ];
  return cases.map((entry) => ({ ...entry, ...how }));
}

function extremes(op: string): GradientCase[] {
  return [
    ...reductions(op, { values: 'apart' }),
    {
      name: 'those that are equal share',
      shape: [2, 3],
      write: reduce(op, [1]),
      kink: { values: op === 'ReduceMax' ? [5, 5, 1, 2, 3, 4] : [1, 1, 5, 3, 2, 1], gradient: [0.5, 0.5, 0, 0, 0, 1] },
    },
  ];
}

/** Reductions over axes: for every operator the ways to use it that could each go wrong on their own. */
export const reductionCases: GradientCases = {
  ReduceMean: reductions('ReduceMean'),
  ReduceSum: reductions('ReduceSum'),
  ReduceMax: extremes('ReduceMax'),
  ReduceMin: extremes('ReduceMin'),
  ReduceL1: reductions('ReduceL1', { values: 'apart' }),
  ReduceL2: [
    ...reductions('ReduceL2', { shape: few, curved: true, values: 'positive' }),
    {
      name: 'of zeros',
      shape: [2],
      write: reduce('ReduceL2', [0]),
      kink: { values: [0, 0], gradient: [0, 0] },
    },
  ],
  ReduceSumSquare: reductions('ReduceSumSquare', { curved: true }),
  ReduceLogSum: reductions('ReduceLogSum', { shape: [1, 1, 2, 2], curved: true, values: 'positive' }),
  ReduceLogSumExp: reductions('ReduceLogSumExp', { shape: few, curved: true }),
};
