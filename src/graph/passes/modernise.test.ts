import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ModelParts, modelOf, node, noise, runModel, valuesOf } from '../../../test/run-model.js';
import { floats, type Graph, ints, type Model, type Tensor } from '../../onnx/index.js';
import { createNodePlatform, type NodePlatform } from '../../platform/node/platform.js';
import { type AttributeValues, float } from '../attributes.js';
import { opsetVersion } from '../builder.js';
import { prepare } from '../prepare.js';
import { modernise } from './modernise.js';

let platform: NodePlatform;
beforeAll(async () => {
  platform = await createNodePlatform({ threads: 1 });
});
afterAll(() => platform.close());

const picture = [1, 4, 6, 5];
const toEnd = 2 ** 63;

interface OldForm {
  readonly op: string;
  readonly opset: number;
  readonly attributes?: AttributeValues;
  /** Default `picture`. */
  readonly input?: readonly number[];
  readonly rank: number;
  readonly outputs?: number;
  /** Constants for the inputs behind the picture. */
  readonly constants?: readonly Tensor[];
  /** The opset that onnxruntime, which does not know the very old one, is asked with. Default `opset`. */
  readonly asked?: number;
}

const reductions = ['ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceL1', 'ReduceL2', 'ReduceSumSquare', 'ReduceProd'];
const oldForms: OldForm[] = [
  { op: 'Squeeze', opset: 11, attributes: { axes: [0, -1] }, input: [1, 4, 1], rank: 1 },
  { op: 'Squeeze', opset: 9, input: [1, 4, 1], rank: 1 },
  { op: 'Unsqueeze', opset: 12, attributes: { axes: [0, 3] }, input: [2, 3], rank: 4 },
  ...reductions.flatMap((op): OldForm[] => [
    { op, opset: 13, attributes: { axes: [2, -1] }, rank: 4 },
    { op, opset: 9, attributes: { axes: [1], keepdims: 0 }, rank: 3 },
    { op, opset: 17, rank: 4 },
  ]),
  { op: 'ReduceSum', opset: 11, attributes: { axes: [2, 3] }, rank: 4 },
  { op: 'ReduceSum', opset: 12, attributes: { keepdims: 0 }, rank: 0 },
  { op: 'Clip', opset: 6, asked: 7, attributes: { min: float(-0.25), max: float(0.5) }, rank: 4 },
  { op: 'Clip', opset: 9, attributes: { max: float(0.5) }, rank: 4 },
  { op: 'Clip', opset: 10, attributes: { min: float(0) }, rank: 4 },
  { op: 'Clip', opset: 7, rank: 4 },
  { op: 'Pad', opset: 9, attributes: { pads: [0, 0, 1, 2, 0, 0, 3, 0], value: float(1.5) }, rank: 4 },
  { op: 'Pad', opset: 10, attributes: { pads: [0, 0, 1, 2, 0, 0, 3, 0], mode: 'reflect' }, rank: 4 },
  { op: 'Pad', opset: 8, attributes: { pads: [0, 0, 1, 2, 0, 0, 3, 0], mode: 'edge' }, rank: 4 },
  { op: 'Slice', opset: 9, attributes: { starts: [1, -3], ends: [3, toEnd], axes: [1, 2] }, rank: 4 },
  { op: 'Slice', opset: 7, attributes: { starts: [0, 1], ends: [toEnd, -1] }, rank: 4 },
  { op: 'Split', opset: 11, attributes: { axis: 1 }, rank: 4, outputs: 2 },
  { op: 'Split', opset: 12, attributes: { axis: 2, split: [1, 2, 3] }, rank: 4, outputs: 3 },
  { op: 'Softmax', opset: 9, rank: 4 },
  { op: 'Softmax', opset: 11, attributes: { axis: 2 }, rank: 4 },
  { op: 'Softmax', opset: 12, attributes: { axis: -1 }, input: [3, 5], rank: 2 },
  { op: 'Softmax', opset: 13, rank: 4 },
  { op: 'LogSoftmax', opset: 11, rank: 4 },
  { op: 'ReduceLogSumExp', opset: 12, attributes: { axes: [1] }, rank: 4 },
  { op: 'Upsample', opset: 7, attributes: { scales: { type: 'floats', value: [1, 1, 2, 3] } }, rank: 4 },
  {
    op: 'Upsample',
    opset: 8,
    attributes: { mode: 'linear', scales: { type: 'floats', value: [1, 1, 2, 1.5] } },
    rank: 4,
  },
  { op: 'Upsample', opset: 9, constants: [floats([1, 1, 2.5, 1.3])], rank: 4 },
  { op: 'Upsample', opset: 9, attributes: { mode: 'linear' }, constants: [floats([1, 1, 2.5, 1.3])], rank: 4 },
  { op: 'Resize', opset: 10, constants: [floats([1, 1, 2, 1.7])], rank: 4 },
  { op: 'Resize', opset: 10, constants: [floats([1, 1, 0.6, 0.45])], rank: 4 },
  { op: 'Resize', opset: 10, attributes: { mode: 'linear' }, constants: [floats([1, 1, 0.6, 2.5])], rank: 4 },
  { op: 'Resize', opset: 11, attributes: { mode: 'cubic' }, constants: [floats([]), floats([1, 1, 2, 1.7])], rank: 4 },
  {
    op: 'Resize',
    opset: 12,
    attributes: { coordinate_transformation_mode: 'tf_half_pixel_for_nn' },
    constants: [floats([]), floats([1, 1, 2, 1.7])],
    rank: 4,
  },
  {
    op: 'Scatter',
    opset: 9,
    attributes: { axis: 3 },
    constants: [ints([2], [1, 1, 1, 1]), floats([9], [1, 1, 1, 1])],
    rank: 4,
  },
  { op: 'Mean', opset: 8, constants: [floats([1, 2, 3, 4, 5]), floats([7], [])], rank: 4 },
  { op: 'Gemm', opset: 7, input: [2, 3], constants: [floats([1, 2, 3], [3, 1]), floats([5])], rank: 2 },
  { op: 'BatchNormalization', opset: 8, attributes: { spatial: 1, momentum: float(0.9) }, rank: 4 },
];

