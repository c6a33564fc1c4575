/** docs/server.md as it stands: its curl examples in their order, and its client. */
import { execFile, spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PareidoliaClient, ServerError } from '../../apps/server/client/client.js';
import { type RunningServer, startServer } from '../../apps/server/server.js';
import { settingsOf } from '../../apps/server/settings.js';
import { begin, smallDream, smallPicture, until, upload } from './client.js';
import { writeClip } from './clip.js';
import { newFolder } from './services.js';

const page = await readFile(new URL('../../../docs/server.md', import.meta.url), 'utf8');
const hasCurl = spawnSync('curl', ['--version']).error === undefined;
const token = 'a-token-that-nobody-guesses';
let server: RunningServer;
let folder: string;
beforeAll(async () => {
  folder = await newFolder();
  const listen = { host: '127.0.0.1', port: 0, hosts: [], origins: [] };
  server = await startServer(settingsOf({ dataFolder: join(folder, 'data'), threads: 1 }), listen, () => {});
});
afterAll(() => server.stop());

it.skipIf(!hasCurl)("the curl examples do what they say (needs Debian's curl)", async () => {
  const { url } = server;
  await writeFile(join(folder, 'photo.png'), await smallPicture(96));
  await writeFile(join(folder, 'clip.mp4'), await writeClip(join(folder, 'clip.avi'), 1));
  const blocks = [...page.matchAll(/```bash\n([\s\S]*?)```/g)]
    .map(([, text]) => text!)
    .filter((text) => text.includes('curl'));
  expect(blocks.length).toBe(9);
  const variables: Record<string, string> = { SERVER: url, PATH: process.env['PATH']! };
  const outputs: string[] = [];
  for (const block of blocks) {
    if (block.includes('$WAITING')) {
      const picture = await upload(url, await smallPicture());
      // Something that runs meanwhile, so that the other one waits.
      variables['BUSY'] = await begin(url, smallDream(picture, { steps: 9000 }));
      await until(url, variables['BUSY'], ({ state }) => state === 'running');
      variables['WAITING'] = await begin(url, smallDream(picture));
    }
    const strict = block.replaceAll('curl ', 'curl --show-error --fail-with-body ');
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', strict], {
      cwd: folder,
      env: variables,
    });
    outputs.push(stdout);
    variables['PICTURE'] ??= JSON.parse(stdout).sha256;
    if (block.includes('/api/movies')) variables['MOVIE'] = JSON.parse(stdout).sha256;
    if (block.includes('Idempotency-Key')) variables['JOB'] = JSON.parse(stdout).id;
    // The dream in the example is done in a moment, and has shown a preview by then or not.
    if (block.includes('/events')) await until(url, variables['JOB']!, ({ state }) => state === 'done');
  }
  expect(outputs[2]).toMatch(/event: state\ndata: \{"state":"done"\}/);
  expect(await readFile(join(folder, 'dream.png'))).toBeTruthy();
});

it('the client uploads, waits, moves, downloads, and says what was refused', async () => {
  const client = new PareidoliaClient(`${server.url}/`, { token });
  const { sha256 } = await client.upload(new Uint8Array(await smallPicture(80)));
  for (const job of await client.jobs({ state: 'running' })) await client.cancel(job.id);
  const job = await client.create(smallDream(sha256) as never, { idempotencyKey: 'x', priority: 2 });
  const types = new Set<string>();
  for await (const event of client.events(job.id)) types.add(event.type);
  expect([...types]).toContain('state');
  const done = await client.finished(job.id);
  expect(done.state).toBe('done');
  expect((await client.download(done.results[0]!.url)).length).toBe(done.results[0]!.sizeBytes);
  const waiting = await client.create(smallDream(sha256) as never, { paused: true });
  expect((await client.move(waiting.id, { priority: -3 })).priority).toBe(-3);
  expect((await client.cancel(waiting.id)).state).toBe('canceled');
  await expect(client.job('0'.repeat(32))).rejects.toThrow(ServerError);
  expect((await client.model()).layers.length).toBeGreaterThan(10);
});
