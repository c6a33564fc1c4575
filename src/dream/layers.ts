import { OptionError } from '../errors.js';
import type { Network } from '../models/index.js';
import { nearestNames } from './nearest-names.js';
import { describe } from './option.js';

/** A layer to excite. */
export interface WeightedLayer {
  /** The tensor's name in the network. */
  readonly name: string;
  /** How much it counts; negative suppresses it. */
  readonly weight: number;
}

/**
 * Reads a list such as `mixed3,mixed5:0.5` against a network. A name that itself ends in `:number` is found before the
 * number is taken for a weight.
 *
 * @throws OptionError `option/layer` listing the nearest names
 */
export function parseLayers(text: string, network: Network): WeightedLayer[] {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const layers = parts.map((part): WeightedLayer => {
    const whole = network.findTensor(part);
    if (whole !== undefined) return { name: whole, weight: 1 };
    const [, before = part, number = ''] = /^(.*):([^:]*)$/.exec(part) ?? [];
    const name = before.trim();
    const tensor = network.findTensor(name);
    if (tensor === undefined) throw unknownLayer(name, network);
    const weight = number.trim() === '' ? Number.NaN : Number(number);
    if (!Number.isFinite(weight)) {
      throw new OptionError('option/layer', `--layers: expected a number after "${name}:", got ${describe(number)}.`);
    }
    return { name: tensor, weight };
  });
  if (layers.length === 0 || layers.every(({ weight }) => weight === 0)) {
    throw new OptionError(
      'option/layer',
      `--layers: expected at least one layer with a weight, got ${describe(text)}.`,
    );
  }
  return layers;
}

function unknownLayer(name: string, network: Network): OptionError {
  const near = nearestNames(name, network.tensorNames, 5);
  return new OptionError(
    'option/layer',
    `--layers: the network has no layer ${describe(name)}. The nearest names are ${near.join(', ')}; \`pareidolia layers\` lists them all.`,
  );
}
