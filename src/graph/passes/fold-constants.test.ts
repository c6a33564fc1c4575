import { afterAll, beforeAll, expect, test } from 'vitest';
import { modelOf, node, noise, runModel, valuesOf } from '../../../test/run-model.js';
import { floats, type Graph, ints, type Tensor } from '../../onnx/index.js';
import { createNodePlatform, type NodePlatform } from '../../platform/node/platform.js';
import { foldConstants } from './fold-constants.js';

let platform: NodePlatform;
beforeAll(async () => {
  platform = await createNodePlatform({ threads: 1 });
});
afterAll(() => platform.close());

const opTypes = (graph: Graph): string[] => graph.nodes.map(({ opType }) => opType);
const int8 = (values: readonly number[], dims: readonly number[] = [values.length]): Tensor => {
  return { dtype: 'int8', dims, data: Int8Array.from(values) };
};

const quantised = int8(
  Array.from({ length: 24 }, (_, i) => ((i * 37) % 256) - 128),
  [4, 2, 3, 1],
);

test.each<[string, { scale: Tensor; zero?: Tensor; axis?: number }]>([
  ['per tensor', { scale: floats([0.02], []), zero: int8([3], []) }],
  ['per tensor without a zero point', { scale: floats([0.02], []) }],
  ['per tensor, as a list of one', { scale: floats([0.02]), zero: int8([-7]), axis: 0 }],
  ['per output channel', { scale: floats([0.01, 0.02, 0.03, 0.5]), zero: int8([0, 1, -128, 127]), axis: 0 }],
  ['per output channel without zero points', { scale: floats([0.01, 0.02, 0.03, 0.5]), axis: -4 }],
  ['per input channel, the default axis', { scale: floats([0.01, 2]), zero: int8([5, -5]) }],
])('a kernel in 8 bits with a scale %s becomes float32', async (_what, { scale, zero, axis }) => {
  const dequantise = node('DequantizeLinear', zero ? ['q', 's', 'z'] : ['q', 's'], ['w'], { axis });
  const model = modelOf({
    nodes: [dequantise, node('Conv', ['x', 'w'], ['y'])],
    inputs: { x: [1, 2, 5, 4] },
    outputs: { y: 4 },
    initializers: { q: quantised, s: scale, ...(zero && { z: zero }) },
  });
  const graph = foldConstants(model.graph);
  expect(opTypes(graph)).toEqual(['Conv']);
  expect(graph.initializers.get('w')!.dims).toEqual([4, 2, 3, 1]);
  const feeds = { x: noise([1, 2, 5, 4]) };
  const { y: expected } = await runModel(platform, model, feeds);
  const { y } = await runModel(platform, { ...model, graph }, feeds);
  expect(y!.dims).toEqual(expected!.dims);
  const theirs = valuesOf(expected);
  for (const [i, value] of valuesOf(y).entries()) expect(Math.abs(value - theirs[i]!)).toBeLessThan(1e-4);
});

test('chains of constants are computed to their end, the rest stays', () => {
  const { graph } = modelOf({
    nodes: [
      node('Constant', [], ['c'], { value: { type: 'tensor', value: floats([4]) } }),
      node('Sqrt', ['c'], ['root']),
      node('Mul', ['root', 'w'], ['scaled']),
      node('Mul', ['x', 'scaled'], ['a']),
      node('Clip', ['w', '', 'c'], ['left to the runtime']),
      node('Add', ['a', 'left to the runtime'], ['y']),
    ],
    inputs: { x: [1] },
    outputs: { y: 1 },
    initializers: { w: floats([3]) },
  });
  const folded = foldConstants(graph);
  expect(opTypes(folded)).toEqual(['Mul', 'Clip', 'Add']);
  expect(folded.initializers.get('scaled')).toEqual(floats([6]));
  expect(graph.initializers.has('scaled')).toBe(false);
});

test('what depends on an input, even only on its shape, stays', () => {
  const { graph } = modelOf({
    nodes: [node('Shape', ['x'], ['s']), node('Gather', ['s', 'i'], ['y'])],
    inputs: { x: [1] },
    outputs: { y: [0, 'int64'] },
    initializers: { i: ints([0], []) },
  });
  expect(opTypes(foldConstants(graph))).toEqual(['Shape', 'Gather']);
});
