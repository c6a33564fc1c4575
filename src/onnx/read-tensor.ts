import { ModelError } from '../errors.js';
import type { TensorProto } from './onnx_pb.js';
import { type DType, dtypes, elementCount, type Tensor, type TensorData } from './tensor.js';

/** Reads `length` bytes at `offset` of the file `location` that lies beside the model. */
export type ExternalData = (location: string, offset: number, length: number) => Uint8Array;

const byWire = new Map(Object.entries(dtypes).map(([dtype, { wire }]) => [wire, dtype as DType]));

/** The element type that a TensorProto.DataType number stands for, or undefined for one not read here. */
export function dtypeOfWire(wire: number): DType | undefined {
  return byWire.get(wire);
}

/**
 * Turns a TensorProto into a Tensor, from raw bytes, typed fields or a file beside the model.
 *
 * @throws ModelError `model/truncated` when the dimensions promise more (or fewer) values than the file holds
 */
export function readTensor(proto: TensorProto, options: { name: string; external?: ExternalData }): Tensor {
  const where = `${options.name}: tensor "${proto.name || '?'}"`;
  const dtype = dtypeOfWire(proto.dataType);
  if (!dtype) {
    throw new ModelError(
      'model/unsupported',
      `${where} has element type ${proto.dataType}, expected one of ${Object.keys(dtypes).join(', ')}. Export it in one of those.`,
    );
  }
  const dims = proto.dims.map(Number);
  const count = elementCount(dims);
  if (dims.length > 8 || dims.some((dim) => dim < 0) || !Number.isSafeInteger(count)) {
    throw new ModelError('model/format', `${where} has dims [${dims}], expected up to 8 whole sizes. Export it again.`);
  }
  const { array } = dtypes[dtype];
  const sizeBytes = count * array.BYTES_PER_ELEMENT;
  const demand = (got: number, expected: number, unit: string): void => {
    if (got === expected) return;
    throw new ModelError(
      'model/truncated',
      `${where} of dims [${dims}] needs ${expected} ${unit}, got ${got}. Fetch or export the file again.`,
    );
  };
  if (proto.dataLocation === 1) {
    const bytes = readExternal(proto, sizeBytes, where, options.external);
    demand(bytes.length, sizeBytes, 'bytes');
    return { dtype, dims, data: fromRaw(bytes, array) };
  }
  if (proto.rawData.length > 0 || count === 0) {
    demand(proto.rawData.length, sizeBytes, 'bytes');
    return { dtype, dims, data: fromRaw(proto.rawData, array) };
  }
  const values = typedField(proto, dtype);
  demand(values.length, count, 'values');
  const data = new array(count);
  for (let i = 0; i < count; i++) data[i] = values[i]!;
  return { dtype, dims, data };
}

/** The typed field that the ONNX specification assigns to each element type. */
function typedField(proto: TensorProto, dtype: DType): ArrayLike<number | bigint> {
  switch (dtype) {
    case 'float32':
      return proto.floatData;
    case 'float64':
      return proto.doubleData;
    case 'int64':
      return proto.int64Data;
    case 'uint32':
      return proto.uint64Data.map(Number);
    case 'uint64':
      return proto.uint64Data;
    default:
      return proto.int32Data;
  }
}

function fromRaw(bytes: Uint8Array, array: (typeof dtypes)[DType]['array']): TensorData {
  const size = array.BYTES_PER_ELEMENT;
  if (bytes.byteOffset % size === 0) {
    const View = array as unknown as new (buffer: ArrayBufferLike, offset: number, length: number) => TensorData;
    return new View(bytes.buffer, bytes.byteOffset, bytes.length / size);
  }
  return new array(bytes.slice().buffer);
}

function readExternal(proto: TensorProto, sizeBytes: number, where: string, external?: ExternalData): Uint8Array {
  const entries = new Map(proto.externalData.map((entry) => [entry.key, entry.value]));
  const location = entries.get('location') ?? '';
  const offset = Number(entries.get('offset') ?? 0);
  const length = Number(entries.get('length') ?? sizeBytes);
  if (!external) {
    throw new ModelError('model/unsupported', `${where} lies in another file ("${location}"). Save the model as one file.`);
  }
  if (!/^[^/\\\0]+$/.test(location) || location === '.' || location === '..' || /^[A-Za-z]:/.test(location)) {
    throw new ModelError(
      'model/unsupported',
      `${where} points to "${location}", expected the name of a file beside the model. Save the model as one file.`,
    );
  }
  if (!Number.isSafeInteger(offset) || offset < 0 || length !== sizeBytes) {
    throw new ModelError(
      'model/truncated',
      `${where} needs ${sizeBytes} bytes, but the file says ${length} at ${offset} of "${location}". Export it again.`,
    );
  }
  return external(location, offset, length);
}
