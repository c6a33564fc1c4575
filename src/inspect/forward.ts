import { computeOnce } from '../dream/index.js';
import { ImageError, MemoryError, ModelError } from '../errors.js';
import { constantBytes, type GraphBuilder, peakActivationBytes, type Value } from '../graph/index.js';
import { covering, type Picture } from '../image/index.js';
import { type Network, toNetwork } from '../models/index.js';
import { elementCount } from '../onnx/index.js';
import type { FloatTensor, Platform } from '../platform/platform.js';

/** What a look into a network may take. */
export interface LookLimits {
  /** Bytes of memory that it may take; what needs more is refused. Default: no limit. */
  readonly memoryBytes?: number | undefined;
}

/** What a network computed of a picture. */
export interface Forward {
  /** The picture as the network took it. */
  readonly picture: Picture;
  /** The network at that size. */
  readonly builder: GraphBuilder;
  /** The tensors that were asked for, in that order. */
  readonly tensors: readonly (FloatTensor & { readonly value: Value })[];
}

/**
 * Shows a network a picture and reads what some of its tensors hold then. A network that takes one size only is shown the
 * middle of the picture at that size.
 *
 * @param names of tensors, as {@link Network.findTensor} gives them
 * @throws ImageError `image/too-small` when the picture is too small for the network's windows
 * @throws ModelError when the tensors cannot be computed at this size, nor at the one that the file declares
 * @throws MemoryError when it would take more memory than allowed
 * @throws PlatformError when the runtime fails
 */
export async function forward(
  network: Network,
  given: Picture,
  names: readonly string[],
  platform: Platform,
  { memoryBytes = Number.POSITIVE_INFINITY }: LookLimits,
): Promise<Forward> {
  const { picture, builder, values } = atTakenSize(network, given, names);
  const { width, height } = picture;
  const neededBytes = estimateBytes(builder, values, width * height);
  if (neededBytes > memoryBytes) {
    const [needed, free] = [neededBytes, memoryBytes].map((bytes) => Math.round(bytes / 1e6));
    throw new MemoryError(
      'memory/too-large',
      `A look at a picture of ${width}×${height} needs about ${needed} MB of memory, ${free} MB are free. Use a smaller --size.`,
    );
  }
  const feed = { dims: [1, 3, height, width], data: toNetwork(picture.data, network.preprocessing) };
  const tensors = await computeOnce(builder, values, { [network.inputName]: feed }, platform);
  return { picture, builder, tensors: tensors.map((tensor, i) => ({ ...tensor, value: values[i]! })) };
}

/** The network at the size of the picture, or else at the one size that it takes, and the picture at that size. */
function atTakenSize(network: Network, picture: Picture, names: readonly string[]) {
  try {
    return { picture, ...network.at(picture.width, picture.height, names) };
  } catch (error) {
    const { fixedSize } = network;
    if (!(error instanceof ModelError)) throw error;
    if (fixedSize && (fixedSize.width !== picture.width || fixedSize.height !== picture.height)) {
      return { picture: covering(picture, fixedSize), ...network.at(fixedSize.width, fixedSize.height, names) };
    }
    if (error.code !== 'model/input-too-small') throw error;
    const size = `${picture.width}×${picture.height}`;
    const message = `The picture is too small for ${names.join(', ')}: ${size} pixels. Use a larger picture or an earlier layer.`;
    throw new ImageError('image/too-small', message, { cause: error });
  }
}

/** The program and its runtime, the weights on their way to the runtime and in it, its tensors, and what comes back. */
function estimateBytes(builder: GraphBuilder, values: readonly Value[], pixels: number): number {
  const program = 220e6;
  const names = values.map(({ name }) => name);
  const results = values.reduce((sum, { shape }) => sum + 4 * elementCount(shape), 0);
  return (
    program + 2.6 * constantBytes(builder) + 1.5 * peakActivationBytes(builder, names) + 2 * results + 3 * 12 * pixels
  );
}
