import { ModelError } from '../errors.js';
import { type Attribute, elementCount, type Graph, ints, type Node, type Tensor } from '../onnx/index.js';
import { intsAttribute } from './attributes.js';
import { GraphBuilder } from './builder.js';
import { checkOperands } from './check-operands.js';
import { evaluate } from './evaluate.js';
import { prune } from './passes/prune.js';
import type { PreparedGraph } from './prepare.js';
import { shapeRange } from './shapes/arrangement.js';
import { shapeRules } from './shapes/index.js';
import { transposedWindowOf } from './shapes/window.js';
import { windowOf } from './window.js';

/**
 * Fixes the sizes of a network's inputs and keeps what the wanted tensors need. Everything that depends only on
 * sizes, such as the shape arithmetic that exporters write, is computed and gone.
 *
 * @param shapes the shape of each graph input, by name
 * @param wanted names of tensors to compute
 * @returns a builder that holds the network and can go on from there
 * @throws ModelError `model/input-too-small`, `model/shape`, or `model/unsupported` naming every unknown operator
 */
export function specialise(
  prepared: PreparedGraph,
  shapes: Readonly<Record<string, readonly number[]>>,
  wanted: readonly string[],
): GraphBuilder {
  const graph: Graph = prune(prepared.graph, wanted);
  refuseUnknownOperators(graph.nodes);
  const builder = new GraphBuilder(prepared.opset);
  const read = new Set(graph.nodes.flatMap((node) => node.inputs));
  for (const { name } of graph.inputs) {
    const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
    if (shape) builder.input(name, shape);
    else if (read.has(name)) throw missingInput(name, Object.keys(shapes));
  }
  for (const [name, tensor] of graph.initializers) builder.constant(tensor, name);
  for (const node of graph.nodes) {
    const results = compute(builder, node);
    if (results) results.forEach((tensor, i) => void builder.constant(tensor, node.outputs[i]));
    else builder.append(withExplicitPads(builder, node));
  }
  return builder;
}

function compute(builder: GraphBuilder, node: Node): Tensor[] | undefined {
  const values = node.inputs.map((name) => builder.get(name));
  const [x] = values;
  if (node.opType === 'Shape' && x && node.outputs.length === 1) {
    return [ints(shapeRange(node, x.shape))];
  }
  if (node.opType === 'Size' && x && node.outputs.length === 1) return [ints([elementCount(x.shape)], [])];
  const constants = values.map((value) => builder.constantOf(value));
  if (values.some((value, i) => value && !constants[i])) return undefined;
  return evaluate(node, constants);
}

function missingInput(name: string, given: readonly string[]): ModelError {
  const expected = `expected ${given.map((input) => `"${input}"`).join(', ')} to be all that it reads`;
  return new ModelError(
    'model/unsupported',
    `The network has another input, "${name}": ${expected}. Export it with that input fixed, or choose an earlier layer.`,
  );
}

function refuseUnknownOperators(nodes: readonly Node[]): void {
  const unknown = new Set(nodes.map((node) => node.opType).filter((opType) => !shapeRules[opType]));
  if (unknown.size === 0) return;
  throw new ModelError(
    'model/unsupported',
    `The network uses operators that are not known here: ${[...unknown].sort().slice(0, 50).join(', ')}. Choose a layer before them.`,
  );
}

/**
 * Now that the sizes are known, `auto_pad` and `output_shape` become numbers. onnxruntime refuses it, or works it out wrongly, for dilated
 * windows and for strides beyond the kernel.
 */
function withExplicitPads(builder: GraphBuilder, node: Node): Node {
  if (!['Conv', 'ConvTranspose', 'MaxPool', 'AveragePool', 'LpPool'].includes(node.opType)) return node;
  const { auto_pad: autoPad, output_shape: outputShape, ...attributes } = node.attributes;
  if (!autoPad && !outputShape) return node;
  const values = node.inputs.map((name) => builder.get(name));
  checkOperands(node, values, []);
  const spatial = values[0]!.shape.slice(2);
  const kernel = intsAttribute(node, 'kernel_shape') ?? values[1]?.shape.slice(2) ?? [];
  const list = (value: readonly number[]): Attribute => ({ type: 'ints', value });
  if (node.opType === 'ConvTranspose') {
    const { padsBegin, padsEnd, outputPadding } = transposedWindowOf(node, spatial, kernel);
    const pads = list([...padsBegin, ...padsEnd]);
    return { ...node, attributes: { ...attributes, pads, output_padding: list(outputPadding) } };
  }
  const { padsBegin, padsEnd } = windowOf(node, spatial, kernel);
  return { ...node, attributes: { ...attributes, pads: list([...padsBegin, ...padsEnd]) } };
}
