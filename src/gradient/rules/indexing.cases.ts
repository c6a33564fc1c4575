import type { AttributeValues } from '../../graph/index.js';
import { ints, type Tensor } from '../../onnx/index.js';
import { apply, type GradientCases, random, type Write } from '../write.cases.js';

const gatherBy =
  (op: string, indices: Tensor, attributes: AttributeValues = {}): Write =>
  (g, x) =>
    g.op(op, [x, g.constant(indices)], attributes);

/** Operators that read or write elements at given positions: for every operator the ways to use it that could each go wrong on their own. */
export const indexingCases: GradientCases = {
  Gather: [
    { name: 'one position', shape: [2, 4, 3], write: gatherBy('Gather', ints([2], []), { axis: 1 }) },
    {
      name: 'counted from the end, twice',
      shape: [2, 4, 3],
      write: gatherBy('Gather', ints([-1, 0, 3, -1]), { axis: 1 }),
    },
    { name: 'a table of positions', shape: [4, 2], write: gatherBy('Gather', ints([0, 3, 3, 1, 0, 2], [2, 3])) },
    { name: 'last axis', shape: [2, 5], write: gatherBy('Gather', ints([4, 1]), { axis: -1 }) },
    {
      name: 'positions computed by the graph',
      shape: [2, 4, 3],
      write: (g, x) => g.op('Gather', [x, g.op('ArgMax', [random(g, [5, 4])], { axis: 1, keepdims: 0 })], { axis: 1 }),
    },
    {
      name: 'positions computed by the graph, first axis',
      shape: [4, 3],
      write: (g, x) => g.op('Gather', [x, g.op('ArgMax', [random(g, [2, 4])], { axis: 1 })]),
    },
  ],
  GatherElements: [
    {
      name: 'some twice',
      shape: [3, 4],
      write: gatherBy('GatherElements', ints([0, 1, 1, -1, 2, 2], [3, 2]), { axis: 1 }),
    },
  ],
  GatherND: [
    { name: 'elements', shape: [3, 4], write: gatherBy('GatherND', ints([0, 1, 2, -1, 0, 1], [3, 2])) },
    { name: 'rows', shape: [3, 4], write: gatherBy('GatherND', ints([2, 0, 2], [3, 1])) },
    {
      name: 'in batches',
      shape: [2, 4, 3],
      write: gatherBy('GatherND', ints([0, 1, 3, 3], [2, 2, 1]), { batch_dims: 1 }),
    },
  ],
  ScatterElements: [
    {
      name: 'written over',
      shape: [3, 4],
      write: (g, x) =>
        g.op('ScatterElements', [x, g.constant(ints([0, 2, -1], [3, 1])), random(g, [3, 1])], { axis: 1 }),
    },
    {
      name: 'written',
      shape: [3, 1],
      write: (g, x) =>
        g.op('ScatterElements', [random(g, [3, 4]), g.constant(ints([0, 2, -1], [3, 1])), x], { axis: 1 }),
      reads: ['updates'],
    },
    {
      name: 'added to, and added',
      shape: [3, 2],
      write: (g, x) => [
        g.op('ScatterElements', [x, g.constant(ints([0, 1, 1, 1, 0, 0], [3, 2])), random(g, [3, 2])], {
          axis: 1,
          reduction: 'add',
        }),
        g.op('ScatterElements', [random(g, [3, 2]), g.constant(ints([0, 1, 1, 1, 0, 0], [3, 2])), x], {
          axis: 1,
          reduction: 'add',
        }),
      ],
      reads: ['data', 'updates'],
    },
  ],
  ScatterND: [
    {
      name: 'rows written over',
      shape: [4, 3],
      write: (g, x) => g.op('ScatterND', [x, g.constant(ints([2, -4], [2, 1])), random(g, [2, 3])]),
    },
    {
      name: 'rows written',
      shape: [2, 3],
      write: (g, x) => g.op('ScatterND', [random(g, [4, 3]), g.constant(ints([2, -4], [2, 1])), x]),
      reads: ['updates'],
    },
    {
      name: 'elements added to, and added',
      shape: [2, 2],
      write: (g, x) => [
        g.op('ScatterND', [x, g.constant(ints([0, 1, 0, 1], [2, 2])), random(g, [2])], { reduction: 'add' }),
        g.op('ScatterND', [random(g, [2, 2]), g.constant(ints([0, 0], [2, 1])), x], { reduction: 'add' }),
      ],
      reads: ['data', 'updates'],
    },
  ],
  CumSum: [
    { name: 'rows', shape: [3, 4], write: (g, x) => g.op('CumSum', [x, g.constant(ints([1], []))]) },
    {
      name: 'from the end, without itself',
      shape: [3, 4],
      write: (g, x) => g.op('CumSum', [x, g.constant(ints([0], []))], { reverse: 1, exclusive: 1 }),
    },
  ],
  Trilu: [
    { name: 'upper', shape: [2, 3, 4], write: apply('Trilu') },
    {
      name: 'lower, one more diagonal',
      shape: [4, 3],
      write: (g, x) => g.op('Trilu', [x, g.constant(ints([1], []))], { upper: 0 }),
    },
  ],
};
