/**
 * Makes dist/apps/server/store/new-database.gz: an empty embedded database with its tables, so that a server's first start
 * need not make them.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openQueue } from '../apps/server/queue/queue.js';
import { openEmbedded } from '../apps/server/store/embedded.js';
import { readyMade } from '../apps/server/store/make-database.js';
import { packFolder } from '../apps/server/store/pack-folder.js';
import { migrate } from '../apps/server/store/schema.js';

async function main(): Promise<void> {
  if (await isUpToDate()) return;
  await rm(readyMade, { force: true });
  const folder = await mkdtemp(join(tmpdir(), 'pareidolia-database-'));
  try {
    const database = await openEmbedded(join(folder, 'database'));
    await migrate(database);
    await (await openQueue(database)).close();
    // Nothing is made from the templates any more: two thirds of the files, all of which are looked at after a crash.
    await database.query('update pg_database set datistemplate = false');
    for (const name of ['template0', 'template1']) await database.query(`drop database ${name}`);
    await database.close();
    const packed = await packFolder(join(folder, 'database'));
    await writeFile(readyMade, packed);
    console.log(`Built the database: ${readyMade} (${(packed.length / 1e6).toFixed(1)} MB).`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The build is skipped when the file is newer than what makes it. */
async function isUpToDate(): Promise<boolean> {
  if (!existsSync(readyMade)) return false;
  const sources = [
    new URL(import.meta.url),
    new URL('../apps/server/store/schema.js', import.meta.url),
    new URL('../apps/server/store/database-worker.js', import.meta.url),
    createRequire(import.meta.url).resolve('@electric-sql/pglite'),
    createRequire(import.meta.url).resolve('pg-boss'),
  ];
  const made = (await stat(readyMade)).mtimeMs;
  const times = await Promise.all(sources.map(async (source) => (await stat(source)).mtimeMs));
  return times.every((time) => time < made);
}

await main();
