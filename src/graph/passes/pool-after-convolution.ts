import { intAttribute, intsAttribute } from '../attributes.js';
import type { Pass } from '../rewrite.js';
import { convolutionOf, isPointwise } from './pointwise.js';

/**
 * A 1×1 convolution of averages becomes averages of that convolution, where that leaves fewer channels to average: both
 * are linear, and neither sees what the other does. An average that counts its padding as zeros would miss the bias there.
 */
export const poolAfterConvolution: Pass = (node, rewriting) => {
  const { g, now, producerOf, readsOf } = rewriting;
  const convolution = node.opType === 'Conv' ? convolutionOf(node.outputs[0]!, rewriting) : undefined;
  const pooled = node.inputs[0]!;
  const pool = producerOf(pooled);
  if (!convolution || !isPointwise(convolution) || pool?.opType !== 'AveragePool' || readsOf(pooled) > 1)
    return undefined;
  const isDense = intsAttribute(pool, 'strides')?.every((stride) => stride === 1) ?? true;
  const countsPadding = intAttribute(pool, 'count_include_pad', 0) === 1;
  const [m, c] = convolution.weight.dims as [number, number];
  if (!isDense || m > c || (countsPadding && convolution.bias)) return undefined;
  const [, w, b] = node.inputs;
  return g.op('AveragePool', [g.op('Conv', [now(pool.inputs[0]), now(w), now(b)], node.attributes)], pool.attributes);
};
