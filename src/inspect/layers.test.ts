import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ModelError } from '../errors.js';
import { receptiveFields } from '../graph/index.js';
import { Network } from '../models/index.js';
import { type Attribute, floats, type Graph, ints, type Node, type Tensor, writeModel } from '../onnx/index.js';
import { createNodePlatform, loadNetwork, type NodePlatform } from '../platform/node/index.js';
import { type LayerRow, listLayers } from './layers.js';

describe('the built-in InceptionV3', () => {
  let network: Network;
  let rows: LayerRow[];
  const row = (name: string): LayerRow => rows.find((entry) => entry.name === name)!;

  beforeAll(async () => {
    network = await loadNetwork();
    rows = listLayers(network, { width: 299, height: 299 });
  });

  test('its blocks are mixed0 to mixed7 with the shapes of Keras', () => {
    const blocks = rows.filter(({ kind }) => kind === 'block');
    expect(blocks.map(({ name, shape }) => [name, shape])).toEqual([
      ['mixed0', [1, 256, 35, 35]],
      ['mixed1', [1, 288, 35, 35]],
      ['mixed2', [1, 288, 35, 35]],
      ['mixed3', [1, 768, 17, 17]],
      ['mixed4', [1, 768, 17, 17]],
      ['mixed5', [1, 768, 17, 17]],
      ['mixed6', [1, 768, 17, 17]],
      ['mixed7', [1, 768, 17, 17]],
    ]);
    expect(blocks.every(({ op, channels, shape }) => op === 'Concat' && channels === shape[1])).toBe(true);
  });

  test('weights are no layers: what is listed depends on the picture', () => {
    // 70 convolutions with a ReLU each, 10 poolings, 8 joins.
    expect(rows).toHaveLength(158);
    expect(new Set(rows.map(({ op }) => op))).toEqual(new Set(['Conv', 'Relu', 'MaxPool', 'AveragePool', 'Concat']));
    expect(rows.filter(({ name }) => name.includes('weight'))).toEqual([]);
  });

  test('shape, stride, receptive field and work of the first layers are those worked out by hand', () => {
    const byHand = [
      // name, op, shape, stride, receptive field, multiply-adds of the layer itself
      ['batch_normalization_1', 'Conv', [1, 32, 149, 149], 2, 3, 149 ** 2 * 32 * 3 * 9],
      ['activation_1', 'Relu', [1, 32, 149, 149], 2, 3, 0],
      ['batch_normalization_2', 'Conv', [1, 32, 147, 147], 2, 7, 147 ** 2 * 32 * 32 * 9],
      ['activation_2', 'Relu', [1, 32, 147, 147], 2, 7, 0],
      ['batch_normalization_3', 'Conv', [1, 64, 147, 147], 2, 11, 147 ** 2 * 64 * 32 * 9],
      ['activation_3', 'Relu', [1, 64, 147, 147], 2, 11, 0],
      ['max_pooling2d_1', 'MaxPool', [1, 64, 73, 73], 4, 15, 0],
      ['batch_normalization_4', 'Conv', [1, 80, 73, 73], 4, 15, 73 ** 2 * 80 * 64],
      ['activation_4', 'Relu', [1, 80, 73, 73], 4, 15, 0],
      ['batch_normalization_5', 'Conv', [1, 192, 71, 71], 4, 23, 71 ** 2 * 192 * 80 * 9],
      ['activation_5', 'Relu', [1, 192, 71, 71], 4, 23, 0],
      ['max_pooling2d_2', 'MaxPool', [1, 192, 35, 35], 8, 31, 0],
    ] as const;
    let flops = 0;
    const expected = byHand.map(([name, op, shape, stride, receptiveField, multiplyAdds]) => {
      flops += 2 * multiplyAdds;
      return { name, op, shape, channels: shape[1], stride, receptiveField, flops, kind: 'layer' };
    });
    expect(rows.slice(0, 12)).toMatchObject(expected);
  });

  test('work counts every layer on the way once, and none beside it', () => {
    // mixed0 has convolutions of 64 from 192; 48 and 5×5 to 64; 64, 3×3 to 96, 3×3 to 96; and 32 after a pooling.
    const inside = 35 ** 2 * (192 * (64 + 48 + 64 + 32) + 48 * 64 * 25 + 64 * 96 * 9 + 96 * 96 * 9);
    const stem = row('max_pooling2d_2').flops;
    expect(row('mixed0').flops).toBe(stem + 2 * inside);
    expect(row('activation_6').flops).toBe(stem + 2 * 35 ** 2 * 192 * 64);
  });

  test('each says what it is computed from, and convolutions and poolings their windows', () => {
    const of = (name: string) => [row(name).inputs, row(name).kernel];
    expect(of('batch_normalization_1')).toEqual([[network.inputName], [3, 3]]);
    expect(of('activation_1')).toEqual([['batch_normalization_1'], null]);
    expect(of('max_pooling2d_2')).toEqual([['activation_5'], [3, 3]]);
    expect(of('batch_normalization_8')).toEqual([['activation_7'], [5, 5]]);
    expect(of('batch_normalization_33')).toEqual([['activation_32'], [1, 7]]);
    expect(of('mixed0')).toEqual([['activation_6', 'activation_8', 'activation_11', 'activation_12'], null]);
  });

  test('a layer of a larger picture has more elements and sees no more', () => {
    const wide = listLayers(network, { width: 640, height: 200 });
    const mixed5 = wide.find(({ name }) => name === 'mixed5')!;
    expect(mixed5.shape).toEqual([1, 768, 10, 38]);
    expect([mixed5.stride, mixed5.receptiveField]).toEqual([row('mixed5').stride, row('mixed5').receptiveField]);
  });

  test('a small picture has the layers it is large enough for, and a tiny one is refused', () => {
    const few = listLayers(network, { width: 20, height: 299 });
    expect(few.map(({ name }) => name)).toEqual(rows.slice(0, 11).map(({ name }) => name));
    expect(() => listLayers(network, { width: 2, height: 2 })).toThrow(ModelError);
    expect(() => listLayers(network, { width: 2, height: 2 })).toThrow(/Use a larger picture/);
  });

  describe('what one element sees, measured by running the network', () => {
    const size = 160;
    const place = 10;
    let platform: NodePlatform;

    beforeAll(async () => {
      platform = await createNodePlatform({ threads: 1 });
    });
    afterAll(async () => {
      await platform.close();
    });

    // The first pixel that an element sees: `place` strides on, less the padding of the convolutions on the way, each
    // counted in strides of its own input: 1×2 in the stem, and 2×8 in mixed0 (5×5, or twice 3×3).
    test.each([
      ['activation_1', place * 2],
      ['max_pooling2d_2', place * 8 - 2],
      ['mixed0', place * 8 - 2 - 16],
    ])('%s sees exactly its receptive field', async (name, first) => {
      const { builder, values } = network.at(size, size, [name]);
      const session = await platform.createSession(writeModel(builder.toModel({ layer: values[0]! })));
      const [, channels, height, width] = values[0]!.shape as [number, number, number, number];
      const elements = async (picture: Float32Array): Promise<number[]> => {
        const feeds = { [network.inputName]: { dims: [1, 3, size, size], data: picture.slice() } };
        const { data } = (await session.run(feeds))['layer']!;
        return Array.from({ length: channels }, (_, c) => data[(c * height + place) * width + place]!);
      };
      const noise = Float32Array.from({ length: 3 * size * size }, (_, i) => Math.sin(i * i * 0.37 + i));
      const changed = (changes: (position: number) => boolean): Float32Array =>
        noise.map((value, i) => {
          const [x, y] = [i % size, Math.floor(i / size) % size];
          return changes(x) || changes(y) ? -value : value;
        });
      const last = first + row(name).receptiveField - 1;
      const { centre, stride } = receptiveFields(builder, network.inputName).get(values[0]!.name)!;
      expect(centre.map((middle, axis) => middle + place * stride[axis]!)).toEqual([
        (first + last + 1) / 2,
        (first + last + 1) / 2,
      ]);
      const reference = await elements(noise);
      const largest = Math.max(...reference.map(Math.abs));
      const difference = async (changes: (position: number) => boolean): Promise<number> => {
        const others = await elements(changed(changes));
        return Math.max(...others.map((value, i) => Math.abs(value - reference[i]!))) / largest;
      };
      expect(largest).toBeGreaterThan(0.01);
      expect(await difference((position) => position < first || position > last)).toBeLessThan(1e-5);
      expect(await difference((position) => position === first)).toBeGreaterThan(1e-4);
      expect(await difference((position) => position === last)).toBeGreaterThan(1e-4);
      await session.close();
    });
  });
});

