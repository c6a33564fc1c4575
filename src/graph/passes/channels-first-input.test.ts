import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ModelParts, modelOf, node, noise, runModel } from '../../../test/run-model.js';
import { floats } from '../../onnx/index.js';
import { createNodePlatform, type NodePlatform } from '../../platform/node/platform.js';
import { prepare } from '../prepare.js';
import { specialise } from '../specialise.js';
import { channelsFirstInput } from './channels-first-input.js';

let platform: NodePlatform;
beforeAll(async () => {
  platform = await createNodePlatform({ threads: 1 });
});
afterAll(() => platform.close());

/** As tf2onnx writes a convolution: turned to channels first for it, and back. */
const keras: ModelParts = {
  nodes: [
    node('Transpose', ['image'], ['first'], { perm: [0, 3, 1, 2] }),
    node('Conv', ['first', 'w'], ['convolved'], { pads: [1, 1, 1, 1], strides: [2, 2] }),
    node('Transpose', ['convolved'], ['last'], { perm: [0, 2, 3, 1] }),
    node('Add', ['last', 'bias'], ['y']),
    node('ReduceMax', ['image'], ['most'], { keepdims: 0 }),
  ],
  inputs: { image: ['N', 'H', 'W', 3] },
  outputs: { y: 4, most: 0 },
  initializers: { w: floats(noise([4, 3, 3, 3]).data, [4, 3, 3, 3]), bias: floats([1, 2, 3, 4]) },
};

describe('a picture that goes in channels last', () => {
  test('goes in channels first, and what comes out is the same', async () => {
    const model = modelOf(keras);
    const graph = channelsFirstInput(model.graph);
    expect(graph.inputs).toEqual([{ name: 'image', dtype: 'float32', dims: ['N', 3, 'H', 'W'] }]);
    const first = noise([1, 3, 5, 6]);
    const last = Float32Array.from({ length: 90 }, (_, i) => first.data[(i % 3) * 30 + Math.floor(i / 3)]!);
    const expected = await runModel(platform, model, { image: { dims: [1, 5, 6, 3], data: last } });
    expect(await runModel(platform, { ...model, graph }, { image: first })).toEqual(expected);
  });

  test('is specialised like any other', () => {
    const model = modelOf(keras);
    const prepared = prepare({ ...model, graph: channelsFirstInput(model.graph) });
    const g = specialise(prepared, { image: [1, 3, 7, 9] }, ['y']);
    expect(g.get('y')!.shape).toEqual([1, 4, 5, 4]);
  });

  test.each<[string, (number | string)[]]>([
    ['channels first', ['N', 3, 'H', 'W']],
    ['channels first and three wide', [1, 3, 'H', 3]],
    ['four channels', [1, 'H', 'W', 4]],
    ['not a picture', [1, 3]],
    ['open in everything', ['N', 'a', 'b', 'c']],
  ])('%s is left as it is', (_name, dims) => {
    const { graph } = modelOf({ ...keras, inputs: { image: dims } });
    expect(channelsFirstInput(graph)).toBe(graph);
  });

  test('as many channels as one says', () => {
    const { graph } = modelOf({ ...keras, inputs: { image: [1, 'H', 'W', 1] } });
    expect(channelsFirstInput(graph, 1).inputs[0]!.dims).toEqual([1, 1, 'H', 'W']);
  });

  test('weights that are listed as inputs are not taken for the picture', () => {
    const { graph } = modelOf({ ...keras, inputs: { w: [4, 3, 3, 3], image: ['N', 'H', 'W', 3] } });
    expect(channelsFirstInput(graph).inputs.map(({ dims }) => dims)).toEqual([
      [4, 3, 3, 3],
      ['N', 3, 'H', 'W'],
    ]);
  });
});
