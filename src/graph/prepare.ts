import { asFloats, floats, type Graph, type Model, type Tensor } from '../onnx/index.js';
import { foldBatchNormalization } from './passes/fold-batch-normalization.js';
import { foldConstants } from './passes/fold-constants.js';
import { modernise } from './passes/modernise.js';
import { removeIdentity } from './passes/remove-identity.js';

/** A model made ready to be specialised to any picture size. */
export interface PreparedGraph {
  readonly graph: Graph;
  /** Names of tensors that folding took out, and the tensor that now holds the same values. */
  readonly aliases: ReadonlyMap<string, string>;
  /** The operator-set version that nodes may rely on. */
  readonly opset: number;
}

/**
 * Everything that can be done to a model before the picture's size is known: nodes lifted to today's forms, Identity
 * and Dropout taken out, constants computed, BatchNormalization folded into convolutions, half-precision weights
 * widened to float32.
 *
 * @param keep names of tensors that a caller may ask for and that folding must therefore leave computable
 */
export function prepare(model: Model, keep: ReadonlySet<string> = new Set()): PreparedGraph {
  const { graph: plain, aliases } = removeIdentity(modernise(model));
  const kept = new Set([...keep].map((name) => aliases.get(name) ?? name));
  const graph = foldBatchNormalization(foldConstants(widen(plain)), kept);
  return { graph, aliases, opset: model.opsets.get('') ?? 1 };
}

/** Half- and double-precision weights become float32; a graph that computes in half precision computes in float32. */
function widen(graph: Graph): Graph {
  const narrow = (dtype: string): boolean => dtype === 'float16' || dtype === 'bfloat16' || dtype === 'float64';
  const wide = (tensor: Tensor): Tensor => (narrow(tensor.dtype) ? floats(asFloats(tensor), tensor.dims) : tensor);
  return {
    ...graph,
    initializers: new Map([...graph.initializers].map(([name, tensor]) => [name, wide(tensor)])),
    inputs: graph.inputs.map((input) => (narrow(input.dtype) ? { ...input, dtype: 'float32' } : input)),
    outputs: graph.outputs.map((output) => (narrow(output.dtype) ? { ...output, dtype: 'float32' } : output)),
    nodes: graph.nodes.map((node) => {
      const value = node.attributes['value'];
      const to = node.attributes['to'];
      if (value?.type === 'tensor') {
        return { ...node, attributes: { ...node.attributes, value: { type: 'tensor', value: wide(value.value) } } };
      }
      // Element types 10, 11 and 16 are float16, float64 and bfloat16.
      if (node.opType === 'Cast' && to?.type === 'int' && [10, 11, 16].includes(to.value)) {
        return { ...node, attributes: { ...node.attributes, to: { type: 'int', value: 1 } } };
      }
      return node;
    }),
  };
}
