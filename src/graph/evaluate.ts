import { elementCount, type Node, type Tensor } from '../onnx/index.js';
import { intAttribute } from './attributes.js';
import { positiveAxis, stridesOf } from './broadcast.js';
import { arrangementEvaluators } from './evaluators/arrangement.js';
import { elementwiseEvaluators } from './evaluators/elementwise.js';
import { indexingEvaluators } from './evaluators/indexing.js';
import { reductionEvaluators } from './evaluators/reduction.js';
import { along, type Evaluator, pick } from './evaluators/site.js';
import { inferTypes } from './infer-types.js';
import type { ValueType } from './value.js';

const evaluators: Readonly<Record<string, Evaluator>> = {
  ...arrangementEvaluators,
  ...elementwiseEvaluators,
  ...indexingEvaluators,
  ...reductionEvaluators,
};

/** A result larger than every input is computed up to this many elements, so that a small file cannot fill the memory. */
const grownElements = 65_536;

/**
 * Computes a node whose inputs are all known. Covers what exporters put on weights and shapes; a node it does not
 * cover is left to the runtime, and so is arithmetic on integers that leaves the range in which numbers are exact.
 *
 * @returns one tensor per output, or undefined when this operator is left to the runtime
 * @throws ModelError when the inputs do not fit together
 */
export function evaluate(node: Node, constants: readonly (Tensor | undefined)[]): Tensor[] | undefined {
  const evaluator = evaluators[node.opType];
  if (!(evaluator && node.outputs.length === 1) && node.opType !== 'Split') return undefined;
  const inputs = node.inputs.map((name, i) => {
    const tensor = constants[i];
    return tensor && { name, dtype: tensor.dtype, shape: tensor.dims };
  });
  const types = inferTypes(node, inputs, constants);
  const largest = Math.max(grownElements, ...constants.map((tensor) => tensor?.data.length ?? 0));
  if (types.some(({ shape }) => elementCount(shape) > largest)) return undefined;
  if (node.opType === 'Split') return parts(node, constants[0]!, types);
  const result = evaluator?.({ node, constants, shape: types[0]!.shape });
  return result && [result];
}

/** The outputs of Split: one after the other along the axis. */
function parts(node: Node, x: Tensor, types: readonly ValueType[]): Tensor[] {
  const axis = positiveAxis(intAttribute(node, 'axis', 0), x.dims.length);
  const strides = stridesOf(x.dims);
  let start = 0;
  return types.map(({ shape }) => {
    const part = pick(x, shape, along(shape, strides, start * (strides[axis] ?? 1)));
    start += shape[axis] ?? 0;
    return part;
  });
}
