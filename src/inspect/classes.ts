import { ModelError } from '../errors.js';
import { receptiveFields } from '../graph/index.js';
import {
  covering,
  fitted,
  type Picture,
  type RasterPicture,
  rasterPictureOf,
  resizedRaster,
  type Size,
  wholeOf,
} from '../image/index.js';
import type { Network } from '../models/index.js';
import type { Platform } from '../platform/platform.js';
import { forward, type LookLimits } from './forward.js';

/** A class that a network takes a picture for. */
export interface ClassScore {
  /** Its number, from 0. */
  readonly index: number;
  /** Its name, where the network's are known. */
  readonly label?: string | undefined;
  /** From 0 to 1. */
  readonly probability: number;
}

/** The shorter side that pictures are shrunk to for ImageNet classifiers before their middle is cut out. */
const usualSide = 256;

/**
 * What a network takes a picture for, if it has a classifier: an output of shape `[1, K]`, or `[1, K, 1, 1]` that has seen
 * the whole picture.
 *
 * The network is shown the middle of the picture at the size that its file declares. One that takes any size is shown the
 * whole picture, shrunk to a shorter side of 256 pixels. Its values are taken for probabilities when they lie from 0 to 1
 * and either sum to 1 or come out of a sigmoid; else their softmax is taken.
 *
 * @param k how many classes; the most probable come first
 * @returns undefined when the network has no classifier
 * @throws ModelError `model/format` when it has another number of classes than of labels
 * @throws MemoryError when it would take more memory than the limits allow
 * @throws PlatformError when the runtime fails
 */
export async function topClasses(
  network: Network,
  picture: Picture | RasterPicture,
  k: number,
  platform: Platform,
  limits: LookLimits = {},
): Promise<ClassScore[] | undefined> {
  const shown = asClassified(rasterPictureOf(picture), network.fixedSize);
  const output = classifierOf(network, shown);
  if (output === undefined) return undefined;
  const { tensors } = await forward(network, shown, [output], platform, limits);
  const probabilities = toProbabilities(tensors[0]!.data, operatorOf(network, output));
  const { labels, name } = network;
  if (labels && labels.length !== probabilities.length) {
    throw new ModelError(
      'model/format',
      `${name}: expected ${probabilities.length} labels, one for each class, got ${labels.length}. Give the right ones in a card.`,
    );
  }
  return Array.from(probabilities, (probability, index) => ({ index, label: labels?.[index], probability }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, k);
}

/** The name of the output that has the classes, for pictures of one size. */
function classifierOf(network: Network, { width, height }: Size): string | undefined {
  return network.model.graph.outputs
    .map(({ name }) => name)
    .find((name) => {
      if (network.findTensor(name) !== name) return false;
      try {
        const { builder, values } = network.at(width, height, [name]);
        const [batch, classes = 0, ...places] = values[0]!.shape;
        if (batch !== 1 || classes < 2 || places.some((length) => length !== 1)) return false;
        const field = receptiveFields(builder, network.inputName).get(values[0]!.name);
        return values[0]!.shape.length === 2 || field?.size[0] === Number.POSITIVE_INFINITY;
      } catch (error) {
        if (error instanceof ModelError) return false;
        throw error;
      }
    });
}

function asClassified(picture: RasterPicture, fixed: Size | undefined): Picture {
  if (fixed) return covering(picture, fixed);
  const { width, height, colours } = picture;
  const shorter = Math.min(width, height);
  const size = shorter <= usualSide ? picture : fitted(picture, (Math.max(width, height) * usualSide) / shorter);
  return { width: size.width, height: size.height, data: wholeOf(resizedRaster(colours, size)) };
}

/** The operator that computes a tensor. */
function operatorOf(network: Network, name: string): string | undefined {
  return network.model.graph.nodes.find(({ outputs }) => outputs.includes(name))?.opType;
}

function toProbabilities(values: Float32Array, operator: string | undefined): Float32Array {
  const sum = values.reduce((total, value) => total + value, 0);
  const areShares = values.every((value) => value >= 0 && value <= 1);
  if (areShares && (Math.abs(sum - 1) < 1e-3 || operator === 'Sigmoid')) return values;
  const largest = values.reduce((most, value) => Math.max(most, value));
  const powers = values.map((value) => Math.exp(value - largest));
  const total = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / total);
}
