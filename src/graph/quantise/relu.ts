import type { Node } from '../../onnx/index.js';
import type { Bytes } from './byte-graph.js';
import { convolution } from './convolution.js';
import { sum } from './elementwise.js';
import { averagePool } from './pooling.js';
import type { ByteRule, Rewriting } from './rule.js';
import type { Slot } from './scales.js';

/** Operators that can write their bytes into an unsigned slot. */
const unsignedForms: Readonly<Record<string, (q: Rewriting, node: Node, slot: Slot) => Bytes>> = {
  Conv: convolution,
  Add: sum,
  AveragePool: averagePool,
};

/** ReLUs, which cost nothing: the bytes of what they are of are cut off at 0 as they are written. */
export const reluRules = {
  Relu: {
    accepts: (q, node) => {
      const [x] = node.inputs as [string];
      return unsignedForms[q.producer(x)?.opType ?? ''] !== undefined && q.isBytes(x);
    },
    write: (q, node) => {
      const inner = q.producer(node.inputs[0]!)!;
      return unsignedForms[inner.opType]!(q, inner, q.bytes.slot(q.value(node.outputs[0]!), false));
    },
  },
} satisfies Record<string, ByteRule>;
