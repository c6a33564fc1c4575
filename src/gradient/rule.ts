import type { GraphBuilder, Value } from '../graph/index.js';
import type { Node } from '../onnx/index.js';

/** One node of the network while its gradient is being written. */
export interface Site {
  /** Where the gradient is written. */
  readonly g: GraphBuilder;
  readonly node: Node;
  /** The node's inputs in ONNX's order; undefined where an optional one is left out. */
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
  /** d(objective)/d(output), one per output; undefined for outputs that the objective does not depend on. */
  readonly dYs: readonly (Value | undefined)[];
  /** The first input, which every operator has. */
  readonly x: Value;
  /** The first output. */
  readonly y: Value;
  /** d(objective)/d(first output). */
  readonly dY: Value;
}

/**
 * What becomes of the gradient at one input of an operator: a function that writes d(objective)/d(input), `'stop'`
 * where none flows (indices, shapes), or `'unsupported'` where one would flow but is not written here.
 *
 * A result whose shape is the broadcast of the input's is summed back by the driver.
 */
export type InputGradient = ((site: Site, index: number) => Value) | 'stop' | 'unsupported';

/** The gradient of one operator: an entry for every input, in ONNX's order and under ONNX's names. */
export type GradientRule = Readonly<Record<string, InputGradient>>;

/** The gradients of many operators, by operator type. Another ReLU gradient is a table with one entry spread over. */
export type GradientRules = Readonly<Record<string, GradientRule>>;

/** Names an operator's only parameter when any number of inputs may stand for it, as in Sum and Concat. */
export const variadic = '...';

/** The entry of a rule that speaks for input `index`. */
export function gradientOfInput(rule: GradientRule, index: number): InputGradient {
  return rule[variadic] ?? Object.values(rule)[index] ?? 'unsupported';
}
