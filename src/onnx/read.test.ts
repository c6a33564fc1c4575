import { readFileSync } from 'node:fs';
import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { describe, expect, test } from 'vitest';
import { mutate } from '../../test/mutate.js';
import { type ErrorCode, ModelError, PareidoliaError } from '../errors.js';
import { float16ToFloat32 } from './float16.js';
import type { Model } from './model.js';
import { type GraphProtoSchema, ModelProtoSchema, type TensorProtoSchema } from './onnx_pb.js';
import { readModel } from './read.js';
import type { ExternalData } from './read-tensor.js';
import { asFloats, asNumbers, type DType, dtypes, floats, type Tensor } from './tensor.js';

/** The fields of a message, all optional. */
type Fields<Schema extends DescMessage> = Exclude<MessageInitShape<Schema>, { $typeName: string }>;
type TensorInit = Fields<typeof TensorProtoSchema>;

const floatType = (...dims: (number | string)[]) => ({
  tensorType: {
    elemType: 1,
    shape: { dim: dims.map((dim) => (typeof dim === 'number' ? { dimValue: BigInt(dim) } : { dimParam: dim })) },
  },
});

const relu = (input: string, output: string) => ({ opType: 'Relu', input: [input], output: [output] });

/** The bytes of a model with one Relu, or of whatever `graph` says. */
function bytesOf(graph: Fields<typeof GraphProtoSchema> = {}, model: Fields<typeof ModelProtoSchema> = {}): Uint8Array {
  const proto = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [{ domain: '', version: 18n }],
    graph: {
      name: 'g',
      node: [relu('x', 'y')],
      input: [{ name: 'x', type: floatType(1, 3, 'H', 'W') }],
      output: [{ name: 'y', type: floatType('N') }],
      ...graph,
    },
    ...model,
  });
  return toBinary(ModelProtoSchema, proto);
}

/** The bytes of a model whose only initializer is `tensor`. */
function bytesWith(tensor: TensorInit): Uint8Array {
  return bytesOf({ initializer: [{ name: 'w', ...tensor }] });
}

function readTensorOf(tensor: TensorInit, external?: ExternalData): Tensor {
  return readModel(bytesWith(tensor), { name: 'm', ...(external && { external }) }).graph.initializers.get('w')!;
}

function refusal(read: () => unknown): ModelError {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(ModelError);
    return error as ModelError;
  }
  throw new Error('nothing was refused');
}

function expectRefused(bytes: Uint8Array, code: ErrorCode, message: RegExp): void {
  const error = refusal(() => readModel(bytes, { name: 'net.onnx' }));
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
  expectOneLine(error);
}

/** A message is one line: where, what was expected, what to do. */
function expectOneLine(error: Error): void {
  expect(error.message).toMatch(/^net\.onnx: [^\n]+\.$/);
  expect(error.message.length).toBeLessThan(1500);
}

const varint = (...values: (number | bigint)[]): Uint8Array => {
  const writer = new BinaryWriter();
  for (const value of values) writer.int64(value);
  return writer.finish();
};

const fixed = (array: { readonly buffer: ArrayBufferLike }): Uint8Array => new Uint8Array(array.buffer);

