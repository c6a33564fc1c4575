import { ModelError } from '../errors.js';
import { elementCount, type Node, type Tensor } from '../onnx/index.js';
import { describeNode } from './attributes.js';
import type { Value } from './value.js';

/** Operators that read any number of inputs, all of which must be there. */
const variadic = new Set(['Sum', 'Max', 'Min', 'Concat', 'Einsum']);

/** How many inputs an operator cannot do without; 1 where nothing is said. */
const required: Readonly<Record<string, number>> = {
  Constant: 0,
  ...Object.fromEntries(['Add', 'Sub', 'Mul', 'Div', 'Pow', 'And', 'MatMul', 'Gemm'].map((op) => [op, 2])),
  ...Object.fromEntries(['Or', 'Xor', 'Mod', 'PRelu', 'CastLike'].map((op) => [op, 2])),
  ...Object.fromEntries(['Greater', 'Less', 'Equal', 'GreaterOrEqual', 'LessOrEqual'].map((op) => [op, 2])),
  ...Object.fromEntries(['Conv', 'ConvTranspose', 'QuantizeLinear', 'DequantizeLinear'].map((op) => [op, 2])),
  ...Object.fromEntries(['Gather', 'GatherElements', 'GatherND', 'CumSum', 'LayerNormalization'].map((op) => [op, 2])),
  ...Object.fromEntries(['Reshape', 'Unsqueeze', 'Expand', 'Tile', 'Pad'].map((op) => [op, 2])),
  ...Object.fromEntries(['Where', 'Range', 'Slice', 'ScatterElements', 'ScatterND'].map((op) => [op, 3])),
  ...Object.fromEntries(['InstanceNormalization', 'GroupNormalization'].map((op) => [op, 3])),
  BatchNormalization: 5,
};

/** The inputs that are lists of sizes, axes or positions. */
const lists: Readonly<Record<string, readonly number[]>> = {
  ConstantOfShape: [0],
  ...Object.fromEntries(['Reshape', 'Squeeze', 'Unsqueeze', 'Expand', 'Split'].map((op) => [op, [1]])),
  ...Object.fromEntries(['ReduceMean', 'ReduceSum', 'ReduceMax', 'ReduceMin', 'ReduceProd'].map((op) => [op, [1]])),
  ...Object.fromEntries(['ReduceL1', 'ReduceL2', 'ReduceLogSum', 'ReduceLogSumExp'].map((op) => [op, [1]])),
  ReduceSumSquare: [1],
  Tile: [1],
  Resize: [3],
  Slice: [1, 2, 3, 4],
  Pad: [1, 3],
};

/** The longest list of sizes or positions; Split has one for every output. */
const maxListLength = 4096;

/**
 * Refuses a node that lacks an input it needs, or gives something else than a short list of integers as its sizes, axes
 * or positions. The rules for shapes rely on it.
 *
 * @throws ModelError `model/format`
 */
export function checkOperands(
  node: Node,
  inputs: readonly (Value | undefined)[],
  constants: readonly (Tensor | undefined)[],
): void {
  const refuse = (fact: string): never => {
    throw new ModelError('model/format', `${describeNode(node)}: ${fact}. Export the model again.`);
  };
  const needed = variadic.has(node.opType) ? Math.max(1, inputs.length) : (required[node.opType] ?? 1);
  for (let index = 0; index < needed; index++) if (!inputs[index]) refuse(`input ${index} is missing`);
  for (const index of lists[node.opType] ?? []) {
    const constant = constants[index];
    if (!constant) continue;
    const { dtype, dims } = constant;
    if ((dtype !== 'int64' && dtype !== 'int32') || dims.length > 1 || elementCount(dims) > maxListLength) {
      refuse(`input ${index} is ${dtype} [${dims}], expected a short list of integers`);
    }
  }
}
