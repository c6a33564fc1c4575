import type { Picture } from './picture.js';
import { resize, type Size } from './resize.js';

/**
 * The largest middle part of a picture that has the proportions of a size, at that size. Nothing is distorted; what is
 * beyond on two sides is cut off, and so is transparency.
 */
export function covering(picture: Picture, size: Size): Picture {
  const factor = Math.max(size.width / picture.width, size.height / picture.height);
  const scaled = {
    width: Math.max(size.width, Math.round(picture.width * factor)),
    height: Math.max(size.height, Math.round(picture.height * factor)),
  };
  const from = resize(picture.data, picture, scaled);
  const left = (scaled.width - size.width) >> 1;
  const top = (scaled.height - size.height) >> 1;
  const data = new Float32Array(3 * size.width * size.height);
  for (let row = 0; row < 3 * size.height; row++) {
    const plane = Math.floor(row / size.height);
    const start = (plane * scaled.height + top + (row % size.height)) * scaled.width + left;
    data.set(from.subarray(start, start + size.width), row * size.width);
  }
  return { width: size.width, height: size.height, data };
}
