import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GradientError } from '../errors.js';
import { GraphBuilder, type Value } from '../graph/index.js';
import { floats, ints, writeModel } from '../onnx/index.js';
import { createNodePlatform, type NodePlatform } from '../platform/node/platform.js';
import { differentiate } from './differentiate.js';
import type { GradientRule, GradientRules } from './rule.js';
import { gradientRules } from './rules/index.js';

let platform: NodePlatform;
beforeAll(async () => {
  platform = await createNodePlatform({ threads: 1 });
});
afterAll(() => platform.close());

/** d(sum of what `write` makes of x)/dx at the given values, a vector unless a shape is given. */
async function gradientAt(
  values: readonly number[],
  write: (g: GraphBuilder, x: Value) => Value | readonly Value[],
  { rules = gradientRules, shape = [values.length] }: { rules?: GradientRules; shape?: readonly number[] } = {},
): Promise<number[]> {
  const g = new GraphBuilder();
  const x = g.input('x', shape);
  const objective = sum(g, write(g, x));
  const gradient = differentiate(g, { of: objective, to: x, rules });
  const session = await platform.createSession(writeModel(g.toModel({ gradient })));
  const results = await session.run({ x: { dims: shape, data: Float32Array.from(values) } });
  await session.close();
  // A zero may have kept the sign of what it masked; −0 + 0 is 0.
  return Array.from(results['gradient']!.data, (value) => value + 0);
}

function sum(g: GraphBuilder, values: Value | readonly Value[]): Value {
  const sums = [values].flat().map((value) => g.op('ReduceSum', [value], { keepdims: 0 }));
  return sums.length === 1 ? sums[0]! : g.op('Sum', sums);
}

function failureOf(work: () => unknown): GradientError {
  try {
    work();
  } catch (error) {
    if (error instanceof GradientError) return error;
    throw error;
  }
  return expect.fail('nothing was thrown');
}

/** The table without some of its rules. */
function rulesWithout(...opTypes: string[]): GradientRules {
  return Object.fromEntries(Object.entries(gradientRules).filter(([opType]) => !opTypes.includes(opType)));
}

describe('a value that is read more than once', () => {
  test('adds the gradients of two readers', async () => {
    const gradient = await gradientAt([1, -2], (g, x) => [g.op('Mul', [x, g.scalar(3)]), g.op('Tanh', [x])]);
    expect(gradient[0]).toBeCloseTo(3 + 1 - Math.tanh(1) ** 2, 5);
    expect(gradient[1]).toBeCloseTo(3 + 1 - Math.tanh(-2) ** 2, 5);
  });

  test('adds the gradients of three readers', async () => {
    const times = (g: GraphBuilder, x: Value, factor: number): Value => g.op('Mul', [x, g.scalar(factor)]);
    expect(await gradientAt([5], (g, x) => [times(g, x, 1), times(g, x, 10), times(g, x, 100)])).toEqual([111]);
  });

  test('adds the gradients of both inputs of one node', async () => {
    expect(await gradientAt([1, -2, 3], (g, x) => g.op('Mul', [x, x]))).toEqual([2, -4, 6]);
    expect(await gradientAt([1, -2, 3], (g, x) => g.op('Sub', [x, x]))).toEqual([0, 0, 0]);
  });

  test('passes the added gradient on, not each part', async () => {
    // y = x², z = y · y: dz/dx = 4x³
    const fourthPower = (g: GraphBuilder, x: Value): Value => {
      const y = g.op('Mul', [x, x]);
      return g.op('Mul', [y, y]);
    };
    expect(await gradientAt([1, -2, 3], fourthPower)).toEqual([4, -32, 108]);
  });

  test('adds after broadcasts are summed back', async () => {
    const write = (g: GraphBuilder, x: Value): Value =>
      g.op('Add', [g.op('Mul', [x, g.constant(floats([1, 2, 3]))]), x]);
    expect(await gradientAt([7], write)).toEqual([1 + 2 + 3 + 3]);
  });
});

