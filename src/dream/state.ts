import type { Raster } from '../image/index.js';
import type { OptimizerState } from './optimizer.js';

/** Where a dream is between two steps: all that it takes to go on from there. */
export interface DreamState {
  /** Octave, counted from 0. */
  readonly octave: number;
  /** Steps of that octave that need not be done any more; all of them where it ended early. */
  readonly steps: number;
  /** Steps finished over all octaves. */
  readonly stepsDone: number;
  /** Floating-point operations that need not be done any more, over all octaves. */
  readonly flopsDone: number;
  /** The objective before the first step of that octave. */
  readonly objectiveFirst: number;
  /** The objective before its latest step. */
  readonly objectiveLast: number;
  /** Milliseconds that the dream has taken. */
  readonly elapsedMs: number;
  /** The dream so far, three planes of the octave's size in the network's range. */
  readonly dreamed: Raster;
  /** The ranges of its bytes, where the octave computes in 8 bits and they are measured; else empty. */
  readonly ranges: readonly number[];
  /** What the optimizer remembers. */
  readonly optimizer: OptimizerState;
}
