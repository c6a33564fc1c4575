/** Graphs whose every size is known: a builder, shape inference, and the passes that make a network ready to differentiate. */
export {
  type AttributeValues,
  describeNode,
  float,
  floatAttribute,
  intAttribute,
  intsAttribute,
  stringAttribute,
} from './attributes.js';
export { broadcastShapes, positiveAxis } from './broadcast.js';
export { GraphBuilder, opsetVersion } from './builder.js';
export { constantBytes, flopsOf, peakActivationBytes, quantisableFlops, totalFlops } from './cost.js';
export { comparingPasses, gradientPasses, lean, networkPasses, type Passes } from './lean.js';
export { channelsFirstInput } from './passes/channels-first-input.js';
export { type PreparedGraph, prepare } from './prepare.js';
export { type QuantisedGraph, quantise } from './quantise/quantise.js';
export { type Parameter, parameterValues, type Slot, steps } from './quantise/scales.js';
export { type ReceptiveField, receptiveFields } from './receptive-field.js';
export { type Pass, type Rewriting, rewrite, type WantedGraph } from './rewrite.js';
export { padsOf, sliceOf, splitSizes } from './shapes/arrangement.js';
export { type Einsum, einsumOf } from './shapes/einsum.js';
export { shapeRules } from './shapes/index.js';
export { type ResizedAxis, resizeOf } from './shapes/resize.js';
export { transposedWindowOf } from './shapes/window.js';
export { specialise } from './specialise.js';
export type { Value, ValueType } from './value.js';
export { type Window, windowOf } from './window.js';
