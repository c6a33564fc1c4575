import { ModelError } from '../../errors.js';
import { asNumbers, type Node, type Tensor } from '../../onnx/index.js';
import { describeNode } from '../attributes.js';
import { positiveAxis } from '../broadcast.js';
import type { Value, ValueType } from '../value.js';

/** One node whose output types are asked for. */
export interface ShapeSite {
  readonly node: Node;
  /** Types of the inputs in ONNX's order; undefined where an optional one is left out. */
  readonly inputs: readonly (Value | undefined)[];
  /** The value of input `index` where it is known before the graph runs. */
  readonly constants: readonly (Tensor | undefined)[];
}

/** Tells the type of each output of a node. */
export type ShapeRule = (site: ShapeSite) => readonly ValueType[];

/** The type of a required input. */
export function input(site: ShapeSite, index: number): Value {
  const value = site.inputs[index];
  if (!value) throw misshaped(site, `input ${index} is missing`);
  return value;
}

/** An input that must be known when the graph is built, such as the shape that Reshape takes. */
export function constantInput(site: ShapeSite, index: number): Tensor {
  const constant = site.constants[index];
  if (!constant) {
    throw new ModelError(
      'model/unsupported',
      `${describeNode(site.node)}: input ${index} ("${site.node.inputs[index]}") depends on the picture, expected a constant. Export the model with fixed shapes.`,
    );
  }
  return constant;
}

/** The error for sizes that contradict each other. */
export function misshaped(site: ShapeSite, fact: string): ModelError {
  return new ModelError('model/shape', `${describeNode(site.node)}: ${fact}. Export the model again.`);
}

/** The axes given as the constant input `index`, or all of them where it is left out. */
export function axesInput(site: ShapeSite, index: number, rank: number): number[] {
  if (!site.inputs[index]) return Array.from({ length: rank }, (_, axis) => axis);
  return asNumbers(constantInput(site, index)).map((axis) => positiveAxis(axis, rank));
}
