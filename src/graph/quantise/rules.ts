import type { Node } from '../../onnx/index.js';
import type { Value } from '../value.js';
import { arrangementRules } from './arrangement.js';
import { convolutionRules, rewrittenConvolution } from './convolution.js';
import { elementwiseRules, rewrittenSum } from './elementwise.js';
import { poolingRules, rewrittenPool } from './pooling.js';
import { reluRules } from './relu.js';
import type { ByteRule, Rewriting } from './rule.js';

/** The operators that compute in bytes. */
export const byteRules: Readonly<Record<string, ByteRule>> = {
  ...convolutionRules,
  ...elementwiseRules,
  ...reluRules,
  ...poolingRules,
  ...arrangementRules,
};

/** The same value computed in a way that suits bytes better, written into the float graph; undefined for none. */
export function rewriteOf(q: Rewriting, node: Node): Value | undefined {
  switch (node.opType) {
    case 'Conv':
      return rewrittenConvolution(q, node);
    case 'AveragePool':
      return rewrittenPool(q, node);
    case 'Sum':
      return rewrittenSum(q, node);
    default:
      return undefined;
  }
}
