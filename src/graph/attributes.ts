import { ModelError } from '../errors.js';
import type { Attribute, Node, Tensor } from '../onnx/index.js';

/** Attributes as builders write them: whole numbers and lists of them, text, and `float(x)` for ONNX floats. */
export type AttributeValues = Readonly<Record<string, number | readonly number[] | string | Attribute | undefined>>;

/** Marks a number as an ONNX float attribute; a bare number is an ONNX integer. */
export function float(value: number): Attribute {
  return { type: 'float', value };
}

/** Turns builder attributes into ONNX attributes, leaving out the undefined ones. */
export function toAttributes(values: AttributeValues): Record<string, Attribute> {
  const attributes: Record<string, Attribute> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    if (typeof value === 'number') attributes[name] = { type: 'int', value };
    else if (typeof value === 'string') attributes[name] = { type: 'string', value };
    else if ('type' in value) attributes[name] = value;
    else attributes[name] = { type: 'ints', value };
  }
  return attributes;
}

/** How messages call a node: its operator and its name, or its first output when it has none. */
export function describeNode(node: Node): string {
  return `${node.opType} "${node.name || node.outputs[0]}"`;
}

/** The value type of each attribute type. */
type AttributeValue = { [A in Attribute as A['type']]: A['value'] };

function read<T extends Attribute['type']>(node: Node, name: string, type: T): AttributeValue[T] | undefined {
  const attribute = node.attributes[name];
  if (attribute === undefined) return undefined;
  if (attribute.type !== type) {
    throw new ModelError(
      'model/format',
      `${describeNode(node)}: attribute "${name}" is ${attribute.type}, expected ${type}. Export the model again.`,
    );
  }
  return attribute.value as AttributeValue[T];
}

/** An integer attribute, or `fallback` where the node leaves it out. */
export function intAttribute(node: Node, name: string, fallback: number): number {
  return read(node, name, 'int') ?? fallback;
}

/** A float attribute, or `fallback` where the node leaves it out. */
export function floatAttribute(node: Node, name: string, fallback: number): number {
  return read(node, name, 'float') ?? fallback;
}

/** A text attribute, or `fallback` where the node leaves it out. */
export function stringAttribute(node: Node, name: string, fallback: string): string {
  return read(node, name, 'string') ?? fallback;
}

/** A list of integers, or undefined where the node leaves it out. */
export function intsAttribute(node: Node, name: string): readonly number[] | undefined {
  return read(node, name, 'ints');
}

/** A tensor attribute, or undefined where the node leaves it out. */
export function tensorAttribute(node: Node, name: string): Tensor | undefined {
  return read(node, name, 'tensor');
}
