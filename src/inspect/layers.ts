import { ModelError } from '../errors.js';
import {
  flopsOf,
  type GraphBuilder,
  intsAttribute,
  type PreparedGraph,
  prepare,
  receptiveFields,
  shapeRules,
  specialise,
} from '../graph/index.js';
import type { Size } from '../image/index.js';
import type { Network } from '../models/index.js';
import type { Node } from '../onnx/index.js';

/** A layer that can be dreamed on. */
export interface LayerRow {
  /** The tensor's name, which is what `layers` options take. */
  readonly name: string;
  /** The ONNX operator that computes it. */
  readonly op: string;
  /** What it is computed from: names of layers, and of the network's input where that is among them. */
  readonly inputs: readonly string[];
  /** Height and width of the window of a convolution or a pooling; null for everything else. */
  readonly kernel: readonly [number, number] | null;
  /** `[1, channels, height, width]` for a picture of the size that was asked for. */
  readonly shape: readonly [number, number, number, number];
  /** Number of channels. */
  readonly channels: number;
  /** Picture pixels between neighbouring elements, along the axis where they are more. */
  readonly stride: number;
  /** Picture pixels along one axis that can change one element, the larger of both; `Infinity` when all of them can. */
  readonly receptiveField: number;
  /** Floating-point operations of everything that it takes to compute it, a multiply-add counted as two. */
  readonly flops: number;
  /** `block` where branches of the network meet and for its outputs, the names that dreams are known by; else `layer`. */
  readonly kind: 'block' | 'layer';
}

/** Operators where branches meet. Adding a constant joins nothing, so they count only with two inputs that vary. */
const joins = new Set(['Concat', 'Add', 'Sum']);

/**
 * Every layer that a picture of this size can dream on: the tensors with four dimensions that depend on the picture,
 * in the order in which the network computes them. What cannot be computed at this size is left out, such as a
 * classifier that was made for one size, or the last layers when the picture is too small for them.
 *
 * @param size of the picture in pixels
 * @throws ModelError saying what is in the way when no layer is left
 */
export function listLayers(network: Network, size: Size): LayerRow[] {
  const prepared = prepare(network.model, new Set(network.tensorNames));
  const { builder, refusal } = buildWhatFits(prepared, { [network.inputName]: [1, 3, size.height, size.width] });
  const fields = receptiveFields(builder, network.inputName);
  const flopsTo = flopsByTensor(builder);
  const actual = (name: string): string => prepared.aliases.get(name) ?? name;
  const outputs = new Set(network.model.graph.outputs.map(({ name }) => name));

  const rows: LayerRow[] = [];
  // A tensor that is no layer, such as a mean over rows and columns, stands for the layers that it comes from.
  const origins = new Map<string, readonly string[]>([[network.inputName, [network.inputName]]]);
  for (const node of network.model.graph.nodes) {
    const inputs = [...new Set(node.inputs.flatMap((name) => origins.get(name) ?? []))];
    const kernel = kernelOf(node, builder.find(actual(node.inputs[1] ?? ''))?.shape);
    const varying = node.inputs.filter((name) => fields.has(actual(name))).length;
    const isJoin = joins.has(node.opType) && varying > 1;
    for (const name of node.outputs) {
      const shape = builder.find(actual(name))?.shape;
      const field = fields.get(actual(name));
      origins.set(name, field && shape?.length === 4 ? [name] : inputs);
      if (!field || shape?.length !== 4) continue;
      const [height, width] = field.axes.map((axis) => shape[axis]!) as [number, number];
      const channels = shape[String(field.axes) === '1,2' ? 3 : 1]!;
      rows.push({
        name,
        op: node.opType,
        inputs,
        kernel,
        shape: [shape[0]!, channels, height, width],
        channels,
        stride: Math.max(...field.stride),
        receptiveField: Math.max(...field.size),
        flops: flopsTo(actual(name)),
        kind: isJoin || outputs.has(name) ? 'block' : 'layer',
      });
    }
  }
  if (rows.length > 0) return rows;
  throw (
    refusal ?? new ModelError('model/unsupported', `${network.name}: expected layers of height and width, got none.`)
  );
}

/** The sizes of a window; where a convolution leaves them out, they are those of its weights. */
function kernelOf(node: Node, weights: readonly number[] | undefined): LayerRow['kernel'] {
  const sizes = intsAttribute(node, 'kernel_shape') ?? (node.opType === 'Conv' ? weights?.slice(2) : undefined);
  return sizes?.length === 2 ? [sizes[0]!, sizes[1]!] : null;
}

/**
 * The network at one size without the nodes that cannot be computed there and all that depends on them.
 *
 * @returns what could be built, and why the first of the others could not
 */
function buildWhatFits(prepared: PreparedGraph, shapes: Readonly<Record<string, readonly number[]>>) {
  const { nodes } = prepared.graph;
  // One attempt names every unknown operator at once; their nodes are known without trying.
  const refused = new Set<Node>(nodes.filter(({ opType }) => !shapeRules[opType]));
  let refusal: ModelError | undefined;
  const attempt = (kept: readonly Node[]): GraphBuilder | undefined => {
    try {
      return specialise(
        prepared,
        shapes,
        kept.flatMap(({ outputs }) => outputs.filter((name) => name !== '')),
      );
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      refusal ??= error;
      return undefined;
    }
  };
  for (;;) {
    const kept = withoutDependents(nodes, refused);
    const builder = attempt(kept);
    if (builder) return { builder, refusal };
    // Nodes stand in topological order: the first that fails is the last one of the shortest beginning that fails.
    let [fits, fails] = [0, kept.length];
    while (fails - fits > 1) {
      const middle = (fits + fails) >> 1;
      if (attempt(kept.slice(0, middle))) fits = middle;
      else fails = middle;
    }
    refused.add(kept[fails - 1]!);
  }
}

/** The nodes that need none of the refused ones. */
function withoutDependents(nodes: readonly Node[], refused: ReadonlySet<Node>): Node[] {
  const missing = new Set<string>();
  return nodes.filter((node) => {
    const keeps = !refused.has(node) && !node.inputs.some((name) => missing.has(name));
    if (!keeps) for (const name of node.outputs) if (name !== '') missing.add(name);
    return keeps;
  });
}

/** For any tensor, the floating-point operations of its node and of all nodes before it, each counted once. */
function flopsByTensor(builder: GraphBuilder): (name: string) => number {
  const producers = new Map<string, Node>();
  for (const node of builder.nodes) for (const name of node.outputs) if (name !== '') producers.set(name, node);
  return (name) => {
    const open = [name];
    const seen = new Set<Node>();
    let flops = 0;
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const node = producers.get(next);
      if (!node || seen.has(node)) continue;
      seen.add(node);
      flops += flopsOf(builder, node);
      open.push(...node.inputs);
    }
    return flops;
  };
}
