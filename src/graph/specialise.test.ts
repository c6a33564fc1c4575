import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../../test/mutate.js';
import { type ModelParts, modelOf, node, noise, runModel } from '../../test/run-model.js';
import { ModelError, PareidoliaError } from '../errors.js';
import {
  type Attribute,
  floats,
  ints,
  type Model,
  type Node,
  readModel,
  type Tensor,
  writeModel,
} from '../onnx/index.js';
import { createNodePlatform, type NodePlatform } from '../platform/node/platform.js';
import { float } from './attributes.js';
import { prepare } from './prepare.js';
import { specialise } from './specialise.js';

let platform: NodePlatform;
beforeAll(async () => {
  platform = await createNodePlatform({ threads: 1 });
});
afterAll(() => platform.close());

function specialised(parts: ModelParts, shape: readonly number[], ...wanted: string[]) {
  return specialise(prepare(modelOf(parts)), { x: shape }, wanted);
}

function refusal(run: () => unknown): ModelError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ModelError);
    return error as ModelError;
  }
  throw new Error('nothing was refused');
}

/** `x.view(x.size(0), -1)` and an `interpolate`-like Expand, as exporters write them. */
const shapeArithmetic: ModelParts = {
  opset: 11,
  nodes: [
    node('MaxPool', ['x'], ['p'], { kernel_shape: [2, 2], strides: [2, 2] }),
    node('Shape', ['p'], ['s']),
    node('Constant', [], ['zero'], { value: { type: 'tensor', value: ints([0], []) } }),
    node('Gather', ['s', 'zero'], ['batch'], { axis: 0 }),
    node('Unsqueeze', ['batch'], ['batch1'], { axes: [0] }),
    node('Constant', [], ['rest'], { value_ints: [-1] }),
    node('Concat', ['batch1', 'rest'], ['flat'], { axis: 0 }),
    node('Reshape', ['p', 'flat'], ['y']),
    node('Shape', ['p'], ['s2']),
    node('Slice', ['s2', 'two', 'end'], ['spatial']),
    node('Cast', ['spatial'], ['spatialF'], { to: 1 }),
    node('Mul', ['spatialF', 'half'], ['halvedF']),
    node('Cast', ['halvedF'], ['halved'], { to: 7 }),
    node('Div', ['halved', 'halved'], ['ones']),
    node('Concat', ['batch1', 'ones', 'halved'], ['target'], { axis: 0 }),
    node('Expand', ['k', 'target'], ['z']),
    node('Add', ['z', 'q'], ['w']),
  ],
  inputs: { x: ['N', 3, 'H', 'W'] },
  outputs: { y: 2, w: 5 },
  initializers: {
    two: ints([2]),
    end: ints([2 ** 63]),
    half: floats([0.5]),
    k: floats([3], []),
    q: floats([1], []),
  },
};