describe('tensors', () => {
  test.each<[DType, TensorInit, Tensor['data']]>([
    ['float32', { floatData: [fixed(Float32Array.of(1.5, -2))] }, Float32Array.of(1.5, -2)],
    ['float64', { doubleData: [fixed(Float64Array.of(1e300, -2))] }, Float64Array.of(1e300, -2)],
    ['int32', { int32Data: [varint(-(2 ** 31), 2 ** 31 - 1)] }, Int32Array.of(-(2 ** 31), 2 ** 31 - 1)],
    ['int16', { int32Data: [varint(-32768, 7)] }, Int16Array.of(-32768, 7)],
    ['int8', { int32Data: [varint(-128, 127)] }, Int8Array.of(-128, 127)],
    ['uint16', { int32Data: [varint(65535, 7)] }, Uint16Array.of(65535, 7)],
    ['uint8', { int32Data: [varint(255, 0)] }, Uint8Array.of(255, 0)],
    ['bool', { int32Data: [varint(1, 0)] }, Uint8Array.of(1, 0)],
    ['float16', { int32Data: [varint(0x3c00, 0xfc00)] }, Uint16Array.of(0x3c00, 0xfc00)],
    ['bfloat16', { int32Data: [varint(0x3f80, 0xff80)] }, Uint16Array.of(0x3f80, 0xff80)],
    ['int64', { int64Data: [varint(2n ** 63n - 1n, -1n)] }, BigInt64Array.of(2n ** 63n - 1n, -1n)],
    ['uint32', { uint64Data: [varint(2 ** 32 - 1, 5)] }, Uint32Array.of(2 ** 32 - 1, 5)],
    ['uint64', { uint64Data: [varint(-1n, 5)] }, BigUint64Array.of(2n ** 64n - 1n, 5n)],
  ])('%s is read from its typed field and from raw bytes', (dtype, field, data) => {
    const dataType = dtypes[dtype].wire;
    const expected: Tensor = { dtype, dims: [2], data };
    expect(readTensorOf({ dims: [2n], dataType, ...field })).toEqual(expected);
    expect(readTensorOf({ dims: [2n], dataType, rawData: fixed(data) })).toEqual(expected);
  });

  test('a typed field may come in several runs', () => {
    const floatData = [fixed(Float32Array.of(1)), fixed(Float32Array.of(2, 3))];
    expect(readTensorOf({ dims: [3n], dataType: 1, floatData })).toEqual(floats([1, 2, 3]));
    const int32Data = [varint(1, -2), varint(), varint(3)];
    expect(asNumbers(readTensorOf({ dims: [3n], dataType: 6, int32Data }))).toEqual([1, -2, 3]);
  });

  test('a scalar has no dims, and a tensor may be empty', () => {
    expect(readTensorOf({ dataType: 1, floatData: [fixed(Float32Array.of(4))] })).toEqual(floats([4], []));
    expect(readTensorOf({ dims: [0n, 7n], dataType: 1 })).toEqual(floats([], [0, 7]));
  });

  test('raw bytes at any offset of the file are read the same', () => {
    const rawData = fixed(Float64Array.of(Math.PI, -0));
    for (let shift = 0; shift < 8; shift++) {
      const bytes = bytesOf({
        name: 'g'.repeat(1 + shift),
        initializer: [{ name: 'w', dims: [2n], dataType: 11, rawData }],
      });
      const moved = new Uint8Array(bytes.length + 3).subarray(3);
      moved.set(bytes);
      for (const file of [bytes, moved, Buffer.from(bytes)]) {
        expect(asNumbers(readModel(file, { name: 'm' }).graph.initializers.get('w')!)).toEqual([Math.PI, -0]);
      }
    }
  });

  test('half precision becomes float32: normal, subnormal, infinite and not a number', () => {
    const halves: [number, number][] = [
      [0x0000, 0],
      [0x8000, -0],
      [0x0001, 2 ** -24],
      [0x03ff, (1023 / 1024) * 2 ** -14],
      [0x8200, -(2 ** -15)],
      [0x0400, 2 ** -14],
      [0x3555, 0.333251953125],
      [0x3c00, 1],
      [0xc000, -2],
      [0x7bff, 65504],
      [0x7c00, Number.POSITIVE_INFINITY],
      [0xfc00, Number.NEGATIVE_INFINITY],
      [0x7e00, Number.NaN],
      [0xfc01, Number.NaN],
    ];
    for (const [bits, value] of halves) expect(float16ToFloat32(bits)).toBe(value);
    const data = Uint16Array.from(halves, ([bits]) => bits);
    const wide = asFloats({ dtype: 'float16', dims: [halves.length], data });
    expect(wide).toEqual(Float32Array.from(halves, ([, value]) => value));
  });

  test('every half that is a number is a float32 above the one before', () => {
    const values = Array.from({ length: 0x7c00 }, (_, bits) => float16ToFloat32(bits));
    expect(values.filter((value, i) => i > 0 && !(value > values[i - 1]!))).toEqual([]);
    expect(values.filter((value) => Math.fround(value) !== value)).toEqual([]);
  });

  test('bfloat16 is the upper half of a float32', () => {
    const data = Uint16Array.of(0x3f80, 0xc000, 0x7f80, 0x0001, 0x7fc0);
    const expected = Float32Array.of(1, -2, Number.POSITIVE_INFINITY, 2 ** -133, Number.NaN);
    expect(asFloats({ dtype: 'bfloat16', dims: [5], data })).toEqual(expected);
  });
});

