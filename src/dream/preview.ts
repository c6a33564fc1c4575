import { bandsOf, fitted, type Raster, resizedRaster, type Sliced } from '../image/index.js';
import type { Preview } from './events.js';

/** The longest side of a preview, in pixels. */
const longestSide = 512;

/**
 * A small copy of a dream, 8 bits a channel.
 *
 * @param colours reds, greens and blues, 0 to 1; what lies outside is cut
 */
export function* previewOf(colours: Raster): Sliced<Preview> {
  const shrinks = Math.max(colours.width, colours.height) > longestSide;
  const small = shrinks ? resizedRaster(colours, fitted(colours, longestSide)) : colours;
  const { width, height } = small;
  const rgb = new Uint8Array(3 * width * height);
  for (const { plane, top, bottom } of bandsOf(small)) {
    small.rows(plane, top, bottom).forEach((value, i) => {
      rgb[(top * width + i) * 3 + plane] = Math.round(Math.min(Math.max(value, 0), 1) * 255);
    });
    yield;
  }
  return { width, height, rgb };
}
