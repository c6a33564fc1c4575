import { type Attribute, asNumbers, floats, ints, type Node, type Tensor } from '../../onnx/index.js';
import { floatAttribute, intAttribute, stringAttribute } from '../attributes.js';

/** Element types were named until opset 5: their names, and the numbers that they have had since. */
const elementTypes: Readonly<Record<string, number>> = {
  FLOAT: 1,
  UINT8: 2,
  INT8: 3,
  INT32: 6,
  INT64: 7,
  BOOL: 9,
  FLOAT16: 10,
  DOUBLE: 11,
};

/** What a rewrite may use besides the node itself. */
export interface Rewriting {
  /** The operator-set version that the node is written in. */
  readonly opset: number;
  /** A name that no tensor has yet, after the one given. */
  readonly freshName: (wanted: string) => string;
  /** Adds a constant and gives its name. */
  readonly constant: (wanted: string, tensor: Tensor) => string;
  /** The value of an input, where it is known already. */
  readonly find: (name: string) => Tensor | undefined;
}

/** Writes a node of an old operator set as nodes of today's. */
type Rewrite = (node: Node, at: Rewriting) => Node[];

const int = (value: number): Attribute => ({ type: 'int', value });
const string = (value: string): Attribute => ({ type: 'string', value });

/** One of several nodes that stand for an old one. */
function step(
  old: Node,
  opType: string,
  inputs: readonly string[],
  output: string,
  attributes: Node['attributes'] = {},
): Node {
  return { opType, domain: '', name: old.name && `${old.name}/${output}`, inputs, outputs: [output], attributes };
}

/** Before opset 13 Softmax and its like took all axes from `axis` (default 1) on as one. */
const flatSoftmax: Rewrite = (node, { freshName }) => {
  const [x = ''] = node.inputs;
  const [y = ''] = node.outputs;
  const [shape, flat, softmax] = [`${y}/shape`, `${y}/flat`, `${y}/softmax`].map(freshName) as [string, string, string];
  return [
    step(node, 'Shape', [x], shape),
    step(node, 'Flatten', [x], flat, { axis: int(intAttribute(node, 'axis', 1)) }),
    { ...node, inputs: [flat], outputs: [softmax], attributes: { axis: int(-1) } },
    step(node, 'Reshape', [softmax, shape], y),
  ];
};

/** Upsample became Resize, which measured from the first element until opset 11 let one choose. */
const toResize: Rewrite = (node, { opset, constant, find }) => {
  const [x = '', given] = node.inputs;
  const { scales, height_scale: height, width_scale: width } = node.attributes;
  let list = scales?.type === 'floats' ? scales.value : undefined;
  if (height?.type === 'float' && width?.type === 'float') list = [1, 1, height.value, width.value];
  const name = given ?? constant(`${node.outputs[0]}/scales`, floats(list ?? []));
  const known = given === undefined ? list : find(given) && asNumbers(find(given)!);
  // onnxruntime took the next element where Resize of opset 10 shrinks, as the example in its specification does.
  const shrinks = opset === 10 && known?.some((scale) => scale < 1) === true;
  const mode = stringAttribute(node, 'mode', 'nearest').replace(/^bilinear$/, 'linear');
  const attributes = {
    mode: string(mode),
    coordinate_transformation_mode: string('asymmetric'),
    ...(mode === 'nearest' && { nearest_mode: string(shrinks ? 'ceil' : 'floor') }),
  };
  return [{ ...node, opType: 'Resize', inputs: [x, '', name], attributes }];
};

/** With `spatial` 0, until opset 8, every element had statistics of its own: (x − mean) · scale / √(var + ε) + bias. */
const perElementNormalization: Rewrite = (node, { freshName, constant }) => {
  const [x = '', scale = '', bias = '', mean = '', variance = ''] = node.inputs;
  const [y = ''] = node.outputs;
  const epsilon = constant(`${y}/epsilon`, floats([floatAttribute(node, 'epsilon', 1e-5)], []));
  const names = ['centred', 'variance', 'deviation', 'factor', 'scaled'].map((part) => freshName(`${y}/${part}`));
  const [centred, shifted, deviation, factor, scaled] = names as [string, string, string, string, string];
  return [
    step(node, 'Sub', [x, mean], centred),
    step(node, 'Add', [variance, epsilon], shifted),
    step(node, 'Sqrt', [shifted], deviation),
    step(node, 'Div', [scale, deviation], factor),
    step(node, 'Mul', [centred, factor], scaled),
    step(node, 'Add', [scaled, bias], y),
  ];
};

