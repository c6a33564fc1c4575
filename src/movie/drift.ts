import { luma, matchHistogram, matchMeanAndDeviation } from '../image/index.js';
import type { ZoomOptions } from './options.js';

/**
 * Holds the tones of a frame: each of them is dreamed from the one before, so that the smallest shift of light or
 * colour adds up until all is black, white or garish.
 *
 * @param colours planar RGB `[3, H, W]`
 * @param reference planar RGB of any size, whose tones count
 * @returns planar RGB; it may leave the range from 0 to 1 a little
 */
export function holdTones(colours: Float32Array, reference: Float32Array, drift: ZoomOptions['drift']): Float32Array {
  switch (drift) {
    case 'none':
      return colours;
    case 'mean-std':
      return matchMeanAndDeviation(colours, reference, 3);
    case 'histogram':
      return matchHistogram(colours, reference, 3);
    case 'luma': {
      const light = luma(colours);
      const held = matchMeanAndDeviation(light, luma(reference), 1);
      return colours.map((value, i) => value + held[i % light.length]! - light[i % light.length]!);
    }
  }
}