describe('lies about sizes', () => {
  const four = { rawData: new Uint8Array(4) };
  const lies: [string, TensorInit, ErrorCode][] = [
    ['2^40 values in four bytes', { dims: [2n ** 40n], dataType: 1, ...four }, 'model/truncated'],
    ['2^40 values in a typed field', { dims: [2n ** 40n], dataType: 6, int32Data: [varint(1)] }, 'model/truncated'],
    ['2^40 values in none', { dims: [2n ** 40n], dataType: 1 }, 'model/truncated'],
    ['2^40 bytes of bool', { dims: [2n ** 40n], dataType: 9, int32Data: [varint(1)] }, 'model/truncated'],
    ['a negative size', { dims: [-1n], dataType: 1, ...four }, 'model/format'],
    ['two negative sizes', { dims: [-1n, -1n], dataType: 1, ...four }, 'model/format'],
    ['a size of 2^62', { dims: [2n ** 62n], dataType: 1, ...four }, 'model/format'],
    ['a size of 2^62 beside a zero', { dims: [2n ** 62n, 0n], dataType: 1 }, 'model/format'],
    ['sizes whose product passes 2^53', { dims: [2n ** 30n, 2n ** 30n], dataType: 1, ...four }, 'model/format'],
    [
      'sizes whose product wraps to 1',
      { dims: [2n ** 32n + 1n, 2n ** 32n - 1n], dataType: 1, ...four },
      'model/format',
    ],
    ['too many dims', { dims: new Array(9).fill(1n), dataType: 1, ...four }, 'model/format'],
    ['a hundred thousand dims', { dims: new Array(100_000).fill(2n), dataType: 1, ...four }, 'model/format'],
    ['too many bytes', { dims: [1n], dataType: 1, rawData: new Uint8Array(8) }, 'model/truncated'],
    ['a broken element', { dims: [1n], dataType: 1, rawData: new Uint8Array(3) }, 'model/truncated'],
    ['a broken typed element', { dims: [1n], dataType: 1, floatData: [new Uint8Array(3)] }, 'model/truncated'],
    ['values for nobody', { dims: [0n], dataType: 1, ...four }, 'model/truncated'],
    ['too many typed values', { dims: [1n], dataType: 6, int32Data: [varint(1, 2)] }, 'model/truncated'],
    [
      'a typed value that does not end',
      { dims: [1n], dataType: 6, int32Data: [Uint8Array.of(1, 0x80)] },
      'model/truncated',
    ],
    [
      'a typed value that is too long',
      { dims: [1n], dataType: 7, int64Data: [new Uint8Array(12).fill(0xff, 0, 11)] },
      'model/format',
    ],
    ['the typed field of another type', { dims: [1n], dataType: 7, int32Data: [varint(1)] }, 'model/truncated'],
  ];

  test.each(lies)('%s is refused', (_what, tensor, code) => {
    const bytes = bytesWith(tensor);
    const before = process.memoryUsage();
    const start = performance.now();
    expectRefused(bytes, code, /tensor "w"|one that|or a damaged/);
    const after = process.memoryUsage();
    expect(performance.now() - start).toBeLessThan(500);
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(2 ** 24);
    expect(after.rss - before.rss).toBeLessThan(2 ** 27);
  });

  test('a lie inside an attribute is refused, too', () => {
    const t = { dims: [2n ** 40n], dataType: 1, rawData: new Uint8Array(4) };
    const node = [{ opType: 'Constant', output: ['y'], attribute: [{ name: 'value', type: 4, t }] }];
    expectRefused(bytesOf({ node }), 'model/truncated', /needs \d+ bytes, got 4/);
  });

  test.each([0, 8, 14, 15, 17, 22, 99, -1])('element type %d is not read', (dataType) => {
    expectRefused(bytesWith({ dims: [1n], dataType, rawData: new Uint8Array(4) }), 'model/unsupported', /element type/);
  });
});

