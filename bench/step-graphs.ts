/** Graphs of one step by chosen passes, which the library itself leaves no choice of. */
import { differentiate } from '../src/gradient/index.js';
import { gradientPasses, lean, networkPasses, type Passes, totalFlops } from '../src/graph/index.js';
import type { Size } from '../src/image/index.js';
import type { Network } from '../src/models/index.js';
import { writeModel } from '../src/onnx/index.js';

/** The layers that all steps of the bench excite. */
export const benchLayers = ['mixed3', 'mixed5', 'mixed7'] as const;

/** The names of all passes that a graph may do without. */
export const passNames: readonly string[] = Object.keys({ ...networkPasses, ...gradientPasses }).filter(
  (name) => name !== 'drop-unread',
);

/** The ONNX file of one step, and its floating-point operations. */
export function stepGraphWithout(network: Network, { width, height }: Size, left: readonly string[]) {
  const kept = (passes: Passes): Passes =>
    Object.fromEntries(Object.entries(passes).filter(([name]) => !left.includes(name)));
  const { builder, values } = network.at(width, height, benchLayers);
  const { builder: g, wanted } = lean({ builder, wanted: values }, kept(networkPasses));
  const means = wanted.map((value) => g.op('ReduceMean', [value], { keepdims: 0 }));
  const objective = means.reduce((sum, mean) => g.op('Add', [sum, mean]));
  const gradient = differentiate(g, { of: objective, to: g.get(network.inputName)! });
  const step = lean({ builder: g, wanted: [objective, gradient] }, kept(gradientPasses));
  const outputs = { objective: step.wanted[0]!, gradient: step.wanted[1]! };
  return { bytes: writeModel(step.builder.toModel(outputs)), flops: totalFlops(step.builder) };
}

/**
 * Multiply-adds that the gradient needs whatever the passes do, counted as two operations each: the convolutions there
 * and back as the network has them.
 */
export function stepFlops(network: Network, { width, height }: Size): number {
  const { builder, values } = network.at(width, height, benchLayers);
  const means = values.map((value) => builder.op('ReduceMean', [value], { keepdims: 0 }));
  const objective = means.reduce((sum, mean) => builder.op('Add', [sum, mean]));
  differentiate(builder, { of: objective, to: builder.get(network.inputName)! });
  return totalFlops(builder);
}
