import { floats } from '../../onnx/index.js';
import type { Pass } from '../rewrite.js';
import { uniformOf } from './uniform.js';

/**
 * A product with a tensor of one number becomes one with that number for each channel, and where it spreads a map over
 * all channels, a convolution of that map: forms that onnxruntime keeps in the layout of its convolutions.
 */
export const uniformFactors: Pass = (node, rewriting) => {
  if (node.opType !== 'Mul') return undefined;
  const { g, now, typeOf } = rewriting;
  const { shape } = typeOf(node.outputs[0]!);
  const channels = shape[1]!;
  for (const [one, other] of [node.inputs, node.inputs.toReversed()] as [string, string][]) {
    const number = uniformOf(one, rewriting);
    if (number === undefined || shape.length !== 4) continue;
    const vector = new Float32Array(channels).fill(number);
    const sizes = String(typeOf(other).shape);
    if (sizes === String(shape)) return g.op('Mul', [now(other), g.constant(floats(vector, [1, channels, 1, 1]))]);
    if (sizes === String(shape.with(1, 1))) {
      return g.op('Conv', [now(other), g.constant(floats(vector, [channels, 1, 1, 1]))], { kernel_shape: [1, 1] });
    }
  }
  return undefined;
};
