import type { Node } from '../../onnx/index.js';
import { intAttribute, intsAttribute } from '../attributes.js';
import type { Value } from '../value.js';
import { type Window, windowOf } from '../window.js';
import { isSigned, whole } from './arrangement.js';
import { type Bytes, runtimeDomain } from './byte-graph.js';
import { convolved, copied, isPlain, isPoint } from './convolution.js';
import { overPlaces } from './elementwise.js';
import type { ByteRule, Rewriting } from './rule.js';
import type { Slot } from './scales.js';

/** Pooling over windows. */
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
} satisfies Record<string, ByteRule>;

/** The window of a pooling operator. */
export function poolWindow(q: Rewriting, node: Node): Window {
  return windowOf(node, q.value(node.inputs[0]!).shape.slice(2), intsAttribute(node, 'kernel_shape')!);
}

/** The largest byte of each window. */
export function maxPool(
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
