/**
 * Loaded into servers, workers and their job processes before anything else: ends one of them with SIGKILL at a given
 * point of its work, once. It also counts the steps that job processes take.
 *
 * KILL_AT is the point, KILL_WHOM `job` or `parent` (of the job process) where the point is in one, KILL_LOG a file for
 * the steps, and KILL_FLAG a file that says that it has been done.
 */
import childProcess from 'node:child_process';
import { appendFileSync, closeSync, openSync } from 'node:fs';
import fs from 'node:fs/promises';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { Worker as Thread } from 'node:worker_threads';

const { KILL_AT: point, KILL_WHOM: whom, KILL_FLAG: flag, KILL_LOG: log } = process.env;
const inJob = process.argv[1]?.includes('job-process') ?? false;

function kill(): boolean {
  try {
    closeSync(openSync(flag!, 'wx'));
  } catch {
    return false;
  }
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

function patchJob(): void {
  const endsWith = (name: string) => (given: unknown[]) => String(given.at(-1)).endsWith(name);
  const places: Record<string, { before?: string; after?: string }> = {
    'checkpoint written': { before: 'dream.checkpoint' },
    'checkpoint renamed': { after: 'dream.checkpoint' },
    encoding: { before: 'dream.png' },
    'result renamed': { after: 'dream.png' },
    mux: { before: 'zoom.gif' },
  };
  const { before, after } = places[point ?? ''] ?? {};
  around(fs, 'rename', (rename) => async (...given: unknown[]) => {
    if (before && endsWith(before)(given)) kill();
    const result = await rename(...given);
    if (after && endsWith(after)(given)) kill();
    return result;
  });
  around(fs, 'open', (open) => (...given: unknown[]) => {
    const path = String(given[0]);
    if (point === 'decoding' && /files\/[0-9a-f]{2}\/[0-9a-f]{64}$/.test(path)) kill();
    if (point === 'model loading' && path.endsWith('.onnx')) kill();
    return open(...given);
  });
  around(fs, 'readFile', (readFile) => (...given: unknown[]) => {
    if (point === 'model loading' && String(given[0]).endsWith('.onnx')) kill();
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
        if (isStep && ++steps === 4 && point === 'mid step') kill();
        return sent;
      },
  );
}

async function patchServer(): Promise<void> {
  around(childProcess, 'fork', (fork) => (program: unknown, options: unknown) => {
    const { env, ...rest } = options as { env?: Record<string, string> };
    const more = { KILL_AT: point ?? '', KILL_WHOM: whom ?? '', KILL_FLAG: flag!, KILL_LOG: log! };
    const isJob = String(program).includes('job-process');
    return fork(
      program,
      isJob ? { ...rest, env: { ...env, ...more }, execArgv: ['--import', import.meta.url] } : options,
    );
  });
  around(
    http.Server.prototype,
    'emit',
    (emit) =>
      function (this: unknown, ...given: unknown[]) {
        const { method, url } = (given[0] === 'request' ? given[1] : {}) as { method?: string; url?: string };
        if (point === 'before accept' && method === 'POST' && url === '/api/jobs') kill();
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
        return receive.call(this, point === 'mid upload' ? halfOf(source) : source, most);
      },
  );
  around(
    Jobs.prototype,
    'create',
    (create) =>
      async function (this: unknown, ...given: unknown[]) {
        if (point === 'not committed') kill();
        const made = await create.apply(this, given);
        if (point === 'committed') kill();
        return made;
      },
  );
  const beforeRun: Record<string, string> = { 'state not updated': 'checkpoint', 'not marked done': 'finish' };
  const method = beforeRun[point ?? ''];
  if (method) around(Runs.prototype, method, () => () => kill());
}

async function* halfOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    yield chunk.subarray(0, chunk.length / 2);
    kill();
  }
}

if (inJob) patchJob();
else await patchServer();
syncBuiltinESMExports();
