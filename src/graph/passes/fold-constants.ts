import type { Graph, Tensor } from '../../onnx/index.js';
import { evaluate } from '../evaluate.js';

/** Computes every node whose inputs are all constants and keeps its result as a constant. */
export function foldConstants(graph: Graph): Graph {
  const initializers = new Map<string, Tensor>(graph.initializers);
  const nodes = graph.nodes.filter((node) => {
    const constants = node.inputs.map((name) => (name === '' ? undefined : initializers.get(name)));
    if (node.inputs.some((name, i) => name !== '' && constants[i] === undefined)) return true;
    const results = evaluate(node, constants);
    if (!results) return true;
    node.outputs.forEach((name, i) => {
      initializers.set(name, results[i]!);
    });
    return false;
  });
  return { ...graph, nodes, initializers };
}
