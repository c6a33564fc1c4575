import type { FloatTensor } from '../platform.js';

/** What the main thread asks of the thread that computes. Every question carries an id that its answer repeats. */
export type SessionQuestion = { readonly id: number } & (
  | { readonly kind: 'start'; readonly threads: number }
  | { readonly kind: 'create'; readonly model: Uint8Array; readonly threads: number }
  | { readonly kind: 'run'; readonly session: number; readonly feeds: Readonly<Record<string, FloatTensor>> }
  | { readonly kind: 'close'; readonly session: number }
);

/** A question, or the request to end after those before it, which has no answer. */
export type SessionRequest = SessionQuestion | { readonly kind: 'end' };

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
