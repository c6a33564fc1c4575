import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { node, runModel, valuesOf } from '../../test/run-model.js';
import { ModelError } from '../errors.js';
import { floats, ints } from '../onnx/index.js';
import { createNodePlatform, type NodePlatform } from '../platform/node/platform.js';
import { float } from './attributes.js';
import { GraphBuilder } from './builder.js';

let platform: NodePlatform;
beforeAll(async () => {
  platform = await createNodePlatform({ threads: 1 });
});
afterAll(() => platform.close());

describe('values', () => {
  test('every value knows its type the moment it is made', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [1, 3, 9, 8]);
    expect(x).toEqual({ name: 'x', dtype: 'float32', shape: [1, 3, 9, 8] });
    const w = g.constant(floats(new Float32Array(2 * 3 * 3 * 3), [2, 3, 3, 3]));
    const y = g.op('Conv', [x, w], { strides: [2, 2] });
    expect(y.shape).toEqual([1, 2, 4, 3]);
    expect(g.op('Greater', [y, g.scalar(0)])).toMatchObject({ dtype: 'bool', shape: [1, 2, 4, 3] });
    const [largest, places] = g.multi('MaxPool', [y], { kernel_shape: [2, 2] }, 2);
    expect(largest).toMatchObject({ dtype: 'float32', shape: [1, 2, 3, 2] });
    expect(places).toMatchObject({ dtype: 'int64', shape: [1, 2, 3, 2] });
  });

  test('values are found by name', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [2]);
    expect(g.find('x')).toBe(x);
    expect(g.get('x')).toBe(x);
    expect(g.find('y')).toBeUndefined();
    expect(g.get('')).toBeUndefined();
    expect(() => g.get('y')).toThrow('internal: the graph has no value "y"');
  });

  test('names are unique, and scopes stand before them', () => {
    const g = new GraphBuilder();
    const x = g.input('Relu_0', [2]);
    const names = [g.op('Relu', [x]), g.op('Relu', [x])].map(({ name }) => name);
    const inner = g.scoped('gradient', () => g.scoped('conv1', () => g.op('Relu', [x]).name));
    expect(inner).toMatch(/^gradient\/conv1\/Relu_\d+$/);
    expect(new Set(['Relu_0', inner, ...names]).size).toBe(4);
    expect(() => g.input('Relu_0', [1])).toThrow('internal: two values are named "Relu_0"');
  });

  test('a scope ends when what is written in it fails', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [2]);
    expect(() => g.scoped('scope', () => g.op('Unknown', [x]))).toThrow(ModelError);
    expect(g.op('Relu', [x]).name).not.toMatch(/scope/);
  });

  test('contradicting sizes and unknown operators are refused where they are written', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [1, 3, 4, 4]);
    expect(() => g.op('Add', [x, g.input('z', [5])])).toThrow(
      /Add "Add_\d+": shapes \[1,3,4,4\] and \[5\] do not broadcast/,
    );
    expect(() => g.op('GridSample', [x])).toThrow(/GridSample "GridSample_\d+": this operator is not known/);
    expect(() => g.op('Relu', [undefined])).toThrow(/input 0 is missing/);
    expect(() => g.op('Reshape', [x, g.input('shape', [2])])).toThrow(/depends on the picture/);
    expect(() => g.op('Transpose', [x], { perm: [0, 1, 2, 9] })).toThrow(ModelError);
  });
});

