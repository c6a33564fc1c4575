import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { modelOf, node, noise, runModel } from '../../test/run-model.js';
import { ModelError } from '../errors.js';
import { float } from '../graph/index.js';
import { floats, type Model } from '../onnx/index.js';
import { createNodePlatform, type NodePlatform } from '../platform/node/platform.js';
import { Network } from './network.js';
import { inceptionPreprocessing, preprocessingKey } from './preprocessing.js';

/** Conv, Identity, BatchNormalization, Relu, Dropout: the middle of many exported networks. */
const model: Model = modelOf({
  inputs: { picture: ['N', 3, 'H', 'W'] },
  outputs: { dropped: 4 },
  nodes: [
    node('Conv', ['picture', 'weight'], ['conv']),
    node('Identity', ['conv'], ['same']),
    node('BatchNormalization', ['same', 'gamma', 'beta', 'mean', 'variance'], ['norm'], { epsilon: float(0) }),
    node('Relu', ['norm'], ['relu']),
    node('Dropout', ['relu'], ['dropped', '']),
    { ...node('Relu', ['relu'], ['nameless']), name: '' },
  ],
  initializers: {
    weight: floats([1, 0, 0, 0, -1, 0], [2, 3, 1, 1]),
    gamma: floats([2, 3]),
    beta: floats([1, -1]),
    mean: floats([0.5, 0]),
    variance: floats([4, 9]),
  },
});

const network = (changed: Model = model) => new Network(changed, { name: 'test.onnx', sha256: 'f'.repeat(64) });

let platform: NodePlatform;
beforeAll(async () => {
  platform = await createNodePlatform({ threads: 1 });
});
afterAll(() => platform.close());

const picture = noise([1, 3, 2, 5]);

/** What the network computes for one tensor. */
async function valuesOf(name: string): Promise<number[]> {
  const { builder, values } = network().at(5, 2, [name]);
  const results = await runModel(platform, builder.toModel({ result: values[0]! }), { picture });
  expect(results['result']!.dims).toEqual(values[0]!.shape);
  return Array.from(results['result']!.data as Float32Array);
}

/** The same by hand: red and minus green, normalised. */
function expected(kind: 'conv' | 'norm' | 'relu'): number[] {
  return Array.from({ length: 20 }, (_, i) => {
    const conv = i < 10 ? picture.data[i]! : -picture.data[i]!;
    const norm = i < 10 ? (2 * (conv - 0.5)) / 2 + 1 : (3 * conv) / 3 - 1;
    return { conv, norm, relu: Math.max(norm, 0) }[kind];
  });
}

function close(got: readonly number[], wanted: readonly number[]): void {
  expect(got.length).toBe(wanted.length);
  got.forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!)).toBeLessThan(1e-6);
  });
}

describe('names', () => {
  test('are those of the tensors, without the ones left out', () => {
    expect(network().tensorNames).toEqual(['conv', 'same', 'norm', 'relu', 'dropped', 'nameless']);
  });

  test('of tensors stand for themselves, of nodes for their first output', () => {
    expect(network().findTensor('norm')).toBe('norm');
    expect(network().findTensor('BatchNormalization of norm')).toBe('norm');
    expect(network().findTensor('Dropout of dropped')).toBe('dropped');
  });

  test('of tensors come before those of nodes', () => {
    const nodes = model.graph.nodes.map((each) => (each.opType === 'Conv' ? { ...each, name: 'relu' } : each));
    expect(network({ ...model, graph: { ...model.graph, nodes } }).findTensor('relu')).toBe('relu');
  });

  test('that nothing has stand for nothing, and so do the picture, weights and the empty name', () => {
    for (const name of ['nothing', 'picture', 'weight', '', '__proto__']) {
      expect(network().findTensor(name)).toBeUndefined();
    }
  });
});

describe('the network at a size', () => {
  test('computes the last layer', async () => close(await valuesOf('relu'), expected('relu')));

  test('computes what Identity and Dropout gave, which are gone', async () => {
    close(await valuesOf('same'), expected('conv'));
    close(await valuesOf('dropped'), expected('relu'));
    const { builder } = network().at(5, 2, ['dropped']);
    expect(builder.nodes.map((each) => each.opType)).toEqual(['Conv', 'Relu']);
  });

  test("computes a convolution's own output, which its normalisation would have swallowed", async () => {
    close(await valuesOf('conv'), expected('conv'));
    close(await valuesOf('norm'), expected('norm'));
  });

  test('computes both in one graph', () => {
    const { values } = network().at(4, 3, ['relu', 'conv', 'same', 'norm']);
    expect(values.map(({ name }) => name)).toEqual(['relu', 'conv', 'conv', 'norm']);
    for (const { shape } of values) expect(shape).toEqual([1, 2, 3, 4]);
  });

  test('can be asked for one layer after another', async () => {
    const one = network();
    expect(one.at(5, 2, ['relu']).builder.nodes.length).toBe(2);
    expect(one.at(5, 2, ['conv', 'relu']).builder.nodes.length).toBe(3);
    expect(one.at(9, 9, ['relu']).values[0]!.shape).toEqual([1, 2, 9, 9]);
  });
});

describe('the picture', () => {
  test('is taken as the file says, or as Inception networks take it', () => {
    expect(network().preprocessingKnown).toBe(false);
    expect(network().preprocessing).toEqual(inceptionPreprocessing);
    const said = { order: 'BGR', mean: [0, 0, 0], std: [1, 1, 1] };
    const saying = network({ ...model, metadata: { [preprocessingKey]: JSON.stringify(said) } });
    expect(saying.preprocessingKnown).toBe(true);
    expect(saying.preprocessing).toEqual(said);
    expect(saying.inputName).toBe('picture');
  });

  test.each([
    ['no input', {}, 'got none'],
    ['two inputs', { a: [1, 3, 'H', 'W'], b: [1, 3, 'H', 'W'] }, 'got a [1, 3, H, W] and b [1, 3, H, W]'],
    ['grey pictures', { a: [1, 1, 28, 28] }, 'got a [1, 1, 28, 28]'],
    ['channels last', { a: ['N', 224, 224, 3] }, 'got a [N, 224, 224, 3]'],
    ['no picture', { a: ['N', 512] }, 'got a [N, 512]'],
  ])('is expected to be one of three channels, channels first, not %s', (_, inputs, got) => {
    const other = modelOf({ inputs: inputs as Record<string, number[]>, outputs: { y: 4 }, nodes: model.graph.nodes });
    try {
      network(other);
    } catch (error) {
      expect(error).toBeInstanceOf(ModelError);
      expect((error as ModelError).code).toBe('model/unsupported');
      expect((error as ModelError).message).toBe(
        `test.onnx: expected one input of shape [1, 3, height, width], ${got}. Use another network.`,
      );
      return;
    }
    expect.fail('nothing was thrown');
  });
});
