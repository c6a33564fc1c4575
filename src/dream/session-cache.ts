import type { Platform, Session } from '../platform/platform.js';
import { keptBytes } from './memory-estimate.js';

/** A graph that can be compiled. */
export interface Compilable {
  /** Most bytes of intermediate tensors alive at once. */
  readonly activationBytes: number;
  /** Bytes of the weights. */
  readonly constantBytes: number;
  /** The ONNX file in the form that suits a machine. Made on each call. */
  toBytes(machine: Pick<Platform, 'comparesMaxima'>): Uint8Array<ArrayBuffer>;
}

/** What a {@link SessionCache} may take. */
export interface SessionCacheOptions {
  /** Bytes of memory for graphs beside the one in use. Default: 0, so that one makes room for the next. */
  readonly spareBytes?: number;
}

/** Holds compiled graphs for the octaves, and the dreams, that come one after the other. */
export class SessionCache {
  readonly #platform: Platform;
  readonly #spareBytes: number;
  /** The one that was used last at the end. */
  readonly #sessions = new Map<Compilable, Session>();

  constructor(platform: Platform, { spareBytes = 0 }: SessionCacheOptions = {}) {
    this.#platform = platform;
    this.#spareBytes = spareBytes;
  }

  /** The session of a graph, compiled now unless it is there; those that were not used for longest make room. */
  async get(graph: Compilable): Promise<Session> {
    const known = this.#sessions.get(graph);
    this.#sessions.delete(graph);
    if (known) {
      this.#sessions.set(graph, known);
      return known;
    }
    await this.#makeRoom();
    const session = await this.#platform.createSession(graph.toBytes(this.#platform));
    this.#sessions.set(graph, session);
    return session;
  }

  /** Frees all sessions. */
  async close(): Promise<void> {
    for (const graph of this.#sessions.keys()) await this.#free(graph);
  }

  async #makeRoom(): Promise<void> {
    let taken = [...this.#sessions.keys()].reduce((sum, graph) => sum + keptBytes(graph), 0);
    for (const graph of this.#sessions.keys()) {
      if (taken <= this.#spareBytes) return;
      taken -= keptBytes(graph);
      await this.#free(graph);
    }
  }

  async #free(graph: Compilable): Promise<void> {
    const session = this.#sessions.get(graph);
    this.#sessions.delete(graph);
    await session?.close();
  }
}
