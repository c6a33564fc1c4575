import type { Picture, RasterPicture, Size } from '../image/index.js';

/** A small copy of the dream as it stands, 8 bits a channel. */
export interface Preview extends Size {
  /** `3 * width * height` bytes, red, green and blue of each pixel in turn, sRGB. */
  readonly rgb: Uint8Array;
}

/** Where a dream was when it was stopped early. */
export interface Progress {
  /** Octave, counted from 1. */
  readonly octave: number;
  /** Steps finished in that octave. */
  readonly step: number;
}

/** What a dream tells while it runs, but for its end. */
export type ProgressEvent =
  | {
      readonly type: 'started';
      /** Number of octaves. */
      readonly octaves: number;
      /** Steps over all octaves. */
      readonly totalSteps: number;
      /** The seed in use. */
      readonly seed: number;
    }
  | ({
      readonly type: 'octave';
      /** Octave, counted from 1. */
      readonly octave: number;
    } & Size)
  | {
      readonly type: 'step';
      /** Octave, counted from 1. */
      readonly octave: number;
      /** Step within the octave, counted from 1. */
      readonly step: number;
      /** Steps finished over all octaves. */
      readonly stepsDone: number;
      /** The objective before this step moved the picture. */
      readonly objective: number;
      /** Part of the work that is done, 0 to 1. */
      readonly progress01: number;
      /** Milliseconds since the dream started. */
      readonly elapsedMs: number;
      /** Milliseconds that the rest will take at the speed so far. */
      readonly remainingMs: number;
    }
  | ({ readonly type: 'preview' } & Preview);

/** The end of a dream. */
export interface Finished<P> {
  readonly type: 'finished';
  /** The dream, of the size of the picture. */
  readonly picture: P;
  /** The objective before the first step of the last octave. */
  readonly objectiveFirst: number;
  /** The objective of the dream as it is, at the size of the last octave; before the last step when it was stopped. */
  readonly objectiveLast: number;
  /** Steps finished over all octaves. */
  readonly steps: number;
  /** Milliseconds the dream took. */
  readonly elapsedMs: number;
  /** Where the dream was when it was asked to stop; absent when it ran to its end. */
  readonly stopped?: Progress;
}

/** What a dream tells while it runs. Every event can be sent to another thread or machine as it is. */
export type DreamEvent = ProgressEvent | Finished<Picture>;

/** The same, with a result that is read by bands, until the iterator is asked for what comes after it. */
export type RasterDreamEvent = ProgressEvent | Finished<RasterPicture>;
