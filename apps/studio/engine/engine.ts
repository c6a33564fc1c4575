import type {
  Activations,
  DreamOptions,
  Flashing,
  LayerRow,
  Preview,
  ProgressEvent,
  Recipe,
  Size,
  ZoomSettings,
} from '../../../src/index.js';

/** A picture that a dream goes by: the file, and what names it in recipes. */
export interface NamedPicture {
  /** The whole file. */
  readonly file: Blob;
  /** Its name, without a folder. */
  readonly name: string;
  /** SHA-256 of the file, as 64 hexadecimal digits. */
  readonly sha256: string;
}

/** A photo as engines take it. */
export interface Photo extends NamedPicture, Size {}

/** A dream to plan or to make. */
export interface DreamRequest {
  readonly photo: Photo;
  /** Every option with its value. Where the seed is null, the engine draws one. */
  readonly options: DreamOptions;
  /** Where it dreams: white does, black stays as it is. Of any size; absent for everywhere. */
  readonly mask?: NamedPicture | undefined;
  /** Photos that guided objectives go by. Default: none. */
  readonly guides?: readonly Photo[] | undefined;
}

/** What a dream will do. */
export interface PlanFacts {
  /** The size of the result. */
  readonly picture: Size;
  /** Gradient steps over all octaves; undefined where the engine finds out later. */
  readonly totalSteps: number | undefined;
  /** Floating-point operations over all octaves; undefined where the engine finds out later. */
  readonly totalFlops: number | undefined;
}

/** The end of a dream. */
export interface Made {
  readonly type: 'made';
  /** A PNG with the recipe inside. */
  readonly file: Blob;
  readonly size: Size;
  readonly recipe: Recipe;
  /** The objective of the dream as it is. */
  readonly objectiveLast: number;
  readonly elapsedMs: number;
  /** What the engine itself knows it by; undefined where it keeps nothing. */
  readonly id?: string;
}

/** What a dream tells while it runs: the library's own events, that others go first, and the file at the end. */
export type EngineEvent = ProgressEvent | { readonly type: 'queued' } | Made;

/** How a dream is ended early. */
export interface DreamControls {
  /** Gives it up: the iterator throws the signal's reason. By the reason {@link left}, an engine elsewhere goes on. */
  readonly signal: AbortSignal;
  /** Ends it after the step in progress and keeps it. */
  readonly stop: AbortSignal;
}

/** Why nobody listens to a dream any more that is still wanted. */
export const left = new DOMException('The page listens to something else.', 'AbortError');

/** A zoom movie to make. */
export interface MovieRequest {
  readonly photo: Photo;
  /** Every option with its value. Where the seed is null, the engine draws one, or takes that of the frames it has. */
  readonly settings: ZoomSettings;
  /** Photos that guided objectives go by. Default: none. */
  readonly guides?: readonly Photo[] | undefined;
  /** Where its frames dream. Default: everywhere. */
  readonly mask?: NamedPicture | undefined;
}

/** A movie that was made. */
export interface MadeMovie {
  readonly type: 'movie';
  /** A movie file with the recipe inside. */
  readonly file: Blob;
  /** Such as `mp4`. */
  readonly extension: string;
  /** How many frames were dreamed. */
  readonly frames: number;
  /** Where it flashes too often; undefined where it does not, or where the engine does not tell. */
  readonly flashing?: Flashing | undefined;
}

/** What a movie tells while it is made. */
export type MovieEvent =
  | { readonly type: 'queued' }
  | {
      readonly type: 'frame';
      /** Frames that are there. */
      readonly done: number;
      /** Frames in all. */
      readonly total: number;
      /** Milliseconds that the rest will take at the speed so far; undefined where that is not known yet. */
      readonly remainingMs: number | undefined;
    }
  | ({ readonly type: 'preview' } & Preview)
  | MadeMovie;

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
export type EngineFacts =
  | {
      /** `webgpu` on the graphics card, `wasm` on the processor. */
      readonly device: 'wasm' | 'webgpu';
      /** Threads on the processor. */
      readonly threads: number;
      /** Cores of the machine, which can be more where the page is not isolated. */
      readonly cores: number;
    }
  | {
      readonly device: 'server';
      /** Names of the networks that it can dream with. */
      readonly networks: readonly string[];
    };

/** A layer of a network. */
export type NetworkLayer = Omit<LayerRow, 'shape' | 'flops'> & Partial<Pick<LayerRow, 'shape'>>;

/** What a network is. */
export interface NetworkFacts {
  /** `built-in`, the file's name, or its name in the catalogue of a server. */
  readonly name: string;
  readonly sha256: string;
  /** The layers that a middling picture can dream on, from the input on. */
  readonly layers: readonly NetworkLayer[];
}

/** What makes the dreams of the page: this browser, or a server. */
export interface Engine {
  /** Gets ready with the built-in network; called once, before anything else. */
  open(onProgress: (progress: OpeningProgress) => void): Promise<EngineFacts & { readonly network: NetworkFacts }>;
  /**
   * Dreams with another network from now on: an ONNX file, one of the engine's own by its name, or the built-in one
   * where none is given.
   */
  takeNetwork(network: File | string | undefined): Promise<NetworkFacts>;
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
   * Makes a zoom movie. Ended early, it is the movie of the frames that are there. It waits for what is running.
   *
   * @throws Refusal when it cannot be made
   */
  movie(request: MovieRequest, controls: DreamControls): AsyncGenerator<MovieEvent, void>;
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
  /** Ends what is running here and frees everything. */
  close(): void;
}

/** Why an engine did not do something: an error of the library that came from another thread or machine. */
export class Refusal extends Error {
  /** The library's `ErrorCode`, a server's, or `crashed` where the engine itself ended. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}
