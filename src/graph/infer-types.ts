import { ModelError } from '../errors.js';
import { elementCount, type Node, type Tensor } from '../onnx/index.js';
import { describeNode } from './attributes.js';
import { checkOperands } from './check-operands.js';
import { shapeRules } from './shapes/index.js';
import type { Value, ValueType } from './value.js';

/**
 * The type of each output of a node, by the rule of its operator.
 *
 * @param inputs types of the inputs; undefined where an optional one is left out
 * @param constants values of the inputs, where they are known
 * @throws ModelError `model/unsupported` for an unknown operator, `model/format` for one that is used wrongly,
 *   `model/shape` when the sizes contradict each other
 */
export function inferTypes(
  node: Node,
  inputs: readonly (Value | undefined)[],
  constants: readonly (Tensor | undefined)[],
): readonly ValueType[] {
  const rule = shapeRules[node.opType];
  if (!rule) throw new ModelError('model/unsupported', `${describeNode(node)}: this operator is not known here.`);
  checkOperands(node, inputs, constants);
  const types = rule({ node, inputs, constants });
  if (types.length < node.outputs.length) {
    const fact = `it has ${node.outputs.length} outputs, expected ${types.length}`;
    throw new ModelError('model/format', `${describeNode(node)}: ${fact}. Export the model again.`);
  }
  // Rules compute with what a file says, so a file can make them compute nonsense.
  for (const { shape } of types) {
    if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0) || !Number.isSafeInteger(elementCount(shape))) {
      const fact = `its output would be [${shape.slice(0, 8)}], expected whole sizes`;
      throw new ModelError('model/shape', `${describeNode(node)}: ${fact}. Export the model again.`);
    }
  }
  return types;
}
