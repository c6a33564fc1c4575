import { asFloats, asNumbers, dtypeOfWire, elementCount, floats, type Tensor } from '../../onnx/index.js';
import { intAttribute } from '../attributes.js';
import { positiveAxis } from '../broadcast.js';
import { type Evaluator, exact, gather, known, like, misfit, numbersAs, type Site } from './site.js';

/** Any number of inputs that broadcast, computed two by two. */
const arithmetic =
  (compute: (a: number, b: number) => number, result: 'same' | 'bool' = 'same'): Evaluator =>
  (site) => {
    const inputs = site.constants.map((_, i) => known(site, i));
    const values = inputs.map(asNumbers);
    if (!inputs.every((input, i) => exact(input, values[i]!))) return undefined;
    const sources = inputs.map(({ dims }) => gather(dims, site.shape));
    const numbers = Array.from({ length: elementCount(site.shape) }, (_, i) =>
      values.map((list, k) => list[sources[k]!(i)]!).reduce((a, b) => compute(a, b)),
    );
    return numbersAs(result === 'bool' ? 'bool' : inputs[0]!.dtype, numbers, site.shape);
  };

const elementwise =
  (compute: (x: number) => number): Evaluator =>
  (site) => {
    const x = known(site, 0);
    const values = asNumbers(x);
    return exact(x, values) ? numbersAs(x.dtype, values.map(compute), site.shape) : undefined;
  };

const compare = (holds: (a: number, b: number) => boolean): Evaluator =>
  arithmetic((a, b) => (holds(a, b) ? 1 : 0), 'bool');

const isWhole = (site: Site): boolean => known(site, 0).dtype.includes('int');

/** To the nearest whole number, a half to the even one. */
function roundHalfToEven(x: number): number {
  const nearest = Math.round(x);
  return nearest - x === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
}

/** Element-wise operators, on numbers and on truths. */
export const elementwiseEvaluators = {
  Identity: (site) => known(site, 0),
  Cast: (site) => {
    const x = known(site, 0);
    const to = dtypeOfWire(intAttribute(site.node, 'to', 0));
    if (to === x.dtype) return x;
    if (to === 'float32') return floats(asFloats(x), site.shape);
    const values = asNumbers(x);
    return to && exact(x, values) ? numbersAs(to, values, site.shape) : undefined;
  },
  CastLike: (site) => {
    const [x, { dtype }] = [known(site, 0), known(site, 1)];
    const values = asNumbers(x);
    return exact(x, values) ? numbersAs(dtype, values, site.shape) : undefined;
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
    const source = x.data as ArrayLike<number>;
    const result = new Float32Array(source.length);
    const run = scales.length === 1 ? result.length : elementCount(shape.slice(axis + 1));
    for (let start = 0, channel = 0; start < result.length; start += run, channel = (channel + 1) % scales.length) {
      const [zero, worth] = [zeros[channel]!, scales[channel]!];
      for (let i = start; i < start + run; i++) result[i] = (source[i]! - zero) * worth;
    }
    return floats(result, shape);
  },
  Add: arithmetic((a, b) => a + b),
  Sub: arithmetic((a, b) => a - b),
  Mul: arithmetic((a, b) => a * b),
  Pow: arithmetic((a, b) => a ** b),
  Div: (site) => {
    const whole = isWhole(site);
    return arithmetic((a, b) => (whole ? Math.trunc(a / b) : a / b))(site);
  },
  // The sign is the divisor's, or with fmod that of what is divided.
  Mod: (site) => {
    const fmod = intAttribute(site.node, 'fmod', 0) === 1;
    return arithmetic((a, b) => (fmod ? a % b : a - Math.floor(a / b) * b))(site);
  },
  Max: arithmetic(Math.max),
  Min: arithmetic(Math.min),
  Sqrt: elementwise(Math.sqrt),
  Neg: elementwise((x) => -x),
  Abs: elementwise(Math.abs),
  Sign: elementwise(Math.sign),
  Exp: elementwise(Math.exp),
  Log: elementwise(Math.log),
  Reciprocal: elementwise((x) => 1 / x),
  Floor: elementwise(Math.floor),
  Ceil: elementwise(Math.ceil),
  Round: elementwise(roundHalfToEven),
  Not: elementwise((x) => (x === 0 ? 1 : 0)),
  And: compare((a, b) => a !== 0 && b !== 0),
  Or: compare((a, b) => a !== 0 || b !== 0),
  Xor: compare((a, b) => (a !== 0) !== (b !== 0)),
  Equal: compare((a, b) => a === b),
  Greater: compare((a, b) => a > b),
  GreaterOrEqual: compare((a, b) => a >= b),
  Less: compare((a, b) => a < b),
  LessOrEqual: compare((a, b) => a <= b),
  Where: (site) => {
    const [condition, yes, no] = [0, 1, 2].map((i) => known(site, i)) as [Tensor, Tensor, Tensor];
    if (yes.dtype !== no.dtype) throw misfit(site, `it chooses between ${yes.dtype} and ${no.dtype}`);
    const [fromCondition, fromYes, fromNo] = [condition, yes, no].map(({ dims }) => gather(dims, site.shape));
    const data = like(yes.data, elementCount(site.shape));
    for (let i = 0; i < data.length; i++) {
      data[i] = condition.data[fromCondition!(i)] ? yes.data[fromYes!(i)]! : no.data[fromNo!(i)]!;
    }
    return { dtype: yes.dtype, dims: site.shape, data };
  },
} satisfies Record<string, Evaluator>;