describe('graphs', () => {
  test('initializers among the inputs, as old files have them, are not inputs', () => {
    const bytes = bytesOf({
      node: [{ opType: 'Add', input: ['x', 'w'], output: ['y'] }],
      input: [
        { name: 'w', type: floatType(1) },
        { name: 'x', type: floatType(1) },
      ],
      initializer: [{ name: 'w', dims: [1n], dataType: 1, rawData: new Uint8Array(4) }],
    });
    const { graph } = readModel(bytes, { name: 'm' });
    expect(graph.inputs.map((input) => input.name)).toEqual(['x']);
    expect([...graph.initializers.keys()]).toEqual(['w']);
  });

  test('nodes in any order are sorted, and those in order stay as they are', () => {
    const names = (bytes: Uint8Array) => readModel(bytes, { name: 'm' }).graph.nodes.map((node) => node.outputs[0]);
    const add = { opType: 'Add', input: ['b', 'c'], output: ['y'] };
    expect(names(bytesOf({ node: [add, relu('a', 'c'), relu('a', 'b'), relu('x', 'a')] }))).toEqual([
      'a',
      'c',
      'b',
      'y',
    ]);
    const ordered = [relu('x', 'a'), relu('a', 'b'), relu('x', 'c'), add];
    expect(names(bytesOf({ node: ordered }))).toEqual(['a', 'b', 'c', 'y']);
  });

  test('a chain of 20 000 nodes written backwards is sorted', () => {
    const node = Array.from({ length: 20_000 }, (_, i) =>
      relu(i === 0 ? 'x' : `${i - 1}`, i === 19_999 ? 'y' : `${i}`),
    );
    const { nodes } = readModel(bytesOf({ node: node.reverse() }), { name: 'm' }).graph;
    expect(nodes[0]!.inputs).toEqual(['x']);
    expect(nodes.at(-1)!.outputs).toEqual(['y']);
  });

  test('dims are sizes, names, or open', () => {
    const input = [{ name: 'x', type: floatType(1, 'H', 0, -1, '') }];
    expect(readModel(bytesOf({ input }), { name: 'm' }).graph.inputs[0]!.dims).toEqual([1, 'H', '?', '?', '?']);
    const shapeless = [{ name: 'x', type: { tensorType: { elemType: 10 } } }];
    expect(readModel(bytesOf({ input: shapeless }), { name: 'm' }).graph.inputs[0]).toEqual({
      name: 'x',
      dtype: 'float16',
      dims: [],
    });
  });

  test('"ai.onnx" is the standard operator set by another name', () => {
    const bytes = bytesOf(
      { node: [{ ...relu('x', 'y'), domain: 'ai.onnx' }] },
      { opsetImport: [{ domain: 'ai.onnx', version: 13n }] },
    );
    const model = readModel(bytes, { name: 'm' });
    expect(model.opsets).toEqual(new Map([['', 13]]));
    expect(model.graph.nodes[0]!.domain).toBe('');
  });

  test('producer and metadata are read, and names from Object.prototype are only names', () => {
    const bytes = bytesOf(
      { node: [{ ...relu('x', 'y'), attribute: [{ name: '__proto__', type: 2, i: 3n }] }] },
      { producerName: 'pytorch', producerVersion: '2.4', metadataProps: [{ key: '__proto__', value: 'v' }] },
    );
    const model = readModel(bytes, { name: 'm' });
    expect(model.producer).toBe('pytorch 2.4');
    expect(Object.getPrototypeOf(model.metadata)).toBe(Object.prototype);
    expect(Object.entries(model.metadata)).toEqual([['__proto__', 'v']]);
    expect(Object.entries(model.graph.nodes[0]!.attributes)).toEqual([['__proto__', { type: 'int', value: 3 }]]);
  });
});

