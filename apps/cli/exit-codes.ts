import {
  DownloadError,
  GradientError,
  ImageError,
  MemoryError,
  ModelError,
  MovieError,
  OptionError,
  OutputError,
  PareidoliaError,
} from '../../src/errors.js';

/** What the shell is told; `--help` lists the same. */
export const exitCodes = {
  ok: 0,
  bug: 1,
  usage: 2,
  picture: 3,
  model: 4,
  memory: 5,
  output: 6,
  download: 7,
  someFailed: 8,
  interrupted: 130,
} as const;

/** The exit code for an error, by who can act on it. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof OptionError) return exitCodes.usage;
  if (error instanceof ImageError || error instanceof MovieError) return exitCodes.picture;
  if (error instanceof ModelError || error instanceof GradientError) return exitCodes.model;
  if (error instanceof MemoryError || ranOutOfMemory(error)) return exitCodes.memory;
  if (error instanceof OutputError) return exitCodes.output;
  if (error instanceof DownloadError) return exitCodes.download;
  return exitCodes.bug;
}

/** What a user reads about an error: one sentence for what was foreseen, a stack trace for a bug. */
export function describeError(error: unknown): string {
  if (error instanceof PareidoliaError) return error.message;
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (ranOutOfMemory(error)) return 'The memory ran out. Use a smaller picture, or --size, or close other programs.';
  return `This is a bug in pareidolia, please report it.\n${trace}`;
}

/** V8's own refusal of an array that there is no room for. */
function ranOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError && /array buffer allocation failed/i.test(error.message);
}
