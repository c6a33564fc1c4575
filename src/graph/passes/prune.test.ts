import { expect, test } from 'vitest';
import { modelOf, node } from '../../../test/run-model.js';
import { floats } from '../../onnx/index.js';
import { prune } from './prune.js';

const { graph } = modelOf({
  inputs: { x: [1], unread: [1] },
  outputs: { y: 1 },
  nodes: [
    node('Relu', ['x'], ['a']),
    node('Add', ['a', 'used'], ['b']),
    node('Mul', ['a', 'unused'], ['c']),
    node('MaxPool', ['c'], ['d', '']),
    node('Clip', ['b', '', 'used'], ['e']),
    node('Split', ['c'], ['f', 'g']),
    node('Neg', ['e'], ['y']),
  ],
  initializers: { used: floats([1]), unused: floats([2]) },
});

const kept = (...wanted: string[]): string[] => prune(graph, wanted).nodes.map((entry) => entry.outputs[0]!);

test('only the ancestors of what is wanted stay, in their order', () => {
  expect(kept('y')).toEqual(['a', 'b', 'e', 'y']);
  expect(kept('b')).toEqual(['a', 'b']);
  expect(kept('d', 'b')).toEqual(['a', 'b', 'c', 'd']);
  expect(kept('x')).toEqual([]);
  expect(kept('no such tensor')).toEqual([]);
});

test('a node of which only the second output is wanted stays', () => {
  expect(kept('g')).toEqual(['a', 'c', 'f']);
});

test('an output that is left out is not the input that another node leaves out', () => {
  expect(kept('e')).toEqual(['a', 'b', 'e']);
});

test('constants that nothing reads any more go, inputs stay', () => {
  const pruned = prune(graph, ['y']);
  expect([...pruned.initializers.keys()]).toEqual(['used']);
  expect(pruned.inputs.map(({ name }) => name)).toEqual(['x', 'unread']);
  expect([...prune(graph, ['unused']).initializers.keys()]).toEqual(['unused']);
});