describe('refused graphs', () => {
  const sub = { name: 'then_branch', type: 5, g: { node: [relu('x', 'z')] } };
  const weight = { name: 'w', dims: [1n], dataType: 1, rawData: new Uint8Array(4) };
  const refused: [string, Uint8Array, ErrorCode, RegExp][] = [
    ['a circle', bytesOf({ node: [relu('b', 'a'), relu('a', 'b'), relu('x', 'y')] }), 'model/format', /circle/],
    ['a node that reads itself', bytesOf({ node: [relu('y', 'y')] }), 'model/format', /circle/],
    ['an input that nothing writes', bytesOf({ node: [relu('z', 'y')] }), 'model/format', /reads "z", which nothing/],
    ['an output that nothing writes', bytesOf({ output: [{ name: 'q', type: floatType() }] }), 'model/format', /"q"/],
    ['two writers of one tensor', bytesOf({ node: [relu('x', 'y'), relu('x', 'y')] }), 'model/format', /named "y"/],
    ['a node that writes an input', bytesOf({ node: [relu('x', 'x'), relu('x', 'y')] }), 'model/format', /named "x"/],
    [
      'a node that writes a weight',
      bytesOf({ node: [relu('x', 'w'), relu('x', 'y')], initializer: [weight] }),
      'model/format',
      /named "w"/,
    ],
    ['two weights of one name', bytesOf({ initializer: [weight, weight] }), 'model/format', /named "w"/],
    ['a weight without a name', bytesOf({ initializer: [{ ...weight, name: '' }] }), 'model/format', /named ""/],
    [
      'a node that writes nothing',
      bytesOf({ node: [{ opType: 'Relu', input: ['x'], output: [''] }, relu('x', 'y')] }),
      'model/format',
      /writes nothing/,
    ],
    [
      'a custom domain',
      bytesOf({ node: [{ ...relu('x', 'y'), domain: 'com.acme' }] }),
      'model/unsupported',
      /com\.acme/,
    ],
    ['no operator', bytesOf({ node: [{ input: ['x'], output: ['y'] }] }), 'model/format', /not an ONNX operator/],
    [
      'an operator called "constructor"',
      bytesOf({ node: [{ ...relu('x', 'y'), opType: 'constructor' }] }),
      'model/format',
      /not an ONNX operator/,
    ],
    [
      'an operator called "__proto__"',
      bytesOf({ node: [{ ...relu('x', 'y'), opType: '__proto__' }] }),
      'model/format',
      /not an ONNX operator/,
    ],
    [
      'a sub-graph',
      bytesOf({ node: [{ ...relu('x', 'y'), opType: 'If', attribute: [sub] }] }),
      'model/unsupported',
      /Control flow/,
    ],
    [
      'sub-graphs in a list',
      bytesOf({ node: [{ ...relu('x', 'y'), attribute: [{ name: 'a', type: 10 }] }] }),
      'model/unsupported',
      /Control flow/,
    ],
    [
      'a tensor attribute without a tensor',
      bytesOf({ node: [{ ...relu('x', 'y'), attribute: [{ name: 'a', type: 4 }] }] }),
      'model/unsupported',
      /"a" of type 4/,
    ],
    ['sparse weights', bytesOf({ sparseInitializer: [{}] }), 'model/unsupported', /sparse/],
    ['an output of no known type', bytesOf({ output: [{ name: 'y' }] }), 'model/unsupported', /not a tensor/],
    ['no nodes', bytesOf({ node: [] }), 'model/format', /got none/],
    ['no operator-set version', bytesOf({}, { opsetImport: [] }), 'model/format', /operator-set/],
    [
      'too many nodes',
      bytesOf({ node: Array.from({ length: 20_001 }, (_, i) => relu('x', `y${i}`)) }),
      'model/format',
      /at most 20000 nodes/,
    ],
    [
      'too many weights',
      bytesOf({ initializer: new Array(20_001).fill(weight) }),
      'model/format',
      /at most 20000 init/,
    ],
    ['a name with a line break', bytesOf({ node: [relu('x', 'a\nb'), relu('x', 'y')] }), 'model/format', /"a\\u000ab"/],
    [
      'a name that clears the terminal',
      bytesOf({ initializer: [{ ...weight, name: '\u001b[2J' }] }),
      'model/format',
      /"\\u001b\[2J"/,
    ],
    [
      'a name that turns the text around',
      bytesOf({ input: [{ name: '\u202ex', type: floatType() }] }),
      'model/format',
      /\\u202e/,
    ],
    [
      'a name of a megabyte',
      bytesOf({ node: [relu('x', 'a'.repeat(2 ** 20)), relu('x', 'y')] }),
      'model/format',
      /a…"/,
    ],
  ];

  test.each(refused)('%s is refused', (_what, bytes, code, message) => {
    expectRefused(bytes, code, message);
  });
});

