import type { Activations } from '../../../src/index.js';
import type {
  DrawingEvent,
  DrawingRequest,
  DreamRequest,
  EngineEvent,
  EngineFacts,
  MovieEvent,
  MovieRequest,
  NetworkFacts,
  OpeningProgress,
  Photo,
  PlanFacts,
} from './engine.js';

/** Where the files lie that the page does not carry itself, as addresses. */
export interface AssetAddresses {
  readonly network: string;
  /** A folder, ending in a slash. */
  readonly runtime: string;
}

/** What is asked of the worker, with a number that comes back in every answer. */
export type Question =
  | { readonly kind: 'open'; readonly assets: AssetAddresses; readonly threads: number | undefined }
  | { readonly kind: 'network'; readonly file: File | undefined }
  | { readonly kind: 'plan'; readonly request: DreamRequest }
  | { readonly kind: 'dream'; readonly request: DreamRequest }
  | { readonly kind: 'movie'; readonly request: MovieRequest }
  | { readonly kind: 'look'; readonly photo: Photo; readonly layer: string }
  | { readonly kind: 'visualize'; readonly request: DrawingRequest };

/** A message to the worker. */
export type ToWorker =
  | { readonly id: number; readonly question: Question }
  /** Ends the dream or the drawing of that number: kept, or given up. */
  | { readonly id: number; readonly end: 'stop' | 'cancel' };

/** A message from the worker. */
export type FromWorker =
  | { readonly id: number; readonly progress: OpeningProgress }
  | { readonly id: number; readonly event: EngineEvent | DrawingEvent | MovieEvent }
  | { readonly id: number; readonly result: Result }
  | { readonly id: number; readonly refusal: { readonly code: string; readonly message: string } };

/** What a question is answered with in the end. */
export type Result =
  | (EngineFacts & { readonly network: NetworkFacts })
  | NetworkFacts
  | PlanFacts
  | Activations
  | undefined;
