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
  return gaussianBlur(maskAt(visible, mask, size), size, feather);
}

/**
 * A mask at another size. Resizing overshoots at edges; black is to stay black, so what lies outside is cut.
 *
 * @param plane `[H, W]` of the size `from`, 0 to 1
 */
export function maskAt(plane: Float32Array, from: Size, to: Size): Float32Array {
  return resize(plane, from, to).map((value) => Math.min(Math.max(value, 0), 1));
}
