import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waves } from '../../test/pictures.js';
import { modelOf, node } from '../../test/run-model.js';
import { ImageError, MemoryError, ModelError, OptionError, type PareidoliaError } from '../errors.js';
import { covering } from '../image/index.js';
import { Network, toNetwork } from '../models/index.js';
import { floats, ints, writeModel } from '../onnx/index.js';
import { createNodePlatform, loadNetwork, type NodePlatform } from '../platform/node/index.js';
import { activations, channelMeans } from './activations.js';

let network: Network;
let platform: NodePlatform;
const size = { width: 110, height: 90 };
const picture = waves(size);

beforeAll(async () => {
  network = await loadNetwork();
  platform = await createNodePlatform({ threads: 1 });
});
afterAll(() => platform.close());

async function refusal(call: Promise<unknown>): Promise<PareidoliaError> {
  return call.then(
    () => expect.unreachable(),
    (error: PareidoliaError) => error,
  );
}

describe('activations', () => {
  test('are what the network computes, layer by layer, and the picture is left alone', async () => {
    const copy = picture.data.slice();
    const looked = await activations(network, picture, 'mixed1,mixed0', platform);
    expect(picture.data).toEqual(copy);
    expect(looked.picture).toBe(picture);
    expect(looked.layers.map(({ name, shape }) => [name, shape])).toEqual([
      ['mixed1', [288, 8, 11]],
      ['mixed0', [256, 8, 11]],
    ]);
    for (const { name, data, channels, field } of looked.layers) {
      const { builder, values } = network.at(size.width, size.height, [name]);
      const session = await platform.createSession(writeModel(builder.toModel({ layer: values[0]! })));
      const feed = { dims: [1, 3, size.height, size.width], data: toNetwork(copy, network.preprocessing) };
      const outputs = await session.run({ [network.inputName]: feed });
      await session.close();
      expect(data).toEqual(outputs['layer']!.data);
      expect(data.some((value) => value > 0.1)).toBe(true);
      expect(channels).toHaveLength(values[0]!.shape[1]!);
      expect(field.stride).toEqual([8, 8]);
    }
  });

  test('have a mean for each channel', async () => {
    const { layers } = await activations(network, picture, 'mixed0', platform);
    const { data, shape } = layers[0]!;
    const means = channelMeans(layers[0]!);
    const area = shape[1] * shape[2];
    expect(means).toHaveLength(256);
    for (const channel of [0, 100, 255]) {
      const values = data.slice(channel * area, (channel + 1) * area);
      expect(means[channel]).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / area, 5);
    }
  });

  test('of channels have the whole layer, and a layer that is named twice stands once', async () => {
    const { layers } = await activations(network, picture, 'mixed0[12 3-5],mixed0[5 200]', platform);
    expect(layers.map(({ channels }) => channels)).toEqual([[12, 3, 4, 5, 200]]);
    expect(layers[0]!.data).toHaveLength(256 * 8 * 11);
    const { layers: all } = await activations(network, picture, 'mixed0[7],mixed0', platform);
    expect(all[0]!.channels).toHaveLength(256);
  });
});

describe('what is refused', () => {
  test.each([
    ['mixed0:0.5', 'mixed0: expected no weights here, got :0.5.'],
    ['mixed0[1]@2,3', 'mixed0: expected no single places here, got @2,3.'],
    ['mixed0[256]', 'mixed0: expected channels 0 to 255, got 256.'],
    ['nothing', 'the network has no layer "nothing".'],
  ])('%s', async (layers, sentence) => {
    const error = await refusal(activations(network, picture, layers, platform));
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toContain(`--layers: ${sentence}`);
  });

  test('a picture that is too small for the layers', async () => {
    const error = await refusal(activations(network, waves({ width: 20, height: 20 }), 'mixed3', platform));
    expect(error).toBeInstanceOf(ImageError);
    expect(error.message).toBe(
      'The picture is too small for mixed3: 20×20 pixels. Use a larger picture or an earlier layer.',
    );
  });

  test('what does not fit into the memory', async () => {
    const error = await refusal(activations(network, picture, 'mixed0', platform, { memoryBytes: 100e6 }));
    expect(error).toBeInstanceOf(MemoryError);
    expect(error.message).toMatch(/^A look at a picture of 110×90 needs about \d{3} MB of memory, 100 MB are free\. /);
  });
});

describe('a network for one size', () => {
  /** Means of red over all columns, then over all rows, by matrices of that size. */
  const forOneSize = (height: number | string, width: number | string) =>
    new Network(
      modelOf({
        inputs: { picture: [1, 3, height, width] },
        outputs: { means: 2 },
        nodes: [
          node('Conv', ['picture', 'red'], ['map']),
          node('Reshape', ['map', 'flat'], ['row']),
          node('Reshape', ['row', 'shape'], ['again']),
          node('MatMul', ['row', 'ones'], ['means']),
        ],
        initializers: {
          red: floats([1, 0, 0], [1, 3, 1, 1]),
          flat: ints([1, -1]),
          shape: ints([1, 2, 4, 3]),
          ones: floats(new Array<number>(24).fill(1), [24, 1]),
        },
      }),
      { name: 'test.onnx', sha256: 'f'.repeat(64), given: { valueRange: [0, 1] } },
    );

  test('is shown the middle of the picture at that size', async () => {
    const looked = await activations(forOneSize(6, 4), picture, 'again', platform);
    const expected = covering(picture, { width: 4, height: 6 });
    expect(looked.picture).toEqual(expected);
    expect(looked.layers[0]!.data).toEqual(expected.data.slice(0, 24));
    expect(looked.layers[0]!.pictureSize).toEqual({ width: 4, height: 6 });
  });

  test('is shown the picture as it is for layers that do not mind', async () => {
    const looked = await activations(forOneSize(6, 4), picture, 'map', platform);
    expect(looked.picture).toBe(picture);
  });

  test('is an error where the file does not say which', async () => {
    const error = await refusal(activations(forOneSize('H', 'W'), picture, 'again', platform));
    expect(error).toBeInstanceOf(ModelError);
  });

  test('and layers without height and width are refused', async () => {
    const error = await refusal(activations(forOneSize(6, 4), picture, 'row', platform));
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toBe('--layers: row: expected height and width, got the shape [1, 9900].');
  });
});
