import type { Node } from '../../onnx/index.js';
import type { Value } from '../value.js';
import { arrangementRules } from './arrangement.js';
import { concatRules } from './concat.js';
import { convolutionRules, rewrittenConvolution } from './convolution.js';
import { rewrittenSum, sumRules } from './elementwise.js';
import { maxPoolGradientRules } from './max-pool-gradient.js';
import { poolingRules, rewrittenPool } from './pooling.js';
import { productRules } from './product.js';
import { reluRules } from './relu.js';
import type { ByteRule, Rewriting } from './rule.js';

/** The operators that compute in bytes. */
export const byteRules: Readonly<Record<string, ByteRule>> = {
  ...convolutionRules,
  ...sumRules,
  ...productRules,
  ...reluRules,
  ...poolingRules,
  ...maxPoolGradientRules,
  ...arrangementRules,
  ...concatRules,
};

/** The same value computed in a way that suits bytes better, written into the float graph; undefined for none. */
export function rewriteOf(q: Rewriting, node: Node): Value | undefined {
  switch (node.opType) {
    case 'Conv':
      return rewrittenConvolution(q, node);
    case 'AveragePool':
      return rewrittenPool(q, node);
    case 'Sum':
    case 'Add':
      return rewrittenSum(q, node);
    default:
      return undefined;
  }
}
