import type { GraphBuilder, Value } from '../../graph/index.js';
import { elementCount, floats, ints } from '../../onnx/index.js';
import {
  apply,
  broadcasts,
  coarseRandom,
  type GradientCase,
  type GradientCases,
  positive,
  random,
  type Shape,
} from '../write.cases.js';

function truths(g: GraphBuilder, ...values: number[]): Value {
  return g.constant({ dtype: 'bool', dims: [values.length], data: Uint8Array.from(values) });
}

/** `apart` values are never nearer than 1/2 to these whole numbers. */
function extremes(op: string): GradientCase[] {
  const whole = (g: GraphBuilder, shape: Shape, seed = 3): Value =>
    g.constant(
      floats(
        coarseRandom(seed, elementCount(shape)).map((value) => Math.round(10 * value)),
        shape,
      ),
    );
  return [
    { name: '1 input', shape: [2, 3], write: apply(op), reads: ['...'] },
    {
      name: 'against 0',
      shape: [2, 3, 4],
      write: (g, x) => g.op(op, [x, g.scalar(0)]),
      values: 'apart',
      reads: ['...'],
    },
    {
      name: 'this one broadcast',
      shape: [3, 1],
      write: (g, x) => g.op(op, [whole(g, [2, 3, 4]), x]),
      values: 'apart',
      reads: ['...'],
    },
    {
      name: '3 inputs',
      shape: [2, 3, 4],
      write: (g, x) => g.op(op, [whole(g, [4]), x, whole(g, [2, 1, 1], 4)]),
      values: 'apart',
      reads: ['...'],
    },
    {
      name: 'of two that are equal each gets half',
      shape: [3],
      write: (g, x) => g.op(op, [x, g.constant(floats([1, 1, 1]))]),
      reads: ['...'],
      kink: { values: [0, 1, 2], gradient: op === 'Max' ? [0, 0.5, 1] : [1, 0.5, 0] },
    },
    {
      name: 'with itself',
      shape: [2],
      write: (g, x) => g.op(op, [x, x]),
      reads: ['...'],
      kink: { values: [3, -1], gradient: [1, 1] },
    },
  ];
}