describe('damaged files', () => {
  const whole = bytesOf({ initializer: [{ name: 'w', dims: [64n], dataType: 1, rawData: new Uint8Array(256) }] });
  const realFile = new Uint8Array(readFileSync('dist/models/inception-v3.onnx'));

  test('a file cut anywhere is refused', () => {
    for (let length = 0; length < whole.length; length++) {
      expectOneLine(refusal(() => readModel(whole.subarray(0, length), { name: 'net.onnx' })));
    }
  });

  test('the built-in model cut at 50 places is refused as one that ends early', () => {
    for (let i = 0; i < 50; i++) {
      const length = 100 + Math.floor((realFile.length - 10_000) * (i / 49) ** 2);
      expectRefused(realFile.subarray(0, length), 'model/truncated', /ends early/);
    }
  });

  test.each<[string, Uint8Array]>([
    ['an empty file', new Uint8Array(0)],
    ['a text', Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 92\n')],
    ['a web page', Buffer.from('<!DOCTYPE html><html><body>404: Not Found</body></html>')],
    ['JSON', Buffer.from('{"model": "vgg16"}')],
    [
      'a JPEG',
      Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0xff, 0xdb),
    ],
    ['a PNG', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52)],
    ['a ZIP', Buffer.from('PK\u0003\u0004\u0014\0\0\0\u0008\0archive/data.pkl')],
    ['zeros', new Uint8Array(1000)],
    ['ones', new Uint8Array(1000).fill(0xff)],
  ])('%s is refused', (_what, bytes) => {
    const error = refusal(() => readModel(bytes, { name: 'net.onnx' }));
    expect(error.code).toMatch(/^model\/(format|truncated)$/);
    expectOneLine(error);
  });

  /** Every mutant is a model or refused on purpose; nothing takes long or much memory. */
  function expectNoSurprise(original: Uint8Array, seeds: number, mutant: (seed: number) => Uint8Array): void {
    const rss = process.memoryUsage().rss;
    let refused = 0;
    for (let seed = 0; seed < seeds; seed++) {
      const bytes = mutant(seed);
      const start = performance.now();
      try {
        readModel(bytes, { name: 'net.onnx', external: () => new Uint8Array(4) });
      } catch (error) {
        if (!(error instanceof PareidoliaError)) throw new Error(`seed ${seed}`, { cause: error });
        expectOneLine(error);
        refused++;
      }
      if (performance.now() - start > 2000) throw new Error(`seed ${seed} takes ${performance.now() - start} ms`);
    }
    expect(refused).toBeGreaterThan(seeds / 10);
    expect(process.memoryUsage().rss - rss).toBeLessThan(2 ** 28 + 4 * original.length);
  }

  test('2000 mutants of a small model are models or refused', () => {
    const small = bytesOf({
      node: [
        {
          opType: 'Constant',
          output: ['c'],
          attribute: [{ name: 'value', type: 4, t: { dims: [2n], dataType: 6, int32Data: [varint(1, 2)] } }],
        },
        {
          opType: 'Conv',
          input: ['x', 'w'],
          output: ['a'],
          attribute: [{ name: 'pads', type: 7, ints: [1n, 1n, 1n, 1n] }],
        },
        {
          ...relu('a', 'b'),
          attribute: [
            { name: 'f', type: 1, f: 0.5 },
            { name: 's', type: 8, strings: [Buffer.from('q')] },
          ],
        },
        { opType: 'Add', input: ['b', 'e'], output: ['y'] },
      ],
      initializer: [
        { name: 'w', dims: [2n, 1n, 1n, 1n], dataType: 1, floatData: [new Uint8Array(8)] },
        {
          name: 'e',
          dims: [1n],
          dataType: 1,
          dataLocation: 1,
          externalData: [
            { key: 'location', value: 'w.bin' },
            { key: 'length', value: '4' },
          ],
        },
      ],
    });
    expectNoSurprise(small, 2000, (seed) => mutate(small, seed));
  });

  test('500 mutants of the beginning of the built-in model are models or refused', () => {
    const head = realFile.slice(0, 4096);
    expectNoSurprise(realFile, 500, (seed) => {
      const damaged = mutate(head, seed);
      const file = Uint8Array.from(realFile);
      file.set(damaged.subarray(0, 4096));
      return file;
    });
  });
});