/** The old node with constants for the inputs that its operator needs besides the picture. */
function partsOf({ op, opset, attributes, input = picture, rank, outputs = 1, constants = [] }: OldForm): ModelParts {
  const names = Array.from({ length: outputs }, (_, i) => `y${i}`);
  const normalised = op === 'BatchNormalization';
  const parameters = normalised ? ['scale', 'bias', 'mean', 'variance'] : [];
  return {
    opset,
    nodes: [node(op, ['x', ...parameters, ...constants.map((_, i) => `c${i}`)], names, attributes)],
    inputs: { x: input },
    outputs: Object.fromEntries(names.map((name) => [name, rank])),
    initializers: Object.fromEntries([
      ...parameters.map((name, i) => [name, floats([1, 2, 3, 0.5].map((v) => v + i))]),
      ...constants.map((tensor, i) => [`c${i}`, tensor]),
    ]),
  };
}

/** What prepare made of a model, declared as a model of today's operator set. */
function asToday(model: Model, graph: Graph): Model {
  return { ...model, opsets: new Map([['', Math.max(opsetVersion, model.opsets.get('')!)]]), graph };
}

describe('modernise', () => {
  test.each(oldForms.map((form, i): [string, OldForm] => [`${i + 1}: ${form.op}, opset ${form.opset}`, form]))(
    '%s gives the same numbers as before',
    async (_name, form) => {
      const parts = partsOf(form);
      const old = modelOf(parts);
      const today = asToday(old, modernise(old));
      const feeds = { x: noise(form.input ?? picture) };
      const expected = await runModel(platform, modelOf({ ...parts, opset: form.asked ?? form.opset }), feeds);
      expect(await runModel(platform, today, feeds)).toEqual(expected);
    },
  );

  test('Reshape with its shape as an attribute, which no runtime reads any more', async () => {
    const old = modelOf({
      opset: 4,
      nodes: [node('Reshape', ['x'], ['y'], { shape: [0, -1], consumed_inputs: [0] })],
      inputs: { x: picture },
      outputs: { y: 2 },
    });
    const x = noise(picture);
    const { y } = await runModel(platform, asToday(old, modernise(old)), { x });
    expect(y).toEqual({ dims: [1, 120], data: x.data });
  });

  test('Pad called its pads paddings once', () => {
    const old = modelOf({
      opset: 1,
      nodes: [node('Pad', ['x'], ['y'], { paddings: [0, 1, 0, 2] })],
      inputs: { x: [2, 3] },
      outputs: { y: 2 },
    });
    const { nodes, initializers } = modernise(old);
    expect(initializers.get(nodes[0]!.inputs[1]!)).toEqual(ints([0, 1, 0, 2]));
    expect(nodes[0]!.attributes).toEqual({});
  });

  test('nodes of today stay as they are', () => {
    const model = modelOf({
      nodes: [
        node('ReduceMean', ['x', 'axes'], ['a']),
        node('Clip', ['a', '', 'max'], ['b']),
        node('Split', ['b'], ['c', 'y'], { num_outputs: 2, axis: 1 }),
        node('Softmax', ['c'], ['z']),
      ],
      inputs: { x: picture },
      outputs: { y: 4, z: 4 },
      initializers: { axes: ints([2]), max: floats([6], []) },
    });
    expect(modernise(model)).toEqual(model.graph);
  });

  test('an equal Split says how many parts it has', () => {
    const old = modelOf({
      opset: 13,
      nodes: [node('Split', ['x'], ['a', 'b', 'y'], { axis: 2 })],
      inputs: { x: picture },
      outputs: { y: 4 },
    });
    expect(modernise(old).nodes[0]!.attributes['num_outputs']).toEqual({ type: 'int', value: 3 });
    const { nodes } = modernise(modelOf({ ...old, nodes: [node('Split', ['x', 'sizes'], ['a'])], outputs: {} }));
    expect(nodes[0]!.attributes['num_outputs']).toBeUndefined();
  });

  test('training outputs and attributes of BatchNormalization go', () => {
    const old = modelOf({
      opset: 7,
      nodes: [node('BatchNormalization', ['x', 's', 'b', 'm', 'v'], ['y', 'a', 'b2', 'c', 'd'], { spatial: 1 })],
      inputs: { x: picture },
      outputs: { y: 4 },
    });
    const [first] = modernise(old).nodes;
    expect(first!.outputs).toEqual(['y']);
    expect(first!.attributes).toEqual({});
  });

  test('Constant gives plain numbers as a tensor', () => {
    const constant = (attributes: AttributeValues) =>
      modernise(modelOf({ nodes: [node('Constant', [], ['y'], attributes)], outputs: { y: 0 } })).nodes[0]!.attributes[
        'value'
      ];
    expect(constant({ value_float: float(0.5) })).toEqual({ type: 'tensor', value: floats([0.5], []) });
    expect(constant({ value_floats: { type: 'floats', value: [1, 2] } })).toEqual({
      type: 'tensor',
      value: floats([1, 2]),
    });
    expect(constant({ value_int: 3 })).toEqual({ type: 'tensor', value: ints([3], []) });
    expect(constant({ value_ints: [3, -1] })).toEqual({ type: 'tensor', value: ints([3, -1]) });
    const tensor = { type: 'tensor', value: floats([1]) } as const;
    expect(constant({ value: tensor })).toEqual(tensor);
  });

  test('new tensors do not take the names of others', () => {
    const old = modelOf({
      opset: 9,
      nodes: [
        node('Clip', ['x'], ['y/input1'], { min: float(0) }),
        node('Clip', ['y/input1'], ['y'], { min: float(2), max: float(3) }),
      ],
      inputs: { x: picture },
      outputs: { y: 4 },
      initializers: { 'y/input2': floats([9], []) },
    });
    const { nodes, initializers } = modernise(old);
    const names = [...initializers.keys(), ...nodes.flatMap((entry) => entry.outputs)];
    expect(new Set(names).size).toBe(names.length);
    expect(initializers.get('y/input2')).toEqual(floats([9], []));
    expect(initializers.get(nodes[1]!.inputs[2]!)).toEqual(floats([3], []));
  });

  test.each<[string, string, AttributeValues, readonly number[], number[]]>([
    ['from axis 1', 'Add', { broadcast: 1, axis: 1 }, [2], [10, 11, 22, 23]],
    ['from axis 0', 'Mul', { broadcast: 1, axis: 0 }, [1, 2], [0, 10, 40, 60]],
    ['from the end', 'Add', { broadcast: 1, axis: -1 }, [2], [10, 21, 12, 23]],
    ['at the last axes', 'Add', { broadcast: 1 }, [2], [10, 21, 12, 23]],
  ])('broadcasting %s, which ended with opset 7', async (_name, op, attributes, dims, expected) => {
    const old = modelOf({
      opset: 6,
      nodes: [node(op, ['x', 'b'], ['y'], { ...attributes, consumed_inputs: [0, 0] })],
      inputs: { x: [1, 2, 2] },
      outputs: { y: 3 },
      initializers: { b: floats([10, 20], dims) },
    });
    const x = { dims: [1, 2, 2], data: Float32Array.of(0, 1, 2, 3) };
    const { y } = await runModel(platform, asToday(old, modernise(old)), { x });
    expect(valuesOf(y)).toEqual(expected);
  });

  test('PRelu had one slope for each channel beside axis 1', async () => {
    const old = modelOf({
      opset: 6,
      nodes: [node('PRelu', ['x', 'slope'], ['y'])],
      inputs: { x: [1, 2, 2] },
      outputs: { y: 3 },
      initializers: { slope: floats([0.5, 0.25]) },
    });
    const x = { dims: [1, 2, 2], data: Float32Array.of(-4, 1, -4, -8) };
    const { y } = await runModel(platform, asToday(old, modernise(old)), { x });
    expect(valuesOf(y)).toEqual([-2, 1, -1, -2]);
  });

  test('BatchNormalization with statistics for each element', async () => {
    const old = modelOf({
      opset: 8,
      nodes: [node('BatchNormalization', ['x', 's', 'b', 'm', 'v'], ['y'], { spatial: 0, epsilon: float(0) })],
      inputs: { x: [1, 2, 2] },
      outputs: { y: 3 },
      initializers: {
        s: floats([1, 2, 3, 4], [2, 2]),
        b: floats([0, 0, 1, 1], [2, 2]),
        m: floats([1, 1, 1, 2], [2, 2]),
        v: floats([1, 4, 16, 64], [2, 2]),
      },
    });
    const x = { dims: [1, 2, 2], data: Float32Array.of(3, 3, 5, 10) };
    const { y } = await runModel(platform, asToday(old, modernise(old)), { x });
    expect(valuesOf(y)).toEqual([2, 2, 4, 5]);
  });

  test('element types of Cast had names', () => {
    const old = modelOf({
      opset: 5,
      nodes: [node('Cast', ['x'], ['y'], { to: 'INT64' })],
      inputs: { x: picture },
      outputs: { y: 4 },
    });
    expect(modernise(old).nodes[0]!.attributes).toEqual({ to: { type: 'int', value: 7 } });
  });

  test('Concat joined along axis 1 when it did not say', () => {
    const old = (opset: number, attributes: AttributeValues) =>
      modernise(
        modelOf({
          opset,
          nodes: [node('Concat', ['x', 'x'], ['y'], attributes)],
          inputs: { x: picture },
          outputs: { y: 4 },
        }),
      );
    expect(old(3, {}).nodes[0]!.attributes).toEqual({ axis: { type: 'int', value: 1 } });
    expect(old(3, { axis: 2 }).nodes[0]!.attributes).toEqual({ axis: { type: 'int', value: 2 } });
    expect(old(4, {}).nodes[0]!.attributes).toEqual({});
  });
});

