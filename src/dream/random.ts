/**
 * A whole number drawn from the seed and the place it is drawn at, never from a running generator: a dream that goes
 * on after an interruption draws the same numbers as one that was not interrupted.
 *
 * @param low smallest value, inclusive
 * @param high largest value, inclusive
 * @param place where in the dream it is drawn, such as seed, octave, step and purpose; whole numbers
 */
export function drawInteger(low: number, high: number, ...place: readonly number[]): number {
  let state = 0x9e3779b9;
  for (const coordinate of place) state = mixed(Math.imul(state ^ (coordinate >>> 0), 0x85ebca6b) + 0x9e3779b9);
  // Multiplying by the range instead of taking a remainder keeps every value equally likely.
  return low + Math.floor((mixed(state) / 2 ** 32) * (high - low + 1));
}

/** A number from −1 to 1, drawn as {@link drawInteger} does. */
export function drawReal(...place: readonly number[]): number {
  return drawInteger(-1_000_000, 1_000_000, ...place) / 1_000_000;
}

/** The finaliser of MurmurHash3 (Appleby 2011): every bit of the input changes about half of the output's. */
function mixed(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** A fresh seed for a dream that was given none. */
export function freshSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]!;
}
