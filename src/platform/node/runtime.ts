import type { InferenceSession, Tensor } from 'onnxruntime-common';

/** The parts of onnxruntime that both its Node and its WebAssembly package have. */
export interface Runtime {
  readonly name: 'onnxruntime-node' | 'onnxruntime-web';
  readonly version: string;
  /** Why the native runtime is not in use, when it is not. */
  readonly fallbackReason?: string;
  readonly InferenceSession: typeof InferenceSession;
  readonly Tensor: typeof Tensor;
}

/**
 * Loads the native runtime, or WebAssembly where the native one is not installed or does not load on this machine.
 *
 * `PAREIDOLIA_RUNTIME=onnxruntime-web` asks for WebAssembly outright.
 *
 * @param threads threads for WebAssembly, which must be told before its first session
 */
export async function loadRuntime(threads: number): Promise<Runtime> {
  let fallbackReason = 'PAREIDOLIA_RUNTIME asks for it';
  if (process.env['PAREIDOLIA_RUNTIME'] !== 'onnxruntime-web') {
    try {
      const { env, InferenceSession, Tensor } = await import('onnxruntime-node');
      return { name: 'onnxruntime-node', version: env.versions.node ?? '', InferenceSession, Tensor };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      fallbackReason = code === 'ERR_MODULE_NOT_FOUND' ? 'it is not installed' : message;
    }
  }
  const { env, InferenceSession, Tensor } = await import('onnxruntime-web');
  env.wasm.numThreads = threads;
  env.logLevel = 'error';
  return { name: 'onnxruntime-web', version: env.versions.web ?? '', fallbackReason, InferenceSession, Tensor };
}
