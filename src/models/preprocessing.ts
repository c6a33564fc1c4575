import { ModelError } from '../errors.js';

/**
 * How a network wants its pictures: the order of its colour channels, and `value = (colour − mean) / std` for colours
 * from 0 to 1, in that order of channels.
 */
export interface Preprocessing {
  /** Which colour comes first. */
  readonly order: 'RGB' | 'BGR';
  /** Subtracted from each channel, in units of 0 to 1, in the network's order. */
  readonly mean: readonly [number, number, number];
  /** Divides each channel afterwards, in units of 0 to 1, in the network's order. */
  readonly std: readonly [number, number, number];
}

/** The metadata key under which a model file carries its {@link Preprocessing} as JSON. */
export const preprocessingKey = 'pareidolia.preprocessing';

/** Colours from −1 to 1 in RGB order, as Keras's Inception networks take them. */
export const inceptionPreprocessing: Preprocessing = { order: 'RGB', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };

/** Beyond this, means and deviations are no colours, and float32 would lose the picture in them. */
const largest = 1e4;

/** Reads the preprocessing from a model's metadata, or undefined where the file says nothing. */
export function preprocessingOf(metadata: Readonly<Record<string, string>>, name: string): Preprocessing | undefined {
  const text = metadata[preprocessingKey];
  if (text === undefined) return undefined;
  const value = parse(text);
  const triple = (numbers: unknown, least: number): boolean =>
    Array.isArray(numbers) &&
    numbers.length === 3 &&
    numbers.every((n) => typeof n === 'number' && Math.abs(n) >= least && Math.abs(n) <= largest);
  const good =
    (value?.order === 'RGB' || value?.order === 'BGR') && triple(value.mean, 0) && triple(value.std, 1 / largest);
  if (!value || !good) {
    const got = text.slice(0, 80).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
    throw new ModelError(
      'model/format',
      `${name}: expected ${preprocessingKey} to give order, mean and std, got ${got}. Export it again.`,
    );
  }
  return { order: value.order!, mean: value.mean!, std: value.std! };
}

function parse(text: string): Partial<Preprocessing> | undefined {
  try {
    return JSON.parse(text) as Partial<Preprocessing>;
  } catch {
    return undefined;
  }
}

/** The lowest and highest value that each of the network's channels takes for colours from 0 to 1. */
export function valueRange({ mean, std }: Preprocessing): readonly { low: number; high: number }[] {
  return mean.map((m, channel) => {
    const ends = [-m / std[channel]!, (1 - m) / std[channel]!];
    return { low: Math.min(...ends), high: Math.max(...ends) };
  });
}

/**
 * Colours to network values.
 *
 * @param colours planar RGB `[3, H, W]`, 0 to 1
 * @returns `[3, H, W]` in the network's channel order and range
 */
export function toNetwork(colours: Float32Array, { order, mean, std }: Preprocessing): Float32Array {
  const size = colours.length / 3;
  const result = new Float32Array(colours.length);
  for (let channel = 0; channel < 3; channel++) {
    const source = (order === 'RGB' ? channel : 2 - channel) * size;
    const [m, s] = [mean[channel]!, std[channel]!];
    for (let i = 0; i < size; i++) result[channel * size + i] = (colours[source + i]! - m) / s;
  }
  return result;
}

/** Network values back to colours; the inverse of {@link toNetwork}. Values outside 0 to 1 are not cut. */
export function fromNetwork(values: Float32Array, { order, mean, std }: Preprocessing): Float32Array {
  const size = values.length / 3;
  const result = new Float32Array(values.length);
  for (let channel = 0; channel < 3; channel++) {
    const target = (order === 'RGB' ? channel : 2 - channel) * size;
    const [m, s] = [mean[channel]!, std[channel]!];
    for (let i = 0; i < size; i++) result[target + i] = values[channel * size + i]! * s + m;
  }
  return result;
}