describe('constants', () => {
  test('small equal constants are shared, and tell types, shapes and signs apart', () => {
    const g = new GraphBuilder();
    const shared = [g.scalar(1), g.constant(floats([1], [])), g.scalar(1)];
    expect(new Set(shared.map(({ name }) => name)).size).toBe(1);
    const distinct = [
      g.scalar(1),
      g.constant(floats([1])),
      g.ints([1]),
      g.scalar(0),
      g.scalar(-0),
      g.scalar(Number.NaN),
    ];
    expect(new Set(distinct.map(({ name }) => name)).size).toBe(distinct.length);
    expect(g.scalar(Number.NaN).name).toBe(distinct.at(-1)!.name);
    expect(g.constant(floats([1, 2]), 'own').name).toBe('own');
  });

  test('large constants are kept apart', () => {
    const g = new GraphBuilder();
    const large = floats(new Float32Array(1000));
    expect(g.constant(large).name).not.toBe(g.constant(large).name);
  });

  test('their values can be asked for', () => {
    const g = new GraphBuilder();
    expect(g.constantOf(g.ints([3, 4]))).toEqual(ints([3, 4]));
    expect(g.constantOf(g.input('x', [1]))).toBeUndefined();
    expect(g.constantOf(undefined)).toBeUndefined();
  });

  test('small arithmetic on them is done while building', () => {
    const g = new GraphBuilder();
    const sum = g.op('Add', [g.scalar(2), g.scalar(3)]);
    const shape = g.op('Concat', [g.ints([1, 2]), g.ints([3])], { axis: 0 });
    expect(g.constantOf(g.op('Mul', [sum, sum]))).toEqual(floats([25], []));
    expect(g.constantOf(shape)).toEqual(ints([1, 2, 3]));
    expect(g.nodes).toEqual([]);
  });

  test('large arithmetic, and what is only known later, is left to the runtime', () => {
    const g = new GraphBuilder();
    const large = g.constant(floats(new Float32Array(5000)));
    expect(g.constantOf(g.op('Neg', [large]))).toBeUndefined();
    expect(g.constantOf(g.op('Expand', [g.scalar(1), g.ints([5000])]))).toBeUndefined();
    expect(g.constantOf(g.op('Tanh', [g.scalar(1)]))).toBeUndefined();
    expect(g.constantOf(g.op('Neg', [g.input('x', [1])]))).toBeUndefined();
    expect(g.nodes.map(({ opType }) => opType)).toEqual(['Neg', 'Expand', 'Tanh', 'Neg']);
  });
});

describe('toModel', () => {
  test('keeps what the outputs need, and it runs', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', [2, 2]);
    const scaled = g.op('Mul', [x, g.constant(floats([1, 2, 3, 4], [2, 2]))]);
    g.op('Mul', [scaled, g.constant(floats([9, 9, 9, 9], [2, 2]), 'unused')]);
    const activated = g.op('LeakyRelu', [scaled], { alpha: float(0.5) });
    const model = g.toModel({ activated, sum: g.op('ReduceSum', [activated], { keepdims: 0 }) }, { key: 'value' });
    expect(model.graph.nodes.map(({ opType }) => opType)).toEqual([
      'Mul',
      'LeakyRelu',
      'ReduceSum',
      'Identity',
      'Identity',
    ]);
    expect([...model.graph.initializers.keys()]).not.toContain('unused');
    expect(model.metadata).toEqual({ key: 'value' });
    const result = await runModel(platform, model, { x: { dims: [2, 2], data: Float32Array.of(1, -1, 2, -2) } });
    expect(result['activated']).toEqual({ dims: [2, 2], data: Float32Array.of(1, -1, 6, -4) });
    expect(result['sum']).toEqual({ dims: [], data: Float32Array.of(2) });
  });

  test('an input, a constant, and one value under two names can be outputs', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', [2]);
    const model = g.toModel({ same: x, again: x, constant: g.ints([7]) });
    const result = await runModel(platform, model, { x: { dims: [2], data: Float32Array.of(1, 2) } });
    expect(result['same']!.data).toEqual(Float32Array.of(1, 2));
    expect(result['again']!.data).toEqual(Float32Array.of(1, 2));
    expect(result['constant']!.data).toEqual(BigInt64Array.of(7n));
  });

  test('a tensor of the network that is called like an output steps aside', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', [2]);
    const [y] = g.append(node('Neg', ['x'], ['y']));
    const w = g.constant(floats([10]), 'w');
    const model = g.toModel({ y: g.op('Add', [y, w]), w: y!, z: w });
    const result = await runModel(platform, model, { x: { dims: [2], data: Float32Array.of(1, 2) } });
    expect(valuesOf(result['y'])).toEqual([9, 8]);
    expect(valuesOf(result['w'])).toEqual([-1, -2]);
    expect(valuesOf(result['z'])).toEqual([10]);
    expect(() => g.toModel({ x })).toThrow('internal: "x" is an input and an output');
  });

  test('inputs stay even when nothing reads them', async () => {
    const g = new GraphBuilder();
    g.input('unread', [3]);
    const x = g.input('x', [1]);
    const model = g.toModel({ y: g.op('Neg', [x]) });
    expect(model.graph.inputs.map(({ name }) => name)).toEqual(['unread', 'x']);
    const feeds = { x: { dims: [1], data: Float32Array.of(1) }, unread: { dims: [3], data: new Float32Array(3) } };
    expect((await runModel(platform, model, feeds))['y']!.data).toEqual(Float32Array.of(-1));
  });

  test('the operator set is 18, or that of the network when it is later', () => {
    const opset = (version?: number) => {
      const g = new GraphBuilder(version);
      return g.toModel({ y: g.op('Neg', [g.input('x', [1])]) }).opsets.get('');
    };
    expect([opset(), opset(9), opset(21)]).toEqual([18, 18, 21]);
  });
});
