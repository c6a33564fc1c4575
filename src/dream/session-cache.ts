import type { Platform, Session } from '../platform/platform.js';
import type { StepGraph } from './step-graph.js';

/** Holds one compiled graph: the next octave uses it when its tiles have the same size, else it makes room. */
export class SessionCache {
  readonly #platform: Platform;
  #current: { readonly graph: StepGraph; readonly session: Session } | undefined;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** The session of a graph, compiled now unless it is the one at hand. */
  async get(graph: StepGraph): Promise<Session> {
    if (this.#current?.graph === graph) return this.#current.session;
    await this.close();
    const session = await this.#platform.createSession(graph.toBytes());
    this.#current = { graph, session };
    return session;
  }

  /** Frees the session at hand. */
  async close(): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    await current?.session.close();
  }
}
