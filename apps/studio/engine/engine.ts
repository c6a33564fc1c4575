import type { Activations, DreamOptions, LayerRow, ProgressEvent, Recipe, Size } from '../../../src/index.js';

/** A photo as engines take it: the file, and what names it in recipes. */
export interface Photo extends Size {
  /** The whole file. */
  readonly file: Blob;
  /** Its name, without a folder. */
  readonly name: string;
  /** SHA-256 of the file, as 64 hexadecimal digits. */
  readonly sha256: string;
}

/** A dream to plan or to make. */
export interface DreamRequest {
  readonly photo: Photo;
  /** Every option with its value. Where the seed is null, the engine draws one. */
  readonly options: DreamOptions;
}

/** What a dream will do. */
export interface PlanFacts {
  /** The size of the result. */
  readonly picture: Size;
  /** The scales, in the order they are dreamed. */
  readonly octaves: readonly Size[];
  /** Gradient steps over all octaves. */
  readonly totalSteps: number;
  /** Floating-point operations over all octaves. */
  readonly totalFlops: number;
  /** An estimate of the most memory that is taken, in bytes. */
  readonly peakBytes: number;
}

/** The end of a dream. */
export interface Made {
  readonly type: 'made';
  /** A PNG with the recipe inside. */
  readonly file: Blob;
  readonly size: Size;
  readonly recipe: Recipe;
  /** The objective before the first step of the last octave, and of the dream as it is. */
  readonly objectiveFirst: number;
  readonly objectiveLast: number;
  /** Steps finished over all octaves. */
  readonly steps: number;
  readonly elapsedMs: number;
}

/** What a dream tells while it runs: the library's own events, and the file at the end. */
export type EngineEvent = ProgressEvent | Made;

/** How a dream is ended early. */
export interface DreamControls {
  /** Gives it up: the iterator throws the signal's reason. */
  readonly signal: AbortSignal;
  /** Ends it after the step in progress and keeps it. */
  readonly stop: AbortSignal;
}

/** Channels to draw. */
export interface DrawingRequest {
  /** The name of a layer. */
  readonly layer: string;
  /** Channels of it, from 0, in the order in which they are wanted. */
  readonly channels: readonly number[];
  /** Width and height of each picture in pixels; a network that takes one size gets that. */
  readonly side: number;
  /** Gradient steps for each. */
  readonly steps: number;
}

/** How it goes with the channels: one in the making, with a part from 0 to 1, or one that is done, as a PNG. */
export type DrawingEvent =
  | { readonly type: 'drawing'; readonly channel: number; readonly part01: number }
  | { readonly type: 'drawn'; readonly channel: number; readonly file: Blob };

/** How far an engine is in getting ready. */
export interface OpeningProgress {
  /** What is being fetched, or being set up. */
  readonly what: 'runtime' | 'network';
  /** 0 to 1; undefined where it cannot be known. */
  readonly part01: number | undefined;
}

/** What an engine computes with. */
export interface EngineFacts {
  /** `webgpu` on the graphics card, `wasm` on the processor. */
  readonly device: 'wasm' | 'webgpu';
  /** Threads on the processor. */
  readonly threads: number;
  /** Cores of the machine, which can be more where the page is not isolated. */
  readonly cores: number;
}

/** What a network is. */
export interface NetworkFacts {
  /** `built-in`, or the file's name. */
  readonly name: string;
  readonly sha256: string;
  /** The layers that a middling picture can dream on, from the input on. */
  readonly layers: readonly LayerRow[];
}

/** What makes the dreams of the page: this browser, or a server. */
export interface Engine {
  /** Gets ready with the built-in network; called once, before anything else. */
  open(onProgress: (progress: OpeningProgress) => void): Promise<EngineFacts & { readonly network: NetworkFacts }>;
  /** Dreams with another network from now on: an ONNX file, or the built-in one where none is given. */
  takeNetwork(file: File | undefined): Promise<NetworkFacts>;
  /**
   * Works out what a dream will do.
   *
   * @throws Refusal for everything that can be refused before the first step
   */
  plan(request: DreamRequest): Promise<PlanFacts>;
  /**
   * Dreams. One at a time: a second one waits for the first.
   *
   * @throws Refusal when it cannot be made
   */
  dream(request: DreamRequest, controls: DreamControls): AsyncGenerator<EngineEvent, void>;
  /**
   * Shows the network a photo, at its own size, and reads what one layer answers.
   *
   * @throws Refusal when the layer cannot be computed
   */
  look(photo: Photo, layer: string): Promise<Activations>;
  /**
   * Draws what channels look for. It waits for what is running.
   *
   * @param signal gives it up: the iterator throws the signal's reason
   * @throws Refusal when it cannot be done
   */
  visualize(request: DrawingRequest, signal: AbortSignal): AsyncGenerator<DrawingEvent, void>;
  /** Ends what is running and frees everything. */
  close(): void;
}

/** Why an engine did not do something: an error of the library that came from another thread or machine. */
export class Refusal extends Error {
  /** The library's `ErrorCode`, or `crashed` where the engine itself ended. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}
