import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noise, runModel, valuesOf } from '../../test/run-model.js';
import { floats } from '../onnx/index.js';
import { createNodePlatform, type NodePlatform } from '../platform/node/platform.js';
import { GraphBuilder } from './builder.js';
import { gradientPasses, lean, networkPasses } from './lean.js';
import type { Value } from './value.js';

let platform: NodePlatform;
beforeAll(async () => {
  platform = await createNodePlatform({ threads: 1 });
});
afterAll(() => platform.close());

/** Writes a graph of an input `x`, `[1, 32, 9, 8]`, and says which values are wanted. */
type Write = (g: GraphBuilder, x: Value) => Value[];

const shape = [1, 32, 9, 8];
let seed = 0;
const weight = (g: GraphBuilder, ...dims: number[]): Value => g.constant(floats(noise(dims, ++seed).data, dims));
const operators = (builder: GraphBuilder): string[] => builder.nodes.map(({ opType }) => opType);

/** The operators before and after a pass, once it has been shown to change no value by more than 1e-4 of the largest. */
async function through(pass: string, write: Write): Promise<{ before: string[]; after: string[] }> {
  const builder = new GraphBuilder();
  const wanted = write(builder, builder.input('x', shape));
  const passes = { ...networkPasses, ...gradientPasses };
  const after = lean({ builder, wanted }, { [pass]: passes[pass]!, 'drop-unread': passes['drop-unread']! });
  const run = (graph: { builder: GraphBuilder; wanted: readonly Value[] }) =>
    runModel(platform, graph.builder.toModel(Object.fromEntries(graph.wanted.map((value, i) => [`y${i}`, value]))), {
      x: noise(shape, 99),
    });
  const [expected, got] = [await run({ builder, wanted }), await run(after)];
  for (const [name, { dims }] of Object.entries(expected)) {
    expect(got[name]!.dims).toEqual(dims);
    const [theirs, ours] = [valuesOf(expected[name]), valuesOf(got[name])];
    const largest = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largest).toBeGreaterThan(0);
    const difference = theirs.reduce((most, value, i) => Math.max(most, Math.abs(value - ours[i]!)), 0);
    expect(difference).toBeLessThan(1e-4 * largest);
  }
  return { before: operators(builder), after: operators(after.builder) };
}

const pool = { kernel_shape: [3, 3], strides: [2, 2] };
const averaged = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };

describe('relu-after-max-pool', () => {
  test('rectifies fewer elements', async () => {
    const { before, after } = await through('relu-after-max-pool', (g, x) => [
      g.op('MaxPool', [g.op('Relu', [x])], { ...pool, pads: [1, 1, 1, 1] }),
    ]);
    expect([before, after]).toEqual([
      ['Relu', 'MaxPool'],
      ['MaxPool', 'Relu'],
    ]);
  });

  test('leaves a ReLU that something else reads, or that is wanted', async () => {
    const { before, after } = await through('relu-after-max-pool', (g, x) => {
      const y = g.op('Relu', [x]);
      return [g.op('MaxPool', [y], pool), y];
    });
    expect(after).toEqual(before);
  });
});

describe('pool-after-convolution', () => {
  const pooled = (attributes: object, out: number, biased: boolean) => (g: GraphBuilder, x: Value) => [
    g.op('Conv', [
      g.op('AveragePool', [x], { ...averaged, ...attributes }),
      weight(g, out, 32, 1, 1),
      biased ? weight(g, out) : undefined,
    ]),
  ];

  test.each<[string, Write]>([
    ['averages that leave padding out', pooled({}, 16, true)],
    ['averages that count padding, without a bias', pooled({ count_include_pad: 1 }, 16, false)],
  ])('averages fewer channels: %s', async (_what, write) => {
    const { before, after } = await through('pool-after-convolution', write);
    expect([before, after]).toEqual([
      ['AveragePool', 'Conv'],
      ['Conv', 'AveragePool'],
    ]);
  });

  test.each<[string, Write]>([
    ['a bias that padding does not have', pooled({ count_include_pad: 1 }, 16, true)],
    ['more channels than before', pooled({}, 48, true)],
    ['steps, after which there is less to convolve', pooled({ strides: [2, 2] }, 16, true)],
  ])('leaves %s', async (_what, write) => {
    const { before, after } = await through('pool-after-convolution', write);
    expect(after).toEqual(before);
  });
});

/** The sum of what 1×1 convolutions make of different tensors, as the gradients of a block's branches meet. */
const branches = (g: GraphBuilder, x: Value): Value => {
  const sources = [x, g.op('Relu', [x]), g.op('Neg', [x])];
  return sources.map((source) => g.op('Conv', [source, weight(g, 48, 32, 1, 1)])).reduce((a, b) => g.op('Add', [a, b]));
};

