import { ModelError } from '../errors.js';
import {
  asFloats,
  asNumbers,
  type DType,
  dtypeOfWire,
  elementCount,
  floats,
  ints,
  type Node,
  type Tensor,
} from '../onnx/index.js';
import { describeNode, intAttribute, intsAttribute, tensorAttribute } from './attributes.js';
import { positiveAxis, stridesOf } from './broadcast.js';
import { inferTypes } from './infer-types.js';
import { sliceOf } from './shapes/arrangement.js';

/** A node whose inputs are all known, and the shape of its output. */
interface Site {
  readonly node: Node;
  readonly constants: readonly (Tensor | undefined)[];
  readonly shape: readonly number[];
}

type Evaluator = (site: Site) => Tensor | undefined;

/** A result larger than every input is computed up to this many elements, so that a small file cannot fill the memory. */
const grownElements = 65_536;

/**
 * Computes a node whose inputs are all known. Covers what exporters put on weights and shapes; a node it does not
 * cover is left to the runtime, and so is arithmetic on integers that leaves the range in which numbers are exact.
 *
 * @returns one tensor per output, or undefined when this operator is left to the runtime
 * @throws ModelError when the inputs do not fit together
 */
export function evaluate(node: Node, constants: readonly (Tensor | undefined)[]): Tensor[] | undefined {
  const evaluator = evaluators[node.opType];
  if (!evaluator || node.outputs.length > 1) return undefined;
  const inputs = node.inputs.map((name, i) => {
    const tensor = constants[i];
    return tensor && { name, dtype: tensor.dtype, shape: tensor.dims };
  });
  const { shape } = inferTypes(node, inputs, constants)[0]!;
  const largest = Math.max(grownElements, ...constants.map((tensor) => tensor?.data.length ?? 0));
  if (elementCount(shape) > largest) return undefined;
  const result = evaluator({ node, constants, shape });
  return result && [result];
}

function known(site: Site, index: number): Tensor {
  const tensor = site.constants[index];
  if (!tensor) throw misfit(site, `input ${index} is missing`);
  return tensor;
}

function misfit(site: Site, fact: string): ModelError {
  return new ModelError('model/shape', `${describeNode(site.node)}: ${fact}. Export the model again.`);
}

const reshaped: Evaluator = (site) => ({ ...known(site, 0), dims: site.shape });

const arithmetic =
  (compute: (a: number, b: number) => number): Evaluator =>
  (site) => {
    const [a, b] = [known(site, 0), known(site, 1)];
    const [valuesA, valuesB] = [asNumbers(a), asNumbers(b)];
    if (!exact(a, valuesA) || !exact(b, valuesB)) return undefined;
    const fromA = gather(a.dims, site.shape);
    const fromB = gather(b.dims, site.shape);
    const result = Array.from({ length: elementCount(site.shape) }, (_, i) =>
      compute(valuesA[fromA(i)]!, valuesB[fromB(i)]!),
    );
    return numbersAs(a.dtype, result, site.shape);
  };

const elementwise =
  (compute: (x: number) => number): Evaluator =>
  (site) => {
    const x = known(site, 0);
    const values = asNumbers(x);
    return exact(x, values) ? numbersAs(x.dtype, values.map(compute), site.shape) : undefined;
  };

