import {
  asFloats,
  asNumbers,
  dtypeOfWire,
  type DType,
  elementCount,
  floats,
  ints,
  type Node,
  type Tensor,
} from '../onnx/index.js';
import { intAttribute, intsAttribute, tensorAttribute } from './attributes.js';
import { positiveAxis, stridesOf } from './broadcast.js';
import { sliceOf } from './shapes/arrangement.js';
import { shapeRules } from './shapes/index.js';

type Constants = readonly (Tensor | undefined)[];
type Evaluator = (node: Node, constants: Constants, shape: readonly number[]) => Tensor | undefined;

/**
 * Computes a node whose inputs are all known. Covers what exporters put on weights and shapes; a node it does not
 * cover is left to the runtime.
 *
 * @returns one tensor per output, or undefined when this operator is left to the runtime
 */
export function evaluate(node: Node, constants: Constants): Tensor[] | undefined {
  const evaluator = evaluators[node.opType];
  const rule = shapeRules[node.opType];
  if (!evaluator || !rule || node.outputs.length > 1) return undefined;
  const inputs = node.inputs.map((name, i) => {
    const tensor = constants[i];
    return tensor && { name, dtype: tensor.dtype, shape: tensor.dims };
  });
  const result = evaluator(node, constants, rule({ node, inputs, constants })[0]!.shape);
  return result && [result];
}

const reshaped: Evaluator = (_node, constants, shape) => ({ ...constants[0]!, dims: shape });

const arithmetic =
  (compute: (a: number, b: number) => number): Evaluator =>
  (_node, constants, shape) => {
    const [a, b] = [constants[0]!, constants[1]!];
    const [valuesA, valuesB] = [asNumbers(a), asNumbers(b)];
    const fromA = gather(a.dims, shape);
    const fromB = gather(b.dims, shape);
    const result = Array.from({ length: elementCount(shape) }, (_, i) => compute(valuesA[fromA(i)]!, valuesB[fromB(i)]!));
    return numbersAs(a.dtype, result, shape);
  };

const elementwise =
  (compute: (x: number) => number): Evaluator =>
  (_node, constants, shape) =>
    numbersAs(constants[0]!.dtype, asNumbers(constants[0]!).map(compute), shape);

