import type { Graph } from '../../onnx/index.js';

const passThrough = new Set(['Identity', 'Dropout']);

/**
 * Takes out nodes that do nothing when a network only runs: Identity and Dropout. Their consumers read the input
 * instead, and the names they gave stay usable: `aliases` tells which tensor each removed name stands for.
 */
export function removeIdentity(graph: Graph): { graph: Graph; aliases: ReadonlyMap<string, string> } {
  const aliases = new Map<string, string>();
  const nodes = [];
  const read = new Set(graph.nodes.flatMap((node) => node.inputs));
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => aliases.get(name) ?? name);
    // The second output of Dropout is its mask; where something reads it, the node is more than an Identity.
    const [output, ...others] = node.outputs;
    const passes = passThrough.has(node.opType) && !others.some((name) => name !== '' && read.has(name));
    if (passes && inputs[0] && output) aliases.set(output, inputs[0]);
    else nodes.push({ ...node, inputs });
  }
  const outputs = graph.outputs.map((output) => ({ ...output, name: aliases.get(output.name) ?? output.name }));
  return { graph: { ...graph, nodes, outputs }, aliases };
}
