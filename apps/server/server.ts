import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { OptionError, OutputError } from '../../src/platform/node/index.js';
import { Site } from '../studio/site.js';
import { createApp } from './app.js';
import { EventHub } from './events/event-hub.js';
import { Metrics } from './routes/metrics.js';
import { hostRules, isLoopback } from './security/hosts.js';
import { shortestToken } from './security/token.js';
import { openService, type Service } from './service.js';
import type { Settings } from './settings.js';
import { Jobs } from './store/jobs.js';
import { sweepNow } from './sweep.js';
import { Worker } from './worker/worker.js';

/** Where a server listens, and to whom. */
export interface ListenOptions {
  /** Address to listen on; another than this machine's own needs a token. */
  readonly host: string;
  /** Port; 0 for any that is free. */
  readonly port: number;
  /** What clients must show in `Authorization: Bearer`. */
  readonly token?: string | undefined;
  /** Names besides the usual ones that the server goes by. */
  readonly hosts: readonly string[];
  /** Origins of pages elsewhere that may use it. */
  readonly origins: readonly string[];
  /** How long a client may take for its headers, and for all of a request. Default: 10 and 120 seconds. */
  readonly patience?: { readonly headersMs: number; readonly requestMs: number };
}

/** A server that runs. */
export interface RunningServer {
  /** Where it listens, such as `http://127.0.0.1:7878`. */
  readonly url: string;
  /** Finishes steps, keeps checkpoints, and ends. */
  stop(): Promise<void>;
}

const sweepEveryMs = 10 * 60_000;
const healthEveryMs = 2_000;

/**
 * Starts a server, and a worker inside it.
 *
 * @throws OptionError for an address that others can reach without a token; OutputError when the port or the data folder
 *   is taken
 */
export async function startServer(
  settings: Settings,
  listen: ListenOptions,
  log: (text: string) => void,
): Promise<RunningServer> {
  checkListen(listen);
  const service = await openService(settings);
  let stopping = false;
  let healthy = true;
  const { database, queue, runs, blobs, staging } = service;
  const { jobs: atOnce, threads, checkpointEveryMs, silentMs } = settings;
  const worker =
    atOnce > 0
      ? new Worker({
          ...{ runs, blobs, staging, jobs: atOnce, threads, checkpointEveryMs, silentMs, log },
          shared: database.shared,
        })
      : undefined;
  const jobs = new Jobs(database, queue, settings.limits, () => worker?.wake());
  const hub = new EventHub(database);
  const metrics = new Metrics();
  const context = { service, jobs, hub, metrics, isStopping: () => stopping, isHealthy: () => healthy };
  const site = await Site.open();
  const access = { rules: hostRules(listen.host, listen.hosts, listen.origins), token: listen.token, site };
  const app = createApp(context, access, log);
  const server = createAdaptorServer({ fetch: app.fetch, serverOptions: httpLimits(listen.patience) }) as Server;
  const timers = [
    setInterval(() => {
      const slow = setTimeout(() => (healthy = false), healthEveryMs);
      void database
        .query('select 1')
        .then(() => (healthy = true))
        .catch(() => (healthy = false))
        .finally(() => clearTimeout(slow));
    }, healthEveryMs),
    setInterval(() => void sweepNow(service, jobs).catch((error: Error) => log(error.message)), sweepEveryMs),
  ];
  const close = async (): Promise<void> => {
    stopping = true;
    for (const timer of timers) clearInterval(timer);
    hub.close();
    metrics.close();
    server.close();
    // Requests have a moment to be answered; then the connections go.
    const cut = setTimeout(() => server.closeAllConnections(), 1_000);
    server.closeIdleConnections();
    await worker?.stop();
    clearTimeout(cut);
    server.closeAllConnections();
    await service.close();
  };
  try {
    await listening(server, listen);
    await worker?.start();
  } catch (error) {
    await close();
    throw error;
  }
  const { address, port, family } = server.address() as AddressInfo;
  return { url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`, stop: close };
}

/** Starts a worker by itself, which needs a database that others can use too. */
export async function startWorker(settings: Settings, log: (text: string) => void): Promise<{ stop(): Promise<void> }> {
  if (settings.databaseUrl === undefined) {
    throw new OptionError(
      'option/invalid',
      'DATABASE_URL: expected the database that the server uses, such as postgres://…, got none. The embedded one belongs to its server alone.',
    );
  }
  const service: Service = await openService(settings);
  const { runs, blobs, staging } = service;
  const { jobs, threads, checkpointEveryMs, silentMs } = settings;
  const worker = new Worker({
    runs,
    blobs,
    staging,
    jobs: Math.max(1, jobs),
    threads,
    checkpointEveryMs,
    silentMs,
    shared: true,
    log,
  });
  await worker.start();
  return {
    async stop() {
      await worker.stop();
      await service.close();
    },
  };
}

/** How long clients may take, and how much they may say before they are known. */
function httpLimits({ headersMs, requestMs }: NonNullable<ListenOptions['patience']> = usualPatience) {
  return {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    keepAliveTimeout: 5_000,
    connectionsCheckingInterval: Math.min(2_000, headersMs / 2),
    maxHeaderSize: 16 * 1024,
  };
}

const usualPatience = { headersMs: 10_000, requestMs: 120_000 };

/** Refuses, before anything is opened, to be reached by others without a token. */
function checkListen({ host, token }: ListenOptions): void {
  if (token !== undefined && (token.length < shortestToken || !/^[\x21-\x7e]+$/.test(token))) {
    throw new OptionError(
      'option/invalid',
      `PAREIDOLIA_TOKEN: expected at least ${shortestToken} printable characters without spaces, got ${token.length === 0 ? 'none' : 'others'}. Make one: openssl rand -hex 24`,
    );
  }
  if (isLoopback(host) || token !== undefined) return;
  throw new OptionError(
    'option/invalid',
    `--host ${host}: expected a token, since others can reach this address, got none. Set PAREIDOLIA_TOKEN, or listen on 127.0.0.1.`,
  );
}

function listening(server: Server, { host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const reason = cause.code === 'EADDRINUSE' ? 'another program listens there' : cause.code;
      const message = `--port ${port}: cannot listen on ${host} (${reason}). Choose another --port.`;
      reject(new OutputError('output/write', message, { cause }));
    });
    server.listen(port, host, resolve);
  });
}
