import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { PlatformError } from '../../errors.js';
import type { FloatTensor, Platform } from '../platform.js';

/** How to set up {@link createWebPlatform}. */
export interface WebPlatformOptions {
  /**
   * Threads to compute with; default: the machine's cores where the page is cross-origin isolated, else 1, because
   * browsers give WebAssembly threads only to isolated pages.
   */
  readonly threads?: number;
  /** Where onnxruntime-web's `.wasm` and `.mjs` files are served; default: beside its script. */
  readonly wasmPaths?: string | { readonly wasm: string; readonly mjs: string };
}

/**
 * onnxruntime on WebAssembly, in the thread that calls. A dream blocks that thread for a step at a time, so call it in
 * a worker of the page.
 */
export function createWebPlatform(options: WebPlatformOptions = {}): Platform {
  const isolated = globalThis.crossOriginIsolated === true;
  const cores = options.threads ?? (isolated ? navigator.hardwareConcurrency : 1);
  env.wasm.numThreads = cores;
  env.logLevel = 'error';
  if (options.wasmPaths) env.wasm.wasmPaths = options.wasmPaths;
  return {
    runtime: 'onnxruntime-web',
    runtimeVersion: env.versions.web ?? '',
    cores,
    async createSession(model) {
      const session = await InferenceSession.create(model, {
        executionProviders: ['wasm'],
        graphOptimizationLevel: 'all',
      }).catch(refuse);
      let open = true;
      return {
        async run(feeds) {
          const tensors = Object.entries(feeds).map(([name, { dims, data }]) => [
            name,
            new Tensor('float32', data, dims),
          ]);
          const outputs = await session.run(Object.fromEntries(tensors)).catch(refuse);
          const results: Record<string, FloatTensor> = {};
          for (const [name, tensor] of Object.entries(outputs)) {
            // Copied, because WebAssembly's memory moves when it grows.
            results[name] = { dims: tensor.dims, data: (tensor.data as Float32Array).slice() };
            tensor.dispose();
          }
          return results;
        },
        async close() {
          if (open) await session.release();
          open = false;
        },
      };
    },
  };
}

function refuse(cause: unknown): never {
  const fact = cause instanceof Error ? cause.message : String(cause);
  throw new PlatformError('platform/runtime', `onnxruntime could not run the network: ${fact}.`, { cause });
}
