import { OptionError } from '../errors.js';
import { fitted, type Picture, type RasterPicture, rasterPictureOf, type Size, wholeOf } from '../image/index.js';
import { type Network, networkRaster } from '../models/index.js';
import type { FloatTensor, Platform } from '../platform/platform.js';
import type { GuideFacts } from './company.js';
import { layersOf } from './forward.js';
import { guidedKinds, type ObjectiveKind } from './objectives/activity.js';
import { textureOf } from './objectives/texture.js';
import { scaled } from './octaves.js';
import type { OctavePlan } from './plan.js';

/** Longest side at which the features of a guide are taken, in pixels; about what networks are trained on. */
const featureSide = 299;

/** What dreams go by besides the picture. */
export interface Materials {
  /** Pictures whose features the dream is to take, for the guided objectives. */
  readonly guides?: readonly (Picture | RasterPicture)[];
  /** One number for every channel, for the objective `direction`. */
  readonly direction?: Float32Array;
}

/**
 * What a plan has to know of guides.
 *
 * @param weights the option `guideWeights`: `equal`, or a number for each guide
 * @throws OptionError `option/invalid` when the weights do not fit the guides, or a guided objective has none
 */
export function guideFacts(guides: readonly Size[], weights: string, kind: ObjectiveKind): GuideFacts[] {
  if (guidedKinds.has(kind) && guides.length === 0) {
    throw new OptionError(
      'option/invalid',
      `--objective ${kind}: expected a picture to go by, got none. Name one with --guide.`,
    );
  }
  const numbers = weights === 'equal' ? guides.map(() => 1 / guides.length) : weights.split(',').map(Number);
  if (guides.length > 0 && (numbers.length !== guides.length || !numbers.every(Number.isFinite))) {
    throw new OptionError(
      'option/invalid',
      `--guide-weights: expected a number for each of ${guides.length} guides, such as 1,0.5, got "${weights}".`,
    );
  }
  return guides.map((guide, i) => ({ size: featureSize(guide), weight: numbers[i]! }));
}

function featureSize(guide: Size): Size {
  return Math.max(guide.width, guide.height) > featureSide
    ? fitted(guide, featureSide)
    : { width: guide.width, height: guide.height };
}

/**
 * What the graph of an octave is fed in every step, the same each time: features of guides, or a direction.
 *
 * @throws OptionError `option/invalid` when a direction does not have the length of a layer's channels
 */
export async function companyFeeds(
  network: Network,
  { graph, options, layers, guides: facts }: OctavePlan,
  { guides = [], direction }: Materials,
  platform: Platform,
): Promise<Record<string, FloatTensor>> {
  const { features, textures } = graph.company;
  if (features.length + textures.length === 0) return {};
  const names = layers.map(({ name }) => name);
  const answers: FloatTensor[][] = [];
  for (const [i, { size }] of facts.entries()) {
    const { colours } = scaled(rasterPictureOf(guides[i]!), size);
    const values = wholeOf(networkRaster(colours, network.preprocessing));
    answers.push(await layersOf(network, values, size, names, platform));
  }
  const weighted = (layer: number) =>
    answers.map((layers, i) => ({ tensor: layers[layer]!, weight: facts[i]!.weight }));
  const featureFeeds = features.map(({ inputName, shape, layer, guide }): [string, FloatTensor] => {
    if (options.objective === 'direction') return [inputName, directionFeed(direction, shape)];
    if (guide !== undefined) return [inputName, { dims: shape, data: answers[guide]![layer]!.data }];
    return [inputName, { dims: shape, data: channelShares(weighted(layer)) }];
  });
  const textureFeeds = textures.map(({ inputName, shape, layer }): [string, FloatTensor] => [
    inputName,
    { dims: shape, data: textureOf(weighted(layer)) },
  ]);
  return Object.fromEntries([...featureFeeds, ...textureFeeds]);
}

function directionFeed(direction: Float32Array | undefined, shape: readonly number[]): FloatTensor {
  if (direction && direction.length === shape[1]) return { dims: shape, data: direction };
  throw new OptionError(
    'option/invalid',
    direction
      ? `--direction: expected ${shape[1]} numbers, one for each channel of the layer, got ${direction.length}.`
      : '--objective direction: expected a vector over the channels, got none. Name a .npy file with --direction.',
  );
}

/**
 * How much of a layer's activations lies in each channel: sums over places, divided by the sum of their magnitudes and
 * multiplied by the number of channels, so that they are 1 on average.
 */
function channelShares(answers: readonly { readonly tensor: FloatTensor; readonly weight: number }[]): Float32Array {
  const count = answers[0]!.tensor.dims[1]!;
  const shares = new Float32Array(count);
  for (const { tensor, weight } of answers) {
    const places = tensor.data.length / count;
    const sums = new Float64Array(count);
    tensor.data.forEach((value, i) => {
      sums[Math.floor(i / places)]! += value;
    });
    const total = sums.reduce((sum, value) => sum + Math.abs(value), 0) || 1;
    sums.forEach((sum, channel) => {
      shares[channel]! += (weight * count * sum) / total;
    });
  }
  return shares;
}
