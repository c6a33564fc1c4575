import type { Activations, Preview } from '../../../src/index.js';
import {
  type JobEvent,
  type Recipe as JobRecipe,
  type ListedJob,
  PareidoliaClient,
} from '../../server/client/client.js';
import {
  type DrawingEvent,
  type DrawingRequest,
  type DreamControls,
  type DreamRequest,
  type Engine,
  type EngineEvent,
  type EngineFacts,
  left,
  type MovieEvent,
  type MovieRequest,
  type NamedPicture,
  type NetworkFacts,
  type Photo,
  type PlanFacts,
  Refusal,
} from './engine.js';
import { madeBy, movieBy } from './server-results.js';
import { previewOf, refusalOf } from './server-values.js';
import { sizeOfDream } from './size-of-dream.js';

/** How to set up {@link ServerEngine}. */
export interface ServerEngineOptions {
  /** The server's address, such as `http://127.0.0.1:7878`. */
  readonly address: string;
  /** What the server asks for, where it asks for one. */
  readonly token: string | undefined;
  /** Opens an engine of this browser, for what a server does not do; called once, when it is needed. */
  readonly openLocal: () => Promise<Engine>;
  /** Is told whether the server answers, each time that this has been seen. */
  readonly onReach: (answers: boolean) => void;
  /** Is told the name of each job that was taken on. */
  readonly onJob: (id: string) => void;
}

/** States in which a job is not at its end. */
const open: readonly ListedJob['state'][] = ['queued', 'running', 'waiting', 'paused'];

/** Has a server make the dreams. What it has taken on goes on without the page. */
export class ServerEngine implements Engine {
  /** The server, for all that is not about one dream. */
  readonly client: PareidoliaClient;
  readonly #options: ServerEngineOptions;
  readonly #closing = new AbortController();
  #network = 'built-in';
  #local: Promise<Engine> | undefined;

  constructor(options: ServerEngineOptions) {
    this.#options = options;
    this.client = new PareidoliaClient(options.address, {
      token: options.token,
      fetch: (...given) => this.#fetch(...given),
    });
  }

