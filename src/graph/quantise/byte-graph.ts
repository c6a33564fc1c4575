import { elementCount, floats, ints, type Node, type Tensor } from '../../onnx/index.js';
import { type AttributeValues, toAttributes } from '../attributes.js';
import type { Value } from '../value.js';
import { type Parameter, parameterLength, Slot } from './scales.js';

/** A tensor of bytes, channels last. */
export interface Bytes {
  /** The name it has on the edges. */
  readonly name: string;
  readonly slot: Slot;
  /** What its scale is beyond that of the slot. */
  readonly factor: number;
  /** `[1, C, H, W]` as the float graph has it; the bytes themselves lie as `[1, H, W, C]`. */
  readonly shape: readonly number[];
  /** Whether it is a single byte that stands for every element. */
  readonly single?: boolean;
}

/** Operators of onnxruntime itself, beside those of ONNX. */
export const runtimeDomain = 'com.microsoft';

/** Names of the graph's own inputs and outputs. */
export const parametersName = 'quantisation';
export const peaksName = 'peaks';

/** Peaks are those of every fourth row, where that leaves at least so many rows. */
const [fewestOf, fewestRows] = [4, 8];

/** Writes nodes on bytes, and keeps what their scales depend on. */
export class ByteGraph {
  readonly #nodes: Node[] = [];
  readonly #constants = new Map<string, Tensor>();
  readonly #scales = new Map<string, Parameter>();
  readonly #biases = new Map<string, Parameter>();
  readonly #slots = new Map<Slot, number>();
  readonly #ranges: { readonly slot: Slot; readonly value: Value }[] = [];
  readonly #tracked: Bytes[] = [];
  readonly #written = new Map<string, string>();
  #counter = 0;

  /** The slot of a tensor whose range is that of a value of the float graph. */
  slot(value: Value, signed: boolean): Slot {
    const slot = new Slot(signed);
    this.#ranges.push({ slot, value });
    return slot;
  }

  /** The values of the float graph that ranges are measured at. */
  get ranges(): readonly { readonly slot: Slot; readonly value: Value }[] {
    return this.#ranges;
  }

  /** What the graph is fed, in its order. */
  get parameters(): readonly Parameter[] {
    return [...this.#scales.values(), ...this.#biases.values()];
  }

  /** The tensors whose largest and smallest byte the graph tells, in its order. */
  get tracked(): readonly Bytes[] {
    return this.#tracked;
  }

  /** The number of a slot, the same for all that share a range. */
  #number(slot: Slot): number {
    const known = this.#slots.get(slot) ?? this.#slots.size;
    this.#slots.set(slot, known);
    return known;
  }

  constant(tensor: Tensor, key?: string): string {
    const name = key ?? this.#fresh('constant');
    this.#constants.set(name, tensor);
    return name;
  }

  ints(values: readonly number[]): string {
    return this.constant(ints(values), `ints/${values.join()}`);
  }

  float(value: number): string {
    return this.constant(floats([value], []), `float/${value}`);
  }

  byte(value: number): string {
    return this.constant({ dtype: 'uint8', dims: [], data: new Uint8Array([value]) }, `byte/${value}`);
  }

  signedBytes(data: Int8Array, dims: readonly number[], key?: string): string {
    return this.constant({ dtype: 'int8', dims, data }, key);
  }

  /** A node with one output. The same node is written once however often it is asked for. */
  node(opType: string, inputs: readonly string[], attributes: AttributeValues = {}, domain = ''): string {
    const key = JSON.stringify([opType, inputs, attributes]);
    const known = this.#written.get(key);
    if (known !== undefined) return known;
    const name = this.#fresh(opType);
    this.copy({ opType, domain, name, inputs, outputs: [name], attributes: toAttributes(attributes) });
    this.#written.set(key, name);
    return name;
  }

  /** A node as it is. */
  copy(node: Node): void {
    this.#nodes.push(node);
  }

