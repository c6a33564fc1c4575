import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { modelOf, node, noise, runModel } from '../../test/run-model.js';
import { ModelError, OptionError } from '../errors.js';
import { float } from '../graph/index.js';
import { floats, type Model } from '../onnx/index.js';
import { createNodePlatform, type NodePlatform } from '../platform/node/platform.js';
import { catalogue } from './catalogue.js';
import { Network, type NetworkSource } from './network.js';
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

describe('the names of classes', () => {
  const saying = { ...model, metadata: { names: "{0: 'cat', 1: 'dog'}" } };
  const source = { name: 'test.onnx', sha256: 'f'.repeat(64) };

  test('are those of the card, or of the file', () => {
    expect(network().labels).toBeUndefined();
    expect(network(saying).labels).toEqual(['cat', 'dog']);
    expect(new Network(saying, { ...source, card: { labels: ['slug', 'hen'] } }).labels).toEqual(['slug', 'hen']);
    expect(new Network(saying, { ...source, card: {} }).labels).toEqual(['cat', 'dog']);
  });
});

test('a size that the file declares is one of whole numbers', () => {
  const declaring = (height: number | string, width: number | string) =>
    network({
      ...model,
      graph: { ...model.graph, inputs: [{ ...model.graph.inputs[0]!, dims: ['N', 3, height, width] }] },
    });
  expect(declaring(224, 192).fixedSize).toEqual({ width: 192, height: 224 });
  for (const [height, width] of [
    ['H', 'W'],
    [224, 'W'],
    [-1, -1],
    [0, 0],
  ] as const) {
    expect(declaring(height, width).fixedSize).toBeUndefined();
  }
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

const card = { preprocessing: { order: 'BGR', mean: [0, 0, 0], std: [1, 1, 1] } } as const;
const listed = card;

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

  test.each<[string, Partial<NetworkSource>, string, string]>([
    ['the caller, above all', { given: { channelOrder: 'BGR', valueRange: [0, 255] }, card, listed }, 'given', 'BGR'],
    ['a recipe', { recipe: { order: 'BGR', mean: [0, 0, 0], std: [1, 1, 1] }, card, listed }, 'recipe', 'BGR'],
    ['a card', { card, listed }, 'card', 'BGR'],
    ['the catalogue', { listed }, 'catalogue', 'BGR'],
    ['the catalogue, which knows the digest', { sha256: catalogue[1]!.sha256! }, 'catalogue', 'BGR'],
    ['nobody', { given: {}, card: {}, listed: {} }, 'assumed', 'RGB'],
  ])('is taken as is said by %s', (_, source, origin, order) => {
    const one = new Network(model, { name: 'test.onnx', sha256: 'f'.repeat(64), ...source });
    expect([one.preprocessingOrigin, one.preprocessing.order]).toEqual([origin, order]);
    expect(one.preprocessingKnown).toBe(origin !== 'assumed');
  });

  test('is taken as a card says before the file, and as the file says before the catalogue', () => {
    const said = { order: 'RGB', mean: [0, 0, 0], std: [1, 1, 1] };
    const saying = { ...model, metadata: { [preprocessingKey]: JSON.stringify(said) } };
    const originOf = (source: Partial<NetworkSource>) =>
      new Network(saying, { name: 'test.onnx', sha256: 'f'.repeat(64), ...source }).preprocessingOrigin;
    expect(originOf({ card, listed })).toBe('card');
    expect(originOf({ listed })).toBe('file');
  });

  test('with a mistake in the file is taken as a card says, which mends it', () => {
    const damaged = { ...model, metadata: { [preprocessingKey]: 'nonsense' } };
    expect(() => network(damaged)).toThrow(ModelError);
    expect(new Network(damaged, { name: 'test.onnx', sha256: 'f'.repeat(64), card }).preprocessingOrigin).toBe('card');
  });

  test('cannot be taken as nonsense', () => {
    const given = { valueRange: [1, 1] } as const;
    expect(() => new Network(model, { name: 'test.onnx', sha256: 'f'.repeat(64), given })).toThrow(OptionError);
  });

  test.each([
    ['no input', {}, 'got none'],
    ['two inputs', { a: [1, 3, 'H', 'W'], b: [1, 3, 'H', 'W'] }, 'got a [1, 3, H, W] and b [1, 3, H, W]'],
    ['grey pictures', { a: [1, 1, 28, 28] }, 'got a [1, 1, 28, 28]'],
    ['channels last of four colours', { a: ['N', 224, 224, 4] }, 'got a [N, 224, 224, 4]'],
    ['no picture', { a: ['N', 512] }, 'got a [N, 512]'],
  ])('is expected to be one of three channels, not %s', (_, inputs, got) => {
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

describe('a network that takes its pictures otherwise', () => {
  /** The same convolution for pictures with channels last, in the element type of bytes. */
  const last: Model = modelOf({
    inputs: { picture: ['N', 'H', 'W', 3] },
    outputs: { relu: 4 },
    nodes: [
      node('Cast', ['picture'], ['floats'], { to: 1 }),
      node('Transpose', ['floats'], ['first'], { perm: [0, 3, 1, 2] }),
      node('Conv', ['first', 'weight'], ['conv']),
      node('Relu', ['conv'], ['relu']),
    ],
    initializers: { weight: floats([1, 0, 0, 0, -1, 0], [2, 3, 1, 1]) },
  });
  const bytes: Model = {
    ...last,
    graph: { ...last.graph, inputs: [{ ...last.graph.inputs[0]!, dtype: 'uint8' }] },
  };

  test.each([
    ['channels last', last],
    ['channels last, in bytes', bytes],
  ])('%s, is given them as any other', async (_, other) => {
    const one = network(other);
    expect(one.layout).toBe('NHWC');
    expect(network().layout).toBe('NCHW');
    expect(one.model.graph.inputs).toEqual([{ name: 'picture', dtype: 'float32', dims: ['N', 3, 'H', 'W'] }]);
    const { builder, values } = one.at(5, 2, ['conv']);
    const results = await runModel(platform, builder.toModel({ result: values[0]! }), { picture });
    close(Array.from(results['result']!.data as Float32Array), expected('conv'));
  });

  test('has its layers channels first, where it has them last itself', async () => {
    const one = network({
      ...last,
      graph: {
        ...last.graph,
        nodes: [
          ...last.graph.nodes,
          node('Transpose', ['relu'], ['back'], { perm: [0, 2, 3, 1] }),
          node('Abs', ['back'], ['inner']),
        ],
      },
    });
    const { builder, values } = one.at(5, 4, ['relu', 'inner']);
    expect(values.map(({ shape }) => shape)).toEqual([
      [1, 2, 4, 5],
      [1, 2, 4, 5],
    ]);
    const feed = noise([1, 3, 4, 5]);
    const results = await runModel(platform, builder.toModel({ relu: values[0]!, inner: values[1]! }), {
      picture: feed,
    });
    expect(results['inner']!.data).toEqual(results['relu']!.data);
  });

  test('in bytes takes 0 to 255 where nobody says anything', () => {
    const one = network(bytes);
    expect(one.preprocessingKnown).toBe(false);
    expect(one.preprocessing).toEqual({ order: 'RGB', mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] });
    expect(network(last).preprocessing).toEqual(inceptionPreprocessing);
  });

  test('in yes and no is refused', () => {
    const graph = { ...last.graph, inputs: [{ ...last.graph.inputs[0]!, dtype: 'bool' as const }] };
    expect(() => network({ ...last, graph })).toThrow(ModelError);
  });
});
