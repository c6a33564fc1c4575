import type { Picture } from './picture.js';

/** A picture without transparency: what is transparent lies on white. */
export function onWhite({ width, height, data, alpha }: Picture): Picture {
  if (!alpha) return { width, height, data };
  return { width, height, data: data.map((value, i) => 1 + (value - 1) * alpha[i % alpha.length]!) };
}