describe('files made to exhaust', () => {
  const field = (number: number, body: Uint8Array): Uint8Array =>
    new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(body).finish();

  test.each([30, 100, 1000, 20_000])('graphs nested %d deep are refused', (depth) => {
    // From the inside: graph (6) of an attribute (5) of a node (1), again and again, in the graph (7) of the model.
    const heads: Uint8Array[] = [];
    let length = 0;
    for (let i = 0; i <= 3 * depth; i++) {
      const number = i === 3 * depth ? 7 : [6, 5, 1][i % 3]!;
      const head = new BinaryWriter().tag(number, WireType.LengthDelimited).uint32(length).finish();
      heads.push(head);
      length += head.length;
    }
    expectRefused(Buffer.concat(heads.reverse()), 'model/format', /net\.onnx: /);
  });

  test('groups nested a hundred thousand deep are refused', () => {
    // Each pair of bytes is the tag that starts a group in field 99.
    const open = new Uint8Array(200_000).map((_, i) => (i % 2 ? 0x06 : 0x9b));
    expectRefused(open, 'model/format', /net\.onnx: /);
  });

  test.each<[string, Uint8Array]>([
    [
      'empty nodes',
      field(
        7,
        new Uint8Array(8_000_000).map((_, i) => (i % 2 ? 0 : 0x0a)),
      ),
    ],
    [
      'empty attributes',
      field(
        7,
        field(
          1,
          new Uint8Array(8_000_000).map((_, i) => (i % 2 ? 0 : 0x2a)),
        ),
      ),
    ],
    ['dims', field(7, field(5, field(1, new Uint8Array(8_000_000))))],
    ['metadata', new Uint8Array(8_000_000).map((_, i) => (i % 2 ? 0 : 0x72))],
  ])('millions of %s in a few megabytes are refused before they become objects', (_what, bytes) => {
    const before = process.memoryUsage().rss;
    expectRefused(bytes, 'model/format', /damaged/);
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 27);
  });

  test('a field of the wrong wire type is refused', () => {
    expectRefused(new BinaryWriter().tag(7, WireType.Varint).int64(5).finish(), 'model/format', /damaged/);
    expectRefused(
      new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(new Uint8Array(2)).finish(),
      'model/format',
      /damaged/,
    );
  });

  test('a message that reaches out of the one it is in is refused', () => {
    const inner = Uint8Array.of(0x0a, 5, 0x22, 1); // a node of five bytes in a graph of four
    const bytes = Uint8Array.from([...field(7, inner), ...new Uint8Array(20)]);
    expectRefused(bytes, 'model/format', /damaged/);
  });

  test('fields of later versions are skipped', () => {
    const later = new BinaryWriter().tag(99, WireType.Varint).int64(5).tag(100, WireType.Bit32).float(1).finish();
    const text = field(101, Buffer.from('anything'));
    const model: Model = readModel(Uint8Array.from([...later, ...bytesOf(), ...text]), { name: 'm' });
    expect(model.graph.nodes).toHaveLength(1);
  });
});

