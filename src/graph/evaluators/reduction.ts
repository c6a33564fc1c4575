import { asNumbers, elementCount } from '../../onnx/index.js';
import { positiveAxis, stridesOf } from '../broadcast.js';
import { type Evaluator, exact, known, numbersAs } from './site.js';

const reduce =
  (combine: (a: number, b: number) => number, finish: (total: number, count: number) => number = (t) => t): Evaluator =>
  (site) => {
    const x = known(site, 0);
    const values = asNumbers(x);
    const count = values.length / elementCount(site.shape);
    if (!exact(x, values) || !Number.isInteger(count) || count < 1) return undefined;
    // With as many elements as before nothing was reduced: all those axes are ones, or there are none.
    if (count === 1) return { ...x, dims: site.shape };
    const named = site.constants[1] ? asNumbers(site.constants[1]) : [];
    const axes = new Set(named.map((axis) => positiveAxis(axis, x.dims.length)));
    const strides = stridesOf(x.dims);
    const kept = x.dims.map((size, axis) => (axes.size === 0 || axes.has(axis) ? 1 : size));
    const outer = stridesOf(kept);
    const totals: (number | undefined)[] = new Array(elementCount(kept));
    values.forEach((value, i) => {
      const to = kept.reduce((sum, size, axis) => sum + (Math.floor(i / strides[axis]!) % size) * outer[axis]!, 0);
      const total = totals[to];
      totals[to] = total === undefined ? value : combine(total, value);
    });
    const results = totals.map((total) => finish(total!, count));
    return numbersAs(x.dtype, results, site.shape);
  };

/** Reductions. */
export const reductionEvaluators = {
  ReduceSum: reduce((a, b) => a + b),
  ReduceProd: reduce((a, b) => a * b),
  ReduceMax: reduce(Math.max),
  ReduceMin: reduce(Math.min),
  ReduceMean: reduce(
    (a, b) => a + b,
    (total, count) => total / count,
  ),
} satisfies Record<string, Evaluator>;
