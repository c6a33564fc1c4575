/**
 * Measures a server under load: how fast it answers while a job runs, 1,000 jobs wait, 100 clients listen to events and
 * 200 send their requests a byte at a time.
 *
 *     node dist/bench/server-load.js [postgres://…]
 *
 * Run from the root of the repository. Without an address the server uses its embedded database. Prints JSON.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodePicture, noisePicture } from '../src/platform/node/index.js';

const queued = 1000;
const listeners = 100;
const slowClients = 200;
const asked = 1000;

interface Times {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

async function main(databaseUrl: string | undefined): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pareidolia-load-'));
  const startedAt = performance.now();
  const { child, url } = await start(folder, databaseUrl);
  const firstStartMs = performance.now() - startedAt;
  try {
    const idleBytes = await settledRss(child);
    const picture = await encodePicture(noisePicture({ width: 256, height: 256 }, 1), { format: 'png' });
    const input = (await send('PUT', `${url}/api/pictures`, picture)).sha256;
    const recipe = { kind: 'dream', input, options: { layers: 'mixed3', octaves: 1, steps: 10_000, seed: 1 } };
    const running = (await send('POST', `${url}/api/jobs`, { recipe })).id;
    const submits: number[] = [];
    for (let i = 0; i < queued; i++) submits.push(await timed(() => send('POST', `${url}/api/jobs`, { recipe })));
    const streams = new AbortController();
    let events = 0;
    for (let i = 0; i < listeners; i++) {
      void fetch(`${url}/api/jobs/${running}/events`, { signal: streams.signal })
        .then(async ({ body }) => {
          for await (const _ of body!) events++;
        })
        .catch(() => undefined);
    }
    const sockets = Array.from({ length: slowClients }, () => connect(Number(new URL(url).port), '127.0.0.1'));
    const drip = setInterval(() => {
      for (const socket of sockets) if (socket.writable) socket.write('X');
    }, 500);
    for (const socket of sockets) socket.on('error', () => {}).write('POST /api/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\n');
    const [health, jobs, submit] = [[], [], []] as [number[], number[], number[]];
    for (let i = 0; i < asked; i++) {
      health.push(await timed(() => send('GET', `${url}/health`)));
      if (i % 4 === 0) jobs.push(await timed(() => send('GET', `${url}/api/jobs/${running}`)));
      if (i % 10 === 0) submit.push(await timed(() => send('POST', `${url}/api/jobs`, { recipe, priority: -1 })));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const stillRunning = (await send('GET', `${url}/api/jobs/${running}`)).state;
    clearInterval(drip);
    streams.abort();
    for (const socket of sockets) socket.destroy();
    const loadedBytes = rssOf(child);
    const endAt = performance.now();
    child.kill('SIGTERM');
    await new Promise((resolve) => child.on('exit', resolve));
    const stopMs = performance.now() - endAt;
    const againAt = performance.now();
    const again = await start(folder, databaseUrl);
    const nextStartMs = performance.now() - againAt;
    const reopenedIdleBytes = await settledRss(again.child);
    again.child.kill('SIGKILL');
    const result = {
      machine: `${cpus().length} × ${cpus()[0]?.model}`,
      database: databaseUrl === undefined ? 'embedded' : 'PostgreSQL',
      ...{ firstStartMs, nextStartMs, stopMs, stillRunning, events, streams: listeners, slowClients },
      memoryMB: mega({ idleBytes, loadedBytes, reopenedIdleBytes }),
      submitWhileFilling: timesOf(submits),
      ...{ health: timesOf(health), job: timesOf(jobs), submit: timesOf(submit) },
    };
    console.log(JSON.stringify(result, null, 1));
  } finally {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
}

async function start(folder: string, databaseUrl: string | undefined): Promise<{ child: ChildProcess; url: string }> {
  const flags = ['--data', folder, '--port', '0', '--max-queue', '5000', '--max-per-client', '5000', '--threads', '1'];
  const env = { PATH: process.env['PATH'], ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }) };
  const child = spawn(process.execPath, ['dist/apps/cli/main.js', 'serve', ...flags], { env });
  const url = await new Promise<string>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      const found = /http:\S+:\d+/.exec(text)?.[0];
      if (found) resolve(found);
    });
  });
  return { child, url };
}

// biome-ignore lint/suspicious/noExplicitAny: answers of several routes
async function send(method: string, url: string, body?: unknown): Promise<any> {
  const raw = body instanceof Uint8Array;
  const answer = await fetch(url, {
    method,
    ...(body !== undefined && { body: (raw ? body : JSON.stringify(body)) as never }),
    headers: { ...(body !== undefined && { 'Content-Type': raw ? 'image/png' : 'application/json' }) },
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** In milliseconds. */
function timesOf(times: number[]): Times {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number): number =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]! * 10) / 10;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

async function settledRss(child: ChildProcess): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  return rssOf(child);
}

function rssOf({ pid }: ChildProcess): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;
}

function mega(bytes: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(bytes).map(([name, value]) => [name, Math.round(value / 1e6)]));
}

await main(process.argv[2]);
