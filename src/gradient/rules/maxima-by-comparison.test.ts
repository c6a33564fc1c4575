import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noise } from '../../../test/run-model.js';
import { comparingPasses, GraphBuilder, lean, type Value } from '../../graph/index.js';
import { floats, writeModel } from '../../onnx/index.js';
import { createNodePlatform, type NodePlatform } from '../../platform/node/platform.js';
import { differentiate } from '../differentiate.js';
import type { GradientCase } from '../write.cases.js';
import { poolingCases } from './pooling.cases.js';

let platform: NodePlatform;
beforeAll(async () => {
  platform = await createNodePlatform({ threads: 1 });
});
afterAll(() => platform.close());

/** The gradient of a max-pool of some values, as it is written first and after the pass, and the operators of both. */
async function bothWays({ shape, write, opset }: GradientCase, data: Float32Array) {
  const builder = new GraphBuilder(opset);
  const x = builder.input('x', shape);
  const y = [write(builder, x)].flat()[0]!;
  const weights = builder.constant(floats(noise(y.shape, 3).data, y.shape));
  const sum = builder.op('ReduceSum', [builder.op('Mul', [y, weights])], { keepdims: 0 });
  const of = builder.op('Mul', [sum, sum]);
  const graph = { builder, wanted: [differentiate(builder, { of, to: x })] };
  const run = async ({ builder: g, wanted }: { builder: GraphBuilder; wanted: readonly Value[] }) => {
    const session = await platform.createSession(writeModel(g.toModel({ gradient: wanted[0]! })));
    const { gradient } = await session.run({ x: { dims: shape, data: data.slice() } });
    await session.close();
    return { gradient: gradient!, operators: g.nodes.map(({ opType }) => opType) };
  };
  return { asked: await run(graph), compared: await run(lean(graph, comparingPasses)) };
}

/** Places between the windows get nothing from any of them, and are left to the operator that knows that. */
const left = ['stride wider than the window', 'dilation 2, padded, stride 2'];

/** Its windows onnxruntime counts otherwise before it runs the graph (1.30), so that nothing can be computed of them. */
const miscounted = 'ceil_mode, a window that would start in the padding is left out';

const cases = poolingCases['MaxPool']!.filter(({ name }) => name !== miscounted);

describe.each(cases.map((entry) => [entry.name, entry] as const))('%s', (name, entry) => {
  const count = entry.shape.reduce((a, b) => a * b, 1);
  const random = noise(entry.shape).data;

  test.each<[string, Float32Array]>([
    ['any values', random],
    ['values below zero', random.map((value) => value - 2)],
    ['few values, many of them equal', random.map((value) => Math.round(2 * value))],
    ['one value', new Float32Array(count).fill(-3)],
  ])('comparison finds the same maxima: %s', async (_what, data) => {
    const { asked, compared } = await bothWays(entry, data);
    expect(compared.gradient.dims).toEqual(asked.gradient.dims);
    const largest = Math.max(...asked.gradient.data.map(Math.abs));
    expect(largest).toBeGreaterThan(0);
    const difference = asked.gradient.data.map((value, i) => Math.abs(value - compared.gradient.data[i]!));
    expect(Math.max(...difference)).toBeLessThan(1e-5 * largest);
    expect(compared.operators.includes('ScatterElements')).toBe(left.includes(name));
  });
});

test('a window of more places than are worth comparing is left', async () => {
  const entry = poolingCases['GlobalMaxPool']![0]!;
  const shape = [1, 2, 6, 7];
  const { asked, compared } = await bothWays({ ...entry, shape }, noise(shape).data);
  expect(compared.operators).toContain('ScatterElements');
  expect(compared.gradient).toEqual(asked.gradient);
});
