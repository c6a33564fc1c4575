import { asFloats, asNumbers, elementCount, type Node, type Tensor } from '../../onnx/index.js';
import type { Value } from '../value.js';
import { isSigned, whole } from './arrangement.js';
import { type Bytes, runtimeDomain } from './byte-graph.js';
import { isPlain, isPoint } from './convolution.js';
import type { ByteRule, Rewriting } from './rule.js';
import type { Slot } from './scales.js';

/** Sums. */
export const sumRules = {
  Add: {
    accepts: (q, node) => {
      const shapes = [...node.inputs, node.outputs[0]!].map((name) => String(q.value(name).shape));
      return new Set(shapes).size === 1 && node.inputs.some((name) => q.isBytes(name));
    },
    write: (q, node) => sum(q, node, q.bytes.slot(q.value(node.outputs[0]!), true)),
  },
} satisfies Record<string, ByteRule>;

/** The sum of two values. */
export function sum(q: Rewriting, node: Node, slot: Slot): Bytes {
  const [a, b] = node.inputs.map((name) => q.toBytes(name)) as [Bytes, Bytes];
  return added(q, a.single ? whole(q, a) : a, b, slot);
}

/** The sum of bytes. */
export function added({ bytes }: Rewriting, a: Bytes, b: Bytes, slot: Slot): Bytes {
  const result = { slot, factor: 1, shape: a.shape };
  const inputs = [a.name, ...bytes.scaling(a), b.name, ...bytes.scaling(b), ...bytes.scaling(result)];
  return bytes.track({ ...result, name: bytes.node('QLinearAdd', inputs, {}, runtimeDomain) });
}

/** 1 where a byte is above its zero, else 0. */
export function maskOf({ bytes }: Rewriting, y: Bytes): string {
  return bytes.node('Clip', [y.name, bytes.byte(0), bytes.byte(1)]);
}

/** Bytes times a mask of ones and zeros, with the same scale unless another is given. */
export function masked(
  { bytes }: Rewriting,
  x: Bytes,
  mask: string,
  shape: readonly number[],
  into: Pick<Bytes, 'slot' | 'factor'> = x,
): Bytes {
  const { slot, factor } = into;
  const inputs = [x.name, ...bytes.scaling(x), mask, bytes.float(1), bytes.byte(0), ...bytes.scaling(into)];
  return { slot, factor, shape, name: bytes.node('QLinearMul', inputs, {}, runtimeDomain) };
}

/** The product of a value with the mask of a ReLU's output, in a slot. */
export function maskedInto(q: Rewriting, x: string, y: string, slot: Slot): Bytes {
  return masked(q, q.toBytes(x), maskOf(q, q.toBytes(y)), q.value(y).shape, { slot, factor: 1 });
}

/** The same numbers in another slot. */
export function rescaled(q: Rewriting, x: Bytes, slot: Slot): Bytes {
  const nothing = { name: q.bytes.byte(slot.zero), slot, factor: 1, shape: x.shape, single: true };
  return added(q, x, nothing, slot);
}

/** Bytes times a number for every place, none of which is negative. */
export function overPlaces({ bytes }: Rewriting, x: Bytes, places: Places, slot: Slot): Bytes {
  const { values, scale } = roundedPlaces(places.data);
  const result = { slot, factor: 1, shape: x.shape };
  const name = bytes.constant({ dtype: 'uint8', dims: [1, ...places.size, 1], data: values });
  const inputs = [x.name, ...bytes.scaling(x), name, bytes.float(scale), bytes.byte(0), ...bytes.scaling(result)];
  return bytes.track({ ...result, name: bytes.node('QLinearMul', inputs, {}, runtimeDomain) });
}

/** A number for every place, `[1, 1, H, W]`. */
export interface Places {
  readonly size: readonly number[];
  readonly data: readonly number[];
}

/** In bytes, exactly where all are whole multiples of a part of the largest. */
function roundedPlaces(data: readonly number[]): { readonly values: Uint8Array; readonly scale: number } {
  const largest = Math.max(...new Set(data));
  const distinct = [...new Set(data)];
  const isExact = (steps: number): boolean =>
    distinct.every((value) => {
      const q = (value / largest) * steps;
      return Math.abs(q - Math.round(q)) < 1e-4;
    });
  let steps = 1;
  while (steps < 255 && !isExact(steps)) steps++;
  const scale = largest > 0 ? largest / steps : 1;
  return { values: Uint8Array.from(data, (value) => Math.round(value / scale)), scale };
}

/** What bytes are multiplied by. */
export type Factor = { readonly mask: string } | { readonly constant: number | Places };

