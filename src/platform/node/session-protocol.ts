import type { FloatTensor } from '../platform.js';

/** What the main thread asks of the thread that computes. Every request carries an id that its answer repeats. */
export type SessionRequest = { readonly id: number } & (
  | { readonly kind: 'start'; readonly threads: number }
  | { readonly kind: 'create'; readonly model: Uint8Array; readonly threads: number }
  | { readonly kind: 'run'; readonly session: number; readonly feeds: Readonly<Record<string, FloatTensor>> }
  | { readonly kind: 'close'; readonly session: number }
);

/** The runtime that the computing thread loaded. */
export interface StartedRuntime {
  readonly name: string;
  readonly version: string;
  readonly fallbackReason?: string;
}

/** Results by kind of request. */
export interface SessionResults {
  readonly start: StartedRuntime;
  readonly create: number;
  readonly run: Record<string, FloatTensor>;
  readonly close: undefined;
}

/** The answer to a request: its result, or the text of the runtime's error. */
export type SessionAnswer = { readonly id: number } & (
  | { readonly result: SessionResults[keyof SessionResults] }
  | { readonly error: string }
);
