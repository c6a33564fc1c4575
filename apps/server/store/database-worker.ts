/** PostgreSQL inside this process (PGlite), in a thread of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import { openOnDisk } from './synced-files.js';

/** What the thread is asked: SQL, or, without any, to end. */
export interface ToThread {
  readonly sql: string | undefined;
  readonly parameters: readonly unknown[];
}

/** What it answers: the rows of the last statement, or what went wrong. */
export interface FromThread {
  readonly rows?: unknown[];
  readonly error?: Error;
}

const database = await openOnDisk(String(workerData));

async function answerTo({ sql, parameters }: ToThread): Promise<FromThread> {
  try {
    if (sql === undefined) {
      await database.close();
      return { rows: [] };
    }
    const results = parameters.length > 0 ? [await database.query(sql, [...parameters])] : await database.exec(sql);
    return { rows: results.at(-1)?.rows ?? [] };
  } catch (error) {
    return { error: error as Error };
  }
}

parentPort!.on('message', (request: ToThread) => {
  void answerTo(request).then((answer) => parentPort!.postMessage(answer));
});
parentPort!.postMessage({ rows: [] } satisfies FromThread);
