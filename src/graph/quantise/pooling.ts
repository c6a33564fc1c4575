import type { Node } from '../../onnx/index.js';
import { intAttribute, intsAttribute } from '../attributes.js';
import type { Value } from '../value.js';
import { type Window, windowOf } from '../window.js';
import { interleaved, isSigned, whole } from './arrangement.js';
import { type Bytes, runtimeDomain } from './byte-graph.js';
import { convolved, copied, isPlain, isPoint } from './convolution.js';
import { added, masked, overPlaces } from './elementwise.js';
import type { ByteRule, Rewriting } from './rule.js';
import type { Slot } from './scales.js';

/** Pooling over windows, and the gradient of the maximum. */
export const poolingRules = {
  MaxPool: {
    accepts: (q, node) => {
      const [x] = node.inputs as [string];
      return node.outputs.length === 1 && q.value(x).shape.length === 4 && q.isBytes(x) && !isSigned(q, x);
    },
    write: (q, node) => maxPool(q, q.toBytes(node.inputs[0]!), poolWindow(q, node)),
  },
  AveragePool: {
    accepts: (q, node) => {
      const [x] = node.inputs as [string];
      if (q.value(x).shape.length !== 4 || !q.isBytes(x)) return false;
      const { dilations, strides } = poolWindow(q, node);
      return [...dilations, ...strides].every((step) => step === 1);
    },
    write: (q, node) => {
      const signed = isSigned(q, node.outputs[0]!);
      return averagePool(q, node, q.bytes.slot(q.value(node.outputs[0]!), signed));
    },
  },
  // The end of what the gradient of MaxPool is written as: see the rules of differentiation.
  Reshape: {
    accepts: (q, node) => {
      const parts = maxPoolGradient(q, node);
      return parts !== undefined && q.isBytes(parts.dY) && q.isBytes(parts.x) && !isSigned(q, parts.x);
    },
    write: (q, node) => {
      const { pool, x, dY } = maxPoolGradient(q, node)!;
      const slot = q.bytes.slot(q.value(node.outputs[0]!), true);
      return gradientOfMaxPool(q, q.toBytes(x), whole(q, q.toBytes(dY)), poolWindow(q, pool), slot);
    },
  },
} satisfies Record<string, ByteRule>;

function poolWindow(q: Rewriting, node: Node): Window {
  return windowOf(node, q.value(node.inputs[0]!).shape.slice(2), intsAttribute(node, 'kernel_shape')!);
}

function maxPool(
  { bytes }: Rewriting,
  x: Bytes,
  { kernel, strides, dilations, padsBegin, padsEnd, output }: Window,
): Bytes {
  const attributes = { kernel_shape: kernel, strides, dilations, pads: [...padsBegin, ...padsEnd] };
  const name = bytes.node('NhwcMaxPool', [x.name], attributes, runtimeDomain);
  return { ...x, shape: [...x.shape.slice(0, 2), ...output], name };
}

/**
 * An average over windows with stride 1, as a convolution of each channel by itself by ones; the runtime's own average is
 * far slower. Where padding does not count, the windows that hold some are enlarged afterwards.
 */
export function averagePool(q: Rewriting, node: Node, slot: Slot): Bytes {
  const x = whole(q, q.toBytes(node.inputs[0]!));
  const window = poolWindow(q, node);
  const [channels, area] = [x.shape[1]!, window.kernel[0]! * window.kernel[1]!];
  const counts =
    intAttribute(node, 'count_include_pad', 0) === 1 ? undefined : elementsOfWindows(window, x.shape.slice(2));
  const partial = counts?.some((count) => count !== area) ?? false;
  const data = new Float32Array(channels * area).fill(1 / area);
  const kernel = {
    weight: { dtype: 'float32' as const, dims: [channels, 1, ...window.kernel], data },
    key: `average/${channels}/${window.kernel}`,
    window,
    group: channels,
  };
  if (!partial) return convolved(q, x, kernel, slot);
  // Before they are enlarged, the averages are no larger than afterwards.
  const before = x.slot.signed === slot.signed ? slot : signedLike(q, node);
  const average = convolved(q, x, kernel, before);
  return overPlaces(q, average, { size: window.output, data: counts!.map((count) => area / count) }, slot);
}

/** A slot for the averages that a ReLU will cut off. */
function signedLike(q: Rewriting, node: Node): Slot {
  return q.bytes.slot(q.value(node.outputs[0]!), true);
}

/** How many elements of the input each window holds. */
function elementsOfWindows({ kernel, padsBegin, output }: Window, spatial: readonly number[]): number[] {
  const [rows, columns] = [0, 1].map((axis) =>
    Array.from({ length: output[axis]! }, (_, i) => {
      const start = i - padsBegin[axis]!;
      return Math.min(start + kernel[axis]!, spatial[axis]!) - Math.max(start, 0);
    }),
  ) as [number[], number[]];
  return rows.flatMap((row) => columns.map((column) => row * column));
}

interface MaxPoolGradient {
  readonly pool: Node;
  readonly x: string;
  readonly dY: string;
}