const evaluators: Readonly<Record<string, Evaluator>> = {
  Constant: ({ node }) => tensorAttribute(node, 'value'),
  Identity: (site) => known(site, 0),
  Reshape: reshaped,
  Flatten: reshaped,
  Squeeze: reshaped,
  Unsqueeze: reshaped,
  Cast: (site) => {
    const x = known(site, 0);
    const to = dtypeOfWire(intAttribute(site.node, 'to', 0));
    if (to === x.dtype) return x;
    if (to === 'float32') return floats(asFloats(x), site.shape);
    const values = asNumbers(x);
    return to && exact(x, values) ? numbersAs(to, values, site.shape) : undefined;
  },
  // y = (x − zero point) · scale, per tensor or along one axis.
  DequantizeLinear: (site) => {
    const { node, shape } = site;
    const [x, scale, zeroPoint] = [known(site, 0), known(site, 1), site.constants[2]];
    const scales = asFloats(scale);
    // With one scale for everything the axis, which may not even be there, does not matter.
    const axis = scales.length === 1 ? 0 : positiveAxis(intAttribute(node, 'axis', 1), shape.length);
    const zeros = zeroPoint ? asFloats(zeroPoint) : new Float32Array(scales.length);
    if (x.dtype.endsWith('64')) throw misfit(site, `${x.dtype} is not quantised`);
    // A scale of the same rank as x is one for each block of it (since opset 21).
    if (scale.dims.length > 1 || intAttribute(node, 'block_size', 0) !== 0) return undefined;
    if ((scales.length !== 1 && scales.length !== shape[axis]) || zeros.length !== scales.length) {
      throw misfit(site, `${scales.length} scales and ${zeros.length} zero points for [${shape}] along axis ${axis}`);
    }
    const inner = elementCount(shape.slice(axis + 1));
    const source = x.data as ArrayLike<number>;
    const result = new Float32Array(source.length);
    for (let i = 0; i < result.length; i++) {
      const channel = scales.length === 1 ? 0 : Math.floor(i / inner) % scales.length;
      result[i] = (source[i]! - zeros[channel]!) * scales[channel]!;
    }
    return floats(result, shape);
  },
  Transpose: (site) => {
    const x = known(site, 0);
    const perm = intsAttribute(site.node, 'perm') ?? x.dims.map((_, axis) => x.dims.length - 1 - axis);
    const strides = stridesOf(x.dims);
    return pick(
      x,
      site.shape,
      along(
        site.shape,
        perm.map((axis) => strides[axis]!),
        0,
      ),
    );
  },
  Slice: (site) => {
    const x = known(site, 0);
    const { starts, steps } = sliceOf(x.dims, site.constants);
    const strides = stridesOf(x.dims);
    const offset = starts.reduce((sum, start, axis) => sum + start * strides[axis]!, 0);
    return pick(
      x,
      site.shape,
      along(
        site.shape,
        strides.map((stride, axis) => stride * steps[axis]!),
        offset,
      ),
    );
  },
  Expand: (site) => pick(known(site, 0), site.shape, gather(known(site, 0).dims, site.shape)),
  ConstantOfShape: (site) => {
    const fill = tensorAttribute(site.node, 'value') ?? floats([0]);
    return pick(fill, site.shape, () => 0);
  },
  Gather: (site) => {
    const [data, indices] = [known(site, 0), asNumbers(known(site, 1))];
    const axis = positiveAxis(intAttribute(site.node, 'axis', 0), data.dims.length);
    const inner = elementCount(data.dims.slice(axis + 1));
    const size = data.dims[axis]!;
    const positions = indices.map((index) => (index < 0 ? index + size : index));
    if (!positions.every((index) => index >= 0 && index < size)) {
      throw misfit(site, `indices [${indices.slice(0, 8)}] into an axis of ${size}`);
    }
    return pick(data, site.shape, (i) => {
      const index = positions[Math.floor(i / inner) % positions.length]!;
      const outer = Math.floor(i / (inner * positions.length));
      return (outer * size + index) * inner + (i % inner);
    });
  },
  Concat: (site) => {
    const parts = site.constants.map((_, i) => known(site, i));
    const { dtype, dims, data } = parts[0]!;
    const axis = positiveAxis(intAttribute(site.node, 'axis', 0), dims.length);
    if (axis >= dims.length || parts.some((part) => part.dtype !== dtype || part.dims.length !== dims.length)) {
      const types = parts.slice(0, 8).map((part) => `${part.dtype} [${part.dims}]`);
      throw misfit(site, `its inputs are ${types.join(', ')}, joined along axis ${axis}`);
    }
    const outer = elementCount(site.shape.slice(0, axis));
    const result = like(data, elementCount(site.shape));
    let at = 0;
    for (let i = 0; i < outer; i++) {
      for (const part of parts) {
        const row = elementCount(part.dims.slice(axis));
        result.set(part.data.subarray(i * row, (i + 1) * row) as never, at);
        at += row;
      }
    }
    return { dtype, dims: site.shape, data: result };
  },
  Add: arithmetic((a, b) => a + b),
  Sub: arithmetic((a, b) => a - b),
  Mul: arithmetic((a, b) => a * b),
  Pow: arithmetic((a, b) => a ** b),
  Div: (site) => {
    const whole = known(site, 0).dtype.includes('int');
    return arithmetic((a, b) => (whole ? Math.trunc(a / b) : a / b))(site);
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
  return along(
    shape,
    shape.map((_, axis) => (axis < offset || dims[axis - offset] === 1 ? 0 : own[axis - offset]!)),
    0,
  );
}

/** Where element `i` of a result comes from in a tensor that is read along arbitrary strides. */
function along(shape: readonly number[], strides: readonly number[], offset: number): (i: number) => number {
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
function pick(tensor: Tensor, shape: readonly number[], from: (i: number) => number): Tensor {
  const data = like(tensor.data, elementCount(shape));
  for (let i = 0; i < data.length; i++) data[i] = tensor.data[from(i)]!;
  return { dtype: tensor.dtype, dims: shape, data };
}

/** An array of the same kind. */
function like(data: Tensor['data'], length: number): Tensor['data'] {
  const array = data.constructor as { new (length: number): Tensor['data'] };
  return new array(length);
}

/** Whether a tensor's values are all exact as numbers, which 64-bit integers beyond 2^53 are not. */
function exact(tensor: Tensor, values: readonly number[]): boolean {
  return !tensor.dtype.endsWith('int64') || values.every(Number.isSafeInteger);
}

/** Numbers as a tensor of the given type, for the types that constant arithmetic meets. */
function numbersAs(dtype: DType, values: readonly number[], dims: readonly number[]): Tensor | undefined {
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