describe('prepare', () => {
  test('Dropout and Identity are gone, and the numbers are the same', async () => {
    const model = modelOf({
      opset: 11,
      nodes: [
        node('Identity', ['x'], ['a']),
        node('Relu', ['a'], ['b']),
        node('Dropout', ['b'], ['c'], { ratio: float(0.5) }),
        node('Softmax', ['c'], ['d'], { axis: 1 }),
        node('Identity', ['d'], ['y']),
      ],
      inputs: { x: picture },
      outputs: { y: 4 },
    });
    const { graph, aliases, opset } = prepare(model);
    expect(opset).toBe(11);
    expect(graph.nodes.map(({ opType }) => opType)).toEqual(['Relu', 'Shape', 'Flatten', 'Softmax', 'Reshape']);
    expect(graph.outputs.map(({ name }) => name)).toEqual([aliases.get('y')]);
    const feeds = { x: noise(picture) };
    const before = await runModel(platform, model, feeds);
    const after = await runModel(platform, asToday(model, graph), feeds);
    expect(after['d']).toEqual(before['y']);
  });

  test('a kept name that was the result of an Identity keeps the tensor before it computable', () => {
    const parameters = Object.fromEntries(['s', 'b', 'm', 'v'].map((name) => [name, floats([1])]));
    const model = modelOf({
      nodes: [
        node('Conv', ['x', 'w'], ['c']),
        node('BatchNormalization', ['c', 's', 'b', 'm', 'v'], ['y']),
        node('Identity', ['c'], ['wanted']),
      ],
      inputs: { x: [1, 1, 4, 4] },
      outputs: { y: 4 },
      initializers: { w: floats([1], [1, 1, 1, 1]), ...parameters },
    });
    const { graph, aliases } = prepare(model, new Set(['wanted']));
    expect(graph.nodes.map((entry) => entry.outputs[0])).toContain(aliases.get('wanted'));
  });

  test('half- and double-precision weights, inputs, constants and casts become float32', () => {
    const half = { dtype: 'float16', dims: [2], data: Uint16Array.of(0x3c00, 0xc000) } as const;
    const model = modelOf({
      nodes: [
        node('Cast', ['x'], ['a'], { to: 10 }),
        node('Constant', [], ['k'], { value: { type: 'tensor', value: half } }),
        node('Sum', ['a', 'w', 'd', 'k'], ['b']),
        node('Cast', ['b'], ['c'], { to: 7 }),
        node('Cast', ['b'], ['y'], { to: 1 }),
      ],
      outputs: { y: [1, 'float16'] },
      initializers: {
        w: half,
        d: { dtype: 'float64', dims: [2], data: Float64Array.of(0.5, 1e-3) },
        q: { dtype: 'uint8', dims: [1], data: Uint8Array.of(3) },
      },
    });
    const input = { name: 'x', dtype: 'float16', dims: [2] } as const;
    const { graph } = prepare({ ...model, graph: { ...model.graph, inputs: [input] } });
    expect(graph.initializers.get('w')).toEqual(floats([1, -2]));
    expect(graph.initializers.get('k')).toEqual(floats([1, -2]));
    expect(graph.initializers.get('d')).toEqual(floats([0.5, Math.fround(1e-3)]));
    expect(graph.initializers.get('q')!.dtype).toBe('uint8');
    expect(graph.inputs[0]!.dtype).toBe('float32');
    expect(graph.outputs[0]!.dtype).toBe('float32');
    const casts = graph.nodes
      .filter(({ opType }) => opType === 'Cast')
      .map(({ attributes }) => attributes['to']!.value);
    expect(casts).toEqual([1, 7, 1]);
  });
});