describe('operators without a rule', () => {
  const rules = rulesWithout('Sigmoid', 'Tanh', 'Relu');

  test('are all named in one error, each once and with the node where it first stands', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [2]);
    const first = g.op('Tanh', [x]);
    const last = g.op('Relu', [g.op('Tanh', [g.op('Sigmoid', [first])])]);
    const error = failureOf(() => differentiate(g, { of: sum(g, last), to: x, rules }));
    expect(error.code).toBe('gradient/missing-rule');
    expect(error.message).toMatch(/^No gradient is known for: Tanh \(at "Tanh_0"\), Sigmoid .*, Relu [^,]*\. /);
    expect(error.message.match(/Tanh \(/g)).toHaveLength(1);
  });

  test('of any kind are named together', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [1, 2, 4, 4]);
    const larger = g.op('Resize', [x, undefined, g.constant(floats([1, 1, 2, 2]))]);
    const product = g.op('Einsum', [larger, larger], { equation: 'nchw,ndhw->ncd' });
    const error = failureOf(() =>
      differentiate(g, {
        of: sum(g, g.op('Gather', [product, g.ints([0])])),
        to: x,
        rules: rulesWithout('Resize', 'Einsum', 'Gather'),
      }),
    );
    expect(error.message).toMatch(/^No gradient is known for: Resize .*, Einsum .*, Gather [^,]*\. /);
  });

  test('are refused before anything is written', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [2]);
    const objective = sum(g, g.op('Tanh', [g.op('Mul', [x, x])]));
    const before = g.nodes.length;
    failureOf(() => differentiate(g, { of: objective, to: x, rules }));
    expect(g.nodes.length).toBe(before);
  });

  test('do not matter where the objective does not depend on them', async () => {
    const write = (g: GraphBuilder, x: Value): Value => {
      g.op('Tanh', [x]);
      return g.op('Mul', [x, x]);
    };
    expect(await gradientAt([3], write, { rules })).toEqual([6]);
  });

  test('do not matter where they do not depend on the picture', async () => {
    const write = (g: GraphBuilder, x: Value): Value => g.op('Mul', [x, g.op('Relu', [g.constant(floats([-1, 2]))])]);
    expect(await gradientAt([3, 3], write, { rules })).toEqual([0, 2]);
  });

  test('do not matter before the value that is differentiated to', () => {
    const g = new GraphBuilder();
    const middle = g.op('Tanh', [g.input('x', [2])]);
    const gradient = differentiate(g, { of: sum(g, g.op('Mul', [middle, middle])), to: middle, rules });
    expect(gradient.shape).toEqual([2]);
  });

  test('include those that refuse the input in question', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [1, 1, 3, 3]);
    const y = g.op('Conv', [g.constant(floats(new Float32Array(25), [1, 1, 5, 5])), x]);
    const error = failureOf(() => differentiate(g, { of: sum(g, y), to: x }));
    expect(error.code).toBe('gradient/missing-rule');
    expect(error.message).toContain('Conv');
  });
});

describe('what is not made of real numbers', () => {
  /** Without rules for the operators that make truths and positions of numbers, and for one that only leads there. */
  const rules = rulesWithout('Greater', 'ArgMax', 'Not', 'Tanh');

  test('lets no gradient through, and needs no rule', async () => {
    const masked = (g: GraphBuilder, x: Value): Value => {
      const above = g.op('Not', [g.op('Greater', [g.scalar(0), g.op('Tanh', [x])])]);
      return g.op('Mul', [x, g.op('Cast', [above], { to: 1 })]);
    };
    expect(await gradientAt([-2, 3], masked, { rules })).toEqual([0, 1]);
    const largest = (g: GraphBuilder, x: Value): Value => {
      return g.op('Gather', [x, g.op('ArgMax', [g.op('Tanh', [x])], { axis: 0 })]);
    };
    expect(await gradientAt([1, 3, 2], largest, { rules })).toEqual([0, 1, 0]);
  });

  test('nor does a whole number that a float was cut to', async () => {
    const write = (g: GraphBuilder, x: Value): Value =>
      g.op('Mul', [x, g.op('Cast', [g.op('Cast', [x], { to: 2 })], { to: 1 })]);
    expect(await gradientAt([2.5, 3.25], write)).toEqual([2, 3]);
  });
});

