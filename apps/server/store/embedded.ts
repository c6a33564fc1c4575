import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection, Database } from './database.js';
import { startDatabase } from './database-thread.js';
import { makeDatabase } from './make-database.js';

/**
 * How often what the tables hold is put into their files: until then it stands in the log alone, which grows. PostgreSQL
 * does so by itself, but not where it has no processes besides.
 */
const checkpointMs = 5 * 60_000;

/**
 * Opens PostgreSQL inside this process, with its files in a folder. Only one process may do so. Where there is no
 * database yet it is made. What was committed is on the disk.
 */
export async function openEmbedded(folder: string): Promise<Database> {
  if (!existsSync(join(folder, 'PG_VERSION'))) await makeDatabase(folder);
  const { query, close } = await startDatabase(folder);
  const connection: Connection = { query };
  // It has one connection, so transactions and single queries take turns.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
  let changed = false;
  const timer = setInterval(() => {
    if (changed) void inTurn(() => query('checkpoint')).catch(() => undefined);
    changed = false;
  }, checkpointMs);
  timer.unref();
  return {
    shared: false,
    query: (sql, parameters) => inTurn(() => query(sql, parameters)),
    transaction: (work) =>
      inTurn(async () => {
        changed = true;
        await query('begin');
        try {
          const result = await work(connection);
          await query('commit');
          return result;
        } catch (error) {
          await query('rollback').catch(() => undefined);
          throw error;
        }
      }),
    close() {
      clearInterval(timer);
      return inTurn(close);
    },
  };
}
