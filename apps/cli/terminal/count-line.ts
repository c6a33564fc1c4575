import { bar, durationText } from './bar.js';
import type { Colour } from './colour.js';

/** How far a number of things that are alike has come. */
export interface CountState {
  /** What they belong to. */
  readonly what: string;
  readonly done: number;
  readonly count: number;
  /** Not finite while it is unknown. */
  readonly remainingMs: number;
  readonly elapsedMs: number;
  /** Width of the terminal; the line never takes more. */
  readonly columns: number;
  readonly colour: Colour;
}

const widestBar = 30;
const narrowestBar = 4;

/** One line about many things: `mixed4  37 of 768 ▕███▌     ▏  5 min left`. A narrow terminal gets no bar. */
export function countLine({ what, done, count, remainingMs, elapsedMs, columns, colour }: CountState): string {
  const time = Number.isFinite(remainingMs) ? `${durationText(remainingMs)} left` : `${durationText(elapsedMs)} so far`;
  const start = `${what}  ${String(done).padStart(String(count).length)} of ${count}`;
  // Room for a longer time keeps the bar from changing its length whenever the time does.
  const cells = Math.min(widestBar, columns - start.length - Math.max(time.length, 15) - 5);
  if (cells < narrowestBar) return `${start}  ${time}`.slice(0, columns);
  return `${start} ▕${colour.cyan(bar(count === 0 ? 1 : done / count, cells))}▏  ${time}`;
}