describe('merge-siblings', () => {
  test('adds 1×1 convolutions up inside of one', async () => {
    const { after } = await through('merge-siblings', (g, x) => [branches(g, x)]);
    expect(after).toEqual(['Relu', 'Neg', 'Concat', 'Conv']);
  });

  test('leaves other terms in the sum', async () => {
    const { after } = await through('merge-siblings', (g, x) => {
      const wide = g.op('Conv', [x, weight(g, 48, 32, 3, 3)], { pads: [1, 1, 1, 1] });
      return [g.op('Add', [g.op('Add', [wide, branches(g, x)]), g.scalar(3)])];
    });
    expect(after.filter((opType) => opType === 'Conv')).toHaveLength(2);
    expect(after.filter((opType) => opType === 'Add')).toHaveLength(2);
  });
});

describe('fold-uniform-sums', () => {
  test('a number added everywhere becomes the bias', async () => {
    const { after } = await through('fold-uniform-sums', (g, x) => [
      g.op('Add', [
        g.op('Expand', [g.scalar(0.5), g.ints([1, 96, 18, 16])]),
        g.op('Conv', [enlarged(g, x), weight(g, 96, 32, 1, 1)]),
      ]),
      g.op('Add', [g.op('Conv', [x, weight(g, 16, 32, 3, 3), weight(g, 16)]), g.scalar(-2)]),
    ]);
    expect(after).toEqual(['Resize', 'Conv', 'Conv']);
  });
});

/** Large enough for constants of its size to be left to the runtime. */
const enlarged = (g: GraphBuilder, x: Value): Value =>
  g.op('Resize', [x, undefined, g.constant(floats([1, 1, 2, 2]))], { mode: 'nearest' });

describe('slice-convolutions', () => {
  const cut = (g: GraphBuilder, y: Value, start: number, end: number): Value =>
    g.op('Slice', [y, g.ints([start]), g.ints([end]), g.ints([1])]);

  test('computes the channels of each part by themselves', async () => {
    const { after } = await through('slice-convolutions', (g, x) => {
      const other = g.op('Conv', [x, weight(g, 48, 32, 3, 3), weight(g, 48)], { pads: [1, 1, 1, 1] });
      const sum = g.op('Add', [branches(g, x), other]);
      return [cut(g, sum, 0, 16), cut(g, sum, 16, 48)];
    });
    expect(after).not.toContain('Slice');
    expect(after.filter((opType) => opType === 'Conv')).toHaveLength(8);
  });

  test('leaves a convolution that is read whole, or twice', async () => {
    const twice = await through('slice-convolutions', (g, x) => {
      const y = branches(g, x);
      return [cut(g, y, 0, 20), cut(g, y, 10, 48)];
    });
    expect(twice.after).toEqual(twice.before);
    const whole = await through('slice-convolutions', (g, x) => {
      const y = branches(g, x);
      return [cut(g, y, 0, 16), g.op('Relu', [y])];
    });
    expect(whole.after).toEqual(whole.before);
  });
});

describe('uniform-factors', () => {
  const filled = (g: GraphBuilder, ...sizes: number[]): Value => g.op('Expand', [g.scalar(0.25), g.ints(sizes)]);

  test('numbers stand by their channels', async () => {
    const { after } = await through('uniform-factors', (g, x) => {
      const y = enlarged(g, x);
      return [g.op('Mul', [filled(g, ...y.shape), y])];
    });
    expect(after).toEqual(['Resize', 'Mul']);
  });

  test('a map is spread over channels by a convolution', async () => {
    const { after } = await through('uniform-factors', (g, x) => {
      const map = g.op('ReduceMean', [enlarged(g, x), g.ints([1])], { keepdims: 1 });
      return [g.op('Mul', [map, filled(g, 1, 48, 18, 16)])];
    });
    expect(after).toEqual(['Resize', 'ReduceMean', 'Conv']);
  });
});

test('mean-by-pooling means over rows and columns first', async () => {
  const { after } = await through('mean-by-pooling', (g, x) => [
    g.op('ReduceMean', [x], { keepdims: 0 }),
    g.op('ReduceMean', [x], { keepdims: 1 }),
  ]);
  expect(after).toEqual(['GlobalAveragePool', 'ReduceMean', 'ReduceMean']);
});

test('what nothing needs is left out', async () => {
  const { after } = await through('drop-unread', (g, x) => {
    g.op('Neg', [x]);
    return [g.op('Relu', [x])];
  });
  expect(after).toEqual(['Relu']);
});
