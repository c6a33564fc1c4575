import { asNumbers, elementCount, ints, type Tensor } from '../../onnx/index.js';
import { intAttribute, stringAttribute } from '../attributes.js';
import { positiveAxis, stridesOf } from '../broadcast.js';
import { type Evaluator, known, misfit, pick, type Site } from './site.js';

/** Operators that read or write elements at given positions. */
export const indexingEvaluators = {
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
  GatherND: (site) => {
    const [data, indices] = [known(site, 0), known(site, 1)];
    if (intAttribute(site.node, 'batch_dims', 0) !== 0) return undefined;
    const { starts, size } = rowsOf(site, data.dims, indices);
    return pick(data, site.shape, (i) => starts[Math.floor(i / size)]! + (i % size));
  },
  ScatterND: (site) => {
    const [data, indices, updates] = [known(site, 0), known(site, 1), known(site, 2)];
    if (stringAttribute(site.node, 'reduction', 'none') !== 'none') return undefined;
    const { starts, size } = rowsOf(site, data.dims, indices);
    if (updates.data.length !== starts.length * size || updates.dtype !== data.dtype) {
      throw misfit(site, `${updates.dtype} [${updates.dims}] does not fit ${starts.length} places of ${size}`);
    }
    const result = data.data.slice();
    starts.forEach((start, row) => {
      result.set(updates.data.subarray(row * size, (row + 1) * size) as never, start);
    });
    return { dtype: data.dtype, dims: site.shape, data: result };
  },
  // The positions of what is not zero, one row an axis.
  NonZero: (site) => {
    const x = known(site, 0);
    const strides = stridesOf(x.dims);
    const found = Array.from(x.data as ArrayLike<number | bigint>, Number).flatMap((value, i) => (value ? [i] : []));
    const rows = x.dims.map((size, axis) => found.map((i) => Math.floor(i / strides[axis]!) % size));
    return ints(rows.flat(), site.shape);
  },
} satisfies Record<string, Evaluator>;

/** Where each slice that a row of `indices` names begins in the data, and how many elements it has. */
function rowsOf(site: Site, dims: readonly number[], indices: Tensor): { starts: number[]; size: number } {
  const depth = indices.dims.at(-1) ?? 0;
  const strides = stridesOf(dims);
  const numbers = asNumbers(indices);
  if (depth < 1 || depth > dims.length) throw misfit(site, `rows of ${depth} indices into [${dims}]`);
  const starts = Array.from({ length: numbers.length / depth }, (_, row) => {
    const position = numbers.slice(row * depth, (row + 1) * depth);
    return position.reduce((sum, given, axis) => {
      const index = given < 0 ? given + dims[axis]! : given;
      if (!(index >= 0 && index < dims[axis]!)) throw misfit(site, `index ${given} into an axis of ${dims[axis]}`);
      return sum + index * strides[axis]!;
    }, 0);
  });
  return { starts, size: elementCount(dims.slice(depth)) };
}
