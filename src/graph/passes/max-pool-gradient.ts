import type { Node } from '../../onnx/index.js';

/** The gradient of a MaxPool, as its rule writes it. */
export interface MaxPoolGradient {
  /** The MaxPool that tells where its maxima were. */
  readonly pool: Node;
  /** The gradient of what it computes. */
  readonly dY: string;
}

/** Recognises `Reshape(ScatterElements(zeros, Reshape(indices of MaxPool), Reshape(dY)))`. */
export function maxPoolGradientOf(
  node: Node | undefined,
  producerOf: (name: string) => Node | undefined,
): MaxPoolGradient | undefined {
  const scatter = node?.opType === 'Reshape' ? producerOf(node.inputs[0]!) : undefined;
  if (scatter?.opType !== 'ScatterElements') return undefined;
  const [indices, updates] = scatter.inputs.slice(1, 3).map(producerOf);
  if (indices?.opType !== 'Reshape' || updates?.opType !== 'Reshape') return undefined;
  const pool = producerOf(indices.inputs[0]!);
  return pool?.opType === 'MaxPool' ? { pool, dY: updates.inputs[0]! } : undefined;
}
