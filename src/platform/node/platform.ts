import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { MemoryError, PlatformError } from '../../errors.js';
import type { FloatTensor, Platform, Session } from '../platform.js';
import { createScratch } from './files/scratch.js';
import { freeMemoryBytes } from './memory.js';
import type { SessionAnswer, SessionQuestion, SessionRequest, SessionResults } from './session-protocol.js';

/** The Node implementation of {@link Platform}: onnxruntime in a worker thread. */
export interface NodePlatform extends Platform {
  /** Why WebAssembly is in use instead of the native runtime; undefined when the native one is. */
  readonly fallbackReason: string | undefined;
  /** Ends the worker thread, after the run in progress: the native runtime cannot be stopped inside one. */
  close(): Promise<void>;
}

/** How to set up {@link createNodePlatform}. */
export interface NodePlatformOptions {
  /** Threads to compute with; default: the machine's cores. */
  readonly threads?: number;
  /** Where pictures lie that are too large for the memory; default: the system's folder for temporary files. */
  readonly scratchFolder?: string;
}

type Request<K> = K extends unknown ? Omit<Extract<SessionQuestion, { kind: K }>, 'id' | 'kind'> : never;

/** How the runtimes and Node say that memory has run out. */
const outOfMemory = /bad[ _]alloc|out of memory|failed to allocate|memory limit|allocation failed/i;

/**
 * Starts onnxruntime in a thread of its own: the native package, or WebAssembly where that does not load.
 *
 * The thread does not keep the process alive while nothing is being computed.
 *
 * @throws PlatformError `platform/runtime` when neither runtime loads
 */
export async function createNodePlatform(options: NodePlatformOptions = {}): Promise<NodePlatform> {
  const { threads: cores = availableParallelism(), scratchFolder } = options;
  // The flags of this process may be of no use there: --input-type would stop it.
  const worker = new Worker(new URL('./session-worker.js', import.meta.url), { execArgv: [] });
  const waiting = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>();
  let requests = 0;
  let ended: Error | undefined;

  const end = (error: Error): void => {
    ended ??= error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('message', (answer: SessionAnswer) => {
    const entry = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0 && !ended) worker.unref();
    if ('error' in answer) entry?.reject(refused(answer.error));
    else entry?.resolve(answer.result as never);
  });
  worker.on('error', (error) => end(refused('its thread failed', error)));
  const exited = new Promise<void>((resolve) => worker.on('exit', () => resolve()));
  worker.on('exit', () => end(refused('its thread has ended')));

  const request = <K extends SessionQuestion['kind']>(
    kind: K,
    fields: Request<K>,
    moved: ArrayBuffer[] = [],
  ): Promise<SessionResults[K]> =>
    new Promise((resolve, reject) => {
      if (ended) return reject(ended);
      const id = requests++;
      waiting.set(id, { resolve, reject });
      worker.ref();
      worker.postMessage({ id, kind, ...fields }, moved);
    });

  const runtime = await request('start', { threads: cores });
  return {
    runtime: runtime.name,
    runtimeVersion: runtime.version,
    fallbackReason: runtime.fallbackReason,
    cores,
    freeMemoryBytes,
    createScratch: (sizeBytes) => createScratch(sizeBytes, scratchFolder),
    pause: () => setImmediate(),
    async createSession(model, { threads = cores } = {}): Promise<Session> {
      const bytes = whole(model);
      const session = await request('create', { model: bytes, threads }, [bytes.buffer]);
      let open = true;
      return {
        run: (feeds) => {
          const ready = Object.entries(feeds).map(([name, { dims, data }]): [string, FloatTensor] => [
            name,
            { dims, data: whole(data) },
          ]);
          return request(
            'run',
            { session, feeds: Object.fromEntries(ready) },
            ready.map(([, { data }]) => data.buffer as ArrayBuffer),
          );
        },
        close: async () => {
          if (open && !ended) await request('close', { session });
          open = false;
        },
      };
    },
    async close() {
      end(refused('it was closed'));
      worker.ref();
      worker.postMessage({ kind: 'end' } satisfies SessionRequest);
      await exited;
    },
  };
}

/** The array itself when it fills its buffer, which can then change threads, else a copy that does. */
function whole<T extends Uint8Array | Float32Array>(array: T): T & { buffer: ArrayBuffer } {
  const fills = array.buffer instanceof ArrayBuffer && array.buffer.byteLength === array.byteLength;
  return (fills ? array : array.slice()) as T & { buffer: ArrayBuffer };
}

function refused(fact: string, cause: unknown = fact): MemoryError | PlatformError {
  const said = cause instanceof Error ? cause.message : fact;
  if (outOfMemory.test(said)) {
    return new MemoryError(
      'memory/too-large',
      'The memory ran out while the network was running. Use a smaller --tile or --size, or close other programs.',
      { cause },
    );
  }
  const oneLine = fact.trim().replaceAll(/\s+/g, ' ').replace(/\.$/, '');
  return new PlatformError('platform/runtime', `onnxruntime could not run the network: ${oneLine}.`, { cause });
}
