import type { Activations } from '../../../src/index.js';
import {
  type DrawingEvent,
  type DrawingRequest,
  type DreamControls,
  type DreamRequest,
  type Engine,
  type EngineEvent,
  type EngineFacts,
  type MovieEvent,
  type MovieRequest,
  type NetworkFacts,
  type OpeningProgress,
  type Photo,
  type PlanFacts,
  Refusal,
} from './engine.js';
import type { AssetAddresses, FromWorker, Question, Result } from './protocol.js';

/** How to set up {@link BrowserEngine}. */
export interface BrowserEngineOptions {
  readonly assets: AssetAddresses;
  /** Threads to compute with; default: all that the browser gives. */
  readonly threads?: number | undefined;
  /** Is told when the worker ends by itself; everything that was asked of it is refused as well. */
  readonly onCrash?: (() => void) | undefined;
}

interface Waiting {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress?: ((progress: OpeningProgress) => void) | undefined;
  readonly onEvent?: ((event: EngineEvent | DrawingEvent | MovieEvent) => void) | undefined;
}

/** Dreams in a worker of this page: the photo never leaves the machine. */
export class BrowserEngine implements Engine {
  readonly #options: BrowserEngineOptions;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #ended: Error | undefined;

  constructor(options: BrowserEngineOptions) {
    this.#options = options;
    this.#worker = new Worker(new URL('./dream-worker.ts', import.meta.url), { type: 'module' });
    this.#worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => this.#hear(data));
    this.#worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#end(new Refusal('crashed', event.message || 'The worker ended.'));
      options.onCrash?.();
    });
  }

  async open(onProgress: (progress: OpeningProgress) => void) {
    const { assets, threads } = this.#options;
    const result = await this.#ask({ kind: 'open', assets, threads }, { onProgress });
    return result as EngineFacts & { readonly network: NetworkFacts };
  }

  async takeNetwork(network: File | string | undefined): Promise<NetworkFacts> {
    const file = network instanceof File ? network : undefined;
    return (await this.#ask({ kind: 'network', file })) as NetworkFacts;
  }

  async plan(request: DreamRequest): Promise<PlanFacts> {
    return (await this.#ask({ kind: 'plan', request })) as PlanFacts;
  }

  dream(request: DreamRequest, controls: DreamControls): AsyncGenerator<EngineEvent, void> {
    return this.#follow<EngineEvent>({ kind: 'dream', request }, controls);
  }

  movie(request: MovieRequest, controls: DreamControls): AsyncGenerator<MovieEvent, void> {
    return this.#follow<MovieEvent>({ kind: 'movie', request }, controls);
  }

  async look(photo: Photo, layer: string): Promise<Activations> {
    return (await this.#ask({ kind: 'look', photo, layer })) as Activations;
  }

  visualize(request: DrawingRequest, signal: AbortSignal): AsyncGenerator<DrawingEvent, void> {
    return this.#follow<DrawingEvent>({ kind: 'visualize', request }, { signal });
  }

  close(): void {
    this.#end(new Refusal('cancelled', 'The engine was closed.'));
  }

  /** Asks something that tells how it goes and can be ended. */
  async *#follow<Event extends EngineEvent | DrawingEvent | MovieEvent>(
    question: Question,
    { signal, stop }: Partial<DreamControls> & Pick<DreamControls, 'signal'>,
  ): AsyncGenerator<Event, void> {
    signal.throwIfAborted();
    const events: Event[] = [];
    let wake = (): void => {};
    let over = false;
    const id = this.#asked;
    const ended = this.#ask(question, {
      onEvent: (event) => {
        events.push(event as Event);
        wake();
      },
    }).finally(() => {
      over = true;
      wake();
    });
    // Whoever stops listening early does not wait for how it ends.
    ended.catch(() => {});
    const tell = (end: 'stop' | 'cancel') => () => this.#worker.postMessage({ id, end });
    const [onCancel, onStop] = [tell('cancel'), tell('stop')];
    signal.addEventListener('abort', onCancel);
    signal.addEventListener('abort', () => wake());
    stop?.addEventListener('abort', onStop);
    try {
      while (!over || events.length > 0) {
        // Giving up is answered at once, though the worker hears of it only between two runs of the network.
        signal.throwIfAborted();
        const event = events.shift();
        if (event) yield event;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
      await ended;
    } finally {
      if (!over) onCancel();
      signal.removeEventListener('abort', onCancel);
      stop?.removeEventListener('abort', onStop);
    }
  }

  #ask(question: Question, listeners: Pick<Waiting, 'onProgress' | 'onEvent'> = {}): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      const id = this.#asked++;
      this.#waiting.set(id, { resolve, reject, ...listeners });
      this.#worker.postMessage({ id, question });
    });
  }

  #hear(message: FromWorker): void {
    const waiting = this.#waiting.get(message.id);
    if ('progress' in message) waiting?.onProgress?.(message.progress);
    else if ('event' in message) waiting?.onEvent?.(message.event);
    else {
      this.#waiting.delete(message.id);
      if ('result' in message) waiting?.resolve(message.result);
      else waiting?.reject(new Refusal(message.refusal.code, message.refusal.message));
    }
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
