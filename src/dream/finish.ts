import { keepColour, matchHistogram, matchMeanAndDeviation } from '../image/index.js';
import type { DreamOptions } from './options.js';

/**
 * What happens to a dream after its last step: tones brought back to the original's, the original's colours kept, what
 * that drives beyond black and white held (with `clip`), the two mixed; in that order. Where a mask is black the
 * original stays, bit for bit: scaling a dream and matching its tones reach beyond the mask.
 *
 * @param dreamed planar RGB `[3, H, W]`, 0 to 1
 * @param original the same shape
 * @param with what the option `match` matches to, planar RGB of any size, default the original; and where it dreams,
 *   `[H, W]`, 0 to 1, default everywhere
 */
export function finish(
  dreamed: Float32Array,
  original: Float32Array,
  options: DreamOptions,
  { reference = original, mask }: { reference?: Float32Array; mask?: Float32Array | undefined } = {},
): Float32Array {
  let result = dreamed;
  if (options.match === 'mean-std') result = matchMeanAndDeviation(result, reference, 3);
  if (options.match === 'histogram') result = matchHistogram(result, reference, 3);
  if (options.keepColour) result = keepColour(result, original);
  if (options.clip) result = result.map((value) => Math.min(Math.max(value, 0), 1));
  if (mask) result = result.map((value, i) => (mask[i % mask.length] === 0 ? original[i]! : value));
  const { strength } = options;
  return strength === 1 ? result : result.map((value, i) => original[i]! + (value - original[i]!) * strength);
}