/**
 * Before opset 7 the second input could be aligned at an axis of the first. Ones behind its shape do the same:
 * as many as the first has axes, less `axis`, less the second's own. The ranks are known once the sizes are.
 */
function aligned(node: Node, axis: number, { freshName, constant }: Rewriting): Node[] {
  const [a, b] = node.inputs as [string, string];
  const [y = ''] = node.outputs;
  const name = (part: string): string => freshName(`${y}/${part}`);
  const [shapeA, shapeB, shape] = [name('shape_a'), name('shape_b'), name('shape')];
  const [rankA, rankB, behind, count, ones, reshaped] = [
    ...[name('rank_a'), name('rank_b'), name('behind'), name('count')],
    ...[name('ones'), name('aligned')],
  ] as [string, string, string, string, string, string];
  const one: Attribute = { type: 'tensor', value: ints([1]) };
  const offset = constant(`${y}/axis`, ints([Math.abs(axis)]));
  return [
    step(node, 'Shape', [a], shapeA),
    step(node, 'Shape', [b], shapeB),
    step(node, 'Shape', [shapeA], rankA),
    step(node, 'Shape', [shapeB], rankB),
    // A negative axis counts from the end: that many are left behind it.
    axis < 0 ? step(node, 'Identity', [offset], behind) : step(node, 'Sub', [rankA, offset], behind),
    step(node, 'Sub', [behind, rankB], count),
    step(node, 'ConstantOfShape', [count], ones, { value: one }),
    step(node, 'Concat', [shapeB, ones], shape, { axis: int(0) }),
    step(node, 'Reshape', [b, shape], reshaped),
    { ...node, inputs: [a, reshaped] },
  ];
}

const mean: Rewrite = (node, { freshName, constant }) => {
  const [y = ''] = node.outputs;
  const sum = freshName(`${y}/sum`);
  const share = constant(`${y}/share`, floats([1 / node.inputs.length], []));
  return [step(node, 'Sum', node.inputs, sum), step(node, 'Mul', [sum, share], y)];
};

/** For operators whose old form takes other nodes than today's: up to which opset, and how. */
const rewrites: Readonly<Record<string, { readonly upTo: number; readonly rewrite: Rewrite }>> = {
  Softmax: { upTo: 12, rewrite: flatSoftmax },
  LogSoftmax: { upTo: 12, rewrite: flatSoftmax },
  Upsample: { upTo: Number.POSITIVE_INFINITY, rewrite: toResize },
  Resize: { upTo: 10, rewrite: toResize },
  Scatter: { upTo: Number.POSITIVE_INFINITY, rewrite: (node) => [{ ...node, opType: 'ScatterElements' }] },
  Mean: { upTo: Number.POSITIVE_INFINITY, rewrite: mean },
};

/**
 * The nodes of today that stand for an old one; itself where its form has not changed in more than attributes.
 *
 * @param old the node as the file has it
 * @param node the node with its attributes brought up to date
 */
export function rewritten(old: Node, node: Node, at: Rewriting): Node[] {
  const rule = rewrites[node.opType];
  if (rule && at.opset <= rule.upTo) return rule.rewrite(node, at);
  if (node.opType === 'BatchNormalization' && intAttribute(old, 'spatial', 1) === 0) {
    return perElementNormalization(node, at);
  }
  if (node.opType === 'Cast' && node.attributes['to']?.type === 'string') {
    return [{ ...node, attributes: { to: int(elementTypes[node.attributes['to'].value] ?? 0) } }];
  }
  if (at.opset >= 7 || node.inputs.length !== 2) return [node];
  if (intAttribute(old, 'broadcast', 0) === 1 && old.attributes['axis']) {
    const { axis: _, ...attributes } = node.attributes;
    return aligned({ ...node, attributes }, intAttribute(old, 'axis', 0), at);
  }
  // One slope a channel stood beside axis 1.
  if (node.opType === 'PRelu' && at.find(node.inputs[1]!)?.dims.length === 1) return aligned(node, 1, at);
  return [node];
}
