import type { Node, Tensor } from '../../onnx/index.js';
import { intAttribute, intsAttribute } from '../attributes.js';
import type { Rewriting } from '../rewrite.js';

/** A convolution whose weights are known. */
export interface KnownConvolution {
  readonly node: Node;
  /** `[M, C / group, kernel…]` */
  readonly weight: Tensor;
  /** `[M]`, where it has one. */
  readonly bias: Tensor | undefined;
}

/** The convolution of an old graph that computes a tensor, where it is one of pictures, in one group, of known weights. */
export function convolutionOf(name: string, { producerOf, constantOf }: Rewriting): KnownConvolution | undefined {
  const node = producerOf(name);
  if (node?.opType !== 'Conv' || intAttribute(node, 'group', 1) !== 1) return undefined;
  const weight = constantOf(node.inputs[1]);
  const bias = constantOf(node.inputs[2]);
  if (weight?.dims.length !== 4 || weight.dtype !== 'float32' || (node.inputs[2] && !bias)) return undefined;
  return { node, weight, bias };
}

/** Whether each element of a convolution's result is made of the one at the same place: 1×1, stride 1, no padding. */
export function isPointwise({ node, weight }: KnownConvolution): boolean {
  const every = (name: string, expected: number): boolean =>
    intsAttribute(node, name)?.every((value) => value === expected) ?? true;
  return weight.dims[2] === 1 && weight.dims[3] === 1 && every('strides', 1) && every('pads', 0);
}
