import { describe, expect, test } from 'vitest';
import { ImageError } from '../errors.js';
import { readNpy, writeNpy } from './npy.js';

// numpy.lib.format.write_array of [[0.5, -1.25, 3], [1e-3, inf, -0]] as '<f4', and of [1/3, 2, -1e10] as '<f8' in
// format 2.0, by NumPy: the header without its padding, and the values.
const float32 = {
  header: `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`,
  values: '0000003f0000a0bf000040406f12833a0000807f00000080',
};
const float64 = {
  header: `{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }`,
  values: '555555555555d53f0000000000000040000000205fa002c2',
};

/** A file with any header, padded as NumPy pads it. */
function file(header: string, values: string, version = 1): Uint8Array {
  const start = version === 1 ? 10 : 12;
  const length = 128 - start;
  const lengthBytes = version === 1 ? [length, 0] : [length, 0, 0, 0];
  const text = `${header.padEnd(length - 1)}\n`;
  const head = Buffer.from([0x93, ...Buffer.from('NUMPY'), version, 0, ...lengthBytes]);
  return Buffer.concat([head, Buffer.from(text), Buffer.from(values, 'hex')]);
}

const npy32 = file(float32.header, float32.values);
const array32 = { shape: [2, 3], data: new Float32Array([0.5, -1.25, 3, 1e-3, Number.POSITIVE_INFINITY, -0]) };

function refusal(bytes: Uint8Array): string {
  try {
    readNpy(bytes, 'x.npy');
  } catch (error) {
    if (error instanceof ImageError && error.code === 'image/format') return error.message;
    throw error;
  }
  return expect.fail('nothing was thrown');
}

describe('reading', () => {
  test('32-bit floats that NumPy wrote', () => {
    expect(npy32.length).toBe(152);
    expect(readNpy(npy32, 'x.npy')).toEqual(array32);
  });

  test('64-bit floats, rounded to 32 bits', () => {
    const expected = { shape: [3], data: new Float32Array([1 / 3, 2, -1e10]) };
    for (const version of [1, 2, 3]) {
      expect(readNpy(file(float64.header, float64.values, version), 'x.npy')).toEqual(expected);
    }
  });

  test('from the middle of a larger buffer, at any alignment', () => {
    const larger = Buffer.concat([Buffer.alloc(3), npy32, Buffer.alloc(5)]);
    expect(readNpy(larger.subarray(3, 3 + npy32.length), 'x.npy')).toEqual(array32);
  });

  test('a single number and an empty array', () => {
    const shaped = (shape: string) => `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
    expect(readNpy(file(shaped('()'), '0000003f'), 'x')).toEqual({ shape: [], data: new Float32Array([0.5]) });
    expect(readNpy(file(shaped('(0, 7)'), ''), 'x')).toEqual({ shape: [0, 7], data: new Float32Array(0) });
    expect(readNpy(file(shaped('(1L, 1L)'), '0000003f'), 'x').shape).toEqual([1, 1]);
  });

  test('is refused for other types and orders', () => {
    const altered = (from: string, to: string) => refusal(file(float32.header.replace(from, to), float32.values));
    expect(altered('<f4', '>f4')).toBe(
      `x.npy: expected values of type '<f4' or '<f8', got >f4. ` +
        'Write it with numpy.save(file, numpy.ascontiguousarray(array, "<f4")).',
    );
    expect(altered('<f4', '|O')).toContain('got |O');
    expect(altered(`'<f4'`, `[('a', '<f4')]`)).toContain('got another type');
    expect(altered('False', 'True')).toContain('expected C order, got Fortran order');
    expect(altered('False', '0')).toContain('expected C order, got no order');
    expect(altered('(2, 3)', 'None')).toContain('expected a shape, got none');
    expect(altered('(2, 3)', '(2,, 3)')).toContain('expected a shape, got (2,, 3)');
  });

  test('is refused before anything is allocated when the shape promises more, or less, than there is', () => {
    for (const shape of ['(2, 4)', '(2, 2)', '(100000000, 100000000)', '(9007199254740991, 9007199254740991)']) {
      const message = refusal(file(float32.header.replace('(2, 3)', shape), float32.values));
      expect(message).toMatch(/^x\.npy: expected [\d.e+]+ bytes of data for the shape \[.*\], got 24\./);
    }
    expect(refusal(file(float32.header.replace('(2, 3)', '(99999999999999999999,)'), ''))).toContain(
      'expected a shape',
    );
  });

  test('is refused wherever the file ends early', () => {
    for (let length = 0; length < npy32.length; length++) refusal(npy32.subarray(0, length));
    expect(refusal(new Uint8Array(0))).toContain('expected a NumPy .npy file, got an empty file');
    expect(refusal(npy32.subarray(0, 9))).toContain('expected a whole header, got a truncated one');
  });

  test('is refused for other formats and headers longer than the file', () => {
    expect(refusal(Buffer.from('PK\x03\x04 an .npz file'))).toContain('expected a NumPy .npy file, got something else');
    const version9 = Buffer.from(npy32);
    version9[6] = 9;
    expect(refusal(version9)).toContain('got 9.0');
    const long = Buffer.from(file(float64.header, float64.values, 2));
    long.writeUInt32LE(0xffffffff, 8);
    expect(refusal(long)).toContain('expected a whole header');
  });
});

describe('writing', () => {
  test('gives the bytes that NumPy gives', () => {
    expect(Buffer.compare(writeNpy(array32.shape, array32.data), npy32)).toBe(0);
  });

  test.each([[[]], [[5]], [[0, 3]], [[2, 3, 4]], [Array<number>(40).fill(1)]])(
    'starts the data at a multiple of 64: %j',
    (shape) => {
      const count = shape.reduce((product, length) => product * length, 1);
      const data = Float32Array.from({ length: count }, (_, i) => i / 3);
      const bytes = writeNpy(shape, data);
      expect((bytes.length - 4 * count) % 64).toBe(0);
      expect(readNpy(bytes, 'x')).toEqual({ shape, data });
    },
  );

  test('refuses a shape that does not fit the values', () => {
    for (const shape of [[2, 2], [1.5, 2], [-1, -3], []]) {
      expect(() => writeNpy(shape, new Float32Array(3))).toThrow(RangeError);
    }
  });
});
