import { OptionError } from '../errors.js';
import { fitted, type Picture, type RasterPicture, rasterPictureOf, wholeOf } from '../image/index.js';
import { type Network, networkRaster } from '../models/index.js';
import type { Platform } from '../platform/platform.js';
import { layersOf } from './forward.js';
import { formatLayers, parseLayers, type WeightedLayer } from './layers.js';
import { scaled } from './octaves.js';
import type { DreamOptions } from './options.js';
import { mapLayersOfOctaves } from './per-octave.js';

/** Longest side at which channels are ranked, in pixels: enough to tell, and quick. */
const rankingSide = 512;

/**
 * Replaces `mixed4[strongest 10]` by the channels that this picture excites most, so that a plan and a recipe name them.
 * Channels are compared by their mean activation over the picture, shrunk to 512 pixels where it is larger.
 *
 * @param text layers as in the dream option of that name
 * @returns the same text where nothing has to be looked up
 * @throws OptionError `option/layer` for layers the network does not have, and for those without height and width
 * @throws PlatformError when the runtime fails
 */
export async function resolveLayers(
  text: string,
  network: Network,
  picture: Picture | RasterPicture,
  platform: Platform,
): Promise<string> {
  const layers = parseLayers(text, network);
  const names = [...new Set(layers.filter(({ ranked }) => ranked).map(({ name }) => name))];
  if (names.length === 0) return text;
  const shrinks = Math.max(picture.width, picture.height) > rankingSide;
  const given = rasterPictureOf(picture);
  const small = shrinks ? scaled(given, fitted(picture, rankingSide)) : given;
  const values = wholeOf(networkRaster(small.colours, network.preprocessing));
  const tensors = await layersOf(network, values, small, names, platform);
  return formatLayers(
    layers.map((layer) => {
      const { dims, data } = tensors[names.indexOf(layer.name)] ?? { dims: [], data: new Float32Array() };
      return layer.ranked ? withChannels(layer, dims, data) : layer;
    }),
  );
}

/**
 * Options whose layers, and those of single octaves, name channels by number: see {@link resolveLayers}.
 *
 * @throws OptionError and PlatformError as {@link resolveLayers} does
 */
export async function resolveOptions(
  options: DreamOptions,
  network: Network,
  picture: Picture | RasterPicture,
  platform: Platform,
): Promise<DreamOptions> {
  const resolved = (layers: string): Promise<string> => resolveLayers(layers, network, picture, platform);
  return {
    ...options,
    layers: await resolved(options.layers),
    perOctave: await mapLayersOfOctaves(options.perOctave, resolved),
  };
}

function withChannels(layer: WeightedLayer, dims: readonly number[], data: Float32Array): WeightedLayer {
  const { ranked, ...rest } = layer;
  const { which, count } = ranked!;
  const [, channels = 0] = dims;
  if (dims.length < 2 || count > channels) {
    throw new OptionError(
      'option/layer',
      `--layers: ${layer.name} has ${dims.length < 2 ? 'no' : channels} channels, expected at least ${count} for "${which} ${count}".`,
    );
  }
  const places = data.length / channels;
  const sums = new Float64Array(channels);
  data.forEach((value, i) => {
    sums[Math.floor(i / places)]! += value;
  });
  const order = [...sums.keys()].sort((a, b) => sums[b]! - sums[a]! || a - b);
  const chosen = which === 'strongest' ? order.slice(0, count) : order.slice(-count);
  return { ...rest, channels: chosen.sort((a, b) => a - b) };
}
