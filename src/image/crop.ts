import { type Picture, type RasterPicture, rasterPictureOf } from './picture.js';
import { resizedRaster, type Size } from './resize.js';

/**
 * The largest middle part of a picture that has the proportions of a size, at that size. Nothing is distorted; what is
 * beyond on two sides is cut off, and so is transparency.
 */
export function covering(picture: Picture | RasterPicture, size: Size): Picture {
  const factor = Math.max(size.width / picture.width, size.height / picture.height);
  const scaled = {
    width: Math.max(size.width, Math.round(picture.width * factor)),
    height: Math.max(size.height, Math.round(picture.height * factor)),
  };
  const from = resizedRaster(rasterPictureOf(picture).colours, scaled);
  const left = (scaled.width - size.width) >> 1;
  const top = (scaled.height - size.height) >> 1;
  const data = new Float32Array(3 * size.width * size.height);
  for (let plane = 0; plane < 3; plane++) {
    const rows = from.rows(plane, top, top + size.height);
    for (let row = 0; row < size.height; row++) {
      const start = row * scaled.width + left;
      data.set(rows.subarray(start, start + size.width), (plane * size.height + row) * size.width);
    }
  }
  return { width: size.width, height: size.height, data };
}
