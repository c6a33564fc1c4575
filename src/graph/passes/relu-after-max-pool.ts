import type { Pass } from '../rewrite.js';

/**
 * The largest of rectified elements is the rectified largest of them, so that a ReLU whose only reader is a max-pool may
 * as well come after it: on a fraction of the elements, and so does its mask on the way back.
 */
export const reluAfterMaxPool: Pass = (node, { g, now, producerOf, readsOf }) => {
  const rectified = node.inputs[0]!;
  const relu = producerOf(rectified);
  if (node.opType !== 'MaxPool' || relu?.opType !== 'Relu' || readsOf(rectified) > 1) return undefined;
  return g.op('Relu', [g.op('MaxPool', [now(relu.inputs[0])], node.attributes)]);
};
