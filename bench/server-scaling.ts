/**
 * Measures how much gets done with 1, 2 and 4 workers on one PostgreSQL, and how many jobs the queue alone could give out:
 *
 *     node dist/bench/server-scaling.js postgres://…
 *
 * Run from the root of the repository, with the address of an empty database. The jobs are dreams of a moment, so that
 * what is measured is the starting of processes more than dreaming. Prints JSON.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkRecipe } from '../apps/server/kinds/check-recipe.js';
import { openService } from '../apps/server/service.js';
import { settingsOf } from '../apps/server/settings.js';
import { Jobs } from '../apps/server/store/jobs.js';
import { encodePicture, noisePicture } from '../src/platform/node/index.js';

const measureMs = 25_000;
const drained = 500;

async function main(databaseUrl: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pareidolia-scaling-'));
  const service = await openService(settingsOf({ dataFolder: folder, databaseUrl, jobs: 0 }));
  const jobs = new Jobs(service.database, service.queue, { queue: 1e6, perClient: 1e6 });
  const bytes = await encodePicture(noisePicture({ width: 64, height: 64 }, 1), { format: 'png' });
  const staged = await service.staging.receive([bytes] as never, 1e6);
  const { sha256 } = await service.blobs.add(staged, { mediaType: 'image/png', width: 64, height: 64 });
  const fields = { kind: 'dream' as const, input: sha256, options: { layers: 'mixed0', octaves: 1, steps: 2 } };
  const { recipe, inputs } = await checkRecipe(fields);
  const add = () => jobs.create({ recipe, inputs, client: 'bench', priority: 0, paused: false });
  const done = async () => (await jobs.counts())['done'] ?? 0;
  const clear = () => service.database.query('delete from pareidolia.jobs; delete from pgboss.job');

  const feeding = [];
  for (const takers of [1, 2, 4, 8]) {
    for (let i = 0; i < drained; i++) await add();
    const startedAt = performance.now();
    const taken = await Promise.all(Array.from({ length: takers }, () => takeAll(service.runs)));
    const seconds = (performance.now() - startedAt) / 1000;
    const count = taken.reduce((sum, each) => sum + each, 0);
    feeding.push({ takers, jobs: count, jobsPerMinute: Math.round((60 * count) / seconds) });
    await clear();
  }

  const scaling = [];
  for (const workers of [1, 2, 4]) {
    for (let i = 0; i < 200; i++) await add();
    const children = Array.from({ length: workers }, () => startWorker(folder, databaseUrl));
    while ((await done()) < workers) await new Promise((resolve) => setTimeout(resolve, 50));
    const before = await done();
    const startedAt = performance.now();
    await new Promise((resolve) => setTimeout(resolve, measureMs));
    const count = (await done()) - before;
    const seconds = (performance.now() - startedAt) / 1000;
    scaling.push({ workers, jobsPerMinute: Math.round((60 * count) / seconds) });
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(children.map((child) => new Promise((resolve) => child.on('exit', resolve))));
    await clear();
  }
  console.log(JSON.stringify({ machine: `${cpus().length} × ${cpus()[0]?.model}`, feeding, scaling }, null, 1));
  await service.close();
  await rm(folder, { recursive: true, force: true });
}

/** Takes jobs and calls them done, until none is left. */
async function takeAll(runs: Awaited<ReturnType<typeof openService>>['runs']): Promise<number> {
  let count = 0;
  for (let job = await runs.claim('bench'); job; job = await runs.claim('bench')) {
    await runs.finish(job, []);
    count++;
  }
  return count;
}

function startWorker(folder: string, databaseUrl: string): ChildProcess {
  const flags = ['worker', '--data', folder, '--threads', '1'];
  const env = { PATH: process.env['PATH'], DATABASE_URL: databaseUrl };
  return spawn(process.execPath, ['dist/apps/cli/main.js', ...flags], { env, stdio: 'ignore' });
}

const [, , address] = process.argv;
if (address === undefined)
  throw new Error('expected the address of an empty PostgreSQL database, such as postgres://…');
await main(address);
