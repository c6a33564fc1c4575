import { fitted, resize, type Size } from '../image/index.js';
import type { Preview } from './events.js';

/** The longest side of a preview, in pixels. */
const longestSide = 512;

/**
 * A small copy of a dream, 8 bits a channel.
 *
 * @param colours planar RGB `[3, H, W]`, 0 to 1; what lies outside is cut
 */
export function previewOf(colours: Float32Array, size: Size): Preview {
  const small = Math.max(size.width, size.height) > longestSide ? fitted(size, longestSide) : size;
  const data = small === size ? colours : resize(colours, size, small);
  const plane = small.width * small.height;
  const rgb = new Uint8Array(3 * plane);
  for (let channel = 0; channel < 3; channel++) {
    for (let i = 0; i < plane; i++) {
      rgb[i * 3 + channel] = Math.round(Math.min(Math.max(data[channel * plane + i]!, 0), 1) * 255);
    }
  }
  return { width: small.width, height: small.height, rgb };
}
