import type { Size } from './resize.js';
import type { Sliced } from './sliced.js';

/** Prime factors that the transform is made of, the largest first as fewer passes are faster. */
const radices = [5, 4, 3, 2] as const;

/** The next whole number, from `least` on, that has no prime factors but 2, 3 and 5. */
export function nextSmooth(least: number): number {
  for (let candidate = Math.max(1, least); ; candidate++) {
    if (factorsOf(candidate)) return candidate;
  }
}

function factorsOf(length: number): number[] | undefined {
  const factors: number[] = [];
  let rest = length;
  for (const radix of radices) {
    for (; rest % radix === 0; rest /= radix) factors.push(radix);
  }
  return rest === 1 ? factors : undefined;
}

/** Complex numbers, real and imaginary parts apart. */
interface Complex {
  re: Float64Array;
  im: Float64Array;
}

/**
 * The discrete Fourier transform of `batch` interleaved sequences, `[length, batch]`, in place: Stockham's form, which
 * needs no reordering (Van Loan, Computational Frameworks for the FFT, 1992).
 *
 * @param length with no prime factors but 2, 3 and 5
 * @param scratch as large as the values
 */
function* transformColumns(values: Complex, scratch: Complex, length: number, batch: number): Sliced<void> {
  const factors = factorsOf(length)!;
  const cosines = Float64Array.from({ length }, (_, k) => Math.cos((2 * Math.PI * k) / length));
  const sines = Float64Array.from({ length }, (_, k) => -Math.sin((2 * Math.PI * k) / length));
  let stride = batch;
  let rest = length;
  for (const radix of factors) {
    const next = rest / radix;
    const turn = length / rest;
    for (let j = 0; j < next; j++) {
      for (let r = 0; r < radix; r++) {
        const target = stride * (radix * j + r);
        for (let t = 0; t < radix; t++) {
          // The butterfly's own factor and the twiddle that follows it, as one.
          const angle = (((t * r * length) / radix) % length) + ((turn * j * r) % length);
          const [c, s] = [cosines[angle % length]!, sines[angle % length]!];
          const source = stride * (j + next * t);
          if (t === 0) {
            for (let q = 0; q < stride; q++) {
              const [a, b] = [values.re[source + q]!, values.im[source + q]!];
              scratch.re[target + q] = a * c - b * s;
              scratch.im[target + q] = a * s + b * c;
            }
          } else {
            for (let q = 0; q < stride; q++) {
              const [a, b] = [values.re[source + q]!, values.im[source + q]!];
              scratch.re[target + q]! += a * c - b * s;
              scratch.im[target + q]! += a * s + b * c;
            }
          }
          yield;
        }
      }
    }
    [values.re, scratch.re] = [scratch.re, values.re];
    [values.im, scratch.im] = [scratch.im, values.im];
    rest = next;
    stride *= radix;
  }
}

function* transposed(values: Float64Array, height: number, width: number): Sliced<Float64Array> {
  const result = new Float64Array(values.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) result[x * height + y] = values[y * width + x]!;
    yield;
  }
  return result;
}

/**
 * The discrete Hartley transform of every plane, `H(k) = Σ x(n) (cos + sin)(2π k·n / N) / √N` (Bracewell 1983): the
 * Fourier transform of real pictures in real numbers. Scaled like this it is its own inverse and its own transpose.
 *
 * @param values `[planes, height, width]`; sides with no prime factors but 2, 3 and 5, see {@link nextSmooth}
 * @returns the same shape; row `v`, column `u` is the frequency `(u, v)`, negative ones in the upper halves
 */
export function* hartley(values: Float32Array, { width, height }: Size): Sliced<Float32Array> {
  const area = width * height;
  const result = new Float32Array(values.length);
  for (let plane = 0; plane < values.length; plane += 2 * area) {
    // Two real planes make one complex picture.
    const second = plane + area < values.length ? plane + area : undefined;
    const z: Complex = { re: new Float64Array(area), im: new Float64Array(area) };
    const scratch: Complex = { re: new Float64Array(area), im: new Float64Array(area) };
    z.re.set(values.subarray(plane, plane + area));
    if (second !== undefined) z.im.set(values.subarray(second, second + area));
    yield* transformColumns(z, scratch, height, width);
    z.re = yield* transposed(z.re, height, width);
    z.im = yield* transposed(z.im, height, width);
    yield* transformColumns(z, scratch, width, height);
    const scale = 1 / (2 * Math.sqrt(area));
    for (let v = 0; v < height; v++) {
      const mirroredV = v === 0 ? 0 : height - v;
      for (let u = 0; u < width; u++) {
        const mirroredU = u === 0 ? 0 : width - u;
        const [at, opposite] = [u * height + v, mirroredU * height + mirroredV];
        const to = v * width + u;
        const [re, im, re2, im2] = [z.re[at]!, z.im[at]!, z.re[opposite]!, z.im[opposite]!];
        // Re(F) − Im(F) of each plane, F taken apart by its symmetry.
        result[plane + to] = scale * (re + re2 - im + im2);
        if (second !== undefined) result[second + to] = scale * (im + im2 + re - re2);
      }
      yield;
    }
  }
  return result;
}
