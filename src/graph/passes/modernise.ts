import { type Attribute, floats, type Graph, ints, type Model, type Node, type Tensor } from '../../onnx/index.js';
import { floatAttribute, intAttribute, intsAttribute } from '../attributes.js';
import { opsetVersion } from '../builder.js';
import { namesBeside } from '../names-beside.js';
import { rewritten } from './old-forms.js';

/** What an older form of an operator becomes: attributes that turned into inputs, by input position. */
type Lift = (node: Node) => { readonly drop: readonly string[]; readonly inputs: Readonly<Record<number, Tensor>> };

const axesToInput: Lift = (node) => {
  const axes = intsAttribute(node, 'axes');
  return { drop: ['axes'], inputs: axes ? { 1: ints(axes) } : {} };
};

/**
 * For each operator whose attributes became inputs: the opset at which they did, and how to lift an older node.
 * From https://github.com/onnx/onnx/blob/main/docs/Changelog.md.
 */
const lifts: Readonly<Record<string, { readonly since: number; readonly lift: Lift }>> = {
  Squeeze: { since: 13, lift: axesToInput },
  Unsqueeze: { since: 13, lift: axesToInput },
  ReduceSum: { since: 13, lift: axesToInput },
  ReduceMean: { since: 18, lift: axesToInput },
  ReduceMax: { since: 18, lift: axesToInput },
  ReduceMin: { since: 18, lift: axesToInput },
  ReduceL1: { since: 18, lift: axesToInput },
  ReduceL2: { since: 18, lift: axesToInput },
  ReduceSumSquare: { since: 18, lift: axesToInput },
  ReduceProd: { since: 18, lift: axesToInput },
  ReduceLogSum: { since: 18, lift: axesToInput },
  ReduceLogSumExp: { since: 18, lift: axesToInput },
  Reshape: {
    since: 5,
    lift: (node) => ({ drop: ['shape'], inputs: { 1: ints(intsAttribute(node, 'shape') ?? []) } }),
  },
  Clip: {
    since: 11,
    lift: (node) => ({
      drop: ['min', 'max'],
      inputs: {
        ...(node.attributes['min'] && { 1: floats([floatAttribute(node, 'min', 0)], []) }),
        ...(node.attributes['max'] && { 2: floats([floatAttribute(node, 'max', 0)], []) }),
      },
    }),
  },
  Pad: {
    since: 11,
    lift: (node) => ({
      drop: ['pads', 'paddings', 'value'],
      inputs: {
        1: ints(intsAttribute(node, 'pads') ?? intsAttribute(node, 'paddings') ?? []),
        2: floats([floatAttribute(node, 'value', 0)], []),
      },
    }),
  },
  Slice: {
    since: 10,
    lift: (node) => {
      const axes = intsAttribute(node, 'axes');
      return {
        drop: ['starts', 'ends', 'axes'],
        inputs: {
          1: ints(intsAttribute(node, 'starts') ?? []),
          2: ints(intsAttribute(node, 'ends') ?? []),
          ...(axes && { 3: ints(axes) }),
        },
      };
    },
  },
  Split: {
    since: 13,
    lift: (node) => {
      const split = intsAttribute(node, 'split');
      return { drop: ['split'], inputs: split ? { 1: ints(split) } : {} };
    },
  },
};

/**
 * Brings every node into the form it has from opset 18 on, so that shape and gradient rules see one form only.
 * Equal splits say how many parts they have, and training-time outputs of BatchNormalization and Dropout go.
 */
export function modernise(model: Model): Graph {
  const opset = model.opsets.get('') ?? opsetVersion;
  const initializers = new Map(model.graph.initializers);
  const freshName = namesBeside(model.graph);
  const constant = (wanted: string, tensor: Tensor): string => {
    const name = freshName(wanted);
    initializers.set(name, tensor);
    return name;
  };
  const find = (name: string): Tensor | undefined => initializers.get(name);
  const nodes = model.graph.nodes.flatMap((node): Node[] => {
    let { attributes, inputs, outputs } = node;
    const rule = lifts[node.opType];
    if (rule && opset < rule.since) {
      const lifted = rule.lift(node);
      attributes = without(attributes, lifted.drop);
      const positions = Math.max(inputs.length, ...Object.keys(lifted.inputs).map((key) => Number(key) + 1));
      inputs = Array.from({ length: positions }, (_, position) => {
        const tensor = lifted.inputs[position];
        if (!tensor) return inputs[position] ?? '';
        return constant(`${node.outputs[0]}/input${position}`, tensor);
      });
    }
    if (node.opType === 'Split' && !inputs[1] && intAttribute(node, 'num_outputs', 0) === 0) {
      attributes = { ...attributes, num_outputs: { type: 'int', value: outputs.length } };
    }
    if (node.opType === 'BatchNormalization') {
      attributes = without(attributes, ['spatial', 'is_test', 'consumed_inputs', 'training_mode', 'momentum']);
      outputs = outputs.slice(0, 1);
    }
    if (node.opType === 'Constant') attributes = withTensor(node);
    // Before opset 7 broadcasting was asked for; without an axis, NumPy's rule gives the same.
    if (opset < 7) attributes = without(attributes, ['broadcast', 'consumed_inputs', 'is_test']);
    if (opset < 4 && node.opType === 'Concat') attributes = { axis: { type: 'int', value: 1 }, ...attributes };
    return rewritten(node, { ...node, attributes, inputs, outputs }, { opset, freshName, constant, find });
  });
  return { ...model.graph, nodes, initializers };
}

/** The forms in which Constant gives plain numbers, as the tensor that they stand for. */
function withTensor(node: Node): Node['attributes'] {
  const { value_float: one, value_floats: list, value_int: whole, value_ints: wholes } = node.attributes;
  let value: Tensor | undefined;
  if (one?.type === 'float') value = floats([one.value], []);
  else if (list?.type === 'floats') value = floats(list.value);
  else if (whole?.type === 'int') value = ints([whole.value], []);
  else if (wholes?.type === 'ints') value = ints(wholes.value);
  return value ? { value: { type: 'tensor', value } } : node.attributes;
}

function without(attributes: Node['attributes'], names: readonly string[]): Record<string, Attribute> {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.includes(name)));
}
