import { Worker } from 'node:worker_threads';
import { PlatformError } from '../../../../errors.js';
import type { FlowField, FlowFinder } from '../../../../movie/index.js';
import type { FlowAnswer, FlowRequest } from './flow-protocol.js';

/**
 * Finds dense optical flow with OpenCV, in a thread of its own that does not keep the process alive. It starts with the
 * first question: loading OpenCV takes half a second.
 */
export function createFlowFinder(): FlowFinder {
  const waiting: { resolve: (flow: FlowField) => void; reject: (error: Error) => void }[] = [];
  let worker: Worker | undefined;
  let ended: Error | undefined;
  const end = (error: Error): void => {
    ended ??= error;
    for (const { reject } of waiting.splice(0)) reject(ended);
  };
  const start = (): Worker => {
    // The flags of this process may be of no use there: --input-type would stop it.
    const thread = new Worker(new URL('./flow-worker.js', import.meta.url), { execArgv: [] });
    thread.on('message', (answer: FlowAnswer) => {
      const entry = waiting.shift();
      if (waiting.length === 0) thread.unref();
      if ('error' in answer) entry?.reject(failed(answer.error));
      else entry?.resolve(answer.flow);
    });
    thread.on('error', (cause) => end(failed(cause.message, cause)));
    thread.on('exit', () => end(failed('its thread has ended')));
    return thread;
  };
  return {
    find: (from, to) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        worker ??= start();
        waiting.push({ resolve, reject });
        worker.ref();
        worker.postMessage({ from, to } satisfies FlowRequest);
      }),
    async close() {
      await worker?.terminate();
      end(failed('its thread has ended'));
    },
  };
}

function failed(fact: string, cause: unknown = fact): PlatformError {
  const oneLine = fact.trim().replaceAll(/\s+/g, ' ').replace(/\.$/, '');
  return new PlatformError('platform/runtime', `OpenCV could not find the motion of the picture: ${oneLine}.`, {
    cause,
  });
}
