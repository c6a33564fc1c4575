import { Worker } from 'node:worker_threads';
import type { FromThread, ToThread } from './database-worker.js';

/** An embedded database that runs in a thread of its own. */
export interface DatabaseThread {
  /**
   * Runs SQL, one call at a time; several statements may stand in it where there are no parameters.
   *
   * @returns the rows of the last statement
   */
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** Ends the database and its thread. */
  close(): Promise<void>;
}

/** Starts a database in a thread: it computes while others wait for answers, and takes its memory with it at its end. */
export async function startDatabase(folder: string): Promise<DatabaseThread> {
  const thread = new Worker(new URL('./database-worker.js', import.meta.url), { workerData: folder });
  let waiting: { resolve: (rows: unknown[]) => void; reject: (error: Error) => void } | undefined;
  let ended: Error | undefined;
  const end = (error: Error): void => {
    ended ??= error;
    waiting?.reject(ended);
    waiting = undefined;
  };
  thread.on('error', end);
  thread.on('exit', () => end(new Error(`${folder}: the database has ended`)));
  thread.on('message', ({ rows, error }: FromThread) => {
    const { resolve, reject } = waiting!;
    waiting = undefined;
    if (rows) resolve(rows);
    else reject(error!);
  });
  const ask = (request: ToThread | undefined): Promise<unknown[]> =>
    new Promise((resolve, reject) => {
      if (ended) return reject(ended);
      waiting = { resolve, reject };
      if (request) thread.postMessage(request);
    });
  // Its first word is that it is there.
  await ask(undefined);
  return {
    query: <Row>(sql: string, parameters: readonly unknown[] = []) => ask({ sql, parameters }) as Promise<Row[]>,
    async close() {
      await ask({ sql: undefined, parameters: [] });
      await thread.terminate();
    },
  };
}
