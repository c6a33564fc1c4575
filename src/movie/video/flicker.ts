import type { Picture } from '../../image/index.js';
import { warped } from './flow.js';
import type { Motion } from './motion.js';

/**
 * How much a frame flickers: how far its colours are on average from those of the frame before, brought along with the
 * motion, where both show the same thing.
 *
 * @param motion between the frames of the movie that was dreamed on
 * @returns 0 to 255; undefined where the frames have nothing in common
 */
export function flicker(before: Picture, now: Picture, { flow, visible }: Motion): number | undefined {
  const moved = warped(before.data, flow);
  const area = visible.length;
  let sum = 0;
  let places = 0;
  for (let i = 0; i < area; i++) {
    if (visible[i] === 0) continue;
    places++;
    for (let at = i; at < 3 * area; at += area) sum += Math.abs(now.data[at]! - moved[at]!);
  }
  return places === 0 ? undefined : (255 * sum) / (3 * places);
}
