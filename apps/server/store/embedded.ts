import { once } from 'node:events';
import { closeSync, existsSync, fdatasyncSync, openSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { PGlite, type Results, type Transaction } from '@electric-sql/pglite';
import type { Connection, Database } from './database.js';

/**
 * Opens PostgreSQL inside this process, with its files in a folder. Only one process may do so.
 *
 * PGlite never asks the system to put its files on the disk, so its log is put there here, at the end of every
 * transaction. What was committed thus survives the death of the process, and is on the disk for when the machine dies.
 */
export async function openEmbedded(folder: string): Promise<Database> {
  if (!existsSync(join(folder, 'PG_VERSION'))) await makeDatabase(folder);
  const database = await PGlite.create(folder);
  const log = join(folder, 'pg_wal');
  const connection = connectionOf(database);
  return {
    shared: false,
    query: connection.query,
    async transaction(work) {
      const result = await database.transaction((transaction) => work(connectionOf(transaction)));
      await syncLog(log);
      return result;
    },
    close: () => database.close(),
  };
}

/** Makes the files beside their place, so that a folder that is there is whole. */
async function makeDatabase(folder: string): Promise<void> {
  const beside = `${folder}.new`;
  await rm(beside, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
  await mkdir(beside, { recursive: true });
  const thread = new Worker(new URL('./make-database.js', import.meta.url), { workerData: beside });
  const [code] = await once(thread, 'exit');
  if (code !== 0) throw new Error(`${beside}: the database could not be made`);
  await rename(beside, folder);
}

function connectionOf(to: PGlite | Transaction): Connection {
  return {
    async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
      const results: Results[] = parameters.length > 0 ? [await to.query(sql, [...parameters])] : await to.exec(sql);
      return (results.at(-1)?.rows ?? []) as Row[];
    },
  };
}

/** Puts the newest parts of the log on the disk: the one that is written, and the one before where it has just begun. */
async function syncLog(folder: string): Promise<void> {
  const segments = (await readdir(folder)).filter((name) => /^[0-9A-F]{24}$/.test(name)).sort();
  for (const name of segments.slice(-2)) {
    // Microseconds to a few milliseconds; a thread for it would take longer.
    const file = openSync(join(folder, name), 'r+');
    try {
      fdatasyncSync(file);
    } finally {
      closeSync(file);
    }
  }
}