describe('specialise', () => {
  test('shape arithmetic of exporters is computed and gone', async () => {
    const g = specialised(shapeArithmetic, [1, 3, 9, 8], 'y', 'w');
    expect(g.nodes.map(({ opType }) => opType)).toEqual(['MaxPool', 'Reshape']);
    expect(g.get('y')!.shape).toEqual([1, 48]);
    expect(g.constantOf(g.get('flat'))).toEqual(ints([1, -1]));
    expect(g.constantOf(g.get('target'))).toEqual(ints([1, 1, 1, 2, 2]));
    const feeds = { x: noise([1, 3, 9, 8]) };
    const expected = await runModel(platform, modelOf({ ...shapeArithmetic, opset: 12 }), feeds);
    const got = await runModel(platform, g.toModel({ y: g.get('y')!, w: g.get('w')! }), feeds);
    expect({ y: got['y'], w: got['w'] }).toEqual(expected);
  });

  test('one prepared network serves every size', () => {
    const prepared = prepare(modelOf(shapeArithmetic));
    for (const [height, width] of [
      [4, 4],
      [224, 224],
      [7, 31],
    ] as const) {
      const g = specialise(prepared, { x: [1, 3, height, width] }, ['y']);
      expect(g.get('y')!.shape).toEqual([1, 3 * Math.floor(height / 2) * Math.floor(width / 2)]);
    }
  });

  test('Shape may ask for a part of the shape', () => {
    const parts: ModelParts = {
      nodes: [
        node('Shape', ['x'], ['a'], { start: 2 }),
        node('Shape', ['x'], ['b'], { start: 1, end: -1 }),
        node('Shape', ['x'], ['c'], { start: -100, end: 100 }),
      ],
      inputs: { x: [1, 3, 'H', 'W'] },
      outputs: { a: [1, 'int64'], b: [1, 'int64'], c: [1, 'int64'] },
    };
    const g = specialised(parts, [1, 3, 9, 8], 'a', 'b', 'c');
    expect(['a', 'b', 'c'].map((name) => g.constantOf(g.get(name)))).toEqual([
      ints([9, 8]),
      ints([3, 9]),
      ints([1, 3, 9, 8]),
    ]);
  });

  test('automatic padding becomes numbers', async () => {
    const parts: ModelParts = {
      nodes: [
        node('Conv', ['x', 'w'], ['a'], { auto_pad: 'SAME_LOWER', strides: [2, 1] }),
        node('AveragePool', ['a'], ['b'], { auto_pad: 'SAME_UPPER', kernel_shape: [2, 3] }),
        node('MaxPool', ['b'], ['y'], { auto_pad: 'VALID', kernel_shape: [2, 2] }),
      ],
      inputs: { x: [1, 3, 'H', 'W'] },
      outputs: { y: 4 },
      initializers: { w: floats(noise([2, 3, 4, 3]).data, [2, 3, 4, 3]) },
    };
    const g = specialised(parts, [1, 3, 9, 8], 'y');
    expect(g.nodes.map(({ attributes }) => attributes['auto_pad'])).toEqual([undefined, undefined, undefined]);
    const feeds = { x: noise([1, 3, 9, 8]) };
    const expected = await runModel(platform, modelOf(parts), feeds);
    expect(await runModel(platform, g.toModel({ out: g.get('y')! }), feeds)).toEqual({ out: expected['y'] });
  });

  test('what the wanted tensors do not need is not even looked at', () => {
    const parts: ModelParts = {
      nodes: [node('Relu', ['x'], ['a']), node('GridSample', ['a', 'x'], ['y'])],
      inputs: { x: [1, 3, 'H', 'W'] },
      outputs: { y: 4 },
    };
    expect(specialised(parts, [1, 3, 4, 4], 'a').nodes).toHaveLength(1);
  });

  test('every unknown operator is named in one error', () => {
    const parts: ModelParts = {
      nodes: [
        node('GridSample', ['x', 'x'], ['a']),
        node('Det', ['a'], ['b']),
        node('Relu', ['b'], ['c']),
        node('Det', ['c'], ['d']),
        node('NonMaxSuppression', ['d'], ['y']),
      ],
      inputs: { x: [1] },
      outputs: { y: 1 },
    };
    const error = refusal(() => specialised(parts, [1], 'y'));
    expect(error.code).toBe('model/unsupported');
    expect(error.message).toBe(
      'The network uses operators that are not known here: Det, GridSample, NonMaxSuppression. Choose a layer before them.',
    );
  });

  test('a picture that is too small is refused, and the error names the layer', () => {
    const parts: ModelParts = {
      nodes: [
        node('Conv', ['x', 'w'], ['a'], { strides: [2, 2] }),
        node('AveragePool', ['a'], ['y'], { kernel_shape: [8, 8] }),
      ],
      inputs: { x: [1, 3, 'H', 'W'] },
      outputs: { y: 4 },
      initializers: { w: floats(new Float32Array(27), [1, 3, 3, 3]) },
    };
    expect(specialised(parts, [1, 3, 17, 17], 'y').get('y')!.shape).toEqual([1, 1, 1, 1]);
    const error = refusal(() => specialised(parts, [1, 3, 17, 16], 'y'));
    expect(error.code).toBe('model/input-too-small');
    expect(error.message).toMatch(/AveragePool of y/);
  });

  test('a second input that is needed is refused, one that is not needed is left out', () => {
    const parts: ModelParts = {
      nodes: [node('Relu', ['x'], ['a']), node('Add', ['a', 'constructor'], ['y'])],
      inputs: { x: [1, 3], constructor: [1] },
      outputs: { y: 2 },
    };
    expect(specialised(parts, [1, 3], 'a').find('constructor')).toBeUndefined();
    const error = refusal(() => specialised(parts, [1, 3], 'y'));
    expect(error.code).toBe('model/unsupported');
    expect(error.message).toMatch(/has another input, "constructor"/);
  });

  test('shapes that depend on the values of the picture are refused', () => {
    const parts: ModelParts = {
      nodes: [
        node('ReduceMax', ['x'], ['m'], { keepdims: 0 }),
        node('Cast', ['m'], ['i'], { to: 7 }),
        node('Expand', ['x', 'i'], ['y']),
      ],
      inputs: { x: [1, 3] },
      outputs: { y: 2 },
    };
    expect(refusal(() => specialised(parts, [1, 3], 'y')).message).toMatch(/depends on the picture/);
  });

  test('the built-in network has the sizes of InceptionV3', () => {
    const model = readModel(readFileSync('dist/models/inception-v3.onnx'), { name: 'm' });
    const [input] = model.graph.inputs;
    const g = specialise(prepare(model), { [input!.name]: [1, 3, 299, 299] }, ['mixed0', 'mixed7']);
    expect(g.get('mixed0')!.shape).toEqual([1, 256, 35, 35]);
    expect(g.get('mixed7')!.shape).toEqual([1, 768, 17, 17]);
    expect(g.nodes.some(({ opType }) => opType === 'DequantizeLinear')).toBe(false);
  });
});

