/** Lowest and highest value of a channel. */
interface Range {
  readonly low: number;
  readonly high: number;
}

/** How near to black and white a value counts as lying, which no sigmoid reaches, as a share of the range. */
const nearest = 1 / 4096;

/**
 * How steep the sigmoid is at a value: what a gradient with respect to colours is multiplied by to become one with respect
 * to their logits. 1 half-way between black and white, next to nothing at both.
 */
export function sigmoidSlope(value: number, range: Range): number {
  const share = shareOf(value, range);
  return 4 * share * (1 - share);
}

/**
 * Moves a value by its logit, so that it stays between black and white: `σ(σ⁻¹(value) + 4 change)`, in shares of the
 * range. Half-way between the two it moves by about the change itself. Lucid's pictures are a sigmoid of what it moves
 * (`optvis/param/color.py`).
 *
 * @param change in the units of the value
 * @returns the value itself, bit for bit, for a change of 0
 */
export function alongSigmoid(value: number, change: number, range: Range): number {
  if (change === 0) return value;
  const span = range.high - range.low;
  const share = shareOf(value, range);
  const logit = Math.log(share / (1 - share)) + (4 * change) / span;
  return range.low + span / (1 + Math.exp(-logit));
}

function shareOf(value: number, { low, high }: Range): number {
  return Math.min(Math.max((value - low) / (high - low), nearest), 1 - nearest);
}