/** Recognises `Reshape(ScatterElements(zeros, Reshape(indices of MaxPool), Reshape(dY)))`. */
function maxPoolGradient(q: Rewriting, node: Node): MaxPoolGradient | undefined {
  const scatter = q.producer(node.inputs[0]!);
  if (scatter?.opType !== 'ScatterElements') return undefined;
  const [indices, updates] = scatter.inputs.slice(1, 3).map((name) => q.producer(name));
  if (indices?.opType !== 'Reshape' || updates?.opType !== 'Reshape') return undefined;
  const pool = q.producer(indices.inputs[0]!);
  if (pool?.opType !== 'MaxPool' || q.value(pool.inputs[0]!).shape.length !== 4) return undefined;
  const { strides, dilations } = poolWindow(q, pool);
  if (strides[0] !== strides[1] || dilations.some((dilation) => dilation !== 1)) return undefined;
  return { pool, x: pool.inputs[0]!, dY: updates.inputs[0]! };
}

/**
 * Each element of a window that is equal to its maximum gets the gradient of that maximum. The elements of all windows at
 * one place, every `stride`-th row and column of the input, are a tensor of the size of the output.
 */
function gradientOfMaxPool(q: Rewriting, x: Bytes, dY: Bytes, window: Window, slot: Slot): Bytes {
  const { bytes } = q;
  const { kernel, padsBegin, padsEnd, output } = window;
  const stride = window.strides[0]!;
  const y = maxPool(q, x, window);
  const padded = [...padsBegin, ...padsEnd].every((count) => count === 0)
    ? x.name
    : bytes.node('Pad', [x.name, bytes.ints([0, ...padsBegin, 0, 0, ...padsEnd, 0]), bytes.zero(x)]);
  const taps = kernel.map((size) => Math.ceil(size / stride));
  const grid = output.map((count, axis) => count + taps[axis]! - 1);
  const atTap = (row: number, column: number): Bytes => {
    const starts = [row, column];
    const ends = starts.map((start, axis) => start + (output[axis]! - 1) * stride + 1);
    const lists = [starts, ends, [1, 2], [stride, stride]].map((list) => bytes.ints(list));
    const values = bytes.node('Slice', [padded, ...lists]);
    const chosen = bytes.node('Cast', [bytes.node('Equal', [values, y.name])], { to: 2 });
    const gradient = masked(q, dY, chosen, dY.shape);
    const offset = starts.map((start) => Math.floor(start / stride));
    const after = offset.map((count, axis) => taps[axis]! - 1 - count);
    if ([...offset, ...after].every((count) => count === 0)) return gradient;
    const pads = bytes.ints([0, ...offset, 0, 0, ...after, 0]);
    return {
      ...gradient,
      shape: [...dY.shape.slice(0, 2), ...grid],
      name: bytes.node('Pad', [gradient.name, pads, bytes.zero(dY)]),
    };
  };
  const phases: Bytes[] = [];
  for (let a = 0; a < stride; a++) {
    for (let b = 0; b < stride; b++) {
      const gradients: Bytes[] = [];
      for (let row = a; row < kernel[0]!; row += stride) {
        for (let column = b; column < kernel[1]!; column += stride) gradients.push(atTap(row, column));
      }
      phases.push(inSlot(q, gradients, slot, [...dY.shape.slice(0, 2), ...grid]));
    }
  }
  const channels = phases.reduce((sum, { shape }) => sum + shape[1]!, 0);
  const all = { ...phases[0]!, shape: [1, channels, ...grid] };
  const name = bytes.node(
    'Concat',
    phases.map((phase) => phase.name),
    { axis: 3 },
  );
  return interleaved(q, { ...all, name }, { stride, crop: padsBegin, shape: x.shape });
}

/** The sum of several gradients, in a slot of its own. */
function inSlot(q: Rewriting, gradients: readonly Bytes[], slot: Slot, shape: readonly number[]): Bytes {
  const { bytes } = q;
  const nothing: Bytes = { name: bytes.byte(slot.zero), slot, factor: 1, shape, single: true };
  const [first, second = nothing, ...rest] = gradients;
  if (!first) return whole(q, nothing);
  return rest.reduce((sum, gradient) => added(q, sum, gradient, slot), added(q, first, second, slot));
}

/**
 * The gradient of a 1×1 convolution of an average, `AveragePool(Conv(dY) · share)`: averaged before the convolution, which
 * is less work where dY has fewer channels.
 */
export function rewrittenPool(q: Rewriting, node: Node): Value | undefined {
  const product = q.producer(node.inputs[0]!);
  if (product?.opType !== 'Mul') return undefined;
  const [conv, share] = [q.producer(product.inputs[0]!), q.value(product.inputs[1]!)];
  if (conv?.opType !== 'Conv' || conv.inputs[2] || !isPlain(q, conv) || !isPoint(q, conv)) return undefined;
  if (!q.g.constantOf(share) || (share.shape.length > 0 && share.shape[1] !== 1)) return undefined;
  const [dY, weight] = [q.value(conv.inputs[0]!), q.value(conv.inputs[1]!)];
  if (dY.shape[1]! >= q.value(conv.outputs[0]!).shape[1]!) return undefined;
  const [pooled] = q.g.append(copied(q, node, [q.g.op('Mul', [dY, share])]));
  return q.g.append(copied(q, conv, [pooled!, weight]))[0];
}
