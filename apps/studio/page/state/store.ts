import { create } from 'zustand';
import type { Preview, Recipe, Size, ZoomOptions } from '../../../../src/index.js';
import type { ListedJob } from '../../../server/client/client.js';
import type {
  EngineFacts,
  MadeMovie,
  NamedPicture,
  NetworkFacts,
  OpeningProgress,
  Photo,
  PlanFacts,
  Refusal,
} from '../../engine/engine.js';
import { firstSettings, type PresetName, type Settings } from './settings.js';

/** The photo that is open, and an address to show it by. */
export interface OpenPhoto extends Photo {
  readonly url: string;
}

/** How the engine is. */
export type EngineState =
  | { readonly status: 'opening'; readonly progress: OpeningProgress | undefined }
  | { readonly status: 'ready'; readonly facts: EngineFacts; readonly network: NetworkFacts }
  | { readonly status: 'failed'; readonly refusal: Refusal };

/** Where dreams are made. */
export type Place = 'browser' | 'server';

/** The server that the page comes from. */
export interface ServerState {
  /** Whether it answered the last time. */
  readonly answers: boolean;
  /** Jobs that are not at their end, and the latest that are done, the newest first. */
  readonly jobs: readonly ListedJob[];
}

/** A zoom movie: what is wanted of it, and the latest that was made. */
export interface MovieState {
  /** Whether the page makes movies, not pictures. */
  readonly on: boolean;
  /** What is otherwise than in the look's movie. */
  readonly changed: Readonly<Partial<ZoomOptions>>;
  readonly made: (MadeMovie & { readonly url: string; readonly photo: string }) | undefined;
}

/** A dream or a movie that is being made. */
export interface Running {
  readonly octave: number;
  readonly octaves: number;
  readonly step: number;
  readonly part01: number;
  readonly elapsedMs: number;
  readonly remainingMs: number | undefined;
  /** The objective before each step so far, of the octave that is being dreamed. */
  readonly curve: readonly number[];
  readonly preview: Preview | undefined;
  /** Of movies: frames that are there, and frames in all. */
  readonly frames?: { readonly done: number; readonly total: number };
  /** Whether others go first. */
  readonly queued: boolean;
  readonly stopping: boolean;
}

/** A picture that was made here. */
export interface MadePicture {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  /** A PNG with the recipe inside. */
  readonly file: Blob;
  readonly size: Size;
  readonly recipe: Recipe;
  readonly preset: PresetName;
  readonly photo: Photo;
  readonly mask?: NamedPicture;
  /** What it went by; absent for nothing. */
  readonly guides?: readonly Photo[];
  readonly elapsedMs: number;
  readonly objectiveLast: number;
}

/** How a look is, as a picture of the photo. */
export type LookPicture = { readonly status: 'making' | 'failed' } | { readonly status: 'made'; url: string };

/** Something to tell the visitor. */
export type Notice =
  | { readonly kind: 'refusal'; readonly refusal: Refusal }
  | {
      readonly kind: 'restored';
      readonly from: string;
      readonly photo: string;
      readonly photoIsOpen: boolean;
      readonly missingMask: string | undefined;
    }
  | { readonly kind: 'deleted'; readonly picture: MadePicture }
  | { readonly kind: 'crashed' }
  | { readonly kind: 'copied' };

/** All that the page knows. */
export interface StudioState {
  readonly place: Place;
  /** Undefined where the page comes from no server that takes jobs. */
  readonly server: ServerState | undefined;
  readonly engine: EngineState;
  readonly photo: OpenPhoto | undefined;
  readonly opening: boolean;
  /** Photos that guided objectives go by, in their order. */
  readonly guides: readonly OpenPhoto[];
  readonly settings: Settings;
  readonly past: readonly Settings[];
  readonly future: readonly Settings[];
  readonly plan: { readonly facts?: PlanFacts; readonly refusal?: Refusal } | undefined;
  /** Floating-point operations a second of the last dreams; undefined until one was made. */
  readonly speed: number | undefined;
  readonly running: Running | undefined;
  readonly movie: MovieState;
  /** The picture on show beside the photo. */
  readonly shown: (MadePicture & { readonly url: string }) | undefined;
  readonly looks: Readonly<Partial<Record<PresetName, LookPicture>>>;
  readonly allLooks: boolean;
  readonly gallery: readonly MadePicture[];
  readonly notice: Notice | undefined;
}

/** The state of the page. What changes it stands in the files of actions beside this one. */
export const useStudio = create<StudioState>(() => ({
  place: 'browser',
  server: undefined,
  engine: { status: 'opening', progress: undefined },
  photo: undefined,
  opening: false,
  guides: [],
  settings: firstSettings,
  past: [],
  future: [],
  plan: undefined,
  speed: undefined,
  running: undefined,
  // A hundred frames are long to wait for in a browser.
  movie: { on: false, changed: { frames: 50 }, made: undefined },
  shown: undefined,
  looks: {},
  allLooks: false,
  gallery: [],
  notice: undefined,
}));

/** Reads the state outside of components. */
export const get = (): StudioState => useStudio.getState();

/** Changes the state outside of components. */
export const set = (change: Partial<StudioState>): void => useStudio.setState(change);
