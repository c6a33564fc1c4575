import { type Picture, resize, type Size } from '../image/index.js';
import { valueRange } from '../models/index.js';
import { hold } from './climb.js';
import type { Plan } from './plan.js';

/** A picture at another size, with its transparency; the same one where the size is right. */
export function scaled(picture: Picture, to: Size): Picture {
  if (picture.width === to.width && picture.height === to.height) return picture;
  const data = resize(picture.data, picture, to);
  return { ...to, data, ...(picture.alpha && { alpha: resize(picture.alpha, picture, to) }) };
}

/**
 * The dream so far at another size. With detail on, only the change that the dream has made is scaled and put onto the
 * original at that size, so that no scaling blurs the picture itself (google/deepdream); else the dream is scaled.
 *
 * @param original `[3, H, W]` of the plan's picture, in the network's range
 * @param dreamed `[3, H, W]` of the size `from`
 */
export function dreamAtSize(
  plan: Plan,
  original: Float32Array,
  dreamed: Float32Array,
  from: Size,
  to: Size,
): Float32Array {
  if (!plan.options.detail) return resize(dreamed, from, to);
  const before = originalAtSize(plan, original, from);
  const change = resize(
    dreamed.map((value, i) => value - before[i]!),
    from,
    to,
  );
  const result = originalAtSize(plan, original, to);
  for (let i = 0; i < result.length; i++) result[i]! += change[i]!;
  return result;
}

/**
 * The original at another size. Sharp edges overshoot when they are resized; what clipping takes from that is no change
 * that the dream has made, so it is taken here already.
 */
export function originalAtSize({ picture, options, network }: Plan, original: Float32Array, to: Size): Float32Array {
  const result = resize(original, picture, to);
  if (options.clip) hold(result, valueRange(network.preprocessing));
  return result;
}