/** What a product is of: bytes, and the mask of a ReLU or a constant that is not negative. */
export function factors(q: Rewriting, node: Node): { readonly x: string; readonly by: Factor } | undefined {
  const { shape } = q.value(node.outputs[0]!);
  if (shape.length !== 4) return undefined;
  for (const [x, other] of [node.inputs, node.inputs.toReversed()] as [string, string][]) {
    if (!q.isBytes(x) || String(q.value(x).shape) !== String(shape)) continue;
    const mask = maskedBy(q, other);
    if (mask !== undefined) return { x, by: { mask } };
    const constant = constantFactor(q, other, shape);
    if (constant !== undefined) return { x, by: { constant } };
  }
  return undefined;
}

/** The value `y` of bytes where another is `Cast(y > 0)`. */
function maskedBy(q: Rewriting, name: string): string | undefined {
  const cast = q.producer(name);
  const greater = cast?.opType === 'Cast' ? q.producer(cast.inputs[0]!) : undefined;
  if (greater?.opType !== 'Greater') return undefined;
  const [y, than] = greater.inputs as [string, string];
  const bound = q.g.constantOf(q.value(than));
  const isZero = bound !== undefined && bound.data.length === 1 && Number(bound.data[0]) === 0;
  return isZero && q.isBytes(y) && q.producer(y)?.opType === 'Relu' ? y : undefined;
}

function constantFactor(q: Rewriting, name: string, shape: readonly number[]): number | Places | undefined {
  const value = q.value(name);
  const constant = q.g.constantOf(value);
  const data = constant && asNumbers(constant);
  if (!data || data.some((factor) => !(factor >= 0)) || data.every((factor) => factor === 0)) return undefined;
  if (elementCount(value.shape) === 1) return data[0]!;
  return String(value.shape) === String([1, 1, ...shape.slice(2)]) ? { size: shape.slice(2), data } : undefined;
}

/**
 * A sum of many as sums of two, so that ranges can be measured in between, after its 1×1 convolutions have become one
 * convolution of all their inputs: that rounds once instead of once for each.
 */
export function rewrittenSum(q: Rewriting, node: Node): Value | undefined {
  const summands = leaves(q, node).map((name) => ({ name, point: pointConvolution(q, name) }));
  const points = summands.flatMap(({ point }) => point ?? []);
  if (points.length < 2 && node.opType === 'Add') return undefined;
  const rest = summands.filter(({ point }) => points.length < 2 || !point).map(({ name }) => q.value(name));
  const [first, ...others] = points.length < 2 ? rest : [mergedPoints(q, points), ...rest];
  return others.reduce((total, value) => q.g.op('Add', [total, value]), first!);
}

/** What a sum is of in the end, where sums of sums of the same shape stand for one. */
function leaves(q: Rewriting, { inputs, outputs }: Node): string[] {
  const shape = String(q.value(outputs[0]!).shape);
  return inputs.flatMap((name) => {
    const node = q.written(name);
    const isSum = node?.opType === 'Add' && node.inputs.every((input) => String(q.value(input).shape) === shape);
    return isSum && q.readers(name) === 1 ? leaves(q, node) : [name];
  });
}

/** The convolution that a value is, where that is a 1×1 one without bias of gradients in bytes. */
function pointConvolution(q: Rewriting, name: string): Node | undefined {
  const node = q.producer(name);
  const isPoints = node?.opType === 'Conv' && !node.inputs[2] && isPlain(q, node) && isPoint(q, node);
  return isPoints && q.isBytes(node.inputs[0]!) && isSigned(q, node.inputs[0]!) ? node : undefined;
}

function mergedPoints(q: Rewriting, points: readonly Node[]): Value {
  const inputs = points.map((node) => q.value(node.inputs[0]!));
  const weights = points.map((node) => q.g.constantOf(q.value(node.inputs[1]!))!);
  const all = q.g.op('Concat', inputs, { axis: 1 });
  return q.g.op('Conv', [all, q.g.constant(sideBySide(weights))], { kernel_shape: [1, 1] });
}

/** `[M, C₁, 1, 1]`, `[M, C₂, 1, 1]`, … → `[M, C₁ + C₂ + …, 1, 1]` */
function sideBySide(weights: readonly Tensor[]): Tensor {
  const [count] = weights[0]!.dims as [number];
  const widths = weights.map(({ dims }) => dims[1]!);
  const width = widths.reduce((sum, each) => sum + each, 0);
  const data = new Float32Array(count * width);
  let left = 0;
  for (const [i, weight] of weights.entries()) {
    const [source, columns] = [asFloats(weight), widths[i]!];
    for (let row = 0; row < count; row++)
      data.set(source.subarray(row * columns, (row + 1) * columns), row * width + left);
    left += columns;
  }
  return { dtype: 'float32', dims: [count, width, 1, 1], data };
}