describe('hostile networks', () => {
  const attribute = (value: Attribute): Record<string, Attribute> => ({ value });
  /** A little of everything that reads numbers from the file. */
  const nodes: Node[] = [
    node('Constant', [], ['k'], attribute({ type: 'tensor', value: ints([2, -1]) })),
    node('Pad', ['x', 'pads', 'one'], ['a0'], { mode: 'reflect' }),
    node('Conv', ['a0', 'w', 'b'], ['a1'], { pads: [1, 1, 1, 1], strides: [2, 2], dilations: [1, 1], group: 1 }),
    node('BatchNormalization', ['a1', 'b', 'b', 'b', 'b'], ['a2'], { epsilon: float(1e-3) }),
    node('MaxPool', ['a2'], ['a3'], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1, auto_pad: 'NOTSET' }),
    node('Slice', ['a3', 'starts', 'ends', 'axes', 'steps'], ['a4']),
    node('Split', ['a4', 'parts'], ['s0', 's1'], { axis: 1 }),
    node('Concat', ['s1', 's0'], ['a5'], { axis: 1 }),
    node('Gather', ['a5', 'order'], ['a6'], { axis: 1 }),
    node('ConvTranspose', ['a6', 'wt'], ['a7'], { strides: [2, 2], output_padding: [1, 1] }),
    node('Transpose', ['a7'], ['a8'], { perm: [0, 2, 3, 1] }),
    node('Shape', ['a8'], ['shape'], { start: 0, end: 2 }),
    node('Concat', ['shape', 'rest'], ['target'], { axis: 0 }),
    node('Reshape', ['a8', 'target'], ['a9']),
    node('Unsqueeze', ['a9', 'zero'], ['a10']),
    node('Squeeze', ['a10', 'zero'], ['a11']),
    node('Expand', ['one', 'grown'], ['e']),
    node('ConstantOfShape', ['grown'], ['filled'], attribute({ type: 'tensor', value: floats([2]) })),
    node('Flatten', ['a11'], ['a12'], { axis: 1 }),
    node('Gemm', ['a12', 'matrix'], ['a13'], { transB: 0 }),
    node('ReduceMean', ['a13', 'zero'], ['a14'], { keepdims: 1 }),
    node('DequantizeLinear', ['q', 'one', 'qz'], ['dq']),
    node('Cast', ['k'], ['kf'], { to: 1 }),
    node('LRN', ['a3'], ['l'], { size: 5 }),
    node('Softmax', ['a14'], ['p'], { axis: 1 }),
    node('Sum', ['p', 'kf', 'dq', 'one'], ['y']),
    node('Resize', ['a3', '', 'scales'], ['r0'], { mode: 'linear', antialias: 0 }),
    node('Resize', ['r0', '', '', 'grown'], ['r1'], { axes: [2, 3], keep_aspect_ratio_policy: 'not_larger' }),
    node('Upsample', ['r1', 'scales'], ['r2'], { mode: 'nearest' }),
    node('InstanceNormalization', ['r2', 'b', 'b'], ['r3']),
    node('GroupNormalization', ['r3', 'two', 'two'], ['r4'], { num_groups: 2 }),
    node('LayerNormalization', ['r4', 'one'], ['r5', 'm', 'i'], { axis: 2 }),
    node('DepthToSpace', ['r5'], ['r6'], { blocksize: 2 }),
    node('SpaceToDepth', ['r6'], ['r7'], { blocksize: 2 }),
    node('Einsum', ['r7', 'r7'], ['r8'], { equation: '...ij,...kj->...ik' }),
    node('Tile', ['r8', 'repeats'], ['r9']),
    node('GatherND', ['r9', 'places'], ['r10'], { batch_dims: 0 }),
    node('ScatterND', ['grown', 'zeros', 'zero'], ['scattered']),
    node('ArgMax', ['r10'], ['r11'], { axis: 0, keepdims: 1 }),
    node('NonZero', ['parts'], ['found']),
    node('Range', ['low', 'high', 'step'], ['range']),
    node('ReduceProd', ['range', 'zero'], ['product'], { keepdims: 1 }),
    node('Split', ['parts'], ['p0', 'p1'], { axis: 0, num_outputs: 2 }),
    node('Where', ['truth', 'p0', 'p1'], ['chosen']),
    node('Mod', ['chosen', 'product'], ['rest2'], { fmod: 0 }),
    node('Max', ['rest2', 'found'], ['most']),
    node('Trilu', ['most', 'low'], ['t'], { upper: 1 }),
    node('QuantizeLinear', ['r10', 'scale', 'qz'], ['quantised'], { axis: 0 }),
    node('LpPool', ['r4'], ['z'], { kernel_shape: [2, 2], p: 2, auto_pad: 'NOTSET' }),
  ];
  const initializers: Record<string, Tensor> = {
    pads: ints([0, 0, 1, 1, 0, 0, 1, 1]),
    one: floats([1], []),
    w: floats(noise([4, 3, 3, 3]).data, [4, 3, 3, 3]),
    b: floats([1, 2, 3, 4]),
    starts: ints([0, 0]),
    ends: ints([4, 2 ** 63]),
    axes: ints([1, -1]),
    steps: ints([1, 1]),
    parts: ints([1, 3]),
    order: ints([3, 1, 0, 2]),
    wt: floats(new Float32Array(8 * 9), [4, 2, 3, 3]),
    rest: ints([-1]),
    zero: ints([0]),
    zeros: ints([0], [1, 1]),
    scales: floats([1, 1, 2, 2]),
    two: floats([1, 2]),
    repeats: ints([1, 1, 2, 1]),
    places: ints([0, 0], [1, 2]),
    low: ints([0], []),
    high: ints([4], []),
    step: ints([1], []),
    truth: { dtype: 'bool', dims: [1], data: Uint8Array.of(1) },
    scale: floats([0.5], []),
    grown: ints([2, 3]),
    matrix: floats(new Float32Array(256), [128, 2]),
    q: { dtype: 'uint8', dims: [2], data: Uint8Array.of(1, 2) },
    qz: { dtype: 'uint8', dims: [], data: Uint8Array.of(1) },
  };
  const sound = modelOf({ nodes, inputs: { x: [1, 3, 'H', 'W'] }, outputs: { y: 2, l: 4 }, initializers });
  const wanted = ['y', 'l', 'e', 'filled', 'r11', 't', 'scattered', 'quantised', 'z'];
  const tryOut = (model: Model) => specialise(prepare(model), { x: [1, 3, 12, 12] }, wanted);

  test('the network that they are made of is sound', async () => {
    const g = tryOut(sound);
    const model = g.toModel({ y: g.get('y')!, l: g.get('l')! });
    const got = await runModel(platform, model, { x: noise([1, 3, 12, 12]) });
    expect(got['y']!.dims).toEqual(g.get('y')!.shape);
    expect(got['l']!.dims).toEqual(g.get('l')!.shape);
  });

  test('1500 networks with wrong numbers, names and operators are understood or refused', () => {
    const start = performance.now();
    let refused = 0;
    for (let seed = 0; seed < 1500; seed++) {
      try {
        tryOut(readModel(writeModel(disturbed(sound, seed)), { name: 'm' }));
      } catch (error) {
        if (!(error instanceof PareidoliaError)) throw new Error(`seed ${seed}`, { cause: error });
        expect(error.message).toMatch(/^[^\n]{10,2000}$/);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(500);
    expect(refused).toBeLessThan(1500);
    expect(performance.now() - start).toBeLessThan(30_000);
  });
});

/** A copy with one to three things changed that a file is free to say. */
function disturbed(model: Model, seed: number): Model {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const numbers = [0, 1, -1, 2, 3, 7, -7, 1000, 65_537, 2 ** 31, -(2 ** 31), 2 ** 40, 2 ** 52, 2 ** 63, -(2 ** 63)];
  const nodes = [...model.graph.nodes];
  const initializers = new Map(model.graph.initializers);
  for (let times = 1 + below(3); times > 0; times--) {
    const at = below(nodes.length);
    const old = nodes[at]!;
    const [name, tensor] = pick([...initializers]);
    switch (below(8)) {
      case 0: {
        if (tensor.dtype !== 'int64') break;
        const data = (tensor.data as BigInt64Array).slice();
        if (data.length > 0) data[below(data.length)] = ints([pick(numbers)]).data[0] as bigint;
        initializers.set(name, { ...tensor, data });
        break;
      }
      case 1: {
        const values = Array.from({ length: below(4) }, () => pick(numbers));
        initializers.set(name, pick([ints(values), floats(values), ints([pick(numbers)], [])]));
        break;
      }
      case 2:
        initializers.set(name, { ...tensor, dims: [...tensor.dims].reverse() });
        break;
      case 3: {
        const [key, value] = pick([...Object.entries(old.attributes), ['axis', { type: 'int', value: 0 }] as const]);
        const list = value.type === 'ints' ? value.value : [1, 1];
        const changed: Attribute = pick([
          { type: 'int', value: pick(numbers) },
          { type: 'ints', value: list.map((number) => (below(2) ? pick(numbers) : number)) },
          { type: 'ints', value: list.slice(1) },
          { type: 'ints', value: [...list, pick(numbers)] },
          { type: 'float', value: pick([0, -1, Number.NaN, 1e38]) },
          { type: 'string', value: pick(['SAME_UPPER', 'SAME_LOWER', 'edge', 'x']) },
        ]);
        nodes[at] = { ...old, attributes: { ...old.attributes, [key]: changed } };
        break;
      }
      case 4: {
        const inputs = old.inputs.map((input) => (below(3) ? input : pick(['', 'x', pick([...initializers.keys()])])));
        nodes[at] = { ...old, inputs };
        break;
      }
      case 5:
        nodes[at] = { ...old, inputs: old.inputs.slice(0, below(old.inputs.length + 1)) };
        break;
      case 6:
        nodes[at] = { ...old, opType: pick(model.graph.nodes).opType };
        break;
      default:
        nodes[at] = { ...old, inputs: [...old.inputs, pick(['', 'x', name])] };
    }
  }
  return { ...model, graph: { ...model.graph, nodes, initializers } };
}
