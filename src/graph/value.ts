import type { DType } from '../onnx/index.js';

/** What is known of a tensor before it is computed: its element type and all its sizes. */
export interface ValueType {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** A tensor of the graph: the name it has on the edges, and its type. */
export interface Value extends ValueType {
  readonly name: string;
}
