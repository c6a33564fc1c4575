import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readNsfwjs } from '../../scripts/nsfwjs-weights.js';
import { readModel, writeModel } from '../onnx/index.js';
import { inceptionV3Layers, inceptionV3Outputs } from './inception-v3.js';
import { type KerasLayer, kerasToOnnx } from './keras.js';

/** What of a layer's config makes a difference. */
function essence({ name, class_name, config, inbound_nodes }: KerasLayer) {
  const { filters, kernel_size, strides, padding, pool_size, axis, epsilon, scale, use_bias, activation } = config;
  return {
    name,
    class_name,
    sources: (inbound_nodes[0] ?? []).map(([source]) => source),
    config: { filters, kernel_size, strides, padding, pool_size, axis, epsilon, scale, use_bias, activation },
  };
}

describe('the layers of InceptionV3', () => {
  test("are those that Keras wrote into nsfwjs's file, in its order", async () => {
    const { layers } = await readNsfwjs();
    const last = layers.findIndex(({ name }) => name === 'mixed10');
    expect(inceptionV3Layers().map(essence)).toEqual(layers.slice(0, last + 1).map(essence));
  });

  test('have weights of 94 convolutions and their normalisations', () => {
    const count = (kind: string) => inceptionV3Layers().filter(({ class_name }) => class_name === kind).length;
    expect([count('Conv2D'), count('BatchNormalization'), count('Concatenate')]).toEqual([94, 94, 15]);
    expect(inceptionV3Outputs).toHaveLength(11);
  });

  test("give the built-in network's file, byte for byte, as nsfwjs's own do", async () => {
    const built = await readFile(new URL('../../models/inception-v3.onnx', import.meta.url));
    const { layers, weights } = await readNsfwjs();
    const { metadata } = readModel(built, { name: 'built-in' });
    const digests = [layers, inceptionV3Layers()].map((topology) => {
      const file = writeModel(kerasToOnnx(topology, weights, inceptionV3Outputs.slice(0, 8), metadata));
      return createHash('sha256').update(file).digest('hex');
    });
    const expected = createHash('sha256').update(built).digest('hex');
    expect(digests).toEqual([expected, expected]);
  });
});
