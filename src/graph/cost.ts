import { elementCount, type Node } from '../onnx/index.js';
import { intAttribute } from './attributes.js';
import type { GraphBuilder } from './builder.js';

const elementBytes: Readonly<Record<string, number>> = { int64: 8, float64: 8, uint64: 8, uint8: 1, int8: 1, bool: 1 };

/** Floating-point operations of one node, a multiply-add counted as two; only convolutions and matrix products count. */
export function flopsOf(builder: GraphBuilder, node: Node): number {
  const shape = (name: string | undefined): readonly number[] => builder.get(name ?? '')?.shape ?? [];
  const [x, w, y] = [shape(node.inputs[0]), shape(node.inputs[1]), shape(node.outputs[0])];
  switch (node.opType) {
    case 'Conv':
      return 2 * elementCount(y) * elementCount(w.slice(1));
    case 'ConvTranspose':
      return 2 * elementCount(x) * elementCount(w.slice(1));
    case 'MatMul':
      return 2 * elementCount(y) * (x.at(-1) ?? 1);
    case 'Gemm':
      return 2 * elementCount(y) * (intAttribute(node, 'transA', 0) ? x[0]! : x[1]!);
    default:
      return 0;
  }
}

/** Floating-point operations of one run of the whole graph. */
export function totalFlops(builder: GraphBuilder): number {
  return builder.nodes.reduce((sum, node) => sum + flopsOf(builder, node), 0);
}

/** The part of these that is convolutions with constant weights in one group, over rows and columns. */
export function quantisableFlops(builder: GraphBuilder): number {
  const isQuantisable = ({ opType, inputs, attributes }: Node): boolean => {
    const weight = builder.get(inputs[1] ?? '');
    const group = attributes['group'];
    const whole = group === undefined || (group.type === 'int' && group.value === 1);
    return opType.startsWith('Conv') && whole && weight?.shape.length === 4 && builder.constantOf(weight) !== undefined;
  };
  return builder.nodes.reduce((sum, node) => sum + (isQuantisable(node) ? flopsOf(builder, node) : 0), 0);
}

/** Bytes of the constants that the nodes read: weights, and what gradients need of them in another arrangement. */
export function constantBytes(builder: GraphBuilder): number {
  const read = new Set(builder.nodes.flatMap((node) => node.inputs));
  let bytes = 0;
  for (const name of read) bytes += builder.constantOf(builder.find(name))?.data.byteLength ?? 0;
  return bytes;
}

/**
 * The most bytes of intermediate tensors that are alive at once when the nodes run in order and every tensor is freed
 * after its last reader. Constants are not counted.
 */
export function peakActivationBytes(builder: GraphBuilder, outputs: readonly string[]): number {
  const lastReader = new Map<string, number>();
  builder.nodes.forEach((node, index) => {
    for (const name of node.inputs) lastReader.set(name, index);
  });
  for (const name of outputs) lastReader.set(name, Number.POSITIVE_INFINITY);
  const bytes = (name: string): number => {
    const value = name === '' ? undefined : builder.find(name);
    if (!value || builder.constantOf(value)) return 0;
    return elementCount(value.shape) * (elementBytes[value.dtype] ?? 4);
  };
  let alive = 0;
  let peak = 0;
  builder.nodes.forEach((node, index) => {
    for (const name of node.outputs) if (lastReader.has(name)) alive += bytes(name);
    peak = Math.max(peak, alive);
    for (const name of new Set(node.inputs)) if (lastReader.get(name) === index) alive -= bytes(name);
  });
  return peak;
}
