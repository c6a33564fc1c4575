import { asFloats, floats, type Graph, type Node, type Tensor } from '../../onnx/index.js';
import { floatAttribute } from '../attributes.js';
import { namesBeside } from '../names-beside.js';

/**
 * Folds each BatchNormalization that follows a Conv into that Conv's weights and bias:
 * `γ (Wx + b − μ) / √(σ² + ε) + β` is a convolution with `W' = W γ/√(σ² + ε)` and `b' = (b − μ) γ/√(σ² + ε) + β`.
 * Convolutions whose own result is read elsewhere, or is an output, stay as they are.
 *
 * @param keep names of tensors that must stay computable
 */
export function foldBatchNormalization(graph: Graph, keep: ReadonlySet<string> = new Set()): Graph {
  const readers = new Map<string, number>();
  for (const node of graph.nodes) for (const name of node.inputs) readers.set(name, (readers.get(name) ?? 0) + 1);
  for (const output of graph.outputs) readers.set(output.name, (readers.get(output.name) ?? 0) + 1);

  const initializers = new Map<string, Tensor>(graph.initializers);
  const freshName = namesBeside(graph);
  const convolutions = new Map<string, Node>();
  const folded = new Map<string, Node>();
  const removed = new Set<Node>();
  for (const node of graph.nodes) {
    if (node.opType === 'Conv') convolutions.set(node.outputs[0]!, node);
    if (node.opType !== 'BatchNormalization') continue;
    const [x, ...parameterNames] = node.inputs;
    const conv = convolutions.get(x!);
    const parameters = parameterNames.map((name) => graph.initializers.get(name));
    const weight = conv && graph.initializers.get(conv.inputs[1]!);
    const bias = conv?.inputs[2] ? graph.initializers.get(conv.inputs[2]) : undefined;
    if (!conv || !weight || readers.get(x!) !== 1 || keep.has(x!) || (conv.inputs[2] && !bias)) continue;
    const channels = weight.dims[0];
    if (!channels || parameters.length !== 4 || parameters.some((p) => p?.data.length !== channels)) continue;
    if (bias && bias.data.length !== channels) continue;

    const [gamma, beta, mean, variance] = parameters.map((tensor) => asFloats(tensor!)) as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const epsilon = floatAttribute(node, 'epsilon', 1e-5);
    const perChannel = weight.data.length / channels;
    const source = asFloats(weight);
    const newWeight = new Float32Array(source.length);
    const newBias = new Float32Array(channels);
    for (let c = 0; c < channels; c++) {
      const factor = gamma[c]! / Math.sqrt(variance[c]! + epsilon);
      for (let i = c * perChannel; i < (c + 1) * perChannel; i++) newWeight[i] = source[i]! * factor;
      newBias[c] = ((bias ? asFloats(bias)[c]! : 0) - mean[c]!) * factor + beta[c]!;
    }
    const output = node.outputs[0]!;
    const weightName = freshName(`${output}/weight`);
    const biasName = freshName(`${output}/bias`);
    initializers.set(weightName, { dtype: 'float32', dims: weight.dims, data: newWeight });
    initializers.set(biasName, floats(newBias));
    removed.add(node);
    folded.set(conv.outputs[0]!, {
      ...conv,
      inputs: [conv.inputs[0]!, weightName, biasName],
      outputs: [output],
    });
  }
  const nodes = graph.nodes
    .filter((node) => !removed.has(node))
    .map((node) => (node.opType === 'Conv' ? (folded.get(node.outputs[0]!) ?? node) : node));
  return { ...graph, nodes, initializers };
}
