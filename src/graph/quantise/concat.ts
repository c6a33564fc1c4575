import type { Node } from '../../onnx/index.js';
import { intAttribute } from '../attributes.js';
import { positiveAxis } from '../broadcast.js';
import { isSigned, whole } from './arrangement.js';
import type { Bytes } from './byte-graph.js';
import { convolution } from './convolution.js';
import { factors, maskedInto, rescaled } from './elementwise.js';
import { averagePool } from './pooling.js';
import type { ByteRule, Rewriting } from './rule.js';
import type { Slot } from './scales.js';

/** Channels one after the other, which must have one range. */
export const concatRules = {
  Concat: {
    accepts: (q, node) => {
      const rank = q.value(node.outputs[0]!).shape.length;
      const ofChannels = rank === 4 && positiveAxis(intAttribute(node, 'axis', 0), rank) === 1;
      const signed = node.inputs.filter((name) => isSigned(q, name)).length;
      return (
        ofChannels && node.inputs.every((name) => q.isBytes(name)) && (signed === 0 || signed === node.inputs.length)
      );
    },
    write: (q, node) => (isSigned(q, node.inputs[0]!) ? gradients(q, node) : activations(q, node)),
  },
} satisfies Record<string, ByteRule>;

/** Parts that are read for themselves as well: all of them have the range of the whole. */
function activations(q: Rewriting, node: Node): Bytes {
  const parts = node.inputs.map((name) => whole(q, q.toBytes(name)));
  const { slot } = parts[0]!;
  for (const part of parts) slot.share(part.slot);
  return joined(q, node, parts, slot);
}

/** Parts that are read here only: each is written into the range of the whole, whatever it had before. */
function gradients(q: Rewriting, node: Node): Bytes {
  const slot = q.bytes.slot(q.value(node.outputs[0]!), true);
  const parts = node.inputs.map((name) => written(q, name, slot));
  return q.bytes.track(joined(q, node, parts, slot));
}

function joined(q: Rewriting, node: Node, parts: readonly Bytes[], slot: Slot): Bytes {
  const names = parts.map(({ name }) => name);
  return { name: q.bytes.node('Concat', names, { axis: 3 }), slot, factor: 1, shape: q.value(node.outputs[0]!).shape };
}

/** A value written into a slot by the operator that computes it. */
function written(q: Rewriting, name: string, slot: Slot): Bytes {
  const node = q.producer(name);
  if (node?.opType === 'Conv') return convolution(q, node, slot);
  if (node?.opType === 'AveragePool') return averagePool(q, node, slot);
  const product = node?.opType === 'Mul' ? factors(q, node) : undefined;
  if (product && 'mask' in product.by) return maskedInto(q, product.x, product.by.mask, slot);
  return rescaled(q, whole(q, q.toBytes(name)), slot);
}
