import type { Colour } from './colour.js';

/** What the progress line says. */
export interface ProgressState {
  /** Width of the terminal; the line never takes more, as long as there are 20. */
  readonly columns: number;
  /** Octave, counted from 1. */
  readonly octave: number;
  readonly octaves: number;
  /** Steps finished in this octave. */
  readonly step: number;
  readonly steps: number;
  /** NaN before the first step. */
  readonly objective: number;
  /** Part of the work that is done, 0 to 1. */
  readonly progress01: number;
  readonly elapsedMs: number;
  /** Not finite while it is unknown. */
  readonly remainingMs: number;
  readonly colour: Colour;
}

const widestBar = 30;
const narrowestBar = 6;

/** What a line is made of, from left to right. */
type Part = 'octave' | 'step' | 'bar' | 'percent' | 'objective' | 'time';

/** From the fullest line to the barest; the first that leaves room for a bar is taken. */
const layouts: readonly (readonly Part[])[] = [
  ['octave', 'step', 'bar', 'percent', 'objective', 'time'],
  ['octave', 'step', 'bar', 'percent', 'time'],
  ['octave', 'bar', 'percent', 'time'],
  ['bar', 'percent', 'time'],
  ['bar', 'percent'],
];

/**
 * One line about a running dream: `octave 2/4  step 13/20  ▕██████▌     ▏ 52 %  objective 0.953  8 s left`. Narrow
 * terminals get less of it; a bar and the percentage are always there.
 */
export function progressLine(state: ProgressState): string {
  const { columns, octave, octaves, step, steps, objective, progress01, remainingMs, elapsedMs, colour } = state;
  const done = Math.min(Math.max(progress01, 0), 1);
  // Before the first step is done nobody knows how long the rest takes.
  const time = Number.isFinite(remainingMs) ? `${durationText(remainingMs)} left` : `${durationText(elapsedMs)} so far`;
  const texts: Readonly<Record<Exclude<Part, 'bar'>, string>> = {
    octave: `octave ${octave}/${octaves}`,
    step: `step ${String(step).padStart(String(steps).length)}/${steps}`,
    percent: `${String(Math.floor(done * 100)).padStart(3)} %`,
    objective: Number.isNaN(objective) ? '' : `objective ${objectiveText(objective)}`,
    time,
  };
  // Room for a longer time keeps the bar from changing its length whenever the time does.
  const room = (part: Part): number =>
    part === 'bar' ? 0 : part === 'time' ? Math.max(time.length, 15) : texts[part].length;
  const barIn = (layout: readonly Part[]): number => {
    const others = layout.filter((part) => part === 'bar' || texts[part] !== '');
    return columns - 2 - others.reduce((sum, part) => sum + room(part), 0) - 2 * (others.length - 1) + 1;
  };
  const layout = layouts.find((parts) => barIn(parts) >= narrowestBar) ?? layouts.at(-1)!;
  const cells = Math.max(1, Math.min(widestBar, barIn(layout)));
  return layout
    .filter((part) => part === 'bar' || texts[part] !== '')
    .map((part, i) => {
      // The percentage is padded on its left already.
      const gap = i === 0 ? '' : part === 'percent' ? ' ' : '  ';
      if (part === 'bar') return `${gap}▕${colour.cyan(bar(done, cells))}▏`;
      return gap + (part === 'objective' || part === 'step' ? colour.dim(texts[part]) : texts[part]);
    })
    .join('');
}

/** A duration in words, in its two largest units: `8 s`, `2 min 10 s`, `1 h 5 min`, `2 d 3 h`. */
export function durationText(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return twoUnits(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return twoUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(seconds / 3600);
  return twoUnits(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function twoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** Three digits that matter, always of about the same length. */
function objectiveText(objective: number): string {
  const size = Math.abs(objective);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return objective.toExponential(1);
  return size >= 100 ? objective.toFixed(0) : objective.toPrecision(3);
}

/** Parts of a cell, in eighths from the left. */
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar that fills from the left, in eighths of a cell. */
export function bar(done: number, cells: number): string {
  const filled = Math.floor(done * cells * 8);
  return ('█'.repeat(filled >> 3) + eighths[filled & 7]!).padEnd(cells);
}
