import { arrayRaster, type Raster, readWhole } from './raster.js';
import type { Size } from './resize.js';
import { atOnce, type Sliced } from './sliced.js';

/**
 * A picture as the dream handles it: planar RGB, `[3, height, width]` in row-major order, sRGB-encoded,
 * 0 (black) to 1 (white). Transparency does not dream; it travels beside the colours.
 */
export interface Picture {
  /** Pixels a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** `3 * height * width` values: all reds, then all greens, then all blues. */
  readonly data: Float32Array;
  /** `height * width` values from 0 (transparent) to 1 (opaque); absent when the picture is opaque. */
  readonly alpha?: Float32Array;
}

/** A {@link Picture} that need not be in memory: the same values, read by bands of rows. */
export interface RasterPicture extends Size {
  /** Three planes: reds, greens and blues, 0 (black) to 1 (white). */
  readonly colours: Raster;
  /** One plane, 0 (transparent) to 1 (opaque); absent when the picture is opaque. */
  readonly alpha?: Raster;
}

/** A picture as one that is read by bands; nothing is copied. */
export function rasterPictureOf(picture: Picture | RasterPicture): RasterPicture {
  if (!('data' in picture)) return picture;
  const { width, height, data, alpha } = picture;
  const colours = arrayRaster(data, picture);
  return { width, height, colours, ...(alpha && { alpha: arrayRaster(alpha, picture) }) };
}

/** A picture that is read by bands as one in memory: a copy. */
export function pictureOf(picture: RasterPicture): Picture {
  return atOnce(readPicture(picture));
}

/** {@link pictureOf} in slices. */
export function* readPicture({ width, height, colours, alpha }: RasterPicture): Sliced<Picture> {
  const data = yield* readWhole(colours);
  return { width, height, data, ...(alpha && { alpha: yield* readWhole(alpha) }) };
}
