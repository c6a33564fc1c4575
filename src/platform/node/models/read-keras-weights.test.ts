import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readNsfwjs } from '../../../../scripts/nsfwjs-weights.js';
import { type LocalServer, startLocalServer } from '../../../../test/local-server.js';
import { seededRandom } from '../../../../test/mutate.js';
import { dreamOptionsOf, imageGradient } from '../../../dream/index.js';
import { ModelError } from '../../../errors.js';
import { inceptionV3Layers, inceptionV3Outputs, Network, type QuantisedWeight } from '../../../models/index.js';
import { readModel, writeModel } from '../../../onnx/index.js';
import { createNodePlatform, type NodePlatform } from '../platform.js';
import { loadNetwork } from './load-network.js';
import { pullModel } from './pull-model.js';
import { readKerasInception } from './read-keras-weights.js';
import { verifyModels } from './verify-models.js';

interface Weights {
  readonly layer: string;
  /** By the names that Keras writes, such as `conv2d_1/kernel:0`. */
  readonly weights: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly values: Float32Array;
  }[];
}

/** The weights of the built-in network in float32; small noise for the blocks that it does not have. */
async function builtInWeights(): Promise<Weights[]> {
  const { weights } = await readNsfwjs();
  const random = seededRandom(1);
  let beyond = false;
  return inceptionV3Layers().flatMap(({ name, class_name }): Weights[] => {
    if (name === 'mixed7') beyond = true;
    const roles = { Conv2D: ['kernel'], BatchNormalization: ['beta', 'moving_mean', 'moving_variance'] }[class_name];
    if (!roles) return [{ layer: name, weights: [] }];
    const read = roles.map((role) => {
      const weight = weights.get(`${name}/${role}`)!;
      const values = beyond
        ? Float32Array.from(weight.bytes, () => 0.01 + 0.01 * random())
        : dequantised(weight, role === 'kernel');
      return { name: `${name}/${role}:0`, shape: weight.shape, values };
    });
    return [{ layer: name, weights: read }];
  });
}

/** What a file in 8 bits stands for; the zero point of a kernel is a whole byte in ONNX. */
function dequantised({ bytes, scale, min }: QuantisedWeight, isKernel: boolean): Float32Array {
  const zeroPoint = Math.round(-min / scale);
  return Float32Array.from(bytes, (byte) => (isKernel ? (byte - zeroPoint) * scale : byte * scale + min));
}

