import { asNumbers, elementCount, type Node } from '../../onnx/index.js';
import type { Value } from '../value.js';
import { whole } from './arrangement.js';
import { type Bytes, runtimeDomain } from './byte-graph.js';
import type { ByteRule, Rewriting } from './rule.js';
import type { Slot } from './scales.js';

/** Sums, and products with masks and constants. */
export const elementwiseRules = {
  Add: {
    accepts: (q, node) => {
      const shapes = [...node.inputs, node.outputs[0]!].map((name) => String(q.value(name).shape));
      return new Set(shapes).size === 1 && node.inputs.some((name) => q.isBytes(name));
    },
    write: (q, node) => sum(q, node, q.bytes.slot(q.value(node.outputs[0]!), true)),
  },
  Mul: {
    accepts: (q, node) => factors(q, node) !== undefined,
    write: (q, node) => {
      const { x, by } = factors(q, node)!;
      const bytes = q.toBytes(x);
      const { shape } = q.value(node.outputs[0]!);
      if ('mask' in by) return masked(q, bytes, maskOf(q, q.toBytes(by.mask)), shape);
      if (typeof by.constant === 'number') return { ...bytes, factor: bytes.factor * by.constant, shape };
      const slot = q.bytes.slot(q.value(node.outputs[0]!), true);
      return overPlaces(q, whole(q, bytes), by.constant, slot);
    },
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
function maskOf({ bytes }: Rewriting, y: Bytes): string {
  return bytes.node('Clip', [y.name, bytes.byte(0), bytes.byte(1)]);
}

/** Bytes times a mask of ones and zeros. */
export function masked({ bytes }: Rewriting, x: Bytes, mask: string, shape: readonly number[]): Bytes {
  const { single: _, ...rest } = x;
  const inputs = [x.name, ...bytes.scaling(x), mask, bytes.float(1), bytes.byte(0), ...bytes.scaling(x)];
  return { ...rest, shape, name: bytes.node('QLinearMul', inputs, {}, runtimeDomain) };
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

type Factor = { readonly mask: string } | { readonly constant: number | Places };

/** What a product is of: bytes, and the mask of a ReLU or a constant that is not negative. */
function factors(q: Rewriting, node: Node): { readonly x: string; readonly by: Factor } | undefined {
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

/** A sum of many as sums of two, so that ranges can be measured in between. */
export function rewrittenSum(q: Rewriting, node: Node): Value | undefined {
  if (node.opType !== 'Sum' || node.inputs.length < 2) return undefined;
  const [first, ...rest] = node.inputs.map((name) => q.value(name)) as [Value, ...Value[]];
  return rest.reduce((total, value) => q.g.op('Add', [total, value]), first);
}
