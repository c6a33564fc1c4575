import { durationText } from './bar.js';

/** Where a picture stands among those to dream. */
export interface BatchPosition {
  readonly input: string;
  /** What is counted. Default: pictures. */
  readonly what?: 'picture' | 'frame' | undefined;
  /** Counted from 1. */
  readonly index: number;
  readonly count: number;
  /** How long a picture took so far, on average; absent before one is done. */
  readonly meanMs?: number | undefined;
}

/** What is known of the picture in progress, and the room there is. */
export interface BatchLineOptions {
  /** Not finite while it is unknown. */
  readonly remainingMs: number;
  readonly elapsedMs: number;
  /** Cells; the line takes no more. */
  readonly columns: number;
}

/** One line about a batch: `3 of 17 · photo.jpg · 12 min left for all`. A long name is cut. */
export function batchLine(position: BatchPosition, { remainingMs, elapsedMs, columns }: BatchLineOptions): string {
  const { input, what, index, count, meanMs } = position;
  const place = `${what === 'frame' ? 'frame ' : ''}${index} of ${count}`;
  let time = '';
  if (meanMs !== undefined && index < count) {
    const now = Number.isFinite(remainingMs) ? remainingMs : Math.max(0, meanMs - elapsedMs);
    time = ` · ${durationText(now + meanMs * (count - index))} left for all`;
  }
  const room = columns - place.length - time.length - 3;
  if (room >= shortestName) return `${place} · ${shortened(input, room)}${time}`;
  return `${place}${time}`.slice(0, columns);
}

const shortestName = 8;

/** A name in at most so many cells, without what would move the cursor. */
function shortened(name: string, cells: number): string {
  const characters = [...name.replaceAll(/\p{Cc}|\p{Cf}/gu, '?')];
  const width = (some: readonly string[]): number => some.reduce((sum, character) => sum + cellsOf(character), 0);
  if (width(characters) <= cells) return characters.join('');
  // The end tells more than the start: it holds the number and the extension.
  while (width(characters) > cells - 1) characters.shift();
  return `…${characters.join('')}`;
}

/** At least the cells that a character takes: from Hangul on many take two. */
function cellsOf(character: string): number {
  return character.codePointAt(0)! < 0x1100 ? 1 : 2;
}
