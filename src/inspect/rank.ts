import { channelMeans, type LayerActivations } from './activations.js';

/** How much a picture excites a channel. */
export interface RankedChannel {
  /** Its number, from 0. */
  readonly channel: number;
  /** Its mean activation. */
  readonly mean: number;
  /**
   * How many standard deviations it is above what is usual: above the channel's mean activations for other pictures, or,
   * without others, above those of all channels of the layer.
   */
  readonly score: number;
}

/** The least deviation that counts, as a share of the mean deviation of the layer's channels. */
const leastDeviation = 0.05;

/**
 * The channels of a layer that were asked for, those with the highest score first.
 *
 * A channel that is all but silent for the other pictures would stand out for next to nothing. Its deviation therefore
 * counts as a twentieth of the mean one, where it is less.
 *
 * @param others the mean activations of every channel of the layer for other pictures, at least two of them, as
 *   {@link channelMeans} gives them; none to compare the channels with each other
 */
export function rankChannels(layer: LayerActivations, others: readonly Float64Array[] = []): RankedChannel[] {
  const means = channelMeans(layer);
  const score = others.length > 0 ? scoreAgainst(means, others) : scoreWithin(means);
  return layer.channels
    .map((channel): RankedChannel => ({ channel, mean: means[channel]!, score: score(channel) }))
    .sort((a, b) => b.score - a.score || b.mean - a.mean);
}

function scoreWithin(means: Float64Array): (channel: number) => number {
  const { mean, deviation } = spreadOf(means);
  return (channel) => (means[channel]! - mean) / (deviation || 1);
}

function scoreAgainst(means: Float64Array, others: readonly Float64Array[]): (channel: number) => number {
  const spreads = Array.from(means, (_, channel) => spreadOf(Float64Array.from(others, (each) => each[channel]!)));
  const typical = spreads.reduce((sum, { deviation }) => sum + deviation, 0) / spreads.length;
  return (channel) => {
    const { mean, deviation } = spreads[channel]!;
    return (means[channel]! - mean) / (Math.max(deviation, leastDeviation * typical) || 1);
  };
}

/** Mean and sample standard deviation. */
function spreadOf(values: Float64Array): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}
