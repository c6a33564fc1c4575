import { ModelError } from '../../errors.js';
import { type DType, elementCount, floats, ints, type Node, type Tensor } from '../../onnx/index.js';
import { describeNode } from '../attributes.js';
import { stridesOf } from '../broadcast.js';

/** A node whose inputs are all known, and the shape of its first output. */
export interface Site {
  readonly node: Node;
  readonly constants: readonly (Tensor | undefined)[];
  readonly shape: readonly number[];
}

/** Computes a node's only output; undefined leaves it to the runtime. */
export type Evaluator = (site: Site) => Tensor | undefined;

/** A required input. */
export function known(site: Site, index: number): Tensor {
  const tensor = site.constants[index];
  if (!tensor) throw misfit(site, `input ${index} is missing`);
  return tensor;
}

/** The error for inputs that do not fit together. */
export function misfit(site: Site, fact: string): ModelError {
  return new ModelError('model/shape', `${describeNode(site.node)}: ${fact}. Export the model again.`);
}

/** Where element `i` of a broadcast result comes from in a tensor of the given dimensions. */
export function gather(dims: readonly number[], shape: readonly number[]): (i: number) => number {
  const offset = shape.length - dims.length;
  const own = stridesOf(dims);
  return along(
    shape,
    shape.map((_, axis) => (axis < offset || dims[axis - offset] === 1 ? 0 : own[axis - offset]!)),
    0,
  );
}

/** Where element `i` of a result comes from in a tensor that is read along arbitrary strides. */
export function along(shape: readonly number[], strides: readonly number[], offset: number): (i: number) => number {
  const outer = stridesOf(shape);
  return (i) => {
    let from = offset;
    for (let axis = 0; axis < shape.length; axis++) {
      from += (Math.floor(i / outer[axis]!) % shape[axis]!) * strides[axis]!;
    }
    return from;
  };
}

/** A tensor whose elements stand elsewhere in another one. They are moved as they are, whatever their type. */
export function pick(tensor: Tensor, shape: readonly number[], from: (i: number) => number): Tensor {
  const data = like(tensor.data, elementCount(shape));
  for (let i = 0; i < data.length; i++) data[i] = tensor.data[from(i)]!;
  return { dtype: tensor.dtype, dims: shape, data };
}

/** An array of the same kind. */
export function like(data: Tensor['data'], length: number): Tensor['data'] {
  const array = data.constructor as { new (length: number): Tensor['data'] };
  return new array(length);
}

/** Whether a tensor's values are all exact as numbers, which 64-bit integers beyond 2^53 are not. */
export function exact(tensor: Tensor, values: readonly number[]): boolean {
  return !tensor.dtype.endsWith('int64') || values.every(Number.isSafeInteger);
}

/** Numbers as a tensor of the given type, for the types that constant arithmetic meets. */
export function numbersAs(dtype: DType, values: readonly number[], dims: readonly number[]): Tensor | undefined {
  if (dtype.includes('int') && !values.every((value) => Number.isSafeInteger(Math.trunc(value)))) return undefined;
  switch (dtype) {
    case 'float32':
      return floats(values, dims);
    case 'float64':
      return { dtype, dims, data: Float64Array.from(values) };
    case 'int64':
      return ints(values.map(Math.trunc), dims);
    case 'int32':
      return { dtype, dims, data: Int32Array.from(values) };
    case 'bool':
      return { dtype, dims, data: Uint8Array.from(values, (value) => (value !== 0 ? 1 : 0)) };
    case 'uint8':
      return { dtype, dims, data: Uint8Array.from(values) };
    case 'int8':
      return { dtype, dims, data: Int8Array.from(values) };
    default:
      return undefined;
  }
}