/** An HDF5 file as Keras 2 writes it: a group a layer, in it the weights under their whole names. */
async function hdf5Of(layers: readonly Weights[], root = ''): Promise<Uint8Array> {
  const { File, ready } = await import('h5wasm');
  const { FS } = await ready;
  const file = new File('/made.h5', 'w');
  const top = root === '' ? file : file.create_group(root);
  top.create_attribute(
    'layer_names',
    layers.map(({ layer }) => layer),
  );
  top.create_attribute('backend', 'tensorflow');
  for (const { layer, weights } of layers) {
    const group = top.create_group(layer);
    const names = weights.map(({ name }) => name);
    group.create_attribute('weight_names', names.length > 0 ? names : new Float32Array());
    for (const { name, shape, values } of weights) {
      const [inner, dataset] = [name.split('/')[0]!, name.split('/')[1]!];
      const inside = group.keys().includes(inner) ? group.get(inner) : group.create_group(inner);
      (inside as typeof group).create_dataset({ name: dataset, data: values, shape: [...shape], dtype: '<f4' });
    }
  }
  file.close();
  const bytes = FS!.readFile('/made.h5').slice();
  FS!.unlink('/made.h5');
  return bytes;
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let whole: readonly Weights[];
let bytes: Uint8Array;
let folder: string;
beforeAll(async () => {
  whole = await builtInWeights();
  bytes = await hdf5Of(whole);
  folder = await mkdtemp(join(tmpdir(), 'keras-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe("Keras's InceptionV3", () => {
  let platform: NodePlatform;
  beforeAll(async () => {
    platform = await createNodePlatform({ threads: 1 });
  });
  afterAll(() => platform.close());

  async function gradientOf(network: Network): Promise<Float32Array> {
    const size = { width: 107, height: 107 };
    const random = seededRandom(7);
    const values = Float32Array.from({ length: 3 * 107 * 107 }, (_, i) => Math.sin(i / 50) / 2 + random() - 0.5);
    return (await imageGradient(network, values, size, { layers: 'mixed3,mixed5' }, platform)).gradient;
  }

  test('from HDF5 has the gradient of the built-in network, and all eleven blocks', async () => {
    const file = join(folder, 'weights.h5');
    await writeFile(file, bytes);
    const network = await loadNetwork(file);
    expect(network.sha256).toBe(sha256Of(bytes));
    expect(network.model.graph.outputs.map(({ name }) => name)).toEqual(inceptionV3Outputs);
    expect(network.preprocessing).toEqual({ order: 'RGB', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] });
    expect(network.preprocessingOrigin).toBe('file');
    const [got, expected] = [await gradientOf(network), await gradientOf(await loadNetwork())];
    let [difference, norm] = [0, 0];
    got.forEach((value, i) => {
      difference += (value - expected[i]!) ** 2;
      norm += expected[i]! ** 2;
    });
    expect(norm).toBeGreaterThan(0);
    expect(Math.sqrt(difference / norm)).toBeLessThan(1e-5);
  });

  test('dreams on mixed10 as well', async () => {
    const model = await readKerasInception(bytes, sha256Of(bytes), 'weights.h5');
    const again = readModel(writeModel(model), { name: 'weights.onnx' });
    expect(again.metadata['origin']).toContain(`from weights.h5, SHA-256 ${sha256Of(bytes)}`);
    const network = new Network(again, { name: 'weights.onnx', sha256: sha256Of(bytes) });
    const { gradient } = await imageGradient(
      network,
      new Float32Array(3 * 75 * 75).fill(0.1),
      { width: 75, height: 75 },
      { layers: dreamOptionsOf({ layers: 'mixed10' }).layers },
      platform,
    );
    expect(gradient.some((value) => value !== 0)).toBe(true);
    expect(gradient.every(Number.isFinite)).toBe(true);
  });
});

describe('a catalogue that gives an MD5', () => {
  const inherited = { ...process.env };
  let server: LocalServer;
  beforeAll(async () => {
    server = await startLocalServer((_, response) => response.end(bytes));
    const entry = {
      name: 'keras',
      file: 'w.h5',
      addresses: [`${server.address}/w.h5`],
      sizeBytes: bytes.length,
      md5: createHash('md5').update(bytes).digest('hex'),
    };
    await writeFile(join(folder, 'catalogue.json'), JSON.stringify({ models: [entry] }));
    process.env['PAREIDOLIA_CATALOGUE'] = join(folder, 'catalogue.json');
    process.env['PAREIDOLIA_CACHE'] = join(folder, 'cache');
  });
  afterAll(() => {
    process.env = inherited;
    server.close();
  });

  test('is enough to fetch the weights, and what is made of them is kept and checked', async () => {
    await pullModel('keras');
    const inside = join(folder, 'cache/models/keras');
    expect((await readdir(inside)).sort()).toEqual(['model.json', 'w.h5', 'w.onnx']);
    expect(await verifyModels('keras')).toEqual([{ name: 'keras', result: 'good' }]);
    const network = await loadNetwork('keras');
    expect([network.name, network.sha256]).toEqual(['keras', sha256Of(bytes)]);
    expect(network.model.graph.outputs).toHaveLength(11);

    // What was made is made again when it is gone or has changed.
    const made = await readFile(join(inside, 'w.onnx'));
    await writeFile(join(inside, 'w.onnx'), 'not this');
    expect(await verifyModels('keras')).toEqual([{ name: 'keras', result: 'damaged' }]);
    await loadNetwork('keras');
    expect((await readFile(join(inside, 'w.onnx'))).equals(made)).toBe(true);

    // But only of the weights that were fetched.
    await rm(join(inside, 'w.onnx'));
    await appendFile(join(inside, 'w.h5'), 'x');
    await expect(loadNetwork('keras')).rejects.toThrow('w.h5 has changed: expected SHA-256');
  });
});

describe('weights are found', () => {
  const digest = 'a'.repeat(64);
  const initializers = async (file: Uint8Array) => (await readKerasInception(file, digest, 'w.h5')).graph.initializers;

  test('by their order, whatever the layers are called, and with a classifier behind them', async () => {
    const renamed = whole.map(({ layer, weights }) => ({
      layer: layer.replace('conv2d_', 'conv2d_9').replace('batch_normalization_', 'bn'),
      weights: weights.map((weight) => ({ ...weight, name: `some/${weight.name.split('/')[1]}` })),
    }));
    const classifier = { name: 'predictions/kernel:0', shape: [2, 1], values: new Float32Array(2) };
    const file = await hdf5Of([...renamed, { layer: 'predictions', weights: [classifier] }]);
    const [got, expected] = [await initializers(file), await initializers(bytes)];
    expect([...got.keys()]).toEqual([...expected.keys()]);
    for (const [name, { data }] of expected) {
      expect(Buffer.from(got.get(name)!.data.buffer).equals(Buffer.from(data.buffer))).toBe(true);
    }
  });

  test('in the group "model_weights" of a whole model', async () => {
    const got = await initializers(await hdf5Of(whole, 'model_weights'));
    expect(got.size).toBe(188);
  });
});

describe('refused are', () => {
  async function refusal(file: Uint8Array): Promise<string> {
    const error = await readKerasInception(file, 'a'.repeat(64), 'w.h5').then(
      () => expect.fail('nothing was thrown'),
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(ModelError);
    const { code, message } = error as ModelError;
    expect(code).toBe('model/format');
    expect(message).toMatch(/^w\.h5: [^\n]+\.$/);
    return message;
  }

  test('other files, and beginnings of HDF5 files', async () => {
    const onnx = await readFile(fileURLToPath(new URL('../../../../models/inception-v3.onnx', import.meta.url)));
    expect(await refusal(onnx)).toContain('got something else');
    expect(await refusal(new Uint8Array())).toContain('got something else');
    for (const length of [8, 100, 5000, bytes.length >> 1]) {
      expect(await refusal(bytes.subarray(0, length))).toContain('got a damaged file');
    }
    // After all that, the library still reads what is whole.
    expect((await readKerasInception(bytes, 'a'.repeat(64), 'w.h5')).graph.outputs).toHaveLength(11);
  });

  test('files without a list of layers, and with too few', async () => {
    expect(await refusal(await hdf5Of(whole.slice(0, 9)))).toContain('expected 188 layers with weights, got ');
    const { File, ready } = await import('h5wasm');
    const { FS } = await ready;
    new File('/made.h5', 'w').close();
    expect(await refusal(FS!.readFile('/made.h5').slice())).toContain('expected a list "layer_names", got none');
  });

  /** The weights with those of one early layer changed, and next to nothing in the late ones, which are looked at later. */
  const changed = (name: string, change: (weights: Weights['weights']) => Weights['weights']) =>
    whole.map(({ layer, weights }, i) => {
      if (layer === name) return { layer, weights: change(weights) };
      return {
        layer,
        weights: i < 12 ? weights : weights.map((each) => ({ ...each, shape: [1], values: new Float32Array(1) })),
      };
    });

  test('weights of the wrong number or shape', async () => {
    const none = changed('batch_normalization_3', (weights) => weights.slice(1));
    expect(await refusal(await hdf5Of(none))).toContain('"batch_normalization_3" has 2 weights');
    const turned = changed('conv2d_2', ([kernel]) => [{ ...kernel!, shape: [...kernel!.shape].reverse() }]);
    expect(await refusal(await hdf5Of(turned))).toContain(
      '"conv2d_2/kernel": expected a kernel of 3×3 with 32 filters',
    );
    const short = changed('batch_normalization_1', ([beta, ...rest]) => [
      { ...beta!, shape: [31], values: beta!.values.slice(1) },
      ...rest,
    ]);
    expect(await refusal(await hdf5Of(short))).toContain('"batch_normalization_1/beta": expected 32 values, got 31');
  });
});
