import fs from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeDatabase } from './make-database.js';
import { openOnDisk } from './synced-files.js';

test.skipIf(process.platform !== 'linux')(
  'the log is on the disk when a commit returns, and the tables after a checkpoint (Linux names open files)',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pareidolia-synced-'));
    const original = fs.fsyncSync;
    const synced: string[] = [];
    fs.fsyncSync = (file) => {
      original(file);
      synced.push(fs.readlinkSync(`/proc/self/fd/${file}`).slice(folder.length + '/database/'.length));
    };
    syncBuiltinESMExports();
    onTestFinished(async () => {
      fs.fsyncSync = original;
      syncBuiltinESMExports();
      await rm(folder, { recursive: true, force: true });
    });
    await makeDatabase(join(folder, 'database'));
    const database = await openOnDisk(join(folder, 'database'));
    await database.exec('create table t (x int)');
    const [{ path }] = (await database.query<{ path: string }>("select pg_relation_filepath('t') as path")).rows as [
      { path: string },
    ];
    synced.length = 0;
    await database.exec('begin; insert into t values (1); commit');
    expect(synced).toEqual([expect.stringMatching(/^pg_wal\/[0-9A-F]{24}$/)]);
    await database.exec('checkpoint');
    expect(synced).toContain(path);
    expect(synced.at(-1)).toBe('global/pg_control');
    await database.close();
  },
);
