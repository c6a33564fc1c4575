import type { Graph } from '../../onnx/index.js';

/**
 * Keeps only what the wanted tensors need: their ancestors among the nodes, and the constants those read.
 * Graph inputs stay even when nothing reads them any more.
 */
export function prune(graph: Graph, wanted: readonly string[]): Graph {
  const needed = new Set(wanted);
  const kept = [];
  for (let index = graph.nodes.length - 1; index >= 0; index--) {
    const node = graph.nodes[index]!;
    if (!node.outputs.some((output) => needed.has(output))) continue;
    kept.push(node);
    for (const input of node.inputs) if (input !== '') needed.add(input);
  }
  return {
    ...graph,
    nodes: kept.reverse(),
    initializers: new Map([...graph.initializers].filter(([name]) => needed.has(name))),
  };
}
