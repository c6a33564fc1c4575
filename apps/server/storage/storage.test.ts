import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import S3rver from 's3rver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { begin, smallDream, smallPicture, untilDone, upload } from '../../../test/server/client.js';
import { newFolder, onBothDatabases } from '../../../test/server/services.js';
import { startServer } from '../server.js';
import { settingsOf } from '../settings.js';
import { folderStorage } from './folder.js';
import { bucketStorage, parseBucket } from './s3.js';
import { Staging } from './staging.js';
import type { Storage } from './storage.js';

let service: S3rver;
let endpoint: string;
beforeAll(async () => {
  // The keys that s3rver takes.
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER', AWS_REGION: 'us-east-1' });
  const options = { port: 0, address: '127.0.0.1', silent: true, directory: await newFolder() };
  service = new S3rver({ ...options, configureBuckets: [{ name: 'dreams', configs: [] }] });
  const { port } = await service.run();
  endpoint = `http://127.0.0.1:${port}`;
});
afterAll(() => service.close());

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

const backends: readonly (readonly [name: string, open: (folder: string) => Promise<Storage>])[] = [
  ['a folder', async (folder) => folderStorage(join(folder, 'files'))],
  ['a bucket', async () => bucketStorage({ bucket: 'dreams', prefix: 'some/place/', endpoint })],
];

describe.each(backends)('%s', (_, open) => {
  it('keeps files by what is in them, gives them back, and removes them', async () => {
    const folder = await newFolder();
    await mkdir(join(folder, 'files'));
    const storage = await open(folder);
    const staging = await Staging.open(join(folder, 'work'), true);
    const sha256 = digestOf('a dream');
    expect(await storage.read(sha256)).toBeUndefined();
    for (let times = 0; times < 2; times++) {
      const staged = await staging.receive(chunks('a dream'), 100);
      expect(staged).toMatchObject({ sha256, sizeBytes: 7 });
      await storage.keep(staged);
    }
    // What was staged is gone.
    expect(await readdir(join(folder, 'work'))).toEqual([]);
    expect((await buffer((await storage.read(sha256))!)).toString()).toBe('a dream');
    const copies = await staging.folder();
    expect(await readFile(await storage.local(sha256, copies), 'utf8')).toBe('a dream');
    await storage.remove(sha256);
    await storage.remove(sha256);
    expect(await storage.read(sha256)).toBeUndefined();
    await expect(storage.local(sha256, copies)).rejects.toThrow();
  });

  it('refuses what is no digest', async () => {
    const storage = await open(await newFolder());
    await expect(async () => storage.read('../../etc/passwd')).rejects.toThrow(/64 hexadecimal digits/);
  });
});

it('a folder notices a file that was damaged, and puts it right when it comes again', async () => {
  const folder = await newFolder();
  const storage = folderStorage(join(folder, 'files'));
  const staging = await Staging.open(join(folder, 'work'), true);
  await mkdir(join(folder, 'files'));
  const { sha256, ...staged } = await staging.receive(chunks('a dream'), 100);
  await storage.keep({ sha256, ...staged });
  await writeFile(join(folder, 'files', sha256.slice(0, 2), sha256), 'A dream');
  await expect(storage.local(sha256, folder)).rejects.toThrow(/does not match its digest/);
  await storage.keep(await staging.receive(chunks('a dream'), 100));
  expect(await readFile(await storage.local(sha256, folder), 'utf8')).toBe('a dream');
});

it('reads the names of buckets', () => {
  expect(parseBucket('s3://dreams')).toEqual({ bucket: 'dreams', prefix: '' });
  expect(parseBucket('s3://dreams/a/b')).toEqual({ bucket: 'dreams', prefix: 'a/b/' });
  for (const text of ['dreams', 'http://dreams', 's3://', 's3://A', 's3://a..b/../c d\n']) {
    expect(parseBucket(text)?.bucket ?? 'none').not.toMatch(/[A-Z/]/);
  }
});

onBothDatabases((newDatabase) => {
  it('a server dreams with its files in a bucket', async () => {
    const settings = {
      dataFolder: await newFolder(),
      databaseUrl: await newDatabase(),
      storage: 's3://dreams',
      s3Endpoint: endpoint,
    };
    const listen = { host: '127.0.0.1', port: 0, hosts: [], origins: [] };
    const server = await startServer(settingsOf({ ...settings, threads: 1, checkpointEveryMs: 0 }), listen, () => {});
    try {
      const picture = await upload(server.url, await smallPicture());
      const job = await untilDone(server.url, await begin(server.url, smallDream(picture)));
      const bytes = Buffer.from(await (await fetch(`${server.url}${job.results[0].url}`)).arrayBuffer());
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(job.results[0].sha256);
    } finally {
      await server.stop();
    }
  });
});