  /** What a step of these bytes is worth. */
  scale({ slot, factor }: Pick<Bytes, 'slot' | 'factor'>): string {
    const name = `scale/${this.#number(slot)}/${factor}`;
    this.#scales.set(name, { kind: 'scale', slot, factor });
    return name;
  }

  zero({ slot }: Pick<Bytes, 'slot'>): string {
    return this.byte(slot.zero);
  }

  /** Scale and zero of bytes, as operators take them one after the other. */
  scaling(bytes: Pick<Bytes, 'slot' | 'factor'>): [scale: string, zero: string] {
    return [this.scale(bytes), this.zero(bytes)];
  }

  bias(bias: ArrayLike<number>, weightScales: Float32Array, { slot, factor }: Bytes): string {
    const name = this.#fresh('bias');
    this.#biases.set(name, { kind: 'bias', slot, factor, bias, weightScales });
    return name;
  }

  /** Watches the largest and smallest byte. */
  track(bytes: Bytes): Bytes {
    this.#tracked.push(bytes);
    return bytes;
  }

  /** All nodes in order, those that read the parameters and tell the peaks among them. */
  finish(): { readonly nodes: readonly Node[]; readonly constants: ReadonlyMap<string, Tensor> } {
    const [body, parameters] = [[...this.#nodes], this.#parameterNodes()];
    return { nodes: [...parameters, ...body, ...this.#peakNodes()], constants: this.#constants };
  }

  /** Takes the parameters apart: the scales as they are, the biases as whole numbers. */
  #parameterNodes(): Node[] {
    const scales = [...this.#scales.keys()].map((name, i) =>
      plain('Gather', [parametersName, this.constant(ints([i], []), `index/${i}`)], [name], { axis: 0 }),
    );
    if (this.#biases.size === 0) return scales;
    const lengths = [...this.#biases.values()].map(parameterLength);
    const end = scales.length + lengths.reduce((a, b) => a + b, 0);
    return [
      ...scales,
      plain('Slice', [parametersName, this.ints([scales.length]), this.ints([end])], ['biases/float'], {}),
      plain('Cast', ['biases/float'], ['biases'], { to: 6 }),
      plain('Split', ['biases', this.ints(lengths)], [...this.#biases.keys()], { axis: 0 }),
    ];
  }

  /** The largest and the smallest byte of each tracked tensor, one after the other. */
  #peakNodes(): Node[] {
    const all = this.ints([0, 1, 2, 3]);
    const nodes: Node[] = [];
    const peaks = this.#tracked.flatMap((bytes) => {
      const rows = this.#someRows(bytes, nodes);
      return (bytes.slot.signed ? ['ReduceMax', 'ReduceMin'] : ['ReduceMax']).map((opType) => {
        const peak = `${bytes.name}/${opType}`;
        nodes.push(plain(opType, [rows, all], [peak], { keepdims: 1 }));
        return peak;
      });
    });
    if (peaks.length === 0) return [];
    return [
      ...nodes,
      plain('Concat', peaks, ['peaks/bytes'], { axis: 0 }),
      plain('Cast', ['peaks/bytes'], [peaksName], { to: 1 }),
    ];
  }

  /** Rows enough to know the peaks by: the runtime goes through bytes for them with one thread and slowly. */
  #someRows({ name, shape, single }: Bytes, nodes: Node[]): string {
    const height = single ? 1 : shape[2]!;
    const every = Math.min(Math.floor(height / fewestRows), fewestOf);
    if (every < 2) return name;
    const rows = `${name}/rows`;
    const inputs = [name, this.ints([0]), this.ints([height]), this.ints([1]), this.ints([every])];
    nodes.push(plain('Slice', inputs, [rows], {}));
    return rows;
  }

  #fresh(hint: string): string {
    return `bytes/${hint}_${this.#counter++}`;
  }
}

/** Elements of a tensor of bytes. */
export function byteCount({ shape, single }: Bytes): number {
  return single ? 1 : elementCount(shape);
}

function plain(
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: AttributeValues,
): Node {
  return { opType, domain: '', name: outputs[0]!, inputs, outputs, attributes: toAttributes(attributes) };
}
