import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { holderText, OptionError, OutputError, PlatformError, takeLock } from '../../src/platform/node/index.js';
import { openQueue, type Queue } from './queue/queue.js';
import type { Settings } from './settings.js';
import { Blobs } from './storage/blobs.js';
import { folderStorage } from './storage/folder.js';
import { bucketStorage, parseBucket } from './storage/s3.js';
import { Staging } from './storage/staging.js';
import type { Storage } from './storage/storage.js';
import type { Database } from './store/database.js';
import { Runs } from './store/runs.js';
import { migrate } from './store/schema.js';

/** What servers and workers work with. */
export interface Service {
  readonly settings: Settings;
  readonly database: Database;
  readonly queue: Queue;
  readonly runs: Runs;
  readonly blobs: Blobs;
  readonly staging: Staging;
  /** Gives everything back. */
  close(): Promise<void>;
}

/**
 * Opens the database, the queue and the storage. What an earlier process left behind is put right: its jobs go back into
 * the queue, and its temporary files go.
 *
 * @throws OutputError when another process has the data folder; PlatformError when the database cannot be opened
 */
export async function openService(settings: Settings): Promise<Service> {
  const { dataFolder, databaseUrl } = settings;
  await mkdir(dataFolder, { recursive: true });
  const alone = databaseUrl === undefined;
  const release = alone ? await lockFolder(dataFolder) : undefined;
  let database: Database | undefined;
  try {
    database = await openDatabase(settings);
    await migrate(database);
    const queue = await openQueue(database);
    const staging = await Staging.open(join(dataFolder, 'work'), alone);
    const runs = new Runs(database, queue);
    await runs.reclaim(alone ? 0 : settings.silentMs);
    const blobs = new Blobs(database, await storageOf(settings));
    return { settings, database, queue, runs, blobs, staging, close: () => close(queue, database!, release) };
  } catch (error) {
    await database?.close().catch(() => undefined);
    release?.();
    throw error;
  }
}

async function close(queue: Queue, database: Database, release: (() => void) | undefined): Promise<void> {
  await queue.close();
  await database.close();
  release?.();
}

/** Takes the data folder for this process alone. The lock of one that was killed is taken over. */
async function lockFolder(folder: string): Promise<() => void> {
  const lock = await takeLock(join(folder, 'server.lock'));
  if ('release' in lock) return lock.release;
  throw new OutputError(
    'output/exists',
    `${folder} is in use by another server, ${holderText(lock.heldBy)}. Stop it, or choose another folder with --data.`,
  );
}

async function openDatabase({ dataFolder, databaseUrl }: Settings): Promise<Database> {
  if (databaseUrl === undefined) {
    // Loaded only where it is used: it takes more memory than all the rest.
    const { openEmbedded } = await import('./store/embedded.js');
    return openEmbedded(join(dataFolder, 'database'));
  }
  const { openPostgres } = await import('./store/postgres.js');
  const database = openPostgres(databaseUrl);
  try {
    await database.query('select 1');
    return database;
  } catch (cause) {
    await database.close().catch(() => undefined);
    const message = `DATABASE_URL: the database cannot be opened (${(cause as Error).message || (cause as NodeJS.ErrnoException).code}). Check the address, user and password.`;
    throw new PlatformError('platform/runtime', message, { cause });
  }
}

async function storageOf({ dataFolder, storage, s3Endpoint }: Settings): Promise<Storage> {
  if (storage === undefined) {
    const folder = join(dataFolder, 'files');
    await mkdir(folder, { recursive: true });
    return folderStorage(folder);
  }
  const bucket = parseBucket(storage);
  if (!bucket) throw new OptionError('option/invalid', `--storage: expected s3://bucket/prefix, got ${storage}.`);
  return bucketStorage({ ...bucket, endpoint: s3Endpoint });
}
