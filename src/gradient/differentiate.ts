import { assert, GradientError } from '../errors.js';
import { broadcastShapes, type GraphBuilder, type Value } from '../graph/index.js';
import { elementCount, type Node } from '../onnx/index.js';
import { type GradientRules, gradientOfInput, type Site } from './rule.js';
import { gradientRules } from './rules/index.js';

/** What to differentiate. */
export interface DifferentiateOptions {
  /** The value to differentiate: a scalar of the graph. */
  readonly of: Value;
  /** With respect to what: a value that `of` depends on. */
  readonly to: Value;
  /** Gradients by operator; default {@link gradientRules}. */
  readonly rules?: GradientRules;
}

/**
 * Writes the nodes that compute d(of)/d(to) into the graph, by reverse-mode differentiation of the graph itself.
 *
 * Only nodes on a path from `to` to `of` are visited. Contributions of a value that is read more than once are added,
 * contributions that were broadcast are summed back, and every gradient is checked to have its value's shape.
 *
 * @returns the gradient, of the shape of `to`
 * @throws GradientError `gradient/missing-rule` naming every operator on the path that has no rule, or
 * `gradient/no-path` when `of` does not depend on `to`
 */
export function differentiate(g: GraphBuilder, options: DifferentiateOptions): Value {
  const { of, to, rules = gradientRules } = options;
  assert(elementCount(of.shape) === 1, `the objective is a scalar, got [${of.shape}]`);
  const path = pathBetween(g, rules, to, of);
  refuseMissingRules(path, rules);

  const contributions = new Map<string, Value[]>([[of.name, [ones(g, of)]]]);
  const gradientOf = (value: Value): Value | undefined => {
    const parts = contributions.get(value.name);
    if (!parts || parts.length < 2) return parts?.[0];
    // Two by two: an Add can be done by the convolution before it, a Sum of many cannot.
    const total = parts.reduce((sum, part) => g.op('Add', [sum, part]));
    contributions.set(value.name, [total]);
    return total;
  };

  for (const { node, differentiable } of path.toReversed()) {
    const outputs = node.outputs.map((name) => g.get(name)!);
    g.scoped(`grad/${node.name || node.outputs[0]}`, () => {
      const dYs = outputs.map((output) => output && gradientOf(output));
      if (dYs.every((dY) => !dY)) return;
      const inputs = node.inputs.map((name) => g.get(name));
      const site: Site = { g, node, inputs, outputs, dYs, x: inputs[0]!, y: outputs[0]!, dY: dYs[0]! };
      for (const index of differentiable) {
        const write = gradientOfInput(rules[node.opType]!, index);
        if (typeof write !== 'function') continue;
        const input = inputs[index]!;
        const part = sumToShape(g, write(site, index), input.shape);
        assert(
          String(part.shape) === String(input.shape),
          `gradient of ${node.opType} input ${index} has shape [${part.shape}], expected [${input.shape}]`,
        );
        contributions.set(input.name, [...(contributions.get(input.name) ?? []), part]);
      }
    });
  }
  const gradient = gradientOf(to);
  if (!gradient) {
    throw new GradientError('gradient/no-path', 'The objective does not depend on the picture. Choose another layer.');
  }
  return gradient;
}

interface Step {
  readonly node: Node;
  /** Positions of the inputs that depend on what is differentiated to. */
  readonly differentiable: readonly number[];
}

/**
 * The nodes through which `to` reaches `of`, in graph order. An input at which the gradient stops is no way, and
 * neither is a value that is not made of real numbers: positions, sizes and truths do not change smoothly.
 */
function pathBetween(g: GraphBuilder, rules: GradientRules, to: Value, of: Value): Step[] {
  const fromPicture = new Set([to.name]);
  const steps: Step[] = [];
  for (const node of g.nodes) {
    const rule = rules[node.opType];
    const differentiable = node.inputs.flatMap((name, i) => {
      // `''` is no value: it stands for every optional input or output that some node leaves out.
      if (name === '' || !fromPicture.has(name)) return [];
      return rule && gradientOfInput(rule, i) === 'stop' ? [] : [i];
    });
    if (differentiable.length === 0) continue;
    steps.push({ node, differentiable });
    for (const output of node.outputs) if (isReal(g, node, output)) fromPicture.add(output);
  }
  const toObjective = new Set([of.name]);
  const path = steps.toReversed().filter(({ node, differentiable }) => {
    if (!node.outputs.some((name) => name !== '' && toObjective.has(name))) return false;
    for (const index of differentiable) toObjective.add(node.inputs[index]!);
    return true;
  });
  return path.reverse();
}

/** Whether a node's output stands for real numbers: floats, and the small integers that a network is quantised to. */
function isReal(g: GraphBuilder, node: Node, output: string): boolean {
  const dtype = g.get(output)?.dtype ?? '';
  return dtype.startsWith('float') || (node.opType !== 'Cast' && /^u?int(8|16)$/.test(dtype));
}

function refuseMissingRules(path: readonly Step[], rules: GradientRules): void {
  const missing = new Map<string, string>();
  for (const { node, differentiable } of path) {
    const rule = rules[node.opType];
    const refused = !rule || differentiable.some((index) => gradientOfInput(rule, index) === 'unsupported');
    if (refused && !missing.has(node.opType)) missing.set(node.opType, node.name || node.outputs[0]!);
  }
  if (missing.size === 0) return;
  const list = [...missing].map(([opType, name]) => `${opType} (at "${name}")`).join(', ');
  throw new GradientError(
    'gradient/missing-rule',
    `No gradient is known for: ${list}. Choose a layer that comes before these operators.`,
  );
}

function ones(g: GraphBuilder, value: Value): Value {
  return g.op('Expand', [g.scalar(1), g.ints(value.shape)]);
}

/** Undoes a broadcast: sums over the axes along which the forward pass repeated the value. */
function sumToShape(g: GraphBuilder, value: Value, shape: readonly number[]): Value {
  if (String(value.shape) === String(shape)) return value;
  const broadcast = broadcastShapes(shape, value.shape);
  if (!broadcast || String(broadcast) !== String(value.shape)) return value;
  const offset = value.shape.length - shape.length;
  const axes = value.shape.flatMap((size, axis) =>
    axis < offset || (shape[axis - offset] === 1 && size !== 1) ? [axis] : [],
  );
  const summed = g.op('ReduceSum', [value, g.ints(axes)], { keepdims: 1 });
  return offset === 0 ? summed : g.op('Reshape', [summed, g.ints(shape)]);
}
