import {
  arrayRaster,
  atOnce,
  lumaRaster,
  matchHistogram,
  matchMeanAndDeviation,
  type Raster,
  wholeOf,
} from '../image/index.js';
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
  const [tones, wanted] = [inOneRow(colours), inOneRow(reference)];
  switch (drift) {
    case 'none':
      return colours;
    case 'mean-std':
      return wholeOf(atOnce(matchMeanAndDeviation(tones, wanted)));
    case 'histogram':
      return wholeOf(atOnce(matchHistogram(tones, wanted)));
    case 'luma': {
      const light = wholeOf(lumaRaster(tones));
      const held = wholeOf(atOnce(matchMeanAndDeviation(lumaRaster(tones), lumaRaster(wanted))));
      return colours.map((value, i) => value + held[i % light.length]! - light[i % light.length]!);
    }
  }
}

/** Tones do not depend on where in the picture they are. */
function inOneRow(colours: Float32Array): Raster {
  return arrayRaster(colours, { width: colours.length / 3, height: 1 });
}
