import { type AttributeValues, float } from '../../graph/index.js';
import {
  apply,
  type GradientCase,
  type GradientCases,
  positive,
  random,
  type Shape,
  type Write,
} from '../write.cases.js';

const batchNormalization =
  (channels: number, attributes: AttributeValues = {}): Write =>
  (g, x) => {
    const [scale, bias, mean] = [1, 2, 3].map((seed) => random(g, [channels], seed));
    return g.op('BatchNormalization', [x, scale, bias, mean, positive(g, [channels], 4)], attributes);
  };

const byScale =
  (op: string, parameters: number, attributes: AttributeValues = {}): Write =>
  (g, x) =>
    g.op(op, [x, random(g, [parameters], 1), random(g, [parameters], 2)], attributes);

const layerNormalization =
  (scale: Shape, attributes: AttributeValues = {}): Write =>
  (g, x) =>
    g.op('LayerNormalization', [x, random(g, scale, 1), random(g, scale, 2)], attributes);

/** Normalisation: for every operator the ways to use it that could each go wrong on their own. */
export const normalizationCases: GradientCases = {
  BatchNormalization: [
    { name: 'default epsilon', shape: [2, 3, 4, 5], write: batchNormalization(3) },
    { name: 'large epsilon', shape: [2, 3, 4, 5], write: batchNormalization(3, { epsilon: float(0.25) }) },
    { name: 'no spatial axes', shape: [4, 3], write: batchNormalization(3) },
  ],
  LRN: [
    // onnxruntime refuses windows of an even number of channels.
    ...[1, 3, 5].map(
      (size): GradientCase => ({
        name: `window of ${size} channels`,
        shape: [2, 6, 3, 2],
        write: apply('LRN', { size, alpha: float(0.5), beta: float(0.75), bias: float(1.5) }),
        curved: true,
      }),
    ),
    {
      name: 'window wider than the channels',
      shape: [1, 3, 2, 2],
      write: apply('LRN', { size: 9, alpha: float(0.5) }),
      curved: true,
    },
    {
      name: 'exponent 1/2',
      shape: [1, 4, 2, 2],
      write: apply('LRN', { size: 3, alpha: float(1), beta: float(0.5), bias: float(2) }),
      curved: true,
    },
    { name: 'default numbers', shape: [1, 4, 2, 2], write: apply('LRN', { size: 5 }), curved: true },
  ],
  InstanceNormalization: [
    { name: '2 spatial axes', shape: [2, 3, 3, 4], write: byScale('InstanceNormalization', 3), curved: true },
    { name: '1 spatial axis', shape: [2, 3, 5], write: byScale('InstanceNormalization', 3), curved: true },
    {
      name: 'large epsilon',
      shape: [1, 2, 3, 3],
      write: byScale('InstanceNormalization', 2, { epsilon: float(0.5) }),
      curved: true,
    },
  ],
  GroupNormalization: [
    {
      name: 'a scale a group',
      shape: [2, 6, 3, 2],
      write: byScale('GroupNormalization', 3, { num_groups: 3 }),
      curved: true,
    },
    {
      name: 'a scale a channel',
      shape: [2, 6, 3, 2],
      write: byScale('GroupNormalization', 6, { num_groups: 3, epsilon: float(0.01) }),
      curved: true,
      opset: 21,
    },
    { name: 'one group', shape: [1, 4, 5], write: byScale('GroupNormalization', 1, { num_groups: 1 }), curved: true },
  ],
  LayerNormalization: [
    { name: 'last axis', shape: [2, 3, 5], write: layerNormalization([5]), curved: true },
    { name: 'last two axes', shape: [2, 3, 4], write: layerNormalization([3, 4], { axis: -2 }), curved: true },
    { name: 'everything, scale broadcast', shape: [3, 4], write: layerNormalization([4], { axis: 0 }), curved: true },
    {
      name: 'without offset, large epsilon',
      shape: [2, 4],
      write: (g, x) => g.op('LayerNormalization', [x, random(g, [4])], { epsilon: float(0.25) }),
      curved: true,
    },
  ],
};
