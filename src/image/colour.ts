import { arrayRaster, mappedRaster, type Raster, wholeOf } from './raster.js';

/** Weights of red, green and blue in luma (ITU-R BT.601, the one of JPEG). */
const weights = [0.299, 0.587, 0.114] as const;

/**
 * The luma of a picture.
 *
 * @param colours planar RGB `[3, H, W]`
 * @returns `[H, W]`, in the same range
 */
export function luma(colours: Float32Array): Float32Array {
  return wholeOf(lumaRaster(arrayRaster(colours, { width: colours.length / 3, height: 1 })));
}

/**
 * The luma of a picture, computed as it is read.
 *
 * @param colours reds, greens and blues
 * @returns one plane, in the same range
 */
export function lumaRaster(colours: Raster): Raster {
  const { width, height, effort } = colours;
  return {
    planes: 1,
    width,
    height,
    effort,
    rows(_, top, bottom) {
      const [red, green, blue] = [0, 1, 2].map((plane) => colours.rows(plane, top, bottom)) as [
        Float32Array,
        Float32Array,
        Float32Array,
      ];
      return red.map((value, i) => weights[0] * value + weights[1] * green[i]! + weights[2] * blue[i]!);
    },
  };
}

/**
 * Gives a picture the colours of another one: its own luma with the other's colour differences. Adding the change of
 * luma to all three channels is exactly that, for any definition of the colour differences.
 *
 * @param picture reds, greens and blues whose luma counts
 * @param colours reds, greens and blues of the same size whose colours count
 * @returns reds, greens and blues, computed as they are read; they may leave the range of the inputs
 */
export function keepColour(picture: Raster, colours: Raster): Raster {
  const [light, before] = [lumaRaster(picture), lumaRaster(colours)];
  return mappedRaster(colours, (rows, { top, bottom }) => {
    const [now, then] = [light.rows(0, top, bottom), before.rows(0, top, bottom)];
    return rows.map((value, i) => value + now[i]! - then[i]!);
  });
}