const evaluators: Readonly<Record<string, Evaluator>> = {
  Constant: (node) => tensorAttribute(node, 'value'),
  Identity: (_node, constants) => constants[0],
  Reshape: reshaped,
  Flatten: reshaped,
  Squeeze: reshaped,
  Unsqueeze: reshaped,
  Cast: (node, constants, shape) => {
    const to = dtypeOfWire(intAttribute(node, 'to', 0));
    return to === 'float32' ? floats(asFloats(constants[0]!), shape) : to && numbersAs(to, asNumbers(constants[0]!), shape);
  },
  // y = (x − zero point) · scale, per tensor or along one axis.
  DequantizeLinear: (node, constants, shape) => {
    const [x, scale, zeroPoint] = [constants[0]!, constants[1]!, constants[2]];
    const axis = positiveAxis(intAttribute(node, 'axis', 1), shape.length);
    const scales = asFloats(scale);
    const zeros = zeroPoint ? asFloats(zeroPoint) : new Float32Array(scales.length);
    const inner = scale.dims.length === 0 ? elementCount(shape) : elementCount(shape.slice(axis + 1));
    const source = x.data as ArrayLike<number>;
    const result = new Float32Array(source.length);
    for (let i = 0; i < result.length; i++) {
      const channel = Math.floor(i / inner) % scales.length;
      result[i] = (source[i]! - zeros[channel]!) * scales[channel]!;
    }
    return floats(result, shape);
  },
  Transpose: (node, constants, shape) => {
    const { dims } = constants[0]!;
    const perm = intsAttribute(node, 'perm') ?? dims.map((_, axis) => dims.length - 1 - axis);
    const strides = stridesOf(dims);
    return pick(constants[0]!, shape, perm.map((axis) => strides[axis]!), 0);
  },
  Slice: (_node, constants, shape) => {
    const { dims } = constants[0]!;
    const { starts, steps } = sliceOf(dims, constants);
    const strides = stridesOf(dims);
    const offset = starts.reduce((sum, start, axis) => sum + start * strides[axis]!, 0);
    return pick(constants[0]!, shape, strides.map((stride, axis) => stride * steps[axis]!), offset);
  },
  Expand: (_node, constants, shape) => {
    const { dims } = constants[0]!;
    const from = gather(dims, shape);
    const values = asNumbers(constants[0]!);
    return numbersAs(constants[0]!.dtype, Array.from({ length: elementCount(shape) }, (_, i) => values[from(i)]!), shape);
  },
  ConstantOfShape: (node, _constants, shape) => {
    const fill = tensorAttribute(node, 'value') ?? floats([0]);
    return numbersAs(fill.dtype, new Array<number>(elementCount(shape)).fill(asNumbers(fill)[0]!), shape);
  },
  Gather: (node, constants, shape) => {
    const [data, indices] = [constants[0]!, asNumbers(constants[1]!)];
    const axis = positiveAxis(intAttribute(node, 'axis', 0), data.dims.length);
    const inner = elementCount(data.dims.slice(axis + 1));
    const size = data.dims[axis]!;
    const values = asNumbers(data);
    const result = Array.from({ length: elementCount(shape) }, (_, i) => {
      const index = positiveAxis(indices[Math.floor(i / inner) % indices.length]!, size);
      const outer = Math.floor(i / (inner * indices.length));
      return values[(outer * size + index) * inner + (i % inner)]!;
    });
    return numbersAs(data.dtype, result, shape);
  },
  Concat: (node, constants, shape) => {
    const axis = positiveAxis(intAttribute(node, 'axis', 0), shape.length);
    const outer = elementCount(shape.slice(0, axis));
    const parts = constants.map((tensor) => ({ values: asNumbers(tensor!), row: elementCount(tensor!.dims.slice(axis)) }));
    const result: number[] = [];
    for (let i = 0; i < outer; i++) {
      for (const { values, row } of parts) result.push(...values.slice(i * row, (i + 1) * row));
    }
    return numbersAs(constants[0]!.dtype, result, shape);
  },
  Add: arithmetic((a, b) => a + b),
  Sub: arithmetic((a, b) => a - b),
  Mul: arithmetic((a, b) => a * b),
  Pow: arithmetic((a, b) => a ** b),
  Div: (node, constants, shape) => {
    const whole = constants[0]!.dtype.includes('int');
    return arithmetic((a, b) => (whole ? Math.trunc(a / b) : a / b))(node, constants, shape);
  },
  Sqrt: elementwise(Math.sqrt),
  Neg: elementwise((x) => -x),
  Exp: elementwise(Math.exp),
  Reciprocal: elementwise((x) => 1 / x),
};

/** Where element `i` of a broadcast result comes from in a tensor of the given dimensions. */
function gather(dims: readonly number[], shape: readonly number[]): (i: number) => number {
  const offset = shape.length - dims.length;
  const own = stridesOf(dims);
  const outer = stridesOf(shape);
  return (i) => {
    let index = 0;
    for (let axis = 0; axis < dims.length; axis++) {
      if (dims[axis] !== 1) index += (Math.floor(i / outer[axis + offset]!) % dims[axis]!) * own[axis]!;
    }
    return index;
  };
}

/** Reads a tensor along arbitrary strides, which is what Transpose and Slice are. */
function pick(tensor: Tensor, shape: readonly number[], strides: readonly number[], offset: number): Tensor {
  const data = tensor.data.slice(0, 0).constructor as { new (length: number): Tensor['data'] };
  const result = new data(elementCount(shape));
  const outer = stridesOf(shape);
  for (let i = 0; i < result.length; i++) {
    let from = offset;
    for (let axis = 0; axis < shape.length; axis++) {
      from += (Math.floor(i / outer[axis]!) % shape[axis]!) * strides[axis]!;
    }
    result[i] = tensor.data[from]!;
  }
  return { dtype: tensor.dtype, dims: shape, data: result };
}

/** Numbers as a tensor of the given type, for the types that constant arithmetic meets. */
function numbersAs(dtype: DType, values: readonly number[], dims: readonly number[]): Tensor | undefined {
  switch (dtype) {
    case 'float32':
    case 'float16':
    case 'bfloat16':
      return floats(values, dims);
    case 'float64':
      return { dtype, dims, data: Float64Array.from(values) };
    case 'int64':
      return ints(values.map(Math.trunc), dims);
    case 'int32':
      return { dtype, dims, data: Int32Array.from(values) };
    case 'bool':
      return { dtype, dims, data: Uint8Array.from(values, (value) => (value ? 1 : 0)) };
    case 'uint8':
      return { dtype, dims, data: Uint8Array.from(values) };
    case 'int8':
      return { dtype, dims, data: Int8Array.from(values) };
    default:
      return undefined;
  }
}
