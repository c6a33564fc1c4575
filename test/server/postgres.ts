/** Debian's PostgreSQL, started for the tests of a file and stopped after them. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const debianFolder = '/usr/lib/postgresql';

/** Where `initdb` and `postgres` are; undefined where they are not installed. */
export const postgresFolder: string | undefined = findPrograms();

/** Why tests of PostgreSQL do not run. */
export const withoutPostgres = "needs Debian's postgresql";

function findPrograms(): string | undefined {
  const versions = existsSync(debianFolder) ? readdirSync(debianFolder).sort().reverse() : [];
  const folders = [
    ...versions.map((version) => join(debianFolder, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(':'),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** A server of one's own. */
export interface PostgresServer {
  /** Address of a new, empty database. */
  newDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts a server with its files in memory or on the disk of temporary files. It refuses to run as root, so it gets a user of its own. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'pareidolia-postgres-'));
  const user = process.getuid?.() === 0 ? ordinaryUser() : undefined;
  if (user) await chown(folder, user.uid, user.gid);
  await chmod(folder, 0o700);
  const program = (name: string) => join(postgresFolder!, name);
  const data = join(folder, 'data');
  const made = spawnSync(program('initdb'), ['-D', data, '-U', 'tests', '-A', 'trust', '--no-sync', '-E', 'UTF8'], {
    ...user,
    cwd: folder,
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  const port = await freePort();
  const flags = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-c', 'max_connections=60'];
  const server: ChildProcess = spawn(program('postgres'), flags, { ...user, cwd: folder, stdio: 'ignore' });
  const { default: pg } = await import('pg');
  const address = (name: string) => `postgres://tests@127.0.0.1:${port}/${name}`;
  const run = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: address('postgres') });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  for (let tries = 0; ; tries++) {
    try {
      await run('select 1');
      break;
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  let databases = 0;
  return {
    async newDatabase() {
      const name = `test${++databases}`;
      await run(`create database ${name}`);
      return address(name);
    },
    async stop() {
      const gone = new Promise((resolve) => server.on('exit', resolve));
      server.kill('SIGQUIT');
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Debian's user for it, or nobody. */
function ordinaryUser(): { uid: number; gid: number } {
  const idOf = (flag: string, name: string) => Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout);
  const name = idOf('-u', 'postgres') > 0 ? 'postgres' : 'nobody';
  return { uid: idOf('-u', name), gid: idOf('-g', name) };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
