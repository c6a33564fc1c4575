import { channelMeans, type LayerActivations } from './activations.js';

/** How much a picture excites a channel. */
export interface RankedChannel {
  /** Its number, from 0. */
  readonly channel: number;
  /** Its mean activation. */
  readonly mean: number;
  /**
   * How many standard deviations it is above what is usual: above the channel's mean activations for other pictures, or,
   * without others, above those of all channels of the layer. Infinite for a channel that answers to all other pictures
   * alike, and to this one otherwise.
   */
  readonly score: number;
}

/**
 * The channels of a layer that were asked for, those with the highest score first.
 *
 * @param others the mean activations of every channel of the layer for other pictures, at least two of them, as
 *   {@link channelMeans} gives them; none to compare the channels with each other
 */
export function rankChannels(layer: LayerActivations, others: readonly Float64Array[] = []): RankedChannel[] {
  const means = channelMeans(layer);
  return layer.channels
    .map((channel): RankedChannel => {
      const mean = means[channel]!;
      const usual = others.length > 0 ? Float64Array.from(others, (each) => each[channel]!) : means;
      return { channel, mean, score: deviationsAbove(mean, usual) };
    })
    .sort((a, b) => b.score - a.score || b.mean - a.mean);
}

/** The z-score: the distance from the mean in (sample) standard deviations. */
function deviationsAbove(value: number, usual: Float64Array): number {
  const mean = usual.reduce((sum, each) => sum + each, 0) / usual.length;
  if (value === mean) return 0;
  const squares = usual.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return (value - mean) / Math.sqrt(squares / (usual.length - 1));
}
