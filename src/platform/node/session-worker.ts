/** The thread that computes: onnxruntime blocks the thread it runs on, so it gets one of its own. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import type { InferenceSession } from 'onnxruntime-common';
import { assert } from '../../errors.js';
import type { FloatTensor } from '../platform.js';
import { loadRuntime, type Runtime } from './runtime.js';
import type { SessionAnswer, SessionQuestion, SessionRequest, SessionResults } from './session-protocol.js';

const sessions = new Map<number, InferenceSession>();
let runtime: Runtime | undefined;
let created = 0;

async function answer(request: SessionQuestion): Promise<SessionResults[keyof SessionResults]> {
  if (request.kind === 'start') {
    runtime = await loadRuntime(request.threads);
    const { name, version, fallbackReason } = runtime;
    return { name, version, ...(fallbackReason !== undefined && { fallbackReason }) };
  }
  assert(runtime, 'the runtime was started');
  if (request.kind === 'create') {
    const session = await runtime.InferenceSession.create(request.model, {
      executionProviders: [runtime.name === 'onnxruntime-node' ? 'cpu' : 'wasm'],
      graphOptimizationLevel: 'all',
      executionMode: 'sequential',
      // Planning all tensors into one block ahead of time costs a third more memory and gains no time here.
      enableMemPattern: false,
      intraOpNumThreads: request.threads,
      interOpNumThreads: 1,
      // What goes wrong is thrown as well; the runtime's own log would only break into the terminal.
      logSeverityLevel: 4,
    });
    sessions.set(++created, session);
    return created;
  }
  const session = sessions.get(request.session);
  if (request.kind === 'close') {
    sessions.delete(request.session);
    await session?.release();
    return undefined;
  }
  assert(session, 'the session is open');
  const { Tensor } = runtime;
  const feeds = Object.fromEntries(
    Object.entries(request.feeds).map(([name, { dims, data }]) => [name, new Tensor('float32', data, dims)]),
  );
  const outputs = await session.run(feeds);
  const results: Record<string, FloatTensor> = {};
  for (const [name, tensor] of Object.entries(outputs)) {
    // Copied: the runtime's own memory cannot change threads, and WebAssembly's moves when it grows.
    results[name] = { dims: tensor.dims, data: (tensor.data as Float32Array).slice() };
    tensor.dispose();
  }
  return results;
}

function serve(port: MessagePort): void {
  const respond = async (request: SessionQuestion): Promise<void> => {
    let reply: SessionAnswer;
    try {
      reply = { id: request.id, result: await answer(request) };
    } catch (error) {
      reply = { id: request.id, error: error instanceof Error ? error.message : String(error) };
    }
    const moved =
      request.kind === 'run' && 'result' in reply
        ? Object.values(reply.result as SessionResults['run']).map(({ data }) => data.buffer as ArrayBuffer)
        : [];
    port.postMessage(reply, moved);
  };
  // One at a time, in their order.
  let queue = Promise.resolve();
  port.on('message', (request: SessionRequest) => {
    // In a worker thread this ends the thread only.
    queue = queue.then(() => (request.kind === 'end' ? process.exit() : respond(request)));
  });
}

assert(parentPort, 'session-worker runs in a worker thread');
serve(parentPort);
