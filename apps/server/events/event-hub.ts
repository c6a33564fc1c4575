import type { Connection } from '../store/database.js';
import { eventsSince } from '../store/events.js';
import type { JobEvent } from '../store/job.js';

/** How often the database is asked, once for all who listen. */
const pollMs = 200;

/** Events of one job, as one client gets them. */
export interface EventFeed {
  /** Waits for what has happened since; of progress and previews that the client was too slow for, the latest. */
  next(): Promise<readonly JobEvent[]>;
  /** Ends it: `next` gives nothing any more. */
  close(): void;
}

interface Listener {
  seq: number;
  pending: JobEvent[];
  wake: () => void;
}

/** Brings what happens to jobs, here or on other machines, to those who listen. */
export class EventHub {
  readonly #connection: Connection;
  readonly #listeners = new Map<string, Set<Listener>>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** How many listen. */
  get size(): number {
    let count = 0;
    for (const listeners of this.#listeners.values()) count += listeners.size;
    return count;
  }

  /**
   * Listens to a job.
   *
   * @param since number of the last event that is known; 0 for all
   */
  listen(job: string, since: number): EventFeed {
    const listener: Listener = { seq: since, pending: [], wake: () => {} };
    const listeners = this.#listeners.get(job) ?? new Set();
    this.#listeners.set(job, listeners.add(listener));
    this.#timer ??= setTimeout(() => void this.#poll(), 0);
    let open = true;
    return {
      next: async () => {
        if (listener.pending.length === 0 && open && !this.#closed) {
          await new Promise<void>((resolve) => {
            listener.wake = resolve;
          });
        }
        const events = listener.pending;
        listener.pending = [];
        return events;
      },
      close: () => {
        open = false;
        listeners.delete(listener);
        if (listeners.size === 0 && this.#listeners.get(job) === listeners) this.#listeners.delete(job);
        listener.wake();
      },
    };
  }

  /** Ends all that listen. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const listeners of this.#listeners.values()) for (const { wake } of listeners) wake();
  }

  async #poll(): Promise<void> {
    try {
      await this.#deliver();
    } catch {
      // The database is away for a moment; nothing is lost, since what has happened stands in it.
    }
    this.#timer = undefined;
    if (this.#listeners.size > 0 && !this.#closed) this.#timer = setTimeout(() => void this.#poll(), pollMs);
  }

  async #deliver(): Promise<void> {
    const since = new Map<string, number>();
    for (const [job, listeners] of this.#listeners) {
      since.set(job, Math.min(...[...listeners].map(({ seq }) => seq)));
    }
    for (const event of await eventsSince(this.#connection, since)) {
      for (const listener of this.#listeners.get(event.job) ?? []) {
        if (event.seq <= listener.seq) continue;
        listener.seq = event.seq;
        if (event.type !== 'state') listener.pending = listener.pending.filter(({ type }) => type !== event.type);
        listener.pending.push(event);
        listener.wake();
      }
    }
  }
}
