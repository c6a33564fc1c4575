import {
  keepColour,
  mappedRaster,
  matchHistogram,
  matchMeanAndDeviation,
  type Raster,
  type Sliced,
} from '../image/index.js';
import { heldRaster } from './climb.js';
import type { DreamOptions } from './options.js';

/**
 * What happens to a dream after its last step: tones brought back to the original's, the original's colours kept, what
 * that drives beyond black and white held (with `clip`), the two mixed; in that order. Where a mask is black the
 * original stays, bit for bit: scaling a dream and matching its tones reach beyond the mask.
 *
 * @param dreamed reds, greens and blues, 0 to 1
 * @param original the same shape
 * @param with what the option `match` matches to, reds, greens and blues of any size, default the original; and where it
 *   dreams, one plane, 0 to 1, default everywhere
 * @returns what is computed as it is read
 */
export function* finish(
  dreamed: Raster,
  original: Raster,
  options: DreamOptions,
  { reference = original, mask }: { reference?: Raster; mask?: Raster | undefined } = {},
): Sliced<Raster> {
  let result = dreamed;
  if (options.match === 'mean-std') result = yield* matchMeanAndDeviation(result, reference);
  if (options.match === 'histogram') result = yield* matchHistogram(result, reference);
  if (options.keepColour) result = keepColour(result, original);
  if (options.clip) {
    result = heldRaster(
      result,
      Array.from({ length: result.planes }, () => ({ low: 0, high: 1 })),
    );
  }
  const { strength } = options;
  if (!mask && strength === 1) return result;
  return mappedRaster(result, (rows, { plane, top, bottom }) => {
    const before = original.rows(plane, top, bottom);
    const share = mask?.rows(0, top, bottom);
    return rows.map((value, i) => {
      const kept = share?.[i] === 0 ? before[i]! : value;
      return strength === 1 ? kept : before[i]! + (kept - before[i]!) * strength;
    });
  });
}
