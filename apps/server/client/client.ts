/**
 * A typed client of a pareidolia server, for Node and browsers.
 *
 * ```ts
 * const server = new PareidoliaClient('http://127.0.0.1:7878');
 * const { sha256 } = await server.upload(file);
 * const job = await server.create({ kind: 'dream', input: sha256, options: { layers: 'mixed4' } });
 * for await (const event of server.events(job.id)) console.log(event);
 * ```
 */
import type { z } from 'zod';
import type { modelSchema } from '../routes/model.js';
import type {
  jobSchema,
  moveSchema,
  movieSchema,
  newJobSchema,
  pictureSchema,
  wholeJobSchema,
} from '../routes/schemas.js';

/** A picture that was uploaded. */
export type UploadedPicture = z.infer<typeof pictureSchema>;

/** A movie that was uploaded. */
export type UploadedMovie = z.infer<typeof movieSchema>;

/** A job, as lists have it. */
export type ListedJob = z.infer<typeof jobSchema>;

/** A network, as the server knows it. */
export type ServerModel = z.infer<typeof modelSchema>;

/** A job with the files that it has made. */
export type Job = z.infer<typeof wholeJobSchema>;

/** What a job is asked to do. */
export type Recipe = z.input<typeof newJobSchema>['recipe'];

/** How a job that waits is moved. */
export type Move = z.infer<typeof moveSchema>;

/** A kind of event, and what it says. */
interface EventOf<Type extends string, Data> {
  /** Counted from 1 for each job. */
  readonly id: number;
  /** What kind of event it is. */
  readonly type: Type;
  /** What it says. */
  readonly data: Data;
}

/** Something that happened to a job: it went into another state, came further, or has a new preview. */
export type JobEvent =
  | EventOf<'state', { readonly state: Job['state']; readonly reason?: Job['reason'] }>
  | EventOf<'progress', NonNullable<Job['progress']>>
  | EventOf<'preview', { readonly url: string; readonly width: number; readonly height: number }>;

/** How to reach a server. */
export interface ClientOptions {
  /** What the server wants in `Authorization: Bearer`. */
  readonly token?: string | undefined;
  /** In the place of the global `fetch`. */
  readonly fetch?: typeof fetch;
}

/** How a job is asked for. */
export interface CreateOptions {
  /** -10 to 10; higher ones go first. Default 0. */
  readonly priority?: number;
  /** Whether it waits until it is resumed. Default false. */
  readonly paused?: boolean;
  /** The same key again gives the same job: a request whose answer was lost can be sent again. */
  readonly idempotencyKey?: string;
}

/** The server refused something. */
export class ServerError extends Error {
  /** The HTTP status. */
  readonly status: number;
  /** A stable name, such as `picture/missing`. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'ServerError';
    this.status = status;
    this.code = code;
  }
}

/** Where a job stays. */
const ends: readonly Job['state'][] = ['done', 'failed', 'canceled', 'quarantined'];
const reconnectMs = 1_000;

/** Speaks to a server. Every method throws {@link ServerError} for what the server refuses. */
export class PareidoliaClient {
  readonly #base: string;
  readonly #token: string | undefined;
  readonly #fetch: typeof fetch;

  /** @param base the server's address, such as `http://127.0.0.1:7878` */
  constructor(base: string, options: ClientOptions = {}) {
    this.#base = base.replace(/\/+$/, '');
    this.#token = options.token;
    this.#fetch = options.fetch ?? ((...given) => fetch(...given));
  }

  /** Uploads a JPEG, PNG, WebP or AVIF. */
  async upload(file: Blob | Uint8Array<ArrayBuffer>): Promise<UploadedPicture> {
    return this.#json('PUT', '/api/pictures', { body: file, type: 'application/octet-stream' });
  }

  /** Uploads an MP4, MOV, MKV, WebM, AVI, GIF or animated WebP. */
  async uploadMovie(file: Blob | Uint8Array<ArrayBuffer>): Promise<UploadedMovie> {
    return this.#json('PUT', '/api/movies', { body: file, type: 'application/octet-stream' });
  }

  /** Asks for something to be made. */
  async create(recipe: Recipe, { idempotencyKey, ...more }: CreateOptions = {}): Promise<Job> {
    const headers = idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey };
    return this.#send('POST', '/api/jobs', { recipe, ...more }, headers);
  }

  /** A job. */
  job(id: string): Promise<Job> {
    return this.#json('GET', `/api/jobs/${id}`);
  }

