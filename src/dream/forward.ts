import type { Size } from '../image/index.js';
import type { Network } from '../models/index.js';
import { writeModel } from '../onnx/index.js';
import type { FloatTensor, Platform } from '../platform/platform.js';

/**
 * What layers make of a picture.
 *
 * @param values `[3, H, W]` in the network's channel order and range; left as they are
 * @param names tensors of the network
 * @returns a tensor for every name
 */
export async function layersOf(
  network: Network,
  values: Float32Array,
  { width, height }: Size,
  names: readonly string[],
  platform: Platform,
): Promise<FloatTensor[]> {
  const { builder, values: layers } = network.at(width, height, names);
  const outputs = Object.fromEntries(layers.map((value, i) => [`layer_${i}`, value]));
  const session = await platform.createSession(writeModel(builder.toModel(outputs)));
  try {
    const feed = { dims: [1, 3, height, width], data: values.slice() };
    const results = await session.run({ [network.inputName]: feed });
    return names.map((_, i) => results[`layer_${i}`]!);
  } finally {
    await session.close();
  }
}
