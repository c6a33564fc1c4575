import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ModelError } from '../errors.js';
import { readModel, writeModel } from '../onnx/index.js';
import { createNodePlatform, type NodePlatform } from '../platform/node/platform.js';
import { type KerasLayer, type KerasWeight, kerasToOnnx, type QuantisedWeight } from './keras.js';

const layer = (
  name: string,
  class_name: string,
  sources: readonly string[],
  config: KerasLayer['config'] = {},
): KerasLayer => ({
  name,
  class_name,
  config,
  inbound_nodes: sources.length > 0 ? [sources.map((source) => [source])] : [],
});

const conv = (name: string, source: string, config: KerasLayer['config'] = {}) =>
  layer(name, 'Conv2D', [source], {
    padding: 'valid',
    strides: [1, 1],
    use_bias: false,
    activation: 'linear',
    ...config,
  });

/** Whole numbers from −128 to 127 as they are: the byte is the number plus 128. */
const whole = (shape: readonly number[], values: readonly number[]): QuantisedWeight => ({
  shape,
  bytes: Uint8Array.from(values, (value) => value + 128),
  scale: 1,
  min: -128,
});

/** Quarters from 0 to 63.75. */
const quarters = (values: readonly number[]): QuantisedWeight => ({
  shape: [values.length],
  bytes: Uint8Array.from(values, (value) => value * 4),
  scale: 0.25,
  min: 0,
});

/**
 * Two branches on a picture of three channels: `a`, a 1×1 convolution to two channels, and `b`, a 3×3 one with stride 2
 * and a kernel that takes single pixels; both normalised, `a` by γ as well.
 */
const layers: KerasLayer[] = [
  layer('picture', 'InputLayer', []),
  conv('a', 'picture'),
  layer('a_norm', 'BatchNormalization', ['a'], { axis: 3, epsilon: 0.25 }),
  layer('a_relu', 'Activation', ['a_norm'], { activation: 'relu' }),
  layer('a_pool', 'MaxPooling2D', ['a_relu'], { pool_size: [3, 3], strides: [2, 2], padding: 'valid' }),
  conv('b', 'picture', { strides: [2, 2] }),
  layer('b_norm', 'BatchNormalization', ['b'], { axis: 3, epsilon: 0, scale: false }),
  layer('b_mean', 'AveragePooling2D', ['b_norm'], { pool_size: [3, 3], strides: [1, 1], padding: 'same' }),
  layer('both', 'Concatenate', ['a_pool', 'b_mean'], { axis: 3 }),
  layer('classes', 'Dense', ['both']),
];

// b: [height, width, in, out] = [3, 3, 3, 1]. It takes green in the middle and minus blue at the lower right.
const b = Array<number>(27).fill(0);
b[(1 * 3 + 1) * 3 + 1] = 1;
b[(2 * 3 + 2) * 3 + 2] = -1;
const weights = new Map<string, QuantisedWeight>([
  // a: out 0 = red + 2 green + 3 blue, out 1 = −red.
  ['a/kernel', whole([1, 1, 3, 2], [1, -1, 2, 0, 3, 0])],
  ['a_norm/gamma', quarters([2, 1])],
  ['a_norm/beta', quarters([0.25, 5])],
  ['a_norm/moving_mean', quarters([10, 0])],
  ['a_norm/moving_variance', quarters([0.75, 3.75])],
  ['b/kernel', whole([3, 3, 3, 1], b)],
  ['b_norm/beta', quarters([1])],
  ['b_norm/moving_mean', quarters([4])],
  ['b_norm/moving_variance', quarters([4])],
]);

function convert(outputs: readonly string[], changed: readonly KerasLayer[] = layers) {
  return kerasToOnnx(changed, weights, outputs, { origin: 'a test' });
}

