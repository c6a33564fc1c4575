import { assert } from '../errors.js';
import type { Graph, Node, Tensor } from '../onnx/index.js';
import { GraphBuilder } from './builder.js';
import { prune } from './passes/prune.js';
import type { Value } from './value.js';

/** A graph on its way through a pass: what was there, and what is written in its place. */
export interface Rewriting {
  /** Where the new graph is written. */
  readonly g: GraphBuilder;
  /** The node that computed a tensor of the old graph; undefined for inputs and constants. */
  producerOf(name: string): Node | undefined;
  /** The nodes that read a tensor of the old graph, each once. */
  readersOf(name: string): readonly Node[];
  /** How often a tensor of the old graph is read, as an output of the graph once more. */
  readsOf(name: string): number;
  /** The type of a tensor of the old graph, under the name it had there. */
  typeOf(name: string): Value;
  /** A constant of the old graph. */
  constantOf(name: string | undefined): Tensor | undefined;
  /** What holds the values of a tensor of the old graph now; undefined for `''`. */
  now(name: string | undefined): Value | undefined;
}

/** What a pass writes instead of a node with one output, or undefined where the node stays as it is. */
export type Pass = (node: Node, rewriting: Rewriting) => Value | undefined;

/** A graph, and the values of it that are wanted. */
export interface WantedGraph {
  readonly builder: GraphBuilder;
  readonly wanted: readonly Value[];
}

/**
 * Writes a graph anew, each node as a pass says. Nodes that the wanted values do not need are left out; those that a
 * pass makes needless are there until the next one.
 *
 * @param name of the pass, which stands before the names of what it writes
 * @returns the new graph and the wanted values in it, in their order
 */
export function rewrite({ builder, wanted }: WantedGraph, name: string, pass: Pass): WantedGraph {
  const { nodes } = prune(
    { ...emptyGraph, nodes: builder.nodes },
    wanted.map((value) => value.name),
  );
  const producers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const readers = new Map<string, Node[]>();
  for (const node of nodes) {
    for (const input of new Set(node.inputs)) readers.set(input, [...(readers.get(input) ?? []), node]);
  }
  const reads = new Map<string, number>();
  for (const read of [...nodes.flatMap(({ inputs }) => inputs), ...wanted.map((value) => value.name)]) {
    reads.set(read, (reads.get(read) ?? 0) + 1);
  }

  const g = new GraphBuilder(builder.opset);
  const replaced = new Map<string, Value>();
  const typeOf = (tensor: string): Value => {
    const value = builder.get(tensor);
    assert(value, 'a tensor has a name');
    return value;
  };
  const now = (tensor: string | undefined): Value | undefined => {
    if (!tensor) return undefined;
    const known = replaced.get(tensor) ?? g.find(tensor);
    if (known) return known;
    const constant = builder.constantOf(typeOf(tensor));
    assert(constant, `"${tensor}" is written before it is read`);
    return g.constant(constant, tensor);
  };
  const rewriting: Rewriting = {
    g,
    now,
    typeOf,
    producerOf: (tensor) => producers.get(tensor),
    readersOf: (tensor) => readers.get(tensor) ?? [],
    readsOf: (tensor) => reads.get(tensor) ?? 0,
    constantOf: (tensor) => (tensor ? builder.constantOf(builder.find(tensor)) : undefined),
  };
  for (const input of builder.inputs) g.input(input.name, input.shape);
  for (const node of nodes) {
    const instead = node.outputs.length === 1 ? g.scoped(name, () => pass(node, rewriting)) : undefined;
    if (instead) replaced.set(node.outputs[0]!, instead);
    else g.append({ ...node, inputs: node.inputs.map((input) => now(input)?.name ?? '') });
  }
  return { builder: g, wanted: wanted.map((value) => now(value.name)!) };
}

const emptyGraph: Graph = { name: '', nodes: [], inputs: [], outputs: [], initializers: new Map() };
