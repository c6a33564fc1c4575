import { parseLayers, type WeightedLayer } from '../dream/index.js';
import { OptionError } from '../errors.js';
import { type ReceptiveField, receptiveFields } from '../graph/index.js';
import type { Picture, Size } from '../image/index.js';
import type { Network } from '../models/index.js';
import type { Platform } from '../platform/platform.js';
import { forward, type LookLimits } from './forward.js';

/** What a layer answers to a picture. */
export interface LayerActivations {
  /** The tensor's name. */
  readonly name: string;
  /** `[C, H, W]`. */
  readonly shape: readonly [channels: number, height: number, width: number];
  /** The activations, row-major; every channel, whichever were asked for. */
  readonly data: Float32Array;
  /** The channels that were asked for, from 0. */
  readonly channels: readonly number[];
  /** Where on the picture its elements look. */
  readonly field: ReceptiveField;
  /** The size of that picture. */
  readonly pictureSize: Size;
}

/** What layers answer to a picture. */
export interface Activations {
  /** The picture as the network took it: as it was given, or its middle at the one size that the network takes. */
  readonly picture: Picture;
  /** The layers, in the order they were asked for. */
  readonly layers: readonly LayerActivations[];
}

/**
 * Shows a network a picture and reads the activations of some layers.
 *
 * @param layers names, patterns and channels as in the dream option `layers`; no weights and no places
 * @throws OptionError `option/layer` for layers or channels that the network does not have, and for layers without height
 *   and width
 * @throws ImageError `image/too-small` when the picture is too small for the layers
 * @throws ModelError when the layers cannot be computed
 * @throws MemoryError when it would take more memory than the limits allow
 * @throws PlatformError when the runtime fails
 */
export async function activations(
  network: Network,
  picture: Picture,
  layers: string,
  platform: Platform,
  limits: LookLimits = {},
): Promise<Activations> {
  const wanted = wholeLayers(parseLayers(layers, network));
  const looked = await forward(network, picture, [...wanted.keys()], platform, limits);
  const fields = receptiveFields(looked.builder, network.inputName);
  const found = [...wanted].map(([name, channels], i): LayerActivations => {
    const { dims, data, value } = looked.tensors[i]!;
    const [, count, height, width] = dims;
    const field = fields.get(value.name);
    if (dims.length !== 4 || !field || !count || !height || !width) {
      throw unusable(name, 'height and width', `the shape [${dims.join(', ')}]`);
    }
    const beyond = channels?.find((channel) => channel >= count);
    if (beyond !== undefined) throw unusable(name, `channels 0 to ${count - 1}`, `${beyond}`);
    const { picture } = looked;
    return {
      name,
      shape: [count, height, width],
      data,
      channels: channels ?? [...Array(count).keys()],
      field,
      pictureSize: { width: picture.width, height: picture.height },
    };
  });
  return { picture: looked.picture, layers: found };
}

/** The mean activation of every channel of a layer, over all places. */
export function channelMeans({ shape: [count, height, width], data }: LayerActivations): Float64Array {
  const area = height * width;
  return Float64Array.from({ length: count }, (_, channel) => {
    let sum = 0;
    for (let i = channel * area; i < (channel + 1) * area; i++) sum += data[i]!;
    return sum / area;
  });
}

/** The channels of each layer; undefined for all of them. A layer that is named twice is one with the channels of both. */
function wholeLayers(layers: readonly WeightedLayer[]): Map<string, readonly number[] | undefined> {
  const wanted = new Map<string, readonly number[] | undefined>();
  for (const { name, weight, channels, place } of layers) {
    if (place) throw unusable(name, 'no single places here', `@${place.x},${place.y}`);
    if (weight !== 1) throw unusable(name, 'no weights here', `:${weight}`);
    const known = wanted.has(name) ? wanted.get(name) : [];
    wanted.set(name, known && channels && [...new Set([...known, ...channels])]);
  }
  return wanted;
}

function unusable(name: string, expected: string, got: string): OptionError {
  return new OptionError('option/layer', `--layers: ${name}: expected ${expected}, got ${got}.`);
}
