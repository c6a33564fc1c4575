import { gaussianBlur, luma, type Picture, resize, type Size } from '../image/index.js';

/**
 * Where a picture dreams, from a grey picture of any size: white dreams, black stays, grey dreams in part. Transparent
 * parts count as black.
 *
 * @param feather sigma of a Gaussian that softens the edge, in pixels of `size`
 * @returns `[H, W]` of `size`, 0 to 1
 */
export function maskPlane(mask: Picture, size: Size, feather: number): Float32Array {
  const light = luma(mask.data);
  const { alpha } = mask;
  const visible = alpha ? light.map((value, i) => value * alpha[i]!) : light;
  const plane = gaussianBlur(resize(visible, mask, size), size, feather);
  return plane.map((value) => Math.min(Math.max(value, 0), 1));
}
