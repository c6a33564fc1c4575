import { describe, expect, test } from 'vitest';
import { runModel, valuesOf } from '../../test/run-model.js';
import { createNodePlatform } from '../platform/node/platform.js';
import type { Attribute, Model, Node } from './model.js';
import { readModel } from './read.js';
import { type DType, dtypes, elementCount, floats, ints, type Tensor } from './tensor.js';
import { writeModel } from './write.js';

function node(opType: string, inputs: string[], outputs: string[], attributes: Record<string, Attribute> = {}): Node {
  return { opType, domain: '', name: `${opType}/${outputs[0]}`, inputs, outputs, attributes };
}

function modelOf(overrides: Partial<Model['graph']> = {}): Model {
  return {
    irVersion: 8,
    producer: 'tests',
    opsets: new Map([['', 18]]),
    metadata: { note: 'two\nlines', Ünï: 'cödé 🐕' },
    graph: {
      name: 'g',
      nodes: [node('Relu', ['x'], ['y'])],
      inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 3, '?'] }],
      outputs: [{ name: 'y', dtype: 'float32', dims: [] }],
      initializers: new Map(),
      ...overrides,
    },
  };
}

/** Six values with the smallest, the largest and what lies between, as far as the type has them. */
function sample(dtype: DType): Tensor {
  const { array } = dtypes[dtype];
  const data = new array(6);
  const wide = dtype.endsWith('int64');
  const values = dtype.startsWith('float')
    ? [0, -0, 1.5, -2.25, 1e-3, 65504]
    : dtype === 'bool'
      ? [0, 1, 1, 0, 1, 0]
      : [0, 1, 127, 200, 70_000, -1];
  values.forEach((value, i) => {
    data[i] = wide ? BigInt(value) * 2n ** 40n : dtype.endsWith('float16') ? 0x1234 * i : value;
  });
  return { dtype, dims: [2, 3], data };
}

describe('writeModel', () => {
  test('every attribute type comes back as it was', () => {
    const attributes: Record<string, Attribute> = {
      float: { type: 'float', value: -0.375 },
      int: { type: 'int', value: -(2 ** 40) },
      string: { type: 'string', value: 'SAME_UPPER — ok 🐕' },
      tensor: { type: 'tensor', value: floats([1, 2, 3, 4], [2, 2]) },
      floats: { type: 'floats', value: [0.5, -1e-3, 3e38].map(Math.fround) },
      ints: { type: 'ints', value: [0, 1, -1, 2 ** 31, Number.MAX_SAFE_INTEGER] },
      strings: { type: 'strings', value: ['', 'a', 'ß'] },
      empty: { type: 'ints', value: [] },
      zero: { type: 'int', value: 0 },
    };
    const model = modelOf({ nodes: [node('Relu', ['x'], ['y'], attributes)] });
    expect(readModel(writeModel(model), { name: 'm' }).graph.nodes[0]!.attributes).toEqual(attributes);
  });

  test.each(Object.keys(dtypes) as DType[])('a tensor of %s comes back as it was', (dtype) => {
    const tensor = sample(dtype);
    const scalar: Tensor = { dtype, dims: [], data: tensor.data.slice(1, 2) };
    const none: Tensor = { dtype, dims: [3, 0], data: tensor.data.slice(0, 0) };
    const initializers = new Map(Object.entries({ tensor, scalar, none }));
    const read = readModel(writeModel(modelOf({ initializers })), { name: 'm' });
    expect(read.graph.initializers).toEqual(initializers);
    expect(read.graph.initializers.get('tensor')!.data.constructor).toBe(dtypes[dtype].array);
  });

  test('a whole model comes back as it was', () => {
    const model = modelOf({
      nodes: [
        node('Split', ['x'], ['a', 'b'], { axis: { type: 'int', value: 1 } }),
        node('Clip', ['b', '', 'max'], ['c']),
        node('Add', ['a', 'c'], ['y']),
        node('MaxPool', ['x'], ['z', ''], { kernel_shape: { type: 'ints', value: [2] } }),
      ],
      initializers: new Map([['max', floats([6], [])]]),
      outputs: [
        { name: 'y', dtype: 'float16', dims: ['N', 3, '?'] },
        { name: 'z', dtype: 'float32', dims: [1, 3, 111] },
      ],
    });
    expect(readModel(writeModel(model), { name: 'm' })).toEqual(model);
  });

  test('the same model gives the same bytes, again after reading it', () => {
    const model = modelOf({ initializers: new Map([['w', sample('float32')]]) });
    const bytes = writeModel(model);
    expect(writeModel(model)).toEqual(bytes);
    expect(writeModel(readModel(bytes, { name: 'm' }))).toEqual(bytes);
  });

  test('a tensor that is a part of a larger array is written alone', () => {
    const part = new Float32Array([9, 1, 2, 9]).subarray(1, 3);
    const initializers = new Map([['w', floats(part)]]);
    const read = readModel(writeModel(modelOf({ initializers })), { name: 'm' });
    expect(read.graph.initializers.get('w')).toEqual(floats([1, 2]));
  });

  test('the largest int64, which means "to the end", survives being a number in between', () => {
    const end = 2 ** 63;
    const model = modelOf({
      nodes: [node('Relu', ['x'], ['y'], { ends: { type: 'ints', value: [end, -end] } })],
      initializers: new Map([['ends', ints([end, -end])]]),
    });
    expect(model.graph.initializers.get('ends')!.data).toEqual(BigInt64Array.of(2n ** 63n - 1n, -(2n ** 63n)));
    const { graph } = readModel(writeModel(model), { name: 'm' });
    expect(graph.nodes[0]!.attributes['ends']).toEqual({ type: 'ints', value: [end, -end] });
    expect(graph.initializers.get('ends')!.data).toEqual(BigInt64Array.of(2n ** 63n - 1n, -(2n ** 63n)));
  });

  test('onnxruntime reads what it writes', async () => {
    const weight = floats(
      Array.from({ length: elementCount([4, 3, 3, 3]) }, (_, i) => Math.sin(i)),
      [4, 3, 3, 3],
    );
    const model = modelOf({
      nodes: [
        node('Conv', ['x', 'w'], ['c'], { pads: { type: 'ints', value: [1, 1, 1, 1] } }),
        node('LeakyRelu', ['c'], ['y'], { alpha: { type: 'float', value: 0.25 } }),
      ],
      inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 3, 'H', 'W'] }],
      outputs: [{ name: 'y', dtype: 'float32', dims: ['N', 4, '?', '?'] }],
      initializers: new Map([['w', weight]]),
    });
    const platform = await createNodePlatform({ threads: 1 });
    try {
      const x = { dims: [1, 3, 1, 1], data: Float32Array.of(1, 2, 3) };
      const { y } = await runModel(platform, model, { x });
      // With a picture of one pixel only the middle of each kernel counts.
      const expected = [0, 1, 2, 3].map((o) => {
        const sum = [0, 1, 2].reduce((total, i) => total + (i + 1) * (weight.data[(o * 3 + i) * 9 + 4] as number), 0);
        return sum < 0 ? sum * 0.25 : sum;
      });
      expect(y!.dims).toEqual([1, 4, 1, 1]);
      for (const [o, value] of valuesOf(y).entries()) expect(value).toBeCloseTo(expected[o]!, 5);
    } finally {
      await platform.close();
    }
  });
});
