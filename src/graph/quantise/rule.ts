import type { Node } from '../../onnx/index.js';
import type { GraphBuilder } from '../builder.js';
import type { Value } from '../value.js';
import type { ByteGraph, Bytes } from './byte-graph.js';

/** What rules know of the graph, and what they write into. */
export interface Rewriting {
  /** The float graph. */
  readonly g: GraphBuilder;
  /** Where nodes on bytes are written. */
  readonly bytes: ByteGraph;
  /** The node that computes a value, in the form that suits bytes; undefined for inputs and constants. */
  producer(name: string): Node | undefined;
  /** The node that computes a value as the float graph has it. */
  written(name: string): Node | undefined;
  /** How many nodes of the float graph read a value. */
  readers(name: string): number;
  /** A value of the float graph. */
  value(name: string): Value;
  /** Whether a value is computed in bytes. */
  isBytes(name: string): boolean;
  /** A value in bytes: computed so, or rounded. */
  toBytes(name: string): Bytes;
}

/** How an operator computes in bytes. */
export interface ByteRule {
  /** Whether it can, here. */
  accepts(q: Rewriting, node: Node): boolean;
  /** Writes it. */
  write(q: Rewriting, node: Node): Bytes;
}
