import type { Model, TensorData } from '../src/onnx/index.js';
import { writeModel } from '../src/onnx/index.js';
import type { FloatTensor, Platform } from '../src/platform/platform.js';

/** A tensor as onnxruntime gave it, its values as numbers whatever their type. */
export interface RunResult {
  readonly dims: readonly number[];
  readonly values: readonly number[];
}

/** Writes a model, runs it once in onnxruntime, and gives every output. */
export async function runModel(
  platform: Platform,
  model: Model,
  feeds: Readonly<Record<string, FloatTensor>> = {},
): Promise<Record<string, RunResult>> {
  const session = await platform.createSession(writeModel(model));
  try {
    const outputs = await session.run(feeds);
    return Object.fromEntries(
      Object.entries(outputs).map(([name, { dims, data }]) => {
        // Outputs are typed as float32, but other types come through as they are.
        const values = Array.from(data as TensorData as ArrayLike<number | bigint>, Number);
        return [name, { dims: [...dims], values }];
      }),
    );
  } finally {
    await session.close();
  }
}
