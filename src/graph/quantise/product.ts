import { whole } from './arrangement.js';
import { factors, masked, maskOf, overPlaces } from './elementwise.js';
import { gradientOfMaxPool } from './max-pool-gradient.js';
import type { ByteRule } from './rule.js';

/** Products with the masks of ReLUs, and with constants. */
export const productRules = {
  Mul: {
    accepts: (q, node) => factors(q, node) !== undefined,
    write: (q, node) => {
      const { x, by } = factors(q, node)!;
      const y = q.value(node.outputs[0]!);
      if ('mask' in by) {
        const pooled = gradientOfMaxPool(q, x);
        // What a maximum took is positive where the maximum is, so that the smaller mask does.
        if (pooled?.x === by.mask) return pooled.write(q.bytes.slot(y, true), true);
        return masked(q, q.toBytes(x), maskOf(q, q.toBytes(by.mask)), y.shape);
      }
      const bytes = q.toBytes(x);
      if (typeof by.constant === 'number') return { ...bytes, factor: bytes.factor * by.constant, shape: y.shape };
      return overPlaces(q, whole(q, bytes), by.constant, q.bytes.slot(y, true));
    },
  },
} satisfies Record<string, ByteRule>;
