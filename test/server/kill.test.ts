/**
 * Servers, workers and job processes that are killed at every stage of a job. Afterwards nothing that was acknowledged is
 * missing, nothing is torn, the result has the bytes of one that was not interrupted, nothing is left lying about, and at
 * most one step was done twice.
 *
 * Points take turns between the databases; PAREIDOLIA_KILLS=all has each on both, which takes twice the time.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, smallDream, smallPicture, until, untilDone, upload } from './client.js';
import { writeClip } from './clip.js';
import { newFolder, onBothDatabases } from './services.js';

const main = fileURLToPath(new URL('../../apps/cli/main.js', import.meta.url));
const killAt = new URL('./kill-at.js', import.meta.url).href;

type Kind = 'dream' | 'video';

/** The points, and who dies there: the process itself, the job's process, or the worker that it belongs to; and what is made. */
const points: readonly (readonly [point: string, whom: 'self' | 'job' | 'parent', kind: Kind])[] = [
  ['before accept', 'self', 'dream'],
  ['mid upload', 'self', 'dream'],
  ['not committed', 'self', 'dream'],
  ['committed', 'self', 'dream'],
  ['model loading', 'parent', 'dream'],
  ['decoding', 'job', 'dream'],
  ['mid step', 'parent', 'dream'],
  ['mid step', 'job', 'dream'],
  ['checkpoint written', 'parent', 'dream'],
  ['checkpoint renamed', 'job', 'dream'],
  ['state not updated', 'self', 'dream'],
  ['encoding', 'parent', 'dream'],
  ['mid step', 'job', 'video'],
  ['mux', 'parent', 'video'],
  ['result renamed', 'job', 'dream'],
  ['not marked done', 'self', 'dream'],
];

