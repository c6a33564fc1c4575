/** The thread that encodes and decodes: WebAssembly blocks the thread it runs on, so each coder gets one of its own. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { assert } from '../../../../errors.js';
import type { Coder, CoderAnswer, CoderJob, CoderRequest } from './codec-protocol.js';
import { createH264Encoder } from './h264-encoder.js';
import { createVpxDecoder, createVpxEncoder } from './vpx.js';

let coder: Coder | undefined;

function create(job: CoderJob): Promise<Coder> {
  if (job.kind === 'decode') return createVpxDecoder(job.codec);
  return job.codec === 'h264' ? createH264Encoder(job) : createVpxEncoder(job);
}

async function answer(request: CoderRequest): Promise<CoderAnswer> {
  const { id } = request;
  try {
    if (request.kind === 'start') {
      coder = await create(request.job);
      return { id, output: undefined };
    }
    assert(coder, 'the coder was started');
    return { id, output: await (request.kind === 'flush' ? coder.flush() : coder.take(request.input, request.key)) };
  } catch (cause) {
    return { id, error: cause instanceof Error ? cause.message : String(cause) };
  }
}

function listen(port: MessagePort): void {
  let last = Promise.resolve();
  port.on('message', (request: CoderRequest) => {
    // One after the other, in the order they came.
    last = last.then(async () => port.postMessage(await answer(request)));
  });
}

assert(parentPort, 'this module runs in a worker thread');
listen(parentPort);
