import { type AttributeValues, toAttributes } from '../src/graph/attributes.js';
import { type DType, type Model, type Node, type Tensor, type TensorData, writeModel } from '../src/onnx/index.js';
import type { FloatTensor, Platform } from '../src/platform/platform.js';
import { seededRandom } from './mutate.js';

/** A node with its own name, as a file would have it. */
export function node(
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: AttributeValues = {},
): Node {
  return {
    opType,
    domain: '',
    name: `${opType} of ${outputs[0]}`,
    inputs,
    outputs,
    attributes: toAttributes(attributes),
  };
}

/** What {@link modelOf} makes a model of. */
export interface ModelParts {
  /** Version of the operator set. Default 18. */
  readonly opset?: number;
  readonly nodes: readonly Node[];
  /** Dims of the float32 inputs, by name. */
  readonly inputs?: Readonly<Record<string, readonly (number | string)[]>>;
  /** Rank of the outputs, by name; float32 unless a type stands beside it. */
  readonly outputs: Readonly<Record<string, number | readonly [number, DType]>>;
  readonly initializers?: Readonly<Record<string, Tensor>>;
}

/** A model of parts that tests care about. */
export function modelOf({ opset = 18, nodes, inputs = {}, outputs, initializers = {} }: ModelParts): Model {
  return {
    irVersion: 8,
    producer: 'tests',
    opsets: new Map([['', opset]]),
    metadata: {},
    graph: {
      name: 'test',
      nodes,
      inputs: Object.entries(inputs).map(([name, dims]) => ({ name, dtype: 'float32', dims })),
      outputs: Object.entries(outputs).map(([name, type]) => {
        const [rank, dtype] = typeof type === 'number' ? [type, 'float32' as const] : type;
        return { name, dtype, dims: Array.from({ length: rank }, () => '?') };
      }),
      initializers: new Map(Object.entries(initializers)),
    },
  };
}

/** Numbers from −1 to below 1 in the shape of a feed; the same for the same seed. */
export function noise(dims: readonly number[], seed = 1): FloatTensor {
  const random = seededRandom(seed);
  const count = dims.reduce((product, dim) => product * dim, 1);
  return { dims, data: Float32Array.from({ length: count }, () => 2 * random() - 1) };
}

/** An output as onnxruntime gave it, in the array of its element type. */
export interface RunResult {
  readonly dims: readonly number[];
  readonly data: TensorData;
}

/** The values of an output as numbers, whatever their type. */
export function valuesOf(result: RunResult | undefined): number[] {
  return Array.from((result?.data ?? []) as ArrayLike<number | bigint>, Number);
}

/** Writes a model, runs it once in onnxruntime, and gives every output. */
export async function runModel(
  platform: Platform,
  model: Model,
  feeds: Readonly<Record<string, FloatTensor>> = {},
): Promise<Record<string, RunResult>> {
  const session = await platform.createSession(writeModel(model));
  // A session takes its feeds' arrays over.
  const copies = Object.entries(feeds).map(([name, { dims, data }]) => [name, { dims, data: data.slice() }]);
  try {
    // Outputs are typed as float32, but those of other types come through as they are.
    return await session.run(Object.fromEntries(copies));
  } finally {
    await session.close();
  }
}
