import { Worker } from 'node:worker_threads';
import type { Coder, CoderAnswer, CoderJob, CoderOutput, CoderRequest } from './codec-protocol.js';

/** A coder in a thread of its own. */
export interface CoderThread extends Coder {
  /** Ends the thread. */
  close(): Promise<void>;
}

/** A request without its id. */
type Question = CoderRequest extends infer Request ? (Request extends unknown ? Omit<Request, 'id'> : never) : never;

/**
 * Starts a thread that encodes or decodes.
 *
 * @throws Error when the coder cannot be made; the thread is gone then. All calls throw what the coder throws.
 */
export async function startCoder(job: CoderJob): Promise<CoderThread> {
  // The flags of this process may be of no use there: --input-type would stop it.
  const worker = new Worker(new URL('./codec-worker.js', import.meta.url), { execArgv: [] });
  const waiting = new Map<number, { resolve: (output: CoderOutput) => void; reject: (error: Error) => void }>();
  let requests = 0;
  let ended: Error | undefined;
  const end = (error: Error): void => {
    ended ??= error;
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on('message', (answer: CoderAnswer) => {
    const entry = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('error' in answer) entry?.reject(new Error(answer.error));
    else entry?.resolve(answer.output ?? { items: [] });
  });
  worker.on('error', end);
  worker.on('exit', (code) => end(new Error(`the thread that codes ended with ${code}`)));

  const ask = (question: Question): Promise<CoderOutput> =>
    new Promise((resolve, reject) => {
      if (ended !== undefined) return reject(ended);
      const id = ++requests;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ ...question, id });
    });
  const close = async (): Promise<void> => {
    await worker.terminate();
  };
  try {
    await ask({ kind: 'start', job });
  } catch (cause) {
    await close();
    throw cause;
  }
  return {
    take: (input, key) => ask({ kind: 'take', input, key }),
    flush: () => ask({ kind: 'flush' }),
    close,
  };
}
