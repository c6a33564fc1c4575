import { asFloats, floats } from '../../onnx/index.js';
import type { Pass } from '../rewrite.js';
import { convolutionOf } from './pointwise.js';
import { uniformOf } from './uniform.js';

/** A number that is added to all of a convolution's result becomes its bias; the gradient of a mean is such a number. */
export const foldUniformSums: Pass = (node, rewriting) => {
  if (node.opType !== 'Add') return undefined;
  const { g, now, readsOf, typeOf } = rewriting;
  const shape = String(typeOf(node.outputs[0]!).shape);
  for (const [one, other] of [node.inputs, node.inputs.toReversed()] as [string, string][]) {
    const convolution = readsOf(one) === 1 ? convolutionOf(one, rewriting) : undefined;
    const number = uniformOf(other, rewriting);
    if (!convolution || number === undefined || String(typeOf(one).shape) !== shape) continue;
    const { weight, bias } = convolution;
    const before = bias ? asFloats(bias) : new Float32Array(weight.dims[0]!);
    const [x, w] = convolution.node.inputs;
    const sum = floats(before.map((value) => value + number));
    return g.op('Conv', [now(x), now(w), g.constant(sum)], convolution.node.attributes);
  }
  return undefined;
};
