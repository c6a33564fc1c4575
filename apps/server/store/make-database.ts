import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDatabase } from './database-thread.js';
import { syncFolder, syncPaths, unpackFolder } from './pack-folder.js';

/** An empty database with its tables, which the build makes: to make one anew takes some seconds. */
export const readyMade = fileURLToPath(new URL('./new-database.gz', import.meta.url));

/** Makes the files of an embedded database, beside their place first, so that a folder that is there is whole. */
export async function makeDatabase(folder: string): Promise<void> {
  const beside = `${folder}.new`;
  await rm(beside, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
  if (existsSync(readyMade)) await unpackFolder(readyMade, beside);
  else await (await startDatabase(beside)).close();
  await syncFolder(beside);
  await rename(beside, folder);
  await syncPaths([dirname(folder)]);
}
