import { intAttribute } from '../attributes.js';
import { positiveAxis } from '../broadcast.js';
import { input, misshaped, type ShapeRule } from './site.js';

/** One scale and one offset a channel (axis 1), or as many as `count` says. */
const perChannel =
  (count: (channels: number, groups: number) => readonly number[]): ShapeRule =>
  (site) => {
    const { dtype, shape } = input(site, 0);
    const [scale, bias] = [input(site, 1).shape, input(site, 2).shape];
    const channels = shape[1] ?? 0;
    const groups = intAttribute(site.node, 'num_groups', 1);
    const fits = (parameters: readonly number[]): boolean =>
      parameters.length === 1 && count(channels, groups).includes(parameters[0]!);
    if (shape.length < 3 || !fits(scale) || !fits(bias) || channels % groups !== 0) {
      throw misshaped(site, `scale [${scale}] and bias [${bias}] do not fit an input of [${shape}]`);
    }
    return [{ dtype, shape }];
  };

/** Normalisation by the statistics of the input itself. */
export const normalizationShapes = {
  InstanceNormalization: perChannel((channels) => [channels]),
  // One scale and bias a group up to opset 20, one a channel from 21 on.
  GroupNormalization: perChannel((channels, groups) => [channels, groups]),
  // Y, and the mean and 1/deviation over the axes from `axis` on, which are kept as ones.
  LayerNormalization: (site) => {
    const { dtype, shape } = input(site, 0);
    const axis = positiveAxis(intAttribute(site.node, 'axis', -1), shape.length);
    const statistics = shape.map((size, i) => (i < axis ? size : 1));
    return [
      { dtype, shape },
      { dtype: 'float32', shape: statistics },
      { dtype: 'float32', shape: statistics },
    ];
  },
} satisfies Record<string, ShapeRule>;
