/**
 * Loaded into servers, workers and their job processes before anything else: ends one of them with SIGKILL at a given
 * point of its work, once. It also counts the steps that job processes take.
 *
 * KILL_PLAN is a file that says where: the point, and `self`, `job` or `parent` (of the job process). It goes when that is
 * done. KILL_LOG is a file for the steps.
 */
import childProcess from 'node:child_process';
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import fs from 'node:fs/promises';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { Worker as Thread } from 'node:worker_threads';

const { KILL_PLAN: plan, KILL_LOG: log } = process.env;
const inJob = process.argv[1]?.includes('job-process') ?? false;

/** The point that somebody is to die at; empty when nobody is. */
function planned(): { point: string; whom: string } {
  try {
    const [point = '', whom = ''] = readFileSync(plan!, 'utf8').split('\n');
    return { point, whom };
  } catch {
    return { point: '', whom: '' };
  }
}

/** Ends what is to be ended if this is the point. */
function reach(point: string): boolean {
  const { point: wanted, whom } = planned();
  if (wanted !== point) return false;
  rmSync(plan!);
  // A job process whose worker is killed goes on until it notices.
  if (inJob && whom === 'parent') return process.kill(process.ppid, 'SIGKILL');
  process.kill(process.pid, 'SIGKILL');
  // The signal may take a moment; nothing more is done here.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
  return true;
}

/** Puts something before or after a function of an object. */
function around(object: object, name: string, change: (original: (...given: unknown[]) => unknown) => unknown): void {
  const methods = object as Record<string, unknown>;
  methods[name] = change(methods[name] as (...given: unknown[]) => unknown);
}

/** Points before and after a file gets its name. */
const renames: readonly { readonly name: string; readonly before?: string; readonly after?: string }[] = [
  { name: 'dream.checkpoint', before: 'checkpoint written', after: 'checkpoint renamed' },
  { name: 'dream.png', before: 'encoding', after: 'result renamed' },
  { name: 'video.avi', before: 'mux' },
];

function patchJob(): void {
  around(fs, 'rename', (rename) => async (...given: unknown[]) => {
    const place = renames.find(({ name }) => String(given.at(-1)).endsWith(name));
    if (place?.before) reach(place.before);
    const result = await rename(...given);
    if (place?.after) reach(place.after);
    return result;
  });
  around(fs, 'open', (open) => (...given: unknown[]) => {
    const path = String(given[0]);
    if (/files\/[0-9a-f]{2}\/[0-9a-f]{64}$/.test(path)) reach('decoding');
    if (path.endsWith('.onnx')) reach('model loading');
    return open(...given);
  });
  around(fs, 'readFile', (readFile) => (...given: unknown[]) => {
    if (String(given[0]).endsWith('.onnx')) reach('model loading');
    return readFile(...given);
  });
  let steps = 0;
  around(
    Thread.prototype,
    'postMessage',
    (post) =>
      function (this: Thread, ...given: unknown[]) {
        const isStep = (given[0] as { kind?: string }).kind === 'run';
        if (isStep) appendFileSync(log!, 'step\n');
        const sent = post.apply(this, given);
        if (isStep && ++steps === 3) reach('mid step');
        return sent;
      },
  );
}

async function patchServer(): Promise<void> {
  around(childProcess, 'fork', (fork) => (program: unknown, options: unknown) => {
    const { env, ...rest } = options as { env?: Record<string, string> };
    const isJob = String(program).includes('job-process');
    const loaded = { env: { ...env, KILL_PLAN: plan!, KILL_LOG: log! }, execArgv: ['--import', import.meta.url] };
    return fork(program, isJob ? { ...rest, ...loaded } : options);
  });
  around(
    http.Server.prototype,
    'emit',
    (emit) =>
      function (this: unknown, ...given: unknown[]) {
        const { method, url } = (given[0] === 'request' ? given[1] : {}) as { method?: string; url?: string };
        if (method === 'POST' && url === '/api/jobs') reach('before accept');
        return emit.apply(this, given);
      },
  );
  const { Jobs } = await import('../../apps/server/store/jobs.js');
  const { Runs } = await import('../../apps/server/store/runs.js');
  const { Staging } = await import('../../apps/server/storage/staging.js');
  around(
    Staging.prototype,
    'receive',
    (receive) =>
      function (this: unknown, ...given: unknown[]) {
        const [source, most] = given as [AsyncIterable<Uint8Array>, number];
        return receive.call(this, planned().point === 'mid upload' ? halfOf(source) : source, most);
      },
  );
  around(
    Jobs.prototype,
    'create',
    (create) =>
      async function (this: unknown, ...given: unknown[]) {
        reach('not committed');
        const made = await create.apply(this, given);
        reach('committed');
        return made;
      },
  );
  const beforeRun = { checkpoint: 'state not updated', finish: 'not marked done' };
  for (const [name, point] of Object.entries(beforeRun)) {
    around(
      Runs.prototype,
      name,
      (method) =>
        function (this: unknown, ...given: unknown[]) {
          reach(point);
          return method.apply(this, given);
        },
    );
  }
}

async function* halfOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    yield chunk.subarray(0, chunk.length / 2);
    reach('mid upload');
  }
}

if (inJob) patchJob();
else await patchServer();
syncBuiltinESMExports();