onBothDatabases((newDatabase, turn) => {
  const all = process.env['PAREIDOLIA_KILLS'] === 'all';
  const here = points.filter((_, i) => all || i % 2 === turn);
  let folder: string;
  let picture: Uint8Array;
  let databaseUrl: string | undefined;
  let url = '';
  let server: ChildProcess;
  let worker: ChildProcess | undefined;
  let clip: Uint8Array;
  const references = new Map<string, { readonly sha256: string; readonly steps: number }>();

  const start = async (command: string, flags: readonly string[]) => {
    const env = {
      PATH: process.env['PATH'],
      ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
      ...{ KILL_PLAN: join(folder, 'plan'), KILL_LOG: join(folder, 'steps') },
    };
    const common = [
      '--data',
      join(folder, 'data'),
      '--checkpoint-every',
      '0',
      '--worker-timeout',
      '1',
      '--threads',
      '1',
    ];
    const child = spawn(process.execPath, ['--import', killAt, main, command, ...common, ...flags], { env });
    const said = await new Promise<string>((resolve, reject) => {
      let text = '';
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (text.includes('\n')) resolve(text);
      });
      child.on('exit', () => reject(new Error(text)));
    });
    if (command === 'serve') url = /http:\S+:\d+/.exec(said)![0];
    return child;
  };
  const startServer = async (): Promise<void> => {
    server = await start('serve', ['--port', '0', '--jobs', databaseUrl === undefined ? '1' : '0']);
  };
  const startWorker = async (): Promise<void> => {
    if (databaseUrl !== undefined) worker = await start('worker', []);
  };
  const gone = (child: ChildProcess): Promise<unknown> =>
    child.exitCode !== null || child.signalCode !== null
      ? Promise.resolve()
      : new Promise((resolve) => child.on('exit', resolve));
  const end = async (child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> => {
    if (!child) return;
    child.kill(signal);
    await gone(child);
  };
  const stepsTaken = (): number => readFileSync(join(folder, 'steps'), 'utf8').split('\n').length - 1;
  /** What is to be made of a picture or movie that is uploaded for it. */
  const recipeOf = async (kind: Kind, bytes: Uint8Array) => {
    if (kind === 'dream') return smallDream(await upload(url, bytes), { steps: 6 });
    const { body } = await ask(`${url}/api/movies`, 'PUT', bytes, { 'content-type': 'video/x-msvideo' });
    const options = { layers: 'mixed0', octaves: 1, steps: 1, seed: 5 };
    return { kind, input: body.sha256, format: 'avi', options };
  };

  beforeAll(async () => {
    folder = await newFolder();
    await mkdir(join(folder, 'data'));
    picture = await smallPicture(64);
    clip = await writeClip(join(folder, 'clip.avi'), 2);
    databaseUrl = await newDatabase();
    await startServer();
    await startWorker();
    const kinds = new Set(here.map(([, , kind]) => kind));
    for (const kind of kinds) {
      await rm(join(folder, 'steps'), { force: true });
      const recipe = await recipeOf(kind, kind === 'video' ? clip : picture);
      const { body } = await ask(`${url}/api/jobs`, 'POST', { recipe });
      const job = await untilDone(url, body.id);
      references.set(kind, { sha256: job.results[0].sha256, steps: stepsTaken() });
    }
  });
  afterAll(async () => {
    await Promise.all([end(server, 'SIGKILL'), end(worker, 'SIGKILL')]);
  });

  it.each(here)('%s: killed is the %s', async (point, whom, kind) => {
    const inServer = ['before accept', 'mid upload', 'not committed', 'committed'].includes(point);
    const plan = join(folder, 'plan');
    await rm(join(folder, 'steps'), { force: true });
    await writeFile(plan, `${point}\n${whom}`);
    const key = { 'idempotency-key': `${point}-${whom}-${kind}`.replaceAll(' ', '-') };
    const post = async () => {
      const bytes = point === 'mid upload' ? await smallPicture(64, 2) : kind === 'video' ? clip : picture;
      const recipe = await recipeOf(kind, bytes);
      return (await ask(`${url}/api/jobs`, 'POST', { recipe }, key)).body.id as string;
    };
    const acknowledged = await post().catch(() => undefined);
    expect(acknowledged === undefined).toBe(inServer);
    for (let tries = 0; existsSync(plan); tries++) {
      expect(tries).toBeLessThan(12_000);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    if (inServer || (whom !== 'job' && databaseUrl === undefined)) {
      await gone(server);
      await startServer();
      // Nothing that was being received is left.
      if (databaseUrl === undefined && acknowledged === undefined) {
        expect(readdirSync(join(folder, 'data', 'work'))).toEqual([]);
      }
    } else if (whom !== 'job') {
      await gone(worker!);
      await startWorker();
    }
    // What was acknowledged is there; what was not can be sent again and is there once.
    const id = acknowledged ?? (await post());
    const job = await untilDone(url, id);
    const { body } = await ask(`${url}/api/jobs?limit=200`);
    const keyed = body.jobs.filter(({ state }: { state: string }) => state !== 'done');
    expect(keyed).toEqual([]);

    const reference = references.get(kind)!;
    if (point !== 'mid upload') expect(job.results[0].sha256).toBe(reference.sha256);
    expect(stepsTaken()).toBeLessThanOrEqual(reference.steps + 1);
    await untilEmpty(join(folder, 'data', 'work'));
    for (const path of readdirSync(join(folder, 'data', 'files'), { recursive: true, withFileTypes: true })) {
      if (path.isDirectory()) continue;
      const file = join(path.parentPath, path.name);
      expect(createHash('sha256').update(readFileSync(file)).digest('hex')).toBe(basename(file));
    }
  });

  it('SIGTERM finishes the step, keeps the job, and ends within 10 s', async () => {
    const input = await upload(url, picture);
    const { body } = await ask(`${url}/api/jobs`, 'POST', { recipe: smallDream(input, { steps: 400 }) });
    await until(url, body.id, ({ progress }) => progress?.done > 2);
    const startedAt = performance.now();
    const child = worker ?? server;
    await end(child, 'SIGTERM');
    expect(child.exitCode).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    await (worker ? startWorker() : startServer());
    const job = await until(url, body.id, ({ state, attempt }) => state === 'running' && attempt === 2);
    expect(job.progress.done).toBeGreaterThan(2);
    await ask(`${url}/api/jobs/${body.id}`, 'DELETE');
  });
});

/** Waits until a folder is empty: who has just finished clears up a moment later. */
async function untilEmpty(folder: string): Promise<void> {
  for (let tries = 0; readdirSync(folder).length > 0 && tries < 100; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(readdirSync(folder)).toEqual([]);
}
