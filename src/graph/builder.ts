import { assert } from '../errors.js';
import { elementCount, floats, type Graph, ints, type Model, type Node, type Tensor } from '../onnx/index.js';
import { type AttributeValues, describeNode, toAttributes } from './attributes.js';
import { evaluate } from './evaluate.js';
import { inferTypes } from './infer-types.js';
import { prune } from './passes/prune.js';
import type { Value, ValueType } from './value.js';

/** The operator set that every graph is written in; older models are lifted to it on their way in. */
export const opsetVersion = 18;

/** Constants up to this many elements are written once however often they are asked for. */
const sharedConstantElements = 64;

/** Operators on constants are computed while building as long as nothing in them is larger than this. */
const foldedConstantElements = 4096;

/**
 * Writes a graph node by node. Every value's type and shape is known the moment it is made, so gradient rules and
 * objectives can use plain numbers for sizes.
 */
export class GraphBuilder {
  readonly #nodes: Node[] = [];
  readonly #values = new Map<string, Value>();
  readonly #constants = new Map<string, Tensor>();
  readonly #shared = new Map<string, Value>();
  readonly #inputs: Value[] = [];
  readonly #opset: number;
  #scope = '';
  #counter = 0;

  /** @param opset version of the operator set to declare; default {@link opsetVersion} */
  constructor(opset: number = opsetVersion) {
    this.#opset = Math.max(opset, opsetVersion);
  }

  /** The nodes written so far, in topological order. */
  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  /** The graph's inputs, in the order they were made. */
  get inputs(): readonly Value[] {
    return this.#inputs;
  }

  /** The version of the operator set that the nodes may rely on. */
  get opset(): number {
    return this.#opset;
  }

  /** A graph input of a fixed shape. */
  input(name: string, shape: readonly number[]): Value {
    const value = this.#add({ name, dtype: 'float32', shape });
    this.#inputs.push(value);
    return value;
  }

  /** A constant; small equal ones are shared. `name` is given to constants that come from a model file. */
  constant(tensor: Tensor, name?: string): Value {
    const shareable = name === undefined && elementCount(tensor.dims) <= sharedConstantElements;
    const key = shareable ? `${tensor.dtype}[${tensor.dims}]${textOf(tensor)}` : '';
    const known = shareable && this.#shared.get(key);
    if (known) return known;
    const value = this.#add({ name: name ?? this.#fresh('const'), dtype: tensor.dtype, shape: tensor.dims });
    this.#constants.set(value.name, tensor);
    if (shareable) this.#shared.set(key, value);
    return value;
  }

  /** A float32 scalar. */
  scalar(value: number): Value {
    return this.constant(floats([value], []));
  }

  /** An int64 vector, as the shape operators take their sizes and axes. */
  ints(values: readonly number[]): Value {
    return this.constant(ints(values));
  }

  /** The value of a constant, or undefined for what is only known when the graph runs. */
  constantOf(value: Value | undefined): Tensor | undefined {
    return value && this.#constants.get(value.name);
  }

  /** The value of a name, or undefined where nothing has that name. */
  find(name: string): Value | undefined {
    return this.#values.get(name);
  }

  /** The value of a name that must exist; `undefined` for `''`, ONNX's way to leave an input out. */
  get(name: string): Value | undefined {
    if (name === '') return undefined;
    const value = this.#values.get(name);
    assert(value, `the graph has no value "${name}"`);
    return value;
  }

  /** Writes an operator with one output. Undefined inputs are left out; small arithmetic on constants is done here. */
  op(opType: string, inputs: readonly (Value | undefined)[], attributes: AttributeValues = {}): Value {
    const constants = inputs.map((value) => this.constantOf(value));
    if (
      inputs.every((value, i) => !value || elementCount(constants[i]?.dims ?? [Infinity]) <= foldedConstantElements)
    ) {
      const node = this.#node(opType, inputs, attributes, 1);
      const result = this.#outputElements(node) <= foldedConstantElements && evaluate(node, constants)?.[0];
      if (result) return this.constant(result);
    }
    return this.multi(opType, inputs, attributes, 1)[0]!;
  }