describe('a form that has no gradient though its operator has one', () => {
  test.each<[string, (g: GraphBuilder, x: Value) => Value, RegExp]>([
    ['a diagonal', (g, x) => g.op('Einsum', [x], { equation: 'ii->i' }), /Einsum "Einsum_0", which takes a diagonal/],
    [
      'the largest of what is written',
      (g, x) => g.op('ScatterND', [x, g.constant(ints([0], [1, 1])), x], { reduction: 'max' }),
      /ScatterND "ScatterND_\d+" with reduction "max"/,
    ],
  ])('%s is refused by name', (_name, write, message) => {
    const g = new GraphBuilder();
    const x = g.input('x', [1, 1]);
    const error = failureOf(() => differentiate(g, { of: sum(g, write(g, x)), to: x }));
    expect(error.code).toBe('gradient/missing-rule');
    expect(error.message).toMatch(message);
  });
});

describe('an objective that does not depend on the picture', () => {
  test('is refused when it reads something else', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [2]);
    const other = g.input('other', [2]);
    g.op('Mul', [x, other]);
    const error = failureOf(() => differentiate(g, { of: sum(g, g.op('Mul', [other, other])), to: x }));
    expect(error.code).toBe('gradient/no-path');
  });

  test('is refused when the only way stops', () => {
    const rules = { ...gradientRules, Relu: { X: 'stop' } satisfies GradientRule };
    const g = new GraphBuilder();
    const x = g.input('x', [2]);
    const error = failureOf(() => differentiate(g, { of: sum(g, g.op('Relu', [x])), to: x, rules }));
    expect(error.code).toBe('gradient/no-path');
  });
});

describe("inputs that answer 'stop'", () => {
  test('let nothing through, while the others do', async () => {
    const rules = { ...gradientRules, Mul: { ...gradientRules['Mul'], B: 'stop' } satisfies GradientRule };
    expect(await gradientAt([1, -2, 3], (g, x) => g.op('Mul', [x, x]), { rules })).toEqual([1, -2, 3]);
  });

  test('do not need rules behind them', async () => {
    const rules = { ...rulesWithout('Tanh'), Relu: { X: 'stop' } satisfies GradientRule };
    const write = (g: GraphBuilder, x: Value): readonly Value[] => [g.op('Relu', [x]), g.op('Mul', [x, x])];
    expect(await gradientAt([3], write, { rules })).toEqual([6]);
  });
});

describe('another gradient for an operator', () => {
  // Guided backpropagation (Springenberg et al., 2014): only positive gradients pass a ReLU.
  const guidedRelu: GradientRule = {
    X: ({ g, dY, y }) => g.op('Where', [g.op('Greater', [y, g.scalar(0)]), g.op('Relu', [dY]), g.scalar(0)]),
  };
  const write = (g: GraphBuilder, x: Value): Value =>
    g.op('Mul', [g.op('Relu', [x]), g.constant(floats([5, -5, 5, -5]))]);

  test('is a table with one entry spread over', async () => {
    const values = [1, 1, -1, -1];
    expect(await gradientAt(values, write)).toEqual([5, -5, 0, 0]);
    expect(await gradientAt(values, write, { rules: { ...gradientRules, Relu: guidedRelu } })).toEqual([5, 0, 0, 0]);
  });

  test('that answers with the wrong shape is a bug that names the operator', () => {
    const rules = { ...gradientRules, Relu: { X: ({ g }) => g.ints([1, 2, 3]) } satisfies GradientRule };
    const g = new GraphBuilder();
    const x = g.input('x', [2]);
    expect(() => differentiate(g, { of: sum(g, g.op('Relu', [x])), to: x, rules })).toThrow(
      'internal: gradient of Relu input 0 has shape [3], expected [2]',
    );
  });
});

