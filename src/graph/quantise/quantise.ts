import { assert } from '../../errors.js';
import type { Graph, Model, Node, Tensor } from '../../onnx/index.js';
import type { GraphBuilder } from '../builder.js';
import { opsetVersion } from '../builder.js';
import { prune } from '../passes/prune.js';
import type { Value } from '../value.js';
import { ByteGraph, type Bytes, parametersName, peaksName, runtimeDomain } from './byte-graph.js';
import type { Rewriting } from './rule.js';
import { byteRules, rewriteOf } from './rules.js';
import { type Parameter, parameterLength, type Slot } from './scales.js';

/** A graph that computes in bytes, and what has to be known to feed it. */
export interface QuantisedGraph {
  /** Its inputs are those of the float graph and `quantisation`; its outputs those of the float graph and `peaks`. */
  readonly model: Model;
  /** What `quantisation` holds. */
  readonly parameters: readonly Parameter[];
  /** The slots, each standing for all that share its range. */
  readonly slots: readonly Slot[];
  /** The slots whose range is the largest magnitude of a value of the float graph; one slot may have several. */
  readonly ranges: readonly { readonly slot: Slot; readonly value: Value }[];
  /** The slot of each number of `peaks`. */
  readonly peaks: readonly Slot[];
}

/**
 * Writes a graph again so that its convolutions, and what lies between them, compute in bytes. What has no form in bytes
 * stays in float32. The float graph may get more nodes, at which ranges are measured.
 */
export function quantise(g: GraphBuilder, outputs: Readonly<Record<string, Value>>): QuantisedGraph {
  const quantiser = new Quantiser(g);
  const named = Object.entries(outputs).map(
    ([name, value]): Node => ({
      opType: 'Identity',
      domain: '',
      name: `output/${name}`,
      inputs: [quantiser.float(value.name)],
      outputs: [name],
      attributes: {},
    }),
  );
  const { bytes } = quantiser;
  const { nodes, constants } = bytes.finish();
  const float = g.toModel(outputs).graph;
  const parameters = bytes.parameters;
  const length = parameters.reduce((sum, parameter) => sum + parameterLength(parameter), 0);
  const peaks = bytes.tracked.flatMap(({ slot }) => (slot.signed ? [slot.root, slot.root] : [slot.root]));
  const graph: Graph = {
    name: 'pareidolia',
    nodes: [...nodes, ...named],
    inputs: [...float.inputs, { name: parametersName, dtype: 'float32', dims: [length] }],
    outputs: [...float.outputs, { name: peaksName, dtype: 'float32', dims: [peaks.length, 1, 1, 1] }],
    initializers: new Map([...quantiser.constants, ...constants]),
  };
  return {
    model: {
      irVersion: 8,
      producer: 'pareidolia',
      opsets: new Map([
        ['', opsetVersion],
        [runtimeDomain, 1],
      ]),
      metadata: {},
      graph: prune(graph, [...Object.keys(outputs), peaksName]),
    },
    parameters,
    slots: [...new Set(bytes.ranges.map(({ slot }) => slot.root))],
    ranges: bytes.ranges,
    peaks,
  };
}

/** Writes what is asked for, and first what that needs. */
class Quantiser implements Rewriting {
  readonly g: GraphBuilder;
  readonly bytes = new ByteGraph();
  readonly constants = new Map<string, Tensor>();
  readonly #producers = new Map<string, Node>();
  readonly #readers = new Map<string, number>();
  #seen = 0;
  readonly #bytes = new Map<string, Bytes>();
  readonly #float = new Map<string, string>();
  readonly #accepted = new Map<string, boolean>();
  readonly #rewritten = new Map<string, Value | undefined>();

  constructor(g: GraphBuilder) {
    this.g = g;
  }

  /** The node that computes a value, in the form that suits bytes. */
  producer(name: string): Node | undefined {
    return this.written(this.#rewrittenName(name));
  }

  written(name: string): Node | undefined {
    for (; this.#seen < this.g.nodes.length; this.#seen++) {
      const node = this.g.nodes[this.#seen]!;
      for (const output of node.outputs) this.#producers.set(output, node);
      for (const input of node.inputs) this.#readers.set(input, (this.#readers.get(input) ?? 0) + 1);
    }
    return this.#producers.get(name);
  }

  readers(name: string): number {
    return this.#readers.get(name) ?? 0;
  }

  value(name: string): Value {
    const value = this.g.get(name);
    assert(value, 'every tensor has a name');
    return value;
  }

  /** Whether a value is computed in bytes. */
  isBytes(name: string): boolean {
    const known = this.#accepted.get(name);
    if (known !== undefined) return known;
    const node = this.producer(name);
    const accepted = node !== undefined && (byteRules[node.opType]?.accepts(this, node) ?? false);
    this.#accepted.set(name, accepted);
    return accepted;
  }

  /** A value in bytes: computed so, or rounded. */
  toBytes(name: string): Bytes {
    const known = this.#bytes.get(name);
    if (known) return known;
    const node = this.producer(name);
    const bytes = this.isBytes(name) ? byteRules[node!.opType]!.write(this, node!) : this.#rounded(name);
    this.#bytes.set(name, bytes);
    return bytes;
  }

  /** The name of a value in float32: computed so, or widened. */
  float(name: string): string {
    if (name === '') return name;
    const known = this.#float.get(name);
    if (known !== undefined) return known;
    const constant = this.g.constantOf(this.g.get(name));
    if (constant) {
      this.constants.set(name, constant);
      return name;
    }
    const node = this.written(name);
    const float = this.isBytes(name) ? this.#widened(name) : name;
    if (float === name && node) {
      const inputs = node.inputs.map((input) => this.float(input));
      for (const output of node.outputs) this.#float.set(output, output);
      this.bytes.copy({ ...node, inputs });
    }
    this.#float.set(name, float);
    return float;
  }

  /** A form of a value that is better computed in bytes, where there is one. */
  #rewrittenName(name: string): string {
    if (!this.#rewritten.has(name)) {
      const node = this.written(name);
      this.#rewritten.set(name, node && rewriteOf(this, node));
    }
    const better = this.#rewritten.get(name);
    return better ? this.#rewrittenName(better.name) : name;
  }

  #rounded(name: string): Bytes {
    const value = this.value(name);
    const bytes = { slot: this.bytes.slot(value, true), factor: 1, shape: value.shape };
    const rounded = this.bytes.node('QuantizeLinear', [this.float(name), ...this.bytes.scaling(bytes)]);
    return this.bytes.track({ ...bytes, name: this.bytes.node('Transpose', [rounded], { perm: [0, 2, 3, 1] }) });
  }

  #widened(name: string): string {
    const bytes = this.toBytes(name);
    const turned = bytes.single ? bytes.name : this.bytes.node('Transpose', [bytes.name], { perm: [0, 3, 1, 2] });
    const widened = this.bytes.node('DequantizeLinear', [turned, ...this.bytes.scaling(bytes)]);
    return bytes.single ? this.bytes.node('Expand', [widened, this.bytes.ints(bytes.shape)]) : widened;
  }
}
