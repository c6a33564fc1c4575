import type { Words } from './en.js';

/** A time as people say it. */
export function timeIn(words: Words, ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  return seconds < 60 ? words.seconds(seconds) : words.minutes(Math.floor(seconds / 60), seconds % 60);
}
