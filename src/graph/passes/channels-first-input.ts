import type { Graph, Node } from '../../onnx/index.js';
import { namesBeside } from '../names-beside.js';

/**
 * Gives a network that takes its picture channels last, `[N, H, W, 3]` as Keras and TensorFlow have it, an input of
 * `[N, 3, H, W]` of the same name: a Transpose behind it makes what the network reads. Inside, such a network keeps its
 * own layout; tf2onnx writes Transposes around what ONNX wants channels first, so its tensors may be either.
 *
 * @param channels what tells the channels from the rows: how many there are. Default 3
 * @returns the graph itself when its first input has another layout already
 */
export function channelsFirstInput(graph: Graph, channels = 3): Graph {
  const picture = graph.inputs.find(({ name }) => !graph.initializers.has(name));
  if (!picture || !takesChannelsLast(picture.dims, channels)) return graph;
  const [n, h, w, c] = picture.dims as [number | string, number | string, number | string, number];
  const inner = namesBeside(graph)(`${picture.name}/channels_last`);
  const transpose: Node = {
    opType: 'Transpose',
    domain: '',
    name: inner,
    inputs: [picture.name],
    outputs: [inner],
    attributes: { perm: { type: 'ints', value: [0, 2, 3, 1] } },
  };
  const renamed = (name: string): string => (name === picture.name ? inner : name);
  return {
    ...graph,
    inputs: graph.inputs.map((input) => (input === picture ? { ...input, dims: [n, c, h, w] } : input)),
    nodes: [transpose, ...graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(renamed) }))],
  };
}

/** `[N, H, W, C]`, where axis 1 could not be the channels as well. */
function takesChannelsLast(dims: readonly (number | string)[], channels: number): boolean {
  return dims.length === 4 && dims[3] === channels && dims[1] !== channels;
}