  async open(): Promise<EngineFacts & { readonly network: NetworkFacts }> {
    return refused(async () => {
      const models = await this.client.models();
      const networks = models.filter(({ state }) => state === 'here').map(({ name }) => name);
      return { device: 'server', networks, network: await this.#factsOf('built-in') };
    });
  }

  async takeNetwork(network: File | string | undefined): Promise<NetworkFacts> {
    const name = typeof network === 'string' ? network : 'built-in';
    const facts = await refused(() => this.#factsOf(name));
    this.#network = name;
    return facts;
  }

  /** The server works the rest out when it begins. */
  async plan({ photo, options }: DreamRequest): Promise<PlanFacts> {
    return { picture: sizeOfDream(photo, options.size), totalSteps: undefined, totalFlops: undefined };
  }

  async *dream(request: DreamRequest, controls: DreamControls): AsyncGenerator<EngineEvent, void> {
    const { photo, options, mask, guides } = request;
    controls.signal.throwIfAborted();
    const id = await this.#begin(async () => ({
      ...{ kind: 'dream', input: await this.#upload(photo), options, model: { name: this.#network } },
      ...(mask && { mask: await this.#upload(mask) }),
      ...(await this.#guides(guides)),
    }));
    yield* this.follow(id, controls);
  }

  /** Follows a dream that was taken on before, from wherever it is. */
  async *follow(id: string, controls: DreamControls): AsyncGenerator<EngineEvent, void> {
    let octave = 0;
    const startedAt = performance.now();
    for await (const event of this.#attend(id, controls)) {
      if (event.type === 'preview') yield* this.#preview(event.data.url);
      else if (event.type === 'state') {
        if (event.data.state === 'queued') yield { type: 'queued' };
      } else {
        const { at, done, total, objective = 0, progress01, remainingMs = 0 } = event.data;
        if (!at) continue;
        if (octave === 0) yield { type: 'started', octaves: at.octaves, totalSteps: total, seed: 0 };
        if (octave !== at.octave) yield { type: 'octave', octave: at.octave, width: 0, height: 0 };
        octave = at.octave;
        const elapsedMs = performance.now() - startedAt;
        yield { type: 'step', ...at, stepsDone: done, objective, progress01, elapsedMs, remainingMs };
      }
    }
    yield await refused(() => madeBy(this.client, id));
  }

  async *movie(
    { photo, settings, guides, mask }: MovieRequest,
    controls: DreamControls,
  ): AsyncGenerator<MovieEvent, void> {
    controls.signal.throwIfAborted();
    const id = await this.#begin(async () => ({
      ...{ kind: 'zoom', input: await this.#upload(photo), options: { ...settings.movie, ...settings.dream } },
      ...{ format: 'mp4', model: { name: this.#network } },
      ...(mask && { mask: await this.#upload(mask) }),
      ...(await this.#guides(guides)),
    }));
    yield* this.followMovie(id, controls);
  }

  /** Follows a movie that was taken on before, from wherever it is. */
  async *followMovie(id: string, controls: DreamControls): AsyncGenerator<MovieEvent, void> {
    for await (const event of this.#attend(id, controls)) {
      if (event.type === 'preview') yield* this.#preview(event.data.url);
      else if (event.type === 'progress') yield { type: 'frame', remainingMs: undefined, ...event.data };
      else if (event.data.state === 'queued') yield { type: 'queued' };
    }
    yield await refused(() => movieBy(this.client, id));
  }

  /** Looking needs all that a layer answers, so it is done here. */
  async look(photo: Photo, layer: string): Promise<Activations> {
    return (await this.#beside()).look(photo, layer);
  }

  async *visualize(request: DrawingRequest, signal: AbortSignal): AsyncGenerator<DrawingEvent, void> {
    yield* (await this.#beside()).visualize(request, signal);
  }

  /** Jobs that are not at their end, and the latest that are done, the newest first. */
  async jobs(): Promise<ListedJob[]> {
    const jobs = await refused(() => this.client.jobs({ limit: 50 }));
    return jobs.filter(({ state }) => state === 'done' || open.includes(state));
  }

  close(): void {
    this.#closing.abort(left);
    void this.#local?.then((engine) => engine.close()).catch(() => undefined);
  }

  #beside(): Promise<Engine> {
    if (this.#network !== 'built-in') {
      throw new Refusal(
        'server/network',
        'Layers of this network are not shown. Take the built-in one, or dream in this browser.',
      );
    }
    this.#local ??= this.#options.openLocal();
    return this.#local;
  }

  /** Has a job taken on. */
  async #begin(recipe: () => Promise<JobRecipe>): Promise<string> {
    const job = await refused(async () => this.client.create(await recipe(), { idempotencyKey: crypto.randomUUID() }));
    this.#options.onJob(job.id);
    return job.id;
  }

  /** What happens to a job until its end, which the controls can bring about. */
  async *#attend(id: string, { signal, stop }: DreamControls): AsyncGenerator<JobEvent, void> {
    const onStop = () => void this.client.keep(id).catch(() => undefined);
    const onCancel = () => {
      if (signal.reason !== left) void this.client.cancel(id).catch(() => undefined);
    };
    signal.addEventListener('abort', onCancel);
    stop.addEventListener('abort', onStop);
    if (signal.aborted) onCancel();
    try {
      yield* this.client.events(id, 0, AbortSignal.any([signal, this.#closing.signal]));
    } catch (error) {
      signal.throwIfAborted();
      throw refusalOf(error);
    } finally {
      signal.removeEventListener('abort', onCancel);
      stop.removeEventListener('abort', onStop);
    }
  }

  /** A preview; none where a newer one has taken its place. */
  async *#preview(url: string): AsyncGenerator<{ readonly type: 'preview' } & Preview, void> {
    const preview = await this.client.download(url).then(previewOf, () => undefined);
    if (preview) yield { type: 'preview', ...preview };
  }

  async #factsOf(name: string): Promise<NetworkFacts> {
    const { sha256, layers } = await this.client.model(name);
    const rows = layers.map((layer) => ({
      ...layer,
      receptiveField: layer.receptiveField ?? Number.POSITIVE_INFINITY,
    }));
    return { name, sha256, layers: rows };
  }

  async #upload({ file, name }: NamedPicture): Promise<{ readonly name: string; readonly sha256: string }> {
    const { sha256 } = await this.client.upload(file);
    // The server takes names of one line only.
    return { name: name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '_').slice(0, 200), sha256 };
  }

  async #guides(guides: readonly Photo[] = []) {
    const uploaded = [];
    for (const guide of guides) uploaded.push(await this.#upload(guide));
    return uploaded.length > 0 ? { guides: uploaded } : {};
  }

  async #fetch(...given: Parameters<typeof fetch>): Promise<Response> {
    try {
      const answer = await fetch(...given);
      this.#options.onReach(true);
      return answer;
    } catch (error) {
      if (given[1]?.signal?.aborted) throw error;
      this.#options.onReach(false);
      throw new Refusal('server/gone', 'The server does not answer. Check that it runs, and try again.');
    }
  }
}

async function refused<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw refusalOf(error);
  }
}