/** Element-wise arithmetic: for every operator the ways to use it that could each go wrong on their own. */
export const arithmeticCases: GradientCases = {
  Identity: [{ name: 'any shape', shape: [2, 3], write: apply('Identity') }],
  Add: [
    ...broadcasts('Add'),
    { name: 'x + x', shape: [2, 3], write: (g, x) => g.op('Add', [x, x]), reads: ['A', 'B'] },
  ],
  Sub: [
    ...broadcasts('Sub'),
    {
      name: 'x² − x',
      shape: [2, 3],
      write: (g, x) => g.op('Sub', [g.op('Mul', [x, x]), x]),
      reads: ['B'],
      curved: true,
    },
  ],
  Mul: [
    ...broadcasts('Mul'),
    { name: 'x · x', shape: [2, 3], write: (g, x) => g.op('Mul', [x, x]), reads: ['A', 'B'], curved: true },
    {
      name: 'x · mean(x), as a gate',
      shape: [2, 3, 4],
      write: (g, x) => g.op('Mul', [x, g.op('ReduceMean', [x, g.ints([2])])]),
      curved: true,
    },
  ],
  Div: [
    ...broadcasts('Div', { right: true }),
    {
      name: 'x / (1 + x²)',
      shape: [2, 3],
      write: (g, x) => g.op('Div', [x, g.op('Add', [g.scalar(1), g.op('Mul', [x, x])])]),
      curved: true,
    },
  ],
  Sum: [
    { name: '1 input', shape: [2, 3], write: apply('Sum'), reads: ['...'] },
    {
      name: '2 inputs, the other broadcast',
      shape: [2, 3, 4],
      write: (g, x) => g.op('Sum', [x, random(g, [3, 1])]),
      reads: ['...'],
    },
    {
      name: '3 inputs, this one broadcast',
      shape: [3, 1],
      write: (g, x) => g.op('Sum', [random(g, [2, 3, 4]), x, random(g, [4])]),
      reads: ['...'],
    },
    {
      name: 'the same value three times, once broadcast',
      shape: [1, 3],
      write: (g, x) => g.op('Sum', [x, random(g, [2, 3]), x, x]),
      reads: ['...'],
    },
  ],
  Max: extremes('Max'),
  Min: extremes('Min'),
  Neg: [{ name: 'any shape', shape: [2, 3], write: apply('Neg') }],
  Abs: [
    { name: 'both sides of 0', shape: [2, 3], write: apply('Abs'), values: 'apart' },
    { name: 'at 0', shape: [3], write: apply('Abs'), kink: { values: [-1, 0, 2], gradient: [-1, 0, 1] } },
  ],
  Reciprocal: [{ name: 'positive', shape: [2, 3], write: apply('Reciprocal'), values: 'positive', curved: true }],
  Exp: [{ name: 'around 0', shape: [2, 3], write: apply('Exp'), curved: true }],
  Log: [{ name: 'positive', shape: [2, 3], write: apply('Log'), values: 'positive', curved: true }],
  Sqrt: [{ name: 'positive', shape: [2, 3], write: apply('Sqrt'), values: 'positive', curved: true }],
  Sin: [{ name: 'around 0', shape: [2, 3], write: apply('Sin'), curved: true }],
  Cos: [{ name: 'around 0', shape: [2, 3], write: apply('Cos'), curved: true }],
  Pow: [
    ...[2, 3, 1].map(
      (exponent): GradientCase => ({
        name: `exponent ${exponent}, both signs`,
        shape: [2, 3],
        write: (g, x) => g.op('Pow', [x, g.scalar(exponent)]),
        curved: true,
      }),
    ),
    ...[0.5, -1.5].map(
      (exponent): GradientCase => ({
        name: `exponent ${exponent}`,
        shape: [2, 3],
        write: (g, x) => g.op('Pow', [x, g.scalar(exponent)]),
        values: 'positive',
        curved: true,
      }),
    ),
    {
      name: 'a whole-numbered exponent',
      shape: [2, 3],
      write: (g, x) => g.op('Pow', [x, g.constant(ints([2, 0, 3]))]),
      curved: true,
    },
    {
      name: 'exponents that differ, broadcast',
      shape: [2, 3],
      write: (g, x) => g.op('Pow', [x, random(g, [2, 1, 3])]),
      values: 'positive',
      curved: true,
    },
    {
      name: 'the exponent',
      shape: [3],
      write: (g, x) => g.op('Pow', [positive(g, [2, 3]), x]),
      reads: ['Y'],
      curved: true,
    },
    {
      name: 'at 0',
      shape: [2],
      write: (g, x) =>
        g.op('Sum', [g.op('Pow', [x, g.scalar(2)]), g.op('Pow', [x, g.scalar(0)]), g.op('Pow', [x, g.scalar(1)])]),
      kink: { values: [0, 1], gradient: [1, 3] },
    },
    {
      name: 'the exponent of 0',
      shape: [2],
      write: (g, x) => g.op('Pow', [g.scalar(0), x]),
      reads: ['Y'],
      kink: { values: [0, 2], gradient: [0, 0] },
    },
  ],
  Where: [
    {
      name: 'chosen by constants',
      shape: [2, 3],
      write: (g, x) => g.op('Where', [truths(g, 1, 0, 1), x, random(g, [2, 3])]),
      reads: ['X'],
    },
    {
      name: 'the other one, broadcast',
      shape: [3],
      write: (g, x) => g.op('Where', [truths(g, 1, 0, 1), random(g, [2, 3]), x]),
      reads: ['Y'],
    },
    {
      name: 'chosen by the value itself',
      shape: [2, 3],
      write: (g, x) => g.op('Where', [g.op('Greater', [x, g.scalar(0)]), x, g.op('Mul', [x, g.scalar(3)])]),
      values: 'apart',
      reads: ['X'],
    },
  ],
  Dropout: [{ name: 'when nothing is trained', shape: [2, 3], write: apply('Dropout') }],
};