  /**
   * Jobs, the newest first.
   *
   * @param filter `before` is the id of the last job of the page before
   */
  async jobs(
    filter: { state?: Job['state']; kind?: Job['kind']; before?: string; limit?: number } = {},
  ): Promise<ListedJob[]> {
    const query = new URLSearchParams(
      Object.entries(filter).map(([name, value]): [string, string] => [name, `${value}`]),
    );
    return (await this.#json<{ jobs: ListedJob[] }>('GET', `/api/jobs?${query}`)).jobs;
  }

  /** The parts that a job was cut into. */
  async parts(id: string): Promise<ListedJob[]> {
    return (await this.#json<{ jobs: ListedJob[] }>('GET', `/api/jobs/${id}/parts`)).jobs;
  }

  /** Cancels a job. */
  cancel(id: string): Promise<Job> {
    return this.#json('DELETE', `/api/jobs/${id}`);
  }

  /** Takes a job out of the queue until it is resumed. */
  pause(id: string): Promise<Job> {
    return this.#send('POST', `/api/jobs/${id}/pause`, {});
  }

  /** Puts a job that was paused back into the queue. */
  resume(id: string): Promise<Job> {
    return this.#send('POST', `/api/jobs/${id}/resume`, {});
  }

  /** Ends a dream or a movie after its step; what there is becomes its result. */
  keep(id: string): Promise<Job> {
    return this.#send('POST', `/api/jobs/${id}/keep`, {});
  }

  /** Begins a job that ended otherwise than well again. */
  retry(id: string): Promise<Job> {
    return this.#send('POST', `/api/jobs/${id}/retry`, {});
  }

  /** Gives a job that waits another priority or place. */
  move(id: string, move: Move): Promise<Job> {
    return this.#send('PATCH', `/api/jobs/${id}`, move);
  }

  /**
   * What happens to a job, until it ends. Connections that break are taken up again where they broke.
   *
   * @param since number of the last event that is known; default: all
   */
  async *events(id: string, since = 0, signal?: AbortSignal): AsyncGenerator<JobEvent, void> {
    for (let last = since; ; ) {
      try {
        const answer = await this.#request('GET', `/api/jobs/${id}/events`, {
          headers: last > 0 ? { 'Last-Event-ID': String(last) } : {},
          ...(signal && { signal }),
        });
        if (answer.status === 204 || !answer.body) return;
        for await (const event of eventsIn(answer.body)) {
          last = event.id;
          yield event;
          if (event.type === 'state' && ends.includes(event.data.state)) return;
        }
      } catch (error) {
        if (error instanceof ServerError || signal?.aborted) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, reconnectMs));
    }
  }

  /** Waits until a job has come to its end. */
  async finished(id: string, signal?: AbortSignal): Promise<Job> {
    for await (const _ of this.events(id, 0, signal));
    return this.job(id);
  }

  /** The bytes of a file that a job has made, or of anything else that the server gives an address for. */
  async download(url: string): Promise<Uint8Array> {
    return new Uint8Array(await (await this.#request('GET', url)).arrayBuffer());
  }

  /** Names of the networks that the server can dream with. */
  async models(): Promise<{ name: string; state: string }[]> {
    return (await this.#json<{ models: { name: string; state: string }[] }>('GET', '/api/models')).models;
  }

  /** The layers and channels of a network. */
  model(name = 'built-in'): Promise<ServerModel> {
    return this.#json('GET', `/api/model?name=${encodeURIComponent(name)}`);
  }

  #send<T>(method: string, path: string, value: unknown, headers: Record<string, string> = {}): Promise<T> {
    return this.#json(method, path, { body: JSON.stringify(value), type: 'application/json', headers });
  }

  async #json<T>(method: string, path: string, given: Given = {}): Promise<T> {
    return (await (await this.#request(method, path, given)).json()) as T;
  }

  async #request(method: string, path: string, { body, type, headers, signal }: Given = {}): Promise<Response> {
    const answer = await this.#fetch(`${this.#base}${path}`, {
      method,
      headers: {
        ...(type !== undefined && { 'Content-Type': type }),
        ...(this.#token !== undefined && { Authorization: `Bearer ${this.#token}` }),
        ...headers,
      },
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    });
    if (answer.ok) return answer;
    const { error } = (await answer.json().catch(() => ({}))) as { error?: { code: string; message: string } };
    throw new ServerError(answer.status, error?.code ?? 'server/unknown', error?.message ?? answer.statusText);
  }
}

interface Given {
  readonly body?: string | Blob | Uint8Array<ArrayBuffer>;
  readonly type?: string;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

/** Reads server-sent events. */
async function* eventsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<JobEvent, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += decoder.decode(part.value, { stream: true });
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const fields = new Map(
          text
            .slice(0, end)
            .split('\n')
            .map((line) => splitAt(line, ': ')),
        );
        text = text.slice(end + 2);
        const type = fields.get('event');
        if (type === undefined) continue;
        yield { id: Number(fields.get('id')), type, data: JSON.parse(fields.get('data')!) } as JobEvent;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function splitAt(line: string, mark: string): [string, string] {
  const at = line.indexOf(mark);
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + mark.length)];
}