function refusal(outputs: readonly string[], changed: readonly KerasLayer[], from = weights): ModelError {
  try {
    kerasToOnnx(changed, from, outputs, {});
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
  return expect.fail('nothing was thrown');
}

/** The topology with one layer's config changed. */
const altered = (name: string, config: KerasLayer['config']): KerasLayer[] =>
  layers.map((each) => (each.name === name ? { ...each, config: { ...each.config, ...config } } : each));

describe('a network of known numbers', () => {
  let platform: NodePlatform;
  beforeAll(async () => {
    platform = await createNodePlatform({ threads: 1 });
  });
  afterAll(() => platform.close());

  // Red is the column, green the row, blue 10; 5×5 pixels.
  const picture = Float32Array.from(
    { length: 75 },
    (_, i) => [i % 5, Math.floor((i % 25) / 5), 10][Math.floor(i / 25)]!,
  );

  async function run(output: string, given: ReadonlyMap<string, KerasWeight> = weights) {
    const session = await platform.createSession(writeModel(kerasToOnnx(layers, given, [output], {})));
    const results = await session.run({ picture: { dims: [1, 3, 5, 5], data: picture.slice() } });
    await session.close();
    return results[output]!;
  }

  test('a convolution and its normalisation give the numbers worked out by hand', async () => {
    const { dims, data } = await run('a_norm');
    expect(dims).toEqual([1, 2, 5, 5]);
    for (let y = 0; y < 5; y++) {
      for (let x = 0; x < 5; x++) {
        // γ (Wx − μ) / √(σ² + ε) + β, with √(0.75 + 0.25) = 1 and √(3.75 + 0.25) = 2.
        expect(data[y * 5 + x]).toBeCloseTo(2 * (x + 2 * y + 30 - 10) + 0.25, 4);
        expect(data[25 + y * 5 + x]).toBeCloseTo(-x / 2 + 5, 4);
      }
    }
  });

  test('strides, pooling, concatenation and averages over the pixels there are', async () => {
    const { dims, data } = await run('both');
    expect(dims).toEqual([1, 3, 2, 2]);
    // The largest of 3×3 every 2: of channel 0 at its lower right, of channel 1 at its left.
    const first = (x: number, y: number) => 2 * (x + 2 * y + 20) + 0.25;
    const expected = [first(2, 2), first(4, 2), first(2, 4), first(4, 4), 5, 4, 5, 4];
    // b at (0 or 1, 0 or 1): green is its row, 1 or 3, blue is 10, (green − 10 − 4) / 2 + 1; its mean over all four.
    const mean = ((1 - 14) / 2 + (3 - 14) / 2) / 2 + 1;
    [...expected, mean, mean, mean, mean].forEach((value, i) => {
      expect(data[i]).toBeCloseTo(value, 4);
    });
  });

  test('weights in float32 give the same numbers', async () => {
    const floats = [...weights].map(([name, { shape, bytes, scale, min }]): [string, KerasWeight] => [
      name,
      { shape, values: Float32Array.from(bytes, (byte) => byte * scale + min) },
    ]);
    expect(await run('both', new Map(floats))).toEqual(await run('both'));
  });

  test('what no output needs is left out', () => {
    const { graph } = convert(['b_norm']);
    expect(graph.nodes.map((node) => node.opType)).toEqual(['DequantizeLinear', 'Conv']);
    expect([...graph.initializers.keys()]).toEqual(['b/kernel', 'b/scale', 'b/zero_point', 'b/bias']);
  });

  test('Keras names stay, and kernels stay bytes, in a file that reads back', () => {
    const model = readModel(writeModel(convert(['both', 'a_pool'])), { name: 'test.onnx' });
    expect(model.graph.inputs).toEqual([{ name: 'picture', dtype: 'float32', dims: ['N', 3, 'H', 'W'] }]);
    expect(model.graph.outputs.map(({ name }) => name)).toEqual(['both', 'a_pool']);
    expect(model.graph.nodes.flatMap((node) => node.outputs)).toContain('a_relu');
    expect(model.graph.initializers.get('a/kernel')).toMatchObject({ dtype: 'uint8', dims: [2, 3, 1, 1] });
    expect(model.metadata['origin']).toBe('a test');
  });
});

describe('refused are', () => {
  test('layers of an unknown class, by name', () => {
    const error = refusal(['classes'], layers);
    expect(error.code).toBe('model/unsupported');
    expect(error.message).toBe('Layer "classes": layers of the class Dense is not read here. Use another network.');
  });

  test('outputs and sources that do not exist', () => {
    expect(refusal(['nothing'], layers).message).toContain('The topology has no layer "nothing"');
    const lost = [...layers, layer('end', 'Activation', ['gone'], { activation: 'relu' })];
    expect(refusal(['end'], lost).message).toContain('The topology has no layer "gone"');
  });

  test.each<[string, string, KerasLayer['config'], string]>([
    ['other activations', 'a_relu', { activation: 'swish' }, 'the activation "swish"'],
    ['even windows with "same" padding', 'b_mean', { pool_size: [2, 2] }, '"same" padding'],
    ['strides with "same" padding', 'b_mean', { strides: [2, 2] }, '"same" padding'],
    ['convolutions with a bias', 'a', { use_bias: true }, 'a Conv2D with a bias'],
    ['convolutions with an activation', 'a', { activation: 'relu' }, 'a Conv2D with the activation "relu"'],
    ['dilated convolutions', 'a', { dilation_rate: [2, 2] }, 'a Conv2D with gaps'],
    ['concatenation of rows', 'both', { axis: 1 }, 'Concatenate along axis 1'],
  ])('%s', (_, name, config, fact) => {
    const error = refusal(['both'], altered(name, config));
    expect(error.code).toBe('model/unsupported');
    expect(error.message).toContain(`Layer "${name}": ${fact}`);
  });

  test('convolutions whose own result is read, twice, or without normalisation', () => {
    const bare = 'a Conv2D that anything but one BatchNormalization reads';
    expect(refusal(['a'], layers).message).toContain(bare);
    const twice = [...layers, layer('again', 'BatchNormalization', ['a'])];
    expect(refusal(['a_norm', 'again'], twice).message).toContain(bare);
    const relu = [...layers, layer('again', 'Activation', ['a'], { activation: 'relu' })];
    expect(refusal(['again'], relu).message).toContain(bare);
  });

  test('a normalisation of something else than a convolution', () => {
    const error = refusal(['norm'], [...layers, layer('norm', 'BatchNormalization', ['a_pool'])]);
    expect(error.message).toContain('BatchNormalization that does not follow a Conv2D');
  });

  test('weights that are missing', () => {
    const without = new Map([...weights].filter(([name]) => name !== 'b_norm/moving_mean'));
    expect(refusal(['both'], layers, without).message).toContain('The weights lack "b_norm/moving_mean"');
  });

  test('kernels whose zero is between two bytes', () => {
    const kernel = { ...weights.get('b/kernel')!, min: -127.5 };
    const error = refusal(['both'], layers, new Map([...weights, ['b/kernel', kernel]]));
    expect(error.message).toContain('"b/kernel" has no whole zero point');
  });
});
