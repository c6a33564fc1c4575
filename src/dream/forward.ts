import type { GraphBuilder, Value } from '../graph/index.js';
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
  const feed = { dims: [1, 3, height, width], data: values.slice() };
  return computeOnce(builder, layers, { [network.inputName]: feed }, platform);
}

/**
 * Compiles a graph, runs it once and frees it.
 *
 * @param values what is wanted of it
 * @param feeds as for a session's run, which takes their arrays over
 * @returns a tensor for every value
 */
export async function computeOnce(
  builder: GraphBuilder,
  values: readonly Value[],
  feeds: Readonly<Record<string, FloatTensor>>,
  platform: Platform,
): Promise<FloatTensor[]> {
  const outputs = Object.fromEntries(values.map((value, i) => [`value_${i}`, value]));
  const session = await platform.createSession(writeModel(builder.toModel(outputs)));
  try {
    const results = await session.run(feeds);
    return values.map((_, i) => results[`value_${i}`]!);
  } finally {
    await session.close();
  }
}