describe('other networks', () => {
  const node = (opType: string, inputs: string[], output: string, attributes: Record<string, Attribute> = {}): Node => {
    return { opType, domain: '', name: output, inputs, outputs: [output], attributes };
  };
  const list = (value: readonly number[]): Attribute => ({ type: 'ints', value });
  const same = { kernel_shape: list([3, 3]), pads: list([1, 1, 1, 1]) };

  function network(nodes: Node[], outputs: string[], constants: Record<string, Tensor> = {}): Network {
    const graph: Graph = {
      name: 'test',
      nodes,
      inputs: [{ name: 'x', dtype: 'float32', dims: [1, 3, 'H', 'W'] }],
      outputs: outputs.map((name) => ({ name, dtype: 'float32', dims: [] })),
      initializers: new Map(Object.entries({ w: floats(new Float32Array(81).fill(0.1), [3, 3, 3, 3]), ...constants })),
    };
    const model = { irVersion: 8, producer: 'test', opsets: new Map([['', 18]]), metadata: {}, graph };
    return new Network(model, { name: 'test.onnx', sha256: '0'.repeat(64) });
  }

  const kinds = (rows: readonly LayerRow[]) => rows.map(({ name, kind }) => `${name} ${kind}`);

  test('two branches added are a block, a constant added is not, and an output is', () => {
    const residual = network(
      [
        node('Conv', ['x', 'w'], 'a', same),
        node('Conv', ['a', 'w'], 'b', same),
        node('Add', ['a', 'b'], 'sum'),
        node('Add', ['sum', 'bias'], 'shifted'),
        node('Relu', ['shifted'], 'y'),
      ],
      ['y'],
      { bias: floats([1], [1, 1, 1, 1]) },
    );
    expect(kinds(listLayers(residual, { width: 8, height: 6 }))).toEqual([
      'a layer',
      'b layer',
      'sum block',
      'shifted layer',
      'y block',
    ]);
  });

  test('a classifier for one size is left out at others, and what comes after a branch stays', () => {
    const classifier = network(
      [
        node('Conv', ['x', 'w'], 'a', same),
        node('Flatten', ['a'], 'flat'),
        node('Gemm', ['flat', 'weights'], 'scores'),
        node('Reshape', ['scores', 'shape'], 'map'),
        node('Relu', ['a'], 'after'),
      ],
      ['map', 'after'],
      { weights: floats(new Float32Array(3 * 64 * 2), [192, 2]), shape: ints([1, 2, 1, 1]) },
    );
    const rows = listLayers(classifier, { width: 8, height: 8 });
    expect(kinds(rows)).toEqual(['a layer', 'map block', 'after block']);
    // What lies between is flat, and no layer.
    expect(rows.map(({ inputs }) => inputs)).toEqual([['x'], ['a'], ['a']]);
    expect(kinds(listLayers(classifier, { width: 9, height: 9 }))).toEqual(['a layer', 'after block']);
  });

  test('operators that are not known here end only the branch they are in', () => {
    const strange = network(
      [
        node('Conv', ['x', 'w'], 'a', same),
        node('GridSample', ['a', 'a'], 'unknown'),
        node('Relu', ['unknown'], 'lost'),
        node('Relu', ['a'], 'kept'),
      ],
      ['lost', 'kept'],
    );
    expect(kinds(listLayers(strange, { width: 8, height: 8 }))).toEqual(['a layer', 'kept block']);
  });

  test('names that stand for another tensor are listed, because they can be asked for', () => {
    const aliased = network(
      [
        node('Conv', ['x', 'w'], 'a', same),
        node('Dropout', ['a'], 'dropped'),
        node('Relu', ['dropped'], 'b'),
        node('Identity', ['b'], 'y'),
      ],
      ['y'],
    );
    const rows = listLayers(aliased, { width: 8, height: 8 });
    expect(kinds(rows)).toEqual(['a layer', 'dropped layer', 'b layer', 'y block']);
    expect(rows.map(({ name }) => aliased.findTensor(name))).toEqual(rows.map(({ name }) => name));
    expect(rows.map(({ receptiveField }) => receptiveField)).toEqual([3, 3, 3, 3]);
  });

  test('after a global pooling everything is seen', () => {
    const pooled = network([node('Conv', ['x', 'w'], 'a', same), node('GlobalAveragePool', ['a'], 'y')], ['y']);
    const rows = listLayers(pooled, { width: 8, height: 8 });
    expect(rows.map(({ receptiveField }) => receptiveField)).toEqual([3, Number.POSITIVE_INFINITY]);
  });

  test('a network without a single layer of height and width says so', () => {
    const flat = network([node('Flatten', ['x'], 'y')], ['y']);
    expect(() => listLayers(flat, { width: 8, height: 8 })).toThrow(/test\.onnx: expected layers of height and width/);
    const unknown = network([node('GridSample', ['x', 'x'], 'y')], ['y']);
    expect(() => listLayers(unknown, { width: 8, height: 8 })).toThrow(ModelError);
  });
});
