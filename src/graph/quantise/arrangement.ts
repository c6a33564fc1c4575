import { asNumbers, elementCount } from '../../onnx/index.js';
import { positiveAxis } from '../broadcast.js';
import type { Bytes } from './byte-graph.js';
import type { ByteRule, Rewriting } from './rule.js';

/** Operators that put elements elsewhere as they are. */
export const arrangementRules = {
  Identity: {
    accepts: (q, node) => q.isBytes(node.inputs[0]!),
    write: (q, node) => q.toBytes(node.inputs[0]!),
  },
  Slice: {
    accepts: (q, node) => q.value(node.outputs[0]!).shape.length === 4 && q.isBytes(node.inputs[0]!),
    write: (q, node) => {
      const x = q.toBytes(node.inputs[0]!);
      const { shape } = q.value(node.outputs[0]!);
      if (x.single) return { ...x, shape };
      const [, starts, ends, axes, steps] = node.inputs.map((name) => {
        const constant = q.g.constantOf(q.g.get(name));
        return constant && asNumbers(constant);
      });
      const places = axes ?? starts!.map((_, axis) => axis);
      const lists = [starts!, ends!, places.map((axis) => lastPlace[positiveAxis(axis, 4)]!), steps];
      const inputs = lists.flatMap((list) => (list ? [q.bytes.ints(list)] : []));
      return { ...x, shape, name: q.bytes.node('Slice', [x.name, ...inputs]) };
    },
  },
  // Every element is the same number, which one byte can say exactly.
  Expand: {
    accepts: (q, node) => {
      const x = q.value(node.inputs[0]!);
      return (
        q.value(node.outputs[0]!).shape.length === 4 && q.g.constantOf(x) !== undefined && elementCount(x.shape) === 1
      );
    },
    write: (q, node) => {
      const x = q.value(node.inputs[0]!);
      const value = asNumbers(q.g.constantOf(x)!)[0]!;
      const slot = q.bytes.slot(x, true);
      const name = q.bytes.byte(Math.sign(value) * 127 + slot.zero);
      return { name, slot, factor: 1, shape: q.value(node.outputs[0]!).shape, single: true };
    },
  },
} satisfies Record<string, ByteRule>;

/** Where the axes of `[N, C, H, W]` are in `[N, H, W, C]`. */
const lastPlace = [0, 3, 1, 2] as const;

/** Bytes with every element written out. */
export function whole(q: Rewriting, x: Bytes): Bytes {
  if (!x.single) return x;
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const { single: _, ...rest } = x;
  return { ...rest, name: q.bytes.node('Expand', [x.name, q.bytes.ints([n, h, w, c])]) };
}

/** Whether a value has bytes around 128. What only arranges what a ReLU gave has not. */
export function isSigned(q: Rewriting, name: string): boolean {
  const node = q.producer(name);
  if (node?.opType === 'Relu') return false;
  const arranging = ['MaxPool', 'Concat', 'Slice', 'Identity', 'AveragePool'];
  if (!node || !arranging.includes(node.opType)) return true;
  const inputs = node.opType === 'Concat' ? node.inputs : node.inputs.slice(0, 1);
  return inputs.some((input) => isSigned(q, input));
}

/**
 * `[1, s² · C, h, w]`, the channels being those of each place in squares of `s` by `s`, to `[1, C, s · h, s · w]`, less
 * what is cropped at the top and left. Beyond its end there are zeros.
 */
export function interleaved(
  { bytes }: Rewriting,
  x: Bytes,
  {
    stride,
    crop,
    shape,
  }: { readonly stride: number; readonly crop: readonly number[]; readonly shape: readonly number[] },
): Bytes {
  const [, c, height, width] = shape as [number, number, number, number];
  const [h, w] = x.shape.slice(2) as [number, number];
  const apart = bytes.node('Reshape', [x.name, bytes.ints([h, w, stride, stride * c])]);
  const rows = bytes.node('Transpose', [apart], { perm: [0, 2, 1, 3] });
  let name = bytes.node('Reshape', [rows, bytes.ints([1, h * stride, w * stride, c])]);
  const missing = [height + crop[0]! - h * stride, width + crop[1]! - w * stride].map((count) => Math.max(0, count));
  if (missing.some((count) => count > 0)) {
    name = bytes.node('Pad', [name, bytes.ints([0, 0, 0, 0, 0, ...missing, 0]), bytes.zero(x)]);
  }
  const ends = [crop[0]! + height, crop[1]! + width];
  if (crop.some((count) => count > 0) || ends[0] !== h * stride || ends[1] !== w * stride) {
    name = bytes.node('Slice', [name, bytes.ints(crop), bytes.ints(ends), bytes.ints([1, 2])]);
  }
  return { ...x, shape, name };
}
