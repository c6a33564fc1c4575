import type { InferenceSession } from 'onnxruntime-common';
import { MemoryError, PlatformError } from '../../errors.js';
import type { FloatTensor, Platform, Session } from '../platform.js';

/** What computes: WebAssembly on the processor, or WebGPU on the graphics card. */
export type WebDevice = 'wasm' | 'webgpu';

/** How to set up {@link createWebPlatform}. */
export interface WebPlatformOptions {
  /** What to compute with; default: `wasm`, which is right everywhere. */
  readonly device?: WebDevice | undefined;
  /**
   * Threads to compute with; default: the machine's cores where the page is cross-origin isolated, else 1, because
   * browsers give WebAssembly threads only to isolated pages.
   */
  readonly threads?: number | undefined;
  /**
   * Where onnxruntime-web's `.wasm` and `.mjs` files are served; default: beside its script. WebGPU has files of its own,
   * whose names have `.asyncify` in them; a folder, ending in a slash, does for both.
   */
  readonly wasmPaths?: string | { readonly wasm: string; readonly mjs: string } | undefined;
}

/** WebAssembly addresses 4 GiB, and some of that is lost between the pieces; a browser says how much the machine has. */
const mostBytes = Math.min(3, (Reflect.get(globalThis.navigator ?? {}, 'deviceMemory') ?? 8) / 2) * 2 ** 30;

/** How WebAssembly says that its memory has run out. */
const outOfMemory = /bad[ _]alloc|out of memory|failed to allocate|allocation failed|memory access out of bounds/i;

/**
 * onnxruntime in a browser, in the thread that calls. A dream blocks that thread for a step at a time, so call it in a
 * worker of the page.
 *
 * @throws PlatformError `platform/runtime` when the runtime cannot be loaded
 */
export async function createWebPlatform(options: WebPlatformOptions = {}): Promise<Platform> {
  const { device = 'wasm', wasmPaths } = options;
  const { env, InferenceSession, Tensor } = await loadRuntime(device);
  const isolated = globalThis.crossOriginIsolated === true;
  const cores = options.threads ?? (isolated ? navigator.hardwareConcurrency : 1);
  env.wasm.numThreads = cores;
  env.logLevel = 'error';
  if (wasmPaths) env.wasm.wasmPaths = wasmPaths;
  return {
    runtime: device === 'webgpu' ? 'onnxruntime-web/webgpu' : 'onnxruntime-web',
    runtimeVersion: env.versions.web ?? '',
    cores,
    comparesMaxima: device === 'webgpu',
    freeMemoryBytes: () => mostBytes,
    pause: nextTask,
    async createSession(model) {
      const session = await InferenceSession.create(model, {
        executionProviders: [device],
        graphOptimizationLevel: 'all',
        logSeverityLevel: 4,
      }).catch(refuse);
      const run = async (feeds: Readonly<Record<string, FloatTensor>>) => {
        const tensors = Object.entries(feeds).map(([name, { dims, data }]) => [
          name,
          new Tensor('float32', data, dims),
        ]);
        return copied(await session.run(Object.fromEntries(tensors)).catch(refuse));
      };
      return closedOnce(run, () => session.release());
    },
  };
}

async function loadRuntime(device: WebDevice): Promise<typeof import('onnxruntime-web/wasm')> {
  try {
    return device === 'webgpu' ? await import('onnxruntime-web/webgpu') : await import('onnxruntime-web/wasm');
  } catch (cause) {
    throw new PlatformError('platform/runtime', 'onnxruntime could not be loaded. Reload the page.', { cause });
  }
}

/** Messages that wait are heard first. */
function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/** Outputs copied, because WebAssembly's memory moves when it grows. */
function copied(outputs: InferenceSession.OnnxValueMapType): Record<string, FloatTensor> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, tensor]) => {
      const { dims, data } = tensor;
      const copy = (data as Float32Array).slice();
      tensor.dispose();
      return [name, { dims, data: copy }];
    }),
  );
}

function closedOnce(run: Session['run'], release: () => Promise<void>): Session {
  let open = true;
  return {
    run,
    async close() {
      if (open) await release();
      open = false;
    },
  };
}

function refuse(cause: unknown): never {
  const fact = cause instanceof Error ? cause.message : String(cause);
  if (outOfMemory.test(fact)) {
    throw new MemoryError(
      'memory/too-large',
      'The memory ran out while the network was running. Use a smaller picture, or close other pages.',
      { cause },
    );
  }
  throw new PlatformError('platform/runtime', `onnxruntime could not run the network: ${fact.replace(/\.$/, '')}.`, {
    cause,
  });
}
