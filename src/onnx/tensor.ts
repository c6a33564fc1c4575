import { assert } from '../errors.js';
import { float16ToFloat32 } from './float16.js';

/** The element types that this program reads and writes. `float16` and `bfloat16` hold their bits as uint16. */
export type DType =
  | 'float32'
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'bool'
  | 'float16'
  | 'float64'
  | 'uint32'
  | 'uint64'
  | 'bfloat16';

/** The values of a tensor, one element each, in row-major order. */
export type TensorData =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigInt64Array
  | BigUint64Array;

type TypedArrayConstructor = {
  new (length: number): TensorData;
  new (buffer: ArrayBuffer): TensorData;
  readonly BYTES_PER_ELEMENT: number;
};

/** For every element type: its number on the wire (TensorProto.DataType) and the array that holds it. */
export const dtypes: Readonly<Record<DType, { readonly wire: number; readonly array: TypedArrayConstructor }>> = {
  float32: { wire: 1, array: Float32Array },
  uint8: { wire: 2, array: Uint8Array },
  int8: { wire: 3, array: Int8Array },
  uint16: { wire: 4, array: Uint16Array },
  int16: { wire: 5, array: Int16Array },
  int32: { wire: 6, array: Int32Array },
  int64: { wire: 7, array: BigInt64Array },
  bool: { wire: 9, array: Uint8Array },
  float16: { wire: 10, array: Uint16Array },
  float64: { wire: 11, array: Float64Array },
  uint32: { wire: 12, array: Uint32Array },
  uint64: { wire: 13, array: BigUint64Array },
  bfloat16: { wire: 16, array: Uint16Array },
};

const int64Max = 2n ** 63n - 1n;
const int64Min = -(2n ** 63n);

/** A constant: an element type, its dimensions (none for a scalar) and `product(dims)` values. */
export interface Tensor {
  readonly dtype: DType;
  readonly dims: readonly number[];
  readonly data: TensorData;
}

/** The number of elements of a tensor with these dimensions; 1 for a scalar. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** A float32 constant. `dims` defaults to one dimension; pass `[]` for a scalar. */
export function floats(values: ArrayLike<number>, dims: readonly number[] = [values.length]): Tensor {
  assert(values.length === elementCount(dims), `${values.length} values for dims [${dims}]`);
  return { dtype: 'float32', dims, data: values instanceof Float32Array ? values : Float32Array.from(values) };
}

/**
 * An int64 constant. `dims` defaults to one dimension; pass `[]` for a scalar. The largest int64, ONNX's "to the end",
 * is 2^63 as a number and becomes itself again.
 */
export function ints(values: readonly number[], dims: readonly number[] = [values.length]): Tensor {
  assert(values.length === elementCount(dims), `${values.length} values for dims [${dims}]`);
  return { dtype: 'int64', dims, data: BigInt64Array.from(values, toInt64) };
}

/** A whole number as an int64; what lies beyond becomes the largest or the smallest one. */
export function toInt64(value: number): bigint {
  const exact = BigInt(value);
  if (exact > int64Max) return int64Max;
  return exact < int64Min ? int64Min : exact;
}

/** The values of a tensor as float32, whatever its element type; float32 data is returned as it is. */
export function asFloats(tensor: Tensor): Float32Array {
  const { dtype, data } = tensor;
  if (data instanceof Float32Array) return data;
  if (dtype === 'float16') return Float32Array.from(data as Uint16Array, float16ToFloat32);
  if (dtype === 'bfloat16') {
    const bits = Uint32Array.from(data as Uint16Array, (value) => (value << 16) >>> 0);
    return new Float32Array(bits.buffer);
  }
  return Float32Array.from(data as ArrayLike<number | bigint>, Number);
}

/** The values of a tensor as numbers; int64 beyond 2^53 (such as "to the end" in Slice) loses its last digits. */
export function asNumbers(tensor: Tensor): number[] {
  return Array.from(
    tensor.dtype === 'float16' || tensor.dtype === 'bfloat16' ? asFloats(tensor) : (tensor.data as ArrayLike<number>),
    Number,
  );
}
