import type { Graph } from '../../onnx/index.js';

const passThrough = new Set(['Identity', 'Dropout']);

/**
 * Takes out nodes that do nothing when a network only runs: Identity and Dropout. Their consumers read the input
 * instead, and the names they gave stay usable: `aliases` tells which tensor each removed name stands for.
 */
export function removeIdentity(graph: Graph): { graph: Graph; aliases: ReadonlyMap<string, string> } {
  const aliases = new Map<string, string>();
  const nodes = [];
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => aliases.get(name) ?? name);
    if (passThrough.has(node.opType)) aliases.set(node.outputs[0]!, inputs[0]!);
    else nodes.push({ ...node, inputs });
  }
  const outputs = graph.outputs.map((output) => ({ ...output, name: aliases.get(output.name) ?? output.name }));
  return { graph: { ...graph, nodes, outputs }, aliases };
}
