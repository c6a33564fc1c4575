import { BinaryReader } from '@bufbuild/protobuf/wire';
import { ModelError } from '../errors.js';
import type { TensorProto } from './onnx_pb.js';
import { isPrintable, quoted } from './quoted.js';
import { type DType, dtypes, elementCount, type Tensor, type TensorData } from './tensor.js';

const maxRank = 8;

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
  const where = `${options.name}: tensor ${quoted(proto.name || '?')}`;
  const dtype = dtypeOfWire(proto.dataType);
  if (!dtype) {
    throw new ModelError(
      'model/unsupported',
      `${where} has element type ${proto.dataType}, expected one of ${Object.keys(dtypes).join(', ')}. Export it in one of those.`,
    );
  }
  if (proto.dims.length > maxRank) {
    throw new ModelError('model/format', `${where} has ${proto.dims.length} dims, expected up to 8. Export it again.`);
  }
  const dims = proto.dims.map(Number);
  const count = elementCount(dims);
  const { array } = dtypes[dtype];
  const sizeBytes = count * array.BYTES_PER_ELEMENT;
  if (dims.some((dim) => dim < 0 || !Number.isSafeInteger(dim)) || !Number.isSafeInteger(sizeBytes)) {
    throw new ModelError(
      'model/format',
      `${where} has dims [${dims}], expected sizes that a file can hold. Export it again.`,
    );
  }
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
  if (dtype === 'float32' || dtype === 'float64') {
    const bytes = joined(dtype === 'float32' ? proto.floatData : proto.doubleData);
    demand(bytes.length, sizeBytes, 'bytes');
    return { dtype, dims, data: fromRaw(bytes, array) };
  }
  const { chunks, next } = varints(proto, dtype);
  const bytes = joined(chunks);
  demand(varintCount(bytes), count, 'values');
  const reader = new BinaryReader(bytes);
  const data = new array(count);
  for (let i = 0; i < count; i++) data[i] = next(reader);
  demand(reader.pos, bytes.length, 'bytes');
  return { dtype, dims, data };
}

/** The typed field that the ONNX specification assigns to an element type, and how one of its numbers is read. */
function varints(
  proto: TensorProto,
  dtype: DType,
): { chunks: Uint8Array[]; next: (reader: BinaryReader) => number | bigint } {
  switch (dtype) {
    case 'int64':
      return { chunks: proto.int64Data, next: (reader) => BigInt(reader.int64()) };
    case 'uint64':
      return { chunks: proto.uint64Data, next: (reader) => BigInt(reader.uint64()) };
    case 'uint32':
      return { chunks: proto.uint64Data, next: (reader) => reader.uint32() };
    default:
      return { chunks: proto.int32Data, next: (reader) => reader.int32() };
  }
}

/** How many varints end in these bytes: the last byte of each has its high bit clear. */
function varintCount(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte < 0x80) count++;
  return count;
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0]!;
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function fromRaw(bytes: Uint8Array, array: (typeof dtypes)[DType]['array']): TensorData {
  const size = array.BYTES_PER_ELEMENT;
  if (bytes.byteOffset % size === 0) {
    const View = array as unknown as new (buffer: ArrayBufferLike, offset: number, length: number) => TensorData;
    return new View(bytes.buffer, bytes.byteOffset, bytes.length / size);
  }
  // Not `slice`, which does not copy when the bytes are Node's Buffer.
  return new array(new Uint8Array(bytes).buffer);
}

function readExternal(proto: TensorProto, sizeBytes: number, where: string, external?: ExternalData): Uint8Array {
  const entries = new Map(proto.externalData.map((entry) => [entry.key, entry.value]));
  const location = entries.get('location') ?? '';
  const offset = wholeNumber(entries.get('offset') ?? '0');
  const length = wholeNumber(entries.get('length') ?? `${sizeBytes}`);
  const shown = quoted(location);
  if (!external) {
    throw new ModelError('model/unsupported', `${where} lies in another file (${shown}). Save the model as one file.`);
  }
  if (!isBareName(location)) {
    throw new ModelError(
      'model/unsupported',
      `${where} points to ${shown}, expected the name of a file beside the model. Save the model as one file.`,
    );
  }
  if (entries.size < proto.externalData.length || !Number.isSafeInteger(offset + length) || length !== sizeBytes) {
    const says = proto.externalData
      .filter(({ key }) => key !== 'location')
      .slice(0, 4)
      .map(({ key, value }) => quoted(`${key}=${value}`));
    throw new ModelError(
      'model/truncated',
      `${where} needs ${sizeBytes} bytes of ${shown}, but says ${says.join(', ') || 'nothing'}. Export it again.`,
    );
  }
  return external(location, offset, length);
}

/** Whether this names a file in a folder, and can name nothing outside of it on any system. */
function isBareName(location: string): boolean {
  return /^[^/\\]+$/.test(location) && !/^(\.{1,2}|[A-Za-z]:.*)$/.test(location) && isPrintable(location);
}

/** A decimal number as ONNX writes offsets and lengths; NaN for everything else, such as a negative or hexadecimal one. */
function wholeNumber(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
