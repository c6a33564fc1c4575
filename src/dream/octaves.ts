import { mappedRaster, type Raster, type RasterPicture, resizedRaster, type Size } from '../image/index.js';
import { valueRange } from '../models/index.js';
import { heldRaster } from './climb.js';
import type { Plan } from './plan.js';

/** A picture at another size, with its transparency; the same one where the size is right. */
export function scaled(picture: RasterPicture, to: Size): RasterPicture {
  if (picture.width === to.width && picture.height === to.height) return picture;
  const { colours, alpha } = picture;
  return { ...to, colours: resizedRaster(colours, to), ...(alpha && { alpha: resizedRaster(alpha, to) }) };
}

/**
 * The dream so far at another size. With detail on, only the change that the dream has made is scaled and put onto the
 * original at that size, so that no scaling blurs the picture itself (google/deepdream); else the dream is scaled.
 *
 * @param original three planes of the plan's picture, in the network's range
 * @param dreamed three planes of any size
 * @returns what is computed as it is read
 */
export function dreamAtSize(plan: Plan, original: Raster, dreamed: Raster, to: Size): Raster {
  if (!plan.options.detail) return resizedRaster(dreamed, to);
  const change = resizedRaster(sum(dreamed, originalAtSize(plan, original, dreamed), -1), to);
  return sum(originalAtSize(plan, original, to), change, 1);
}

/** What the first octave starts from; see {@link dreamAtSize}. */
export function startAtSize(plan: Plan, original: Raster, to: Size): Raster {
  return plan.options.detail ? originalAtSize(plan, original, to) : resizedRaster(original, to);
}

/**
 * The original at another size. Sharp edges overshoot when they are resized; what clipping takes from that is no change
 * that the dream has made, so it is taken here already.
 */
export function originalAtSize({ options, network }: Plan, original: Raster, to: Size): Raster {
  const resized = resizedRaster(original, to);
  return options.clip ? heldRaster(resized, valueRange(network.preprocessing)) : resized;
}

function sum(one: Raster, other: Raster, sign: 1 | -1): Raster {
  const both = { ...one, effort: Math.max(one.effort ?? 1, other.effort ?? 1) };
  return mappedRaster(both, (rows, { plane, top, bottom }) => {
    const more = other.rows(plane, top, bottom);
    const values = new Float32Array(rows.length);
    for (let i = 0; i < rows.length; i++) values[i] = rows[i]! + sign * more[i]!;
    return values;
  });
}
