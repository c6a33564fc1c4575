import { foldUniformSums } from './passes/fold-uniform-sums.js';
import { maximaByComparison } from './passes/maxima-by-comparison.js';
import { meanByPooling } from './passes/mean-by-pooling.js';
import { mergeSiblings } from './passes/merge-siblings.js';
import { poolAfterConvolution } from './passes/pool-after-convolution.js';
import { reluAfterMaxPool } from './passes/relu-after-max-pool.js';
import { sliceConvolutions } from './passes/slice-convolutions.js';
import { uniformFactors } from './passes/uniform-factors.js';
import { type Pass, rewrite, type WantedGraph } from './rewrite.js';

/** Passes by their names, in the order they are done. */
export type Passes = Readonly<Record<string, Pass>>;

/**
 * What makes a network quicker before it is differentiated. The values of layers stay the same; how gradients pass a ReLU
 * must not depend on anything but its sign.
 */
export const networkPasses: Passes = {
  'relu-after-max-pool': reluAfterMaxPool,
  'pool-after-convolution': poolAfterConvolution,
};

/** What makes a network and its gradient together quicker. */
export const gradientPasses: Passes = {
  'merge-siblings': mergeSiblings,
  'fold-uniform-sums': foldUniformSums,
  'uniform-factors': uniformFactors,
  'slice-convolutions': sliceConvolutions,
  'mean-by-pooling': meanByPooling,
  // What the others have left without readers goes.
  'drop-unread': () => undefined,
};

/** What a gradient needs where the runtime cannot tell where maxima were. */
export const comparingPasses: Passes = {
  'maxima-by-comparison': maximaByComparison,
  'drop-unread': () => undefined,
};

/** Writes a graph anew by one pass after the other. What it computes stays the same but for rounding. */
export function lean(graph: WantedGraph, passes: Passes): WantedGraph {
  return Object.entries(passes).reduce((before, [name, pass]) => rewrite(before, name, pass), graph);
}
