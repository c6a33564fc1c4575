import { expect, test } from 'vitest';
import { modelOf, node } from '../../../test/run-model.js';
import type { Node } from '../../onnx/index.js';
import { removeIdentity } from './remove-identity.js';

const removed = (nodes: Node[], output = 'y') =>
  removeIdentity(modelOf({ inputs: { x: [1] }, outputs: { [output]: 1 }, nodes }).graph);

test('Identity and Dropout go, and their readers read what they read', () => {
  const { graph, aliases } = removed([
    node('Identity', ['x'], ['a']),
    node('Dropout', ['a'], ['b', 'mask']),
    node('Identity', ['b'], ['c']),
    node('Add', ['c', 'a'], ['y']),
  ]);
  expect(graph.nodes).toEqual([node('Add', ['x', 'x'], ['y'])]);
  expect(Object.fromEntries(aliases)).toEqual({ a: 'x', b: 'x', c: 'x' });
});

test('an output that was the result of one is the tensor before it', () => {
  const { graph } = removed([node('Relu', ['x'], ['a']), node('Dropout', ['a'], ['y'])]);
  expect(graph.outputs.map(({ name }) => name)).toEqual(['a']);
});

test('a Dropout whose mask is read stays', () => {
  const { graph } = removed([node('Dropout', ['x'], ['a', 'mask']), node('Where', ['mask', 'a', 'x'], ['y'])]);
  expect(graph.nodes).toHaveLength(2);
});

test('inputs left out stay left out', () => {
  const { graph } = removed([
    node('Dropout', ['x'], ['a', '']),
    node('Identity', ['x'], ['']),
    node('Clip', ['a', '', 'max'], ['y']),
  ]);
  expect(graph.nodes.at(-1)!.inputs).toEqual(['x', '', 'max']);
});