describe('external data', () => {
  const entry = (entries: Record<string, string>): TensorInit => ({
    dims: [2n],
    dataType: 1,
    dataLocation: 1,
    externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
  });
  const file = new Uint8Array(64).map((_, i) => i);
  const slice: ExternalData = (_location, offset, length) => file.subarray(offset, offset + length);

  test('bytes come from the callback, at any offset and from any kind of byte array', () => {
    for (const offset of [0, 4, 5, 7]) {
      const expected = new Float32Array(file.slice(offset, offset + 8).buffer);
      const asked: unknown[] = [];
      const external: ExternalData = (...question) => {
        asked.push(question);
        return slice(...question);
      };
      const located = entry({ location: 'weights.bin', offset: `${offset}`, length: '8' });
      expect(readTensorOf(located, external).data).toEqual(expected);
      expect(asked).toEqual([['weights.bin', offset, 8]]);
      const buffers: ExternalData = (_location, from, length) => Buffer.from(file).subarray(from, from + length);
      expect(readTensorOf(located, buffers).data).toEqual(expected);
    }
  });

  test('offset and length may be left out', () => {
    expect(readTensorOf(entry({ location: 'weights.bin' }), slice).data).toEqual(
      new Float32Array(file.slice(0, 8).buffer),
    );
  });

  test('without a callback it is refused', () => {
    expectRefused(
      bytesWith(entry({ location: 'weights.bin' })),
      'model/unsupported',
      /lies in another file \("weights\.bin"\)/,
    );
  });

  test.each([
    '',
    '.',
    '..',
    '../weights.bin',
    'folder/weights.bin',
    '/etc/passwd',
    '\\\\server\\share',
    'folder\\weights.bin',
    'C:weights.bin',
    'c:\\weights.bin',
    'weights.bin\0.png',
    'weights\n.bin',
    'https://example.org/weights.bin',
    `${'../'.repeat(100_000)}etc/passwd`,
  ])('the location %j is refused', (location) => {
    const external: ExternalData = () => {
      throw new Error('was asked');
    };
    const error = refusal(() => readModel(bytesWith(entry({ location })), { name: 'net.onnx', external }));
    expect(error.code).toBe('model/unsupported');
    expectOneLine(error);
  });

  test.each<[string, Record<string, string>]>([
    ['a negative offset', { offset: '-4' }],
    ['an offset that is no number', { offset: 'x' }],
    ['a hexadecimal offset', { offset: '0x10' }],
    ['an offset with a fraction', { offset: '1.5' }],
    ['an offset beyond every file', { offset: '9223372036854775800' }],
    ['a negative length', { length: '-8' }],
    ['a length that is too small', { length: '4' }],
    ['a length that is too large', { length: '12' }],
    ['a length that is no number', { length: 'NaN' }],
  ])('%s is refused', (_what, entries) => {
    const external: ExternalData = () => {
      throw new Error('was asked');
    };
    const bytes = bytesWith(entry({ location: 'weights.bin', ...entries }));
    const error = refusal(() => readModel(bytes, { name: 'net.onnx', external }));
    expect(error.code).toBe('model/truncated');
    expectOneLine(error);
  });

  test('an entry that stands there twice is refused', () => {
    const externalData = [
      { key: 'location', value: 'a.bin' },
      { key: 'location', value: 'b.bin' },
    ];
    const bytes = bytesWith({ dims: [2n], dataType: 1, dataLocation: 1, externalData });
    expect(refusal(() => readModel(bytes, { name: 'm', external: slice })).code).toBe('model/truncated');
  });

  test('a callback that gives too few bytes is noticed', () => {
    const bytes = bytesWith(entry({ location: 'weights.bin' }));
    const error = refusal(() => readModel(bytes, { name: 'm', external: () => new Uint8Array(7) }));
    expect(error.message).toMatch(/needs 8 bytes, got 7/);
  });

  test("a callback's own error comes through", () => {
    const own = new ModelError('model/missing', 'weights.bin: no such file.');
    const external: ExternalData = () => {
      throw own;
    };
    expect(refusal(() => readModel(bytesWith(entry({ location: 'weights.bin' })), { name: 'm', external }))).toBe(own);
  });
});
