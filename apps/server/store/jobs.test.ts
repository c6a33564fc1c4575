import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { newService, onBothDatabases } from '../../../test/server/services.js';
import type { Service } from '../service.js';
import type { JobRow } from './job.js';
import { Jobs, type NewJob } from './jobs.js';

onBothDatabases((newDatabase) => {
  let service: Service;
  let jobs: Jobs;
  beforeAll(async () => {
    service = await newService(await newDatabase());
    jobs = new Jobs(service.database, service.queue, { queue: 30, perClient: 12 });
  });
  afterAll(() => service.close());
  beforeEach(async () => {
    await service.database.query('delete from pareidolia.jobs; delete from pgboss.job');
  });

  const add = async (tag: string, given: Partial<NewJob> = {}): Promise<JobRow> => {
    const wanted = { inputs: [], client: 'me', priority: 0, paused: false, ...given };
    return (await jobs.create({ recipe: { kind: 'dream', tag }, ...wanted })).job;
  };
  const claim = () => service.runs.claim('w');
  const claimAll = async (): Promise<unknown[]> => {
    const tags = [];
    for (let job = await claim(); job; job = await claim()) tags.push(job.recipe['tag']);
    return tags;
  };
  const stateOf = async (id: string) => (await jobs.find(id))?.state;

  it('gives out jobs by priority, then in the order they came', async () => {
    await add('a');
    await add('b', { priority: -1 });
    await add('c', { priority: 5 });
    await add('d');
    expect(await claimAll()).toEqual(['c', 'a', 'd', 'b']);
  });

  it('moves a job to the front, to the back, before another one, and to another priority', async () => {
    const [a, b, c, d] = [await add('a'), await add('b'), await add('c'), await add('d')];
    await jobs.move(d!.id, { place: 'first' });
    await jobs.move(a!.id, { place: 'last' });
    await jobs.move(a!.id, { place: { before: c!.id } });
    await jobs.move(b!.id, { priority: 1 });
    expect(await claimAll()).toEqual(['b', 'd', 'a', 'c']);
  });

  it('gives each job to one of several workers', async () => {
    for (let i = 0; i < 12; i++) await add(`${i}`);
    const worker = async (): Promise<string[]> => {
      const got: string[] = [];
      for (let job = await claim(); job; job = await claim()) got.push(job.id);
      return got;
    };
    const got = (await Promise.all([worker(), worker(), worker(), worker()])).flat();
    expect(new Set(got).size).toBe(12);
    expect(got.length).toBe(12);
  });

  it('gives the same job for the same Idempotency-Key, also at the same moment, and refuses another one', async () => {
    const both = await Promise.all([add('a', { requestKey: 'k' }), add('a', { requestKey: 'k' })]);
    expect(both[0].id).toBe(both[1].id);
    expect((await add('a', { requestKey: 'k', client: 'other' })).id).not.toBe(both[0].id);
    await expect(add('b', { requestKey: 'k' })).rejects.toMatchObject({ status: 409, code: 'job/key-reused' });
  });

  it('refuses more jobs than a client, and than all of them, may have', async () => {
    for (let i = 0; i < 12; i++) await add(`${i}`);
    await expect(add('more')).rejects.toMatchObject({ status: 429, code: 'queue/client-full', retryAfterSeconds: 30 });
    for (let i = 0; i < 18; i++) await add(`${i}`, { client: i % 2 ? 'x' : 'y' });
    await expect(add('more', { client: 'z' })).rejects.toMatchObject({ status: 429, code: 'queue/full' });
  });

  it('refuses pictures that are not there, and takes no job on', async () => {
    const inputs = [{ name: 'input', sha256: '0'.repeat(64) }];
    await expect(add('a', { inputs })).rejects.toMatchObject({ status: 422, code: 'picture/missing' });
    expect(await jobs.list({ limit: 10 })).toEqual([]);
    expect(await claim()).toBeUndefined();
  });

  it('pauses, resumes, cancels and retries jobs that wait', async () => {
    const a = await add('a');
    await jobs.pause(a.id);
    expect(await claim()).toBeUndefined();
    await jobs.resume(a.id);
    expect((await claim())?.id).toBe(a.id);
    const b = await add('b', { paused: true });
    await jobs.cancel(b.id);
    await expect(jobs.resume(b.id)).rejects.toMatchObject({ status: 409, code: 'job/state' });
    await jobs.retry(b.id);
    expect((await claim())?.id).toBe(b.id);
    await expect(jobs.cancel('none')).rejects.toMatchObject({ status: 404 });
  });

  it('takes a job back from a lost worker, puts it into quarantine the second time, and goes on with the queue', async () => {
    const poison = await add('poison');
    await add('next');
    await claim();
    await service.runs.reclaim(0);
    // It has begun, so it goes before those that have not.
    expect((await claim())?.id).toBe(poison.id);
    await service.runs.reclaim(0);
    expect(await jobs.find(poison.id)).toMatchObject({ state: 'quarantined', reason: { code: 'crashed' } });
    expect((await claim())?.recipe['tag']).toBe('next');
  });

  it('does not hold a lost worker against a job that got further', async () => {
    const a = await add('a');
    for (let i = 0; i < 4; i++) {
      const run = (await claim())!;
      await service.blobs
        .add(await service.staging.receive(chunks(`state ${i}`), 100), { mediaType: 'x/y' })
        .then(({ sha256 }) => service.runs.checkpoint(run, { name: 'state', sha256 }));
      await service.runs.reclaim(0);
      expect(await stateOf(a.id)).toBe('queued');
    }
    expect(await service.runs.files(a.id, 'checkpoint')).toHaveLength(1);
  });

  it('lets go of jobs that ended long ago, and of files that nobody uses any more', async () => {
    const store = async (text: string) =>
      (await service.blobs.add(await service.staging.receive(chunks(text), 100), { mediaType: 'x/y' })).sha256;
    const [input, result, unused] = [await store('input'), await store('result'), await store('unused')];
    const a = await add('a', { inputs: [{ name: 'input', sha256: input }] });
    await service.runs.finish((await claim())!, [{ name: 'dream.png', sha256: result }]);
    await service.blobs.sweep(60_000);
    expect(await service.blobs.find(unused)).toBeDefined();
    await service.blobs.sweep(0);
    expect(await service.blobs.find(unused)).toBeUndefined();
    expect(await service.blobs.storage.read(unused)).toBeUndefined();
    expect(await service.blobs.storage.read(result)).toBeDefined();
    expect(await jobs.forget(new Date(Date.now() - 60_000))).toBe(0);
    await add('waits');
    expect([await jobs.forgetOldest(), await jobs.forgetOldest()]).toEqual([1, 0]);
    expect(await jobs.find(a.id)).toBeUndefined();
    await service.blobs.sweep(0);
    expect(await service.blobs.storage.read(input)).toBeUndefined();
    expect(await service.blobs.storage.read(result)).toBeUndefined();
  });

  it('does not listen to an attempt that is no longer the latest', async () => {
    const a = await add('a');
    const stale = (await claim())!;
    await service.runs.reclaim(0);
    const run = (await claim())!;
    expect(await service.runs.finish(stale, [])).toBe(false);
    await service.runs.fail(stale, { code: 'x', message: 'x' });
    expect(await stateOf(a.id)).toBe('running');
    expect(await service.runs.finish(run, [])).toBe(true);
    expect(await stateOf(a.id)).toBe('done');
  });

  it('joins a job when its last part is done', async () => {
    const whole = await add('whole');
    const part = (tag: string) => ({ recipe: { kind: 'dream' as const, tag }, inputs: [] });
    await service.runs.split((await claim())!, [part('p0'), part('p1')]);
    expect(await stateOf(whole.id)).toBe('waiting');
    const [p0, p1] = [(await claim())!, (await claim())!];
    await service.runs.finish(p1, []);
    expect(await claim()).toBeUndefined();
    await service.runs.finish(p0, []);
    expect(await claim()).toMatchObject({ id: whole.id, stage: 'join', partsDone: 2 });
  });

  it('counts a part that is done while the job is paused, and joins it when it is resumed', async () => {
    const whole = await add('whole');
    const part = (tag: string) => ({ recipe: { kind: 'dream' as const, tag }, inputs: [] });
    await service.runs.split((await claim())!, [part('p0'), part('p1')]);
    const p0 = (await claim())!;
    await jobs.pause(whole.id);
    expect((await jobs.parts(whole.id)).map(({ state, wish }) => wish ?? state)).toEqual(['pause', 'paused']);
    await service.runs.finish(p0, []);
    expect(await jobs.find(whole.id)).toMatchObject({ state: 'paused', partsDone: 1 });
    await jobs.resume(whole.id);
    await service.runs.finish((await claim())!, []);
    expect(await claim()).toMatchObject({ id: whole.id, stage: 'join' });
  });

  it('ends a job one of whose parts fails, and retries only what is left of it', async () => {
    const whole = await add('whole');
    const part = (tag: string) => ({ recipe: { kind: 'dream' as const, tag }, inputs: [] });
    await service.runs.split((await claim())!, [part('p0'), part('p1'), part('p2')]);
    await service.runs.finish((await claim())!, []);
    await service.runs.fail((await claim())!, { code: 'option/layer', message: 'no such layer' });
    expect(await jobs.find(whole.id)).toMatchObject({ state: 'failed', reason: { code: 'option/layer' } });
    expect((await jobs.parts(whole.id)).map(({ state }) => state)).toEqual(['done', 'failed', 'canceled']);
    await jobs.retry(whole.id);
    expect(await claimAll()).toEqual(['p1', 'p2']);
  });
});

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
