/** The server's insides on both databases: embedded, and Debian's PostgreSQL. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { openService, type Service } from '../../apps/server/service.js';
import { type GivenSettings, settingsOf } from '../../apps/server/settings.js';
import { type PostgresServer, postgresFolder, startPostgres, withoutPostgres } from './postgres.js';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** A new folder, which goes when the tests of the file are over. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pareidolia-server-'));
  folders.push(folder);
  return folder;
}

/**
 * Runs the same tests on each database.
 *
 * @param tests is given what makes a new database (undefined for the embedded one), and 0 or 1
 */
export function onBothDatabases(tests: (newDatabase: () => Promise<string | undefined>, turn: number) => void): void {
  describe('on the embedded database', () => tests(async () => undefined, 0));
  const title = postgresFolder === undefined ? `on PostgreSQL (${withoutPostgres})` : 'on PostgreSQL';
  describe.skipIf(postgresFolder === undefined)(title, () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => server.stop());
    tests(() => server.newDatabase(), 1);
  });
}

/** Opens a service in a new folder. */
export async function newService(databaseUrl: string | undefined, given: GivenSettings = {}): Promise<Service> {
  return openService(settingsOf({ dataFolder: await newFolder(), databaseUrl, threads: 1, ...given }));
}
