/**
 * What the portable library needs from the machine it runs on. Node and the browser each have an implementation in the
 * folder of their name; nothing else in the library knows which one it is.
 */

import type { ByteStore } from '../image/index.js';

/** A dense float32 tensor, row-major. */
export interface FloatTensor {
  /** Sizes of its axes. */
  readonly dims: readonly number[];
  /** `product(dims)` values. */
  readonly data: Float32Array;
}

/** A compiled graph. Runs are one at a time; a second call waits for the first. */
export interface Session {
  /**
   * Computes the graph's outputs.
   *
   * @param feeds a tensor for every graph input; their arrays may be taken over and must not be used afterwards
   * @throws PlatformError `platform/runtime` when the runtime refuses, with its own error as `cause`
   */
  run(feeds: Readonly<Record<string, FloatTensor>>): Promise<Record<string, FloatTensor>>;
  /** Frees the compiled graph. Closing twice does nothing. */
  close(): Promise<void>;
}

/** How to compile a graph. */
export interface SessionOptions {
  /** Threads to compute with; default: the machine's cores. */
  readonly threads?: number;
}

/** The machine under the library. */
export interface Platform {
  /** What computes: `onnxruntime-node`, or `onnxruntime-web` (WebAssembly). Stands in recipes. */
  readonly runtime: string;
  /** Version of the runtime. Stands in recipes. */
  readonly runtimeVersion: string;
  /** Cores that sessions may use. */
  readonly cores: number;
  /**
   * Whether where the windows of a MaxPool have their maxima must be found by comparing, because the runtime cannot tell.
   * Default: false.
   */
  readonly comparesMaxima?: boolean;
  /** Bytes of memory that may be taken without harming the machine, or undefined where it cannot be known. */
  readonly freeMemoryBytes?: () => number;
  /**
   * Makes room for bytes outside the memory of the process, such as a file that goes with it; undefined where the machine
   * has none.
   *
   * @throws PlatformError `platform/scratch` when there is no room
   */
  readonly createScratch?: (sizeBytes: number) => ByteStore;
  /**
   * Lets timers, messages and whatever else waits for the thread have their turn. Long work on pictures is done in slices
   * of a few milliseconds and pauses between them; where a machine has no pause, it is done in one go.
   */
  readonly pause?: () => Promise<void>;
  /**
   * Compiles an ONNX model.
   *
   * @param model bytes of an ONNX file; may be taken over and must not be used afterwards
   * @throws PlatformError `platform/runtime` when the runtime refuses the model
   */
  createSession(model: Uint8Array<ArrayBuffer>, options?: SessionOptions): Promise<Session>;
}
