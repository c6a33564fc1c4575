import { ImageError, MemoryError, OutputError } from '../../../src/platform/node/index.js';
import { exitCodes } from '../exit-codes.js';
import type { Target } from '../files/output-file.js';
import type { Source } from '../files/source.js';
import { oneLine, say } from '../report/report.js';
import type { BatchPosition } from '../terminal/batch-line.js';
import type { DreamReport } from './make-dream.js';

/** What came of a picture: its report, `planned`, `finished` by an earlier run, or `not begun` after Ctrl-C. */
export type Outcome = DreamReport | 'planned' | 'finished' | 'not begun';

/** Dreams one picture, or throws what is wrong with it. */
export type DreamOne = (source: Source, target: Target, position?: BatchPosition) => Promise<Outcome>;

/** How a batch speaks. */
export interface BatchOptions {
  /** Whether a failure goes to standard output as one JSON object too. */
  readonly json: boolean;
  /** Whether nothing is said of a batch in which all went well. */
  readonly quiet: boolean;
}

/** Dreams pictures one after the other and keeps count. What is wrong with one of them does not stop the rest. */
export class Batch {
  readonly #dreamOne: DreamOne;
  readonly #options: BatchOptions;
  /** The sentence by picture. */
  readonly #failures = new Map<string, string>();
  #dreamed = 0;
  #planned = 0;
  #stopped = 0;
  #skipped = 0;
  #notBegun = 0;
  #dreamingMs = 0;

  constructor(dreamOne: DreamOne, options: BatchOptions) {
    this.#dreamOne = dreamOne;
    this.#options = options;
  }

  /**
   * Dreams the next picture.
   *
   * @param left how many follow, as far as is known
   * @throws what would be wrong with every picture
   */
  async dream(source: Source, target: Target, left: number): Promise<void> {
    // A picture that failed before has changed since.
    this.#failures.delete(source.path);
    const index = this.#dreamed + this.#planned + this.#failures.size + 1;
    const meanMs = this.#dreamed > 0 ? this.#dreamingMs / this.#dreamed : undefined;
    const startedAt = performance.now();
    try {
      const outcome = await this.#dreamOne(source, target, { input: source.path, index, count: index + left, meanMs });
      if (outcome === 'not begun') this.#notBegun++;
      else if (outcome === 'planned') this.#planned++;
      else if (outcome === 'finished') this.#skipped++;
      else if (outcome.recipe.stopped) this.#stopped++;
      else {
        this.#dreamed++;
        this.#dreamingMs += performance.now() - startedAt;
      }
    } catch (error) {
      if (!isAboutOnePicture(error)) throw error;
      this.fail(source, error);
    }
  }

  /** Whether there is anything to report. */
  get begun(): boolean {
    return this.#dreamed + this.#planned + this.#stopped + this.#skipped + this.#failures.size > 0;
  }

  /** Counts a picture that was dreamed by an earlier run. */
  skip(): void {
    this.#skipped++;
  }

  /** Says and counts what is wrong with a picture. */
  fail({ path }: Source, { code, message }: ImageError | MemoryError | OutputError): void {
    const text = oneLine(message.startsWith(`${path}:`) ? message : `${path}: ${message}`);
    this.#failures.set(path, text);
    say(`pareidolia: ${text}`);
    if (this.#options.json) process.stdout.write(`${JSON.stringify({ input: path, error: { code, message } })}\n`);
  }

  /**
   * Says what came of all, and each failure again.
   *
   * @param left pictures that Ctrl-C has left out
   * @returns the exit code
   */
  finish(left: number): number {
    const notBegun = this.#notBegun + left;
    const counts = [
      [this.#dreamed, 'dreamed'],
      [this.#planned, 'planned'],
      [this.#stopped, 'stopped'],
      [this.#skipped, 'skipped'],
      [this.#failures.size, 'failed'],
      [notBegun, 'not begun'],
    ] as const;
    const cut = this.#stopped + notBegun > 0;
    const all = counts.reduce((sum, [count]) => sum + count, 0);
    if (cut || this.#failures.size > 0 || !this.#options.quiet) {
      const parts = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
      const sum = `${all} ${all === 1 ? 'picture' : 'pictures'}${all > 0 ? `: ${parts.join(', ')}` : ''}.`;
      say([sum, ...[...this.#failures.values()].map((text) => `  ${text}`)].join('\n'));
    }
    if (cut) return exitCodes.interrupted;
    return this.#failures.size > 0 ? exitCodes.someFailed : exitCodes.ok;
  }
}

function isAboutOnePicture(error: unknown): error is ImageError | MemoryError | OutputError {
  return error instanceof ImageError || error instanceof MemoryError || error instanceof OutputError;
}
