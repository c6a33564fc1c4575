import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ModelParts, modelOf, node, noise, runModel, valuesOf } from '../../../test/run-model.js';
import { floats, type Graph, type Node, type Tensor } from '../../onnx/index.js';
import { createNodePlatform, type NodePlatform } from '../../platform/node/platform.js';
import { type AttributeValues, float } from '../attributes.js';
import { foldBatchNormalization } from './fold-batch-normalization.js';

let platform: NodePlatform;
beforeAll(async () => {
  platform = await createNodePlatform({ threads: 1 });
});
afterAll(() => platform.close());

const opTypes = (graph: Graph): string[] => graph.nodes.map(({ opType }) => opType);
const weight = (seed: number, ...dims: number[]): Tensor => floats(noise(dims, seed).data, dims);

/** γ, β, μ and σ² of a BatchNormalization with four channels. */
const statistics = {
  gamma: floats([1, -0.5, 2, 0]),
  beta: floats([0, 1, -1, 3]),
  mean: floats([0.1, -0.2, 0.3, 0]),
  variance: floats([1, 0.01, 4, 1e-4]),
};
const normalization = (from: string, to: string, attributes: AttributeValues = {}): Node =>
  node('BatchNormalization', [from, 'gamma', 'beta', 'mean', 'variance'], [to], attributes);

const parts: ModelParts = {
  nodes: [node('Conv', ['x', 'w'], ['c'], { pads: [1, 1, 1, 1] }), normalization('c', 'y')],
  inputs: { x: [1, 4, 5, 6] },
  outputs: { y: 4 },
  initializers: { ...statistics, w: weight(1, 4, 4, 3, 3), b: weight(2, 4), grouped: weight(3, 4, 2, 3, 3) },
};

test.each<[string, Node[]]>([
  ['without a bias', parts.nodes as Node[]],
  ['with a bias', [node('Conv', ['x', 'w', 'b'], ['c']), normalization('c', 'y')]],
  ['with a bias left out', [node('Conv', ['x', 'w', ''], ['c']), normalization('c', 'y')]],
  ['with groups', [node('Conv', ['x', 'grouped', 'b'], ['c'], { group: 2 }), normalization('c', 'y')]],
  ['with its own ε', [node('Conv', ['x', 'w'], ['c']), normalization('c', 'y', { epsilon: float(0.001) })]],
  [
    'twice with the same weights',
    [
      node('Conv', ['x', 'w'], ['c'], { pads: [1, 1, 1, 1] }),
      normalization('c', 'n'),
      node('Conv', ['n', 'w', 'b'], ['c2']),
      normalization('c2', 'y'),
    ],
  ],
])('a convolution %s computes the same after folding', async (_what, nodes) => {
  const model = modelOf({ ...parts, nodes });
  const graph = foldBatchNormalization(model.graph);
  expect(opTypes(graph)).toEqual(nodes.filter(({ opType }) => opType === 'Conv').map(() => 'Conv'));
  const feeds = { x: noise([1, 4, 5, 6]) };
  const { y: expected } = await runModel(platform, model, feeds);
  const { y } = await runModel(platform, { ...model, graph }, feeds);
  expect(y!.dims).toEqual(expected!.dims);
  const theirs = valuesOf(expected);
  const largest = Math.max(...theirs.map(Math.abs));
  for (const [i, value] of valuesOf(y).entries()) expect(Math.abs(value - theirs[i]!)).toBeLessThan(1e-5 * largest);
});

test('the numbers that were folded stay as they were', () => {
  const { graph } = modelOf(parts);
  const before = structuredClone(graph.initializers);
  const { initializers } = foldBatchNormalization(graph);
  expect(graph.initializers).toEqual(before);
  for (const [name, tensor] of before) expect(initializers.get(name)).toEqual(tensor);
});

test('a convolution whose own result is needed is not folded', () => {
  const { graph } = modelOf(parts);
  expect(opTypes(foldBatchNormalization(graph, new Set(['c'])))).toEqual(['Conv', 'BatchNormalization']);
  const alsoRead = modelOf({ ...parts, nodes: [...parts.nodes, node('Relu', ['c'], ['z'])] }).graph;
  expect(opTypes(foldBatchNormalization(alsoRead))).toEqual(['Conv', 'BatchNormalization', 'Relu']);
  const alsoOutput = modelOf({ ...parts, outputs: { y: 4, c: 4 } }).graph;
  expect(opTypes(foldBatchNormalization(alsoOutput))).toEqual(['Conv', 'BatchNormalization']);
});

test('the result of the normalisation itself may be kept', () => {
  const { graph } = modelOf(parts);
  const folded = foldBatchNormalization(graph, new Set(['y']));
  expect(folded.nodes.map(({ opType, outputs }) => [opType, outputs])).toEqual([['Conv', ['y']]]);
});

test.each<[string, Partial<ModelParts>]>([
  ['weights', { nodes: [node('Conv', ['x', 'computed'], ['c']), normalization('c', 'y')] }],
  ['a bias', { nodes: [node('Conv', ['x', 'w', 'computed'], ['c']), normalization('c', 'y')] }],
  ['a mean', { initializers: { ...statistics, w: weight(1, 4, 4, 3, 3), mean: floats([0]) } }],
])('%s that are not known, or not one a channel, leave it as it is', (_what, changed) => {
  const { graph } = modelOf({ ...parts, ...changed });
  expect(opTypes(foldBatchNormalization(graph))).toEqual(['Conv', 'BatchNormalization']);
});

test('a normalisation with inputs missing is left to be refused', () => {
  const nodes = [node('Conv', ['x', 'w'], ['c']), node('BatchNormalization', ['c', 'gamma', 'beta'], ['y'])];
  expect(opTypes(foldBatchNormalization(modelOf({ ...parts, nodes }).graph))).toEqual(['Conv', 'BatchNormalization']);
});

test('a normalisation that follows something else stays', () => {
  const nodes = [node('Relu', ['x'], ['c']), normalization('c', 'y')];
  expect(opTypes(foldBatchNormalization(modelOf({ ...parts, nodes }).graph))).toEqual(['Relu', 'BatchNormalization']);
});

test('new weights do not take the names of others', () => {
  const taken = { 'y/weight': floats([7]), 'y/bias': floats([8]) };
  const nodes = [...parts.nodes, node('Add', ['x', 'y/weight'], ['z'])];
  const { initializers } = foldBatchNormalization(
    modelOf({ ...parts, nodes, initializers: { ...parts.initializers, ...taken } }).graph,
  );
  expect(initializers.get('y/weight')).toEqual(floats([7]));
  expect(initializers.get('y/bias')).toEqual(floats([8]));
});
