import type { Pass } from '../rewrite.js';

/** The mean of a whole tensor of pictures becomes that of its channels' means, which need no other layout. */
export const meanByPooling: Pass = (node, { g, now, typeOf }) => {
  const x = node.inputs[0]!;
  if (node.opType !== 'ReduceMean' || typeOf(x).shape.length !== 4 || typeOf(node.outputs[0]!).shape.length > 0) {
    return undefined;
  }
  return g.op('ReduceMean', [g.op('GlobalAveragePool', [now(x)])], { keepdims: 0 });
};