  /** Writes an operator with several outputs. */
  multi(
    opType: string,
    inputs: readonly (Value | undefined)[],
    attributes: AttributeValues,
    outputs: number,
  ): readonly Value[] {
    return this.append(this.#node(opType, inputs, attributes, outputs));
  }

  /** Writes a node that has its names already, such as one from a model file. */
  append(node: Node): readonly Value[] {
    const types = this.#types(node);
    this.#nodes.push(node);
    return node.outputs.map((name, i) => {
      const type = types[i];
      assert(type, `${describeNode(node)} has no output ${i}`);
      return name === '' ? { name, ...type } : this.#add({ name, ...type });
    });
  }

  /** Runs `write` with `scope/` before the names of all nodes it makes, so that a viewer groups them. */
  scoped<T>(scope: string, write: () => T): T {
    const outer = this.#scope;
    this.#scope = `${outer}${scope}/`;
    try {
      return write();
    } finally {
      this.#scope = outer;
    }
  }

  /** A model of what the outputs need, named as `outputs` says; everything else is left out. */
  toModel(outputs: Readonly<Record<string, Value>>, metadata: Readonly<Record<string, string>> = {}): Model {
    // A network may have a tensor of its own that is called as an output shall be called; that one steps aside.
    const aside = new Map<string, string>();
    for (const name of Object.keys(outputs)) {
      assert(!this.#inputs.some((value) => value.name === name), `"${name}" is an input and an output`);
      if (this.#values.has(name)) aside.set(name, this.#fresh(name));
    }
    const inner = (name: string): string => aside.get(name) ?? name;
    const nodes = this.#nodes.map(
      (node): Node => ({ ...node, inputs: node.inputs.map(inner), outputs: node.outputs.map(inner) }),
    );
    const named = Object.entries(outputs).map(
      ([name, value]): Node => ({
        opType: 'Identity',
        domain: '',
        name: `output/${name}`,
        inputs: [inner(value.name)],
        outputs: [name],
        attributes: {},
      }),
    );
    const graph: Graph = {
      name: 'pareidolia',
      nodes: [...nodes, ...named],
      inputs: this.#inputs.map((value) => ({ name: value.name, dtype: value.dtype, dims: value.shape })),
      outputs: Object.entries(outputs).map(([name, value]) => ({ name, dtype: value.dtype, dims: value.shape })),
      initializers: new Map([...this.#constants].map(([name, tensor]) => [inner(name), tensor])),
    };
    return {
      // IR version 8 is the one of opset 18; every onnxruntime since 1.14 reads it.
      irVersion: 8,
      producer: 'pareidolia',
      opsets: new Map([['', this.#opset]]),
      metadata,
      graph: prune(graph, Object.keys(outputs)),
    };
  }

  #node(opType: string, inputs: readonly (Value | undefined)[], attributes: AttributeValues, outputs: number): Node {
    const name = this.#fresh(opType);
    return {
      opType,
      domain: '',
      name,
      inputs: withoutTrailing(inputs).map((value) => value?.name ?? ''),
      outputs: Array.from({ length: outputs }, (_, i) => (i === 0 ? name : `${name}:${i}`)),
      attributes: toAttributes(attributes),
    };
  }

  #types(node: Node): readonly ValueType[] {
    const inputs = node.inputs.map((name) => this.get(name));
    return inferTypes(
      node,
      inputs,
      inputs.map((value) => this.constantOf(value)),
    );
  }

  #outputElements(node: Node): number {
    return elementCount(this.#types(node)[0]!.shape);
  }

  #add(value: Value): Value {
    assert(!this.#values.has(value.name), `two values are named "${value.name}"`);
    this.#values.set(value.name, value);
    return value;
  }

  #fresh(hint: string): string {
    let name: string;
    do name = `${this.#scope}${hint}_${this.#counter++}`;
    while (this.#values.has(name));
    return name;
  }
}

/** The values as text; unlike `join`, it tells -0 from 0. */
function textOf(tensor: Tensor): string {
  return Array.from(tensor.data as ArrayLike<number | bigint>, (value) =>
    Object.is(value, -0) ? '-0' : `${value}`,
  ).join();
}

/** Inputs left out at the end are not written at all: some operators refuse an empty name there. */
function withoutTrailing<T>(inputs: readonly (T | undefined)[]): readonly (T | undefined)[] {
  return inputs.slice(0, inputs.findLastIndex((value) => value !== undefined) + 1);
}
