import type { Size } from '../../../src/index.js';

/** The size of a dream of a photo, whose longest side is at most `size`; 0 for any. */
export function sizeOfDream({ width, height }: Size, size: number): Size {
  const factor = size === 0 ? 1 : Math.min(1, size / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}
