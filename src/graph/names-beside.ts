import type { Graph } from '../onnx/index.js';

/** Makes names for the tensors that a pass adds to a graph: the one asked for, or that with a number when it is taken. */
export function namesBeside(graph: Graph): (wanted: string) => string {
  const taken = new Set([...graph.initializers.keys(), ...graph.inputs.map((input) => input.name)]);
  for (const node of graph.nodes) for (const output of node.outputs) taken.add(output);
  return (wanted) => {
    let name = wanted;
    for (let i = 2; taken.has(name); i++) name = `${wanted}_${i}`;
    taken.add(name);
    return name;
  };
}
