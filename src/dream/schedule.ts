/** How a value changes from the first to the last step of an octave. */
export type Schedule = 'constant' | 'linear' | 'cosine';

/**
 * The value of a schedule at one step.
 *
 * - `constant`: `from`, always
 * - `linear`: from `from` at the first step to `to` at the last
 * - `cosine`: the same ends, along half a cosine: slow, fast, slow
 *
 * @param step counted from 0
 * @param steps number of steps
 */
export function scheduled(schedule: Schedule, from: number, to: number, step: number, steps: number): number {
  if (schedule === 'constant') return from;
  const part = steps > 1 ? step / (steps - 1) : 0;
  return from + (to - from) * (schedule === 'linear' ? part : (1 - Math.cos(Math.PI * part)) / 2);
}
