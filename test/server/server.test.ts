/** The server as its clients see it, on both databases: jobs come to their ends, whatever happens in between. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../apps/server/server.js';
import { settingsOf } from '../../apps/server/settings.js';
import { ask, begin, jobProcesses, readEvents, smallDream, smallPicture, until, untilDone, upload } from './client.js';
import { newFolder, onBothDatabases } from './services.js';

onBothDatabases((newDatabase) => {
  let server: RunningServer;
  let url: string;
  let picture: string;
  const complaints: string[] = [];
  beforeAll(async () => {
    const given = { dataFolder: await newFolder(), databaseUrl: await newDatabase(), threads: 1, checkpointEveryMs: 0 };
    const listen = { host: '127.0.0.1', port: 0, hosts: [], origins: [] };
    server = await startServer(settingsOf(given), listen, (text) => complaints.push(text));
    url = server.url;
    picture = await upload(url, await smallPicture());
  });
  afterAll(async () => {
    await server.stop();
  });

  const long = { steps: 30 };
  const running = (id: string) => until(url, id, ({ progress }) => progress?.done > 2);
  const resultOf = async (id: string) => (await untilDone(url, id)).results[0].sha256;
  let whole: string;

  it('dreams a picture, tells how it goes, and gives the file that its digest says', async () => {
    const id = await begin(url, smallDream(picture, long));
    const events = await readEvents(url, id);
    expect(events.filter(({ type }) => type === 'state').map(({ data }) => data.state)).toEqual([
      'queued',
      'running',
      'done',
    ]);
    expect(events.filter(({ type }) => type === 'progress').at(-1)?.data).toMatchObject({ progress01: 1, done: 30 });
    expect(events.map((event) => event.id)).toEqual(events.map((event) => event.id).toSorted((a, b) => a - b));
    const job = await untilDone(url, id);
    const [file] = job.results;
    const bytes = Buffer.from(await (await fetch(`${url}${file.url}`)).arrayBuffer());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(file.sha256);
    expect((await ask(`${url}/api/jobs/${id}/events`, 'GET', undefined, { 'last-event-id': '999' })).status).toBe(204);
    whole = file.sha256;
  });

  it('goes on with a stream where it was left', async () => {
    const id = await begin(url, smallDream(picture, long));
    const first = await readEvents(url, id, 0, ({ type }) => type === 'progress');
    const rest = await readEvents(url, id, first.at(-1)!.id);
    const states = [...first, ...rest].filter(({ type }) => type === 'state').map(({ data }) => data.state);
    expect(states).toEqual(['queued', 'running', 'done']);
    expect(rest[0]!.id).toBeGreaterThan(first.at(-1)!.id);
  });

  // Five thousand steps would take minutes. docs/server.md says how soon it is.
  it('ends the process of a running job that is cancelled', async () => {
    const id = await begin(url, smallDream(picture, { steps: 5000 }));
    await running(id);
    const startedAt = performance.now();
    expect((await ask(`${url}/api/jobs/${id}`, 'DELETE')).status).toBe(200);
    while (jobProcesses().length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(performance.now() - startedAt).toBeLessThan(5000);
    await until(url, id, ({ state }) => state === 'canceled');
  });

  it('pauses a running job, and goes on to the same bytes', async () => {
    const id = await begin(url, smallDream(picture, long));
    await running(id);
    await ask(`${url}/api/jobs/${id}/pause`, 'POST');
    const { progress } = await until(url, id, ({ state }) => state === 'paused');
    expect(progress.done).toBeLessThan(30);
    await ask(`${url}/api/jobs/${id}/resume`, 'POST');
    expect(await resultOf(id)).toBe(whole);
  });

  it('goes on to the same bytes after a crash, and puts a job into quarantine after the second', async () => {
    const id = await begin(url, smallDream(picture, long));
    const { progress } = await running(id);
    process.kill(jobProcesses()[0]!, 'SIGSEGV');
    await until(url, id, ({ attempt, progress: now }) => attempt === 2 && now.done > progress.done);
    const poison = await begin(url, smallDream(picture, { steps: 5000 }), { priority: -1 });
    expect(await resultOf(id)).toBe(whole);
    for (let i = 1; i <= 2; i++) {
      await until(
        url,
        poison,
        ({ attempt, progress: now, state }) => attempt === i && state === 'running' && now?.done > 0,
      );
      while (jobProcesses().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      process.kill(jobProcesses()[0]!, 'SIGKILL');
      if (i === 1) await until(url, poison, ({ attempt, crashes }) => attempt === 2 && crashes === 1);
    }
    const next = await begin(url, smallDream(picture));
    await untilDone(url, next);
    const { body } = await ask(`${url}/api/jobs/${poison}`);
    expect(body).toMatchObject({ state: 'quarantined', crashes: 2, reason: { code: 'crashed' } });
    expect(body.reason.message).toMatch(/SIGKILL/);
  });

  it('says why a job cannot be done', async () => {
    const id = await begin(url, smallDream(picture, { layers: 'mixed99' }));
    const job = await until(url, id, ({ state }) => state === 'failed').catch(
      async () => (await ask(`${url}/api/jobs/${id}`)).body,
    );
    expect(job.reason).toMatchObject({ code: 'option/layer' });
    expect(job.reason.message).toMatch(/mixed99/);
  });

  it('has nothing to complain of', () => {
    expect(complaints).toEqual([]);
  });
});
