import { stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { OutputError } from '../../../src/platform/node/index.js';
import { listFolder } from '../files/list-pictures.js';
import { exists, type Target } from '../files/output-file.js';
import type { Source } from '../files/source.js';
import type { Batch } from './batch.js';
import { isFinished } from './checkpoint.js';

/** How long a picture must stay as it is to count as whole. */
const restMs = 1000;
const leastWaitMs = 500;
/** Looking into a folder of many thousands takes its time; it may take a tenth of all. */
const waitPerLook = 9;

/** A picture in the folder, as it was seen. */
interface Seen {
  /** Size and time of change. */
  readonly stamp: string;
  /** Since when it is like that, on the clock of `performance.now()`. */
  readonly since: number;
  /** Whether it needs nothing until it changes. */
  settled: boolean;
}

/**
 * Tells which pictures in a folder are new or have changed, and have stopped growing.
 *
 * It looks again and again instead of being told by the system: network drives and mounts of containers tell nothing,
 * and whether a file has stopped growing can only be seen by looking twice.
 */
export class FolderWatch {
  readonly #folder: string;
  readonly #recursive: boolean;
  #seen: ReadonlyMap<string, Seen> = new Map();

  constructor(folder: string, recursive: boolean) {
    this.#folder = folder;
    this.#recursive = recursive;
  }

  /**
   * The pictures that are ready now, in natural order.
   *
   * @throws ImageError when the folder cannot be read
   */
  async look(): Promise<Source[]> {
    const now = performance.now();
    const found = await listFolder(this.#folder, this.#recursive);
    const seen = new Map<string, Seen>();
    for (const { path } of found) {
      const file = await stat(path).catch(() => undefined);
      if (!file) continue;
      const stamp = `${file.size} ${file.mtimeMs}`;
      const before = this.#seen.get(path);
      seen.set(path, before?.stamp === stamp ? before : { stamp, since: now, settled: false });
    }
    this.#seen = seen;
    return found.filter(({ path }) => {
      const file = seen.get(path);
      return file !== undefined && !file.settled && now - file.since >= restMs;
    });
  }

  /** Leaves a picture out until it changes from what {@link look} saw last. */
  settle({ path }: Source): void {
    const file = this.#seen.get(path);
    if (file) file.settled = true;
  }
}

/** What {@link watchFolder} is told. */
export interface WatchOptions {
  readonly folder: string;
  /** Whether the folders in it are watched as well. */
  readonly recursive: boolean;
  /** Whether pictures that are dreamed already are dreamed again, now and whenever they change. */
  readonly again: boolean;
  /** Whether dreams that were interrupted are gone on with, although a part of them may be written. */
  readonly resume: boolean;
  readonly targetOf: (source: Source) => Target;
  /** Ends the watch. */
  readonly stop: AbortSignal;
}

/**
 * Dreams every picture in a folder, and those that come, until it is stopped. A picture that fails is not tried again
 * until it changes.
 *
 * @returns how many pictures were ready and not begun
 */
export async function watchFolder(batch: Batch, options: WatchOptions): Promise<number> {
  const { folder, recursive, again, resume, targetOf, stop } = options;
  const watch = new FolderWatch(folder, recursive);
  /** Which picture has which result. */
  const sources = new Map<string, string>();
  while (!stop.aborted) {
    const startedAt = performance.now();
    const ready = await watch.look();
    const waitMs = Math.max(leastWaitMs, waitPerLook * (performance.now() - startedAt));
    const due: { readonly source: Source; readonly target: Target }[] = [];
    for (const source of ready) {
      const target = targetOf(source);
      const other = sources.get(target.path);
      if (other === undefined) sources.set(target.path, source.path);
      watch.settle(source);
      if (other !== undefined && other !== source.path) {
        const message = `${target.path} is for the dream of ${other}. Rename one of the two.`;
        batch.fail(source, new OutputError('output/exists', message));
      } else if (again || !(await (resume ? isFinished(target.path) : exists(target.path)))) {
        due.push({ source, target });
      } else if (other === undefined) {
        batch.skip();
      }
    }
    for (const [i, { source, target }] of due.entries()) {
      if (stop.aborted) return due.length - i;
      // One that has gone while others were dreamed is no failure.
      if (await exists(source.path)) await batch.dream(source, target, due.length - i - 1);
    }
    await setTimeout(waitMs, undefined, { signal: stop }).catch(() => undefined);
  }
  return 0;
}