describe('operators with several outputs', () => {
  const halves = (g: GraphBuilder, x: Value): readonly Value[] => g.multi('Split', [x], { axis: 0, num_outputs: 2 }, 2);

  test('collect the gradients of all outputs', async () => {
    const write = (g: GraphBuilder, x: Value): readonly Value[] => {
      const [a, b] = halves(g, x);
      return [a!, g.op('Mul', [b, g.scalar(10)])];
    };
    expect(await gradientAt([1, 2, 3, 4], write)).toEqual([1, 1, 10, 10]);
  });

  test('give zeros where the objective does not use an output', async () => {
    expect(await gradientAt([1, 2, 3, 4], (g, x) => halves(g, x)[1]!)).toEqual([0, 0, 1, 1]);
  });

  test('may have one that only an unused branch reads', async () => {
    const write = (g: GraphBuilder, x: Value): Value => {
      const [a, b] = halves(g, x);
      g.op('Tanh', [b]);
      return g.op('Mul', [a, a]);
    };
    expect(await gradientAt([1, 2, 3, 4], write)).toEqual([2, 4, 0, 0]);
  });

  test('may leave one out, which is no value that others read', async () => {
    // An output and an input that are left out are both called ''.
    const write = (g: GraphBuilder, x: Value): Value => {
      const [pooled] = g.append({
        opType: 'MaxPool',
        domain: '',
        name: 'pool',
        inputs: [x.name],
        outputs: ['pool', ''],
        attributes: { kernel_shape: { type: 'ints', value: [2] }, strides: { type: 'ints', value: [2] } },
      });
      return g.op('Clip', [pooled, undefined, g.scalar(3)]);
    };
    expect(await gradientAt([1, 2, 4, 3], write, { shape: [1, 1, 4] })).toEqual([0, 1, 0, 0]);
  });
});

describe('the gradient of a scalar', () => {
  test('may be a scalar of any number of axes', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [1, 2, 3, 3]);
    const objective = g.op('ReduceMean', [x], { keepdims: 1 });
    expect(objective.shape).toEqual([1, 1, 1, 1]);
    expect(differentiate(g, { of: objective, to: x }).shape).toEqual([1, 2, 3, 3]);
  });

  test('to itself is 1', async () => {
    const g = new GraphBuilder();
    const objective = sum(g, g.input('x', [3]));
    const gradient = g.constantOf(differentiate(g, { of: objective, to: objective }));
    expect(gradient).toEqual(floats([1], []));
  });

  test('is all there is: anything larger is a bug of the caller', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [2]);
    expect(() => differentiate(g, { of: g.op('Tanh', [x]), to: x })).toThrow('internal: the objective is a scalar');
  });
});

describe('the nodes of a gradient', () => {
  test('come after the network, which stays as it is', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [2]);
    const objective = sum(g, g.op('Tanh', [x]));
    const before = [...g.nodes];
    differentiate(g, { of: objective, to: x });
    expect(g.nodes.slice(0, before.length)).toEqual(before);
  });

  test('are named after the node they belong to', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [2]);
    const tanh = g.op('Tanh', [x]);
    const gradient = differentiate(g, { of: sum(g, tanh), to: x });
    expect(gradient.name).toMatch(new RegExp(`^grad/${tanh.name}/`));
  });

  test('are none where the picture does not lead to the objective', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [2]);
    const aside = g.op('Tanh', [g.op('Tanh', [x])]);
    const objective = sum(g, g.op('Sigmoid', [x]));
    const before = g.nodes.length;
    differentiate(g, { of: objective, to: x });
    expect(g.nodes.slice(before).some((node) => node.name.includes('Tanh'))).toBe(false);
    expect(g.nodes.slice(before).some((node) => node.inputs.includes(aside.name))).toBe(false);
  });
});
