import { ImageError } from '../errors.js';

/** An array as NumPy stores it: row-major ("C order") values under a shape. */
export interface NpyArray {
  /** The length of every axis, outermost first; empty for a single number. */
  readonly shape: number[];
  /** As many values as the shape has places; of any range and unit. */
  readonly data: Float32Array;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
const maxAxes = 64; // as NumPy itself
const remedy = 'Write it with numpy.save(file, numpy.ascontiguousarray(array, "<f4")).';

/**
 * Reads a NumPy `.npy` file, format 1.0, 2.0 or 3.0, of little-endian 32-bit or 64-bit floats in C order.
 * 64-bit values are rounded to 32 bits.
 *
 * @param bytes the whole file
 * @param name what messages call it
 * @returns its shape and its values
 * @throws ImageError `image/format` for anything else, and for a header that does not match the bytes that follow;
 *   nothing is allocated before they were compared
 */
export function readNpy(bytes: Uint8Array, name: string): NpyArray {
  if (!magic.every((byte, index) => bytes[index] === byte)) {
    throw refusal(name, 'a NumPy .npy file', bytes.length === 0 ? 'an empty file' : 'something else');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6];
  if (version !== 1 && version !== 2 && version !== 3) throw refusal(name, 'format 1.0, 2.0 or 3.0', `${version}.0`);
  const headerStart = version === 1 ? 10 : 12;
  if (bytes.length < headerStart) throw refusal(name, 'a whole header', 'a truncated one');
  const dataStart = headerStart + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (bytes.length < dataStart) throw refusal(name, 'a whole header', 'a truncated one');
  const header = new TextDecoder('utf-8').decode(bytes.subarray(headerStart, dataStart));
  const { wide, shape } = parseHeader(header, name);
  const count = shape.reduce((product, length) => product * length, 1);
  const sizeBytes = count * (wide ? 8 : 4);
  const presentBytes = bytes.length - dataStart;
  if (sizeBytes !== presentBytes) {
    throw refusal(name, `${sizeBytes} bytes of data for the shape [${shape.join(', ')}]`, `${presentBytes}`);
  }
  const data = new Float32Array(count);
  for (let i = 0, at = dataStart; i < count; i++, at += wide ? 8 : 4) {
    data[i] = wide ? view.getFloat64(at, true) : view.getFloat32(at, true);
  }
  return { shape, data };
}

/**
 * Writes a NumPy `.npy` file: format 1.0, little-endian 32-bit floats in C order, with the data starting at a multiple
 * of 64 bytes.
 *
 * @param shape the length of every axis, outermost first; empty for a single number
 * @param data as many values as the shape has places
 * @returns the whole file
 * @throws RangeError when the shape is not made of whole numbers, or does not have as many places as there are values
 */
export function writeNpy(shape: readonly number[], data: Float32Array): Uint8Array {
  const count = shape.reduce((product, length) => product * length, 1);
  const whole = shape.length <= maxAxes && shape.every((length) => Number.isSafeInteger(length) && length >= 0);
  if (!whole || count !== data.length) {
    throw new RangeError(`npy: expected a shape with ${data.length} places, got [${shape.join(', ')}].`);
  }
  // A tuple of one is written with a comma in Python: (3,)
  const tuple = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  const dataStart = Math.ceil((10 + header.length + 1) / 64) * 64;
  const bytes = new Uint8Array(dataStart + 4 * count);
  const view = new DataView(bytes.buffer);
  bytes.set(magic);
  bytes[6] = 1;
  view.setUint16(8, dataStart - 10, true);
  bytes.set(new TextEncoder().encode(`${header.padEnd(dataStart - 11)}\n`), 10);
  for (let i = 0; i < count; i++) view.setFloat32(dataStart + 4 * i, data[i]!, true);
  return bytes;
}

/** The three entries of the header, a Python dictionary. */
function parseHeader(header: string, name: string): { wide: boolean; shape: number[] } {
  const descr = /'descr':\s?'([^']{0,40})'/.exec(header)?.[1];
  if (descr !== '<f4' && descr !== '<f8') throw refusal(name, `values of type '<f4' or '<f8'`, descr ?? 'another type');
  const order = /'fortran_order':\s?(True|False)/.exec(header)?.[1];
  if (order !== 'False') throw refusal(name, 'C order', order === 'True' ? 'Fortran order' : 'no order');
  const tuple = /'shape':\s?\(([\d, L]{0,1500})\)/.exec(header)?.[1];
  if (tuple === undefined) throw refusal(name, 'a shape', 'none');
  const lengths = tuple
    .replaceAll('L', '')
    .split(',')
    .map((length) => length.trim()); // Python 2 wrote 3L
  if (lengths.at(-1) === '') lengths.pop();
  const shape = lengths.map((length) => (/^\d+$/.test(length) ? Number(length) : Number.NaN));
  if (shape.length > maxAxes || !shape.every(Number.isSafeInteger)) throw refusal(name, 'a shape', `(${tuple})`);
  return { wide: descr === '<f8', shape };
}

function refusal(name: string, expected: string, got: string): ImageError {
  return new ImageError('image/format', `${name}: expected ${expected}, got ${got}. ${remedy}`);
}
