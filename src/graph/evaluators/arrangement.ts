import { asNumbers, elementCount, floats, ints } from '../../onnx/index.js';
import { intAttribute, intsAttribute, tensorAttribute } from '../attributes.js';
import { positiveAxis, stridesOf } from '../broadcast.js';
import { shapeRange, sliceOf } from '../shapes/arrangement.js';
import { along, type Evaluator, gather, known, like, misfit, numbersAs, pick } from './site.js';

const reshaped: Evaluator = (site) => ({ ...known(site, 0), dims: site.shape });

/** Operators that make, move, cut or join constants. */
export const arrangementEvaluators = {
  Constant: ({ node }) => tensorAttribute(node, 'value'),
  Shape: (site) => ints(shapeRange(site.node, known(site, 0).dims)),
  Size: (site) => ints([elementCount(known(site, 0).dims)], []),
  Range: (site) => {
    const [start, , delta] = [0, 1, 2].map((i) => asNumbers(known(site, i))[0] ?? 0) as [number, number, number];
    const values = Array.from({ length: elementCount(site.shape) }, (_, i) => start + i * delta);
    return numbersAs(known(site, 0).dtype, values, site.shape);
  },
  Reshape: reshaped,
  Flatten: reshaped,
  Squeeze: reshaped,
  Unsqueeze: reshaped,
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
  // Each axis begins again and again.
  Tile: (site) => {
    const x = known(site, 0);
    const [own, outer] = [stridesOf(x.dims), stridesOf(site.shape)];
    return pick(x, site.shape, (i) =>
      x.dims.reduce((sum, size, axis) => {
        const position = Math.floor(i / outer[axis]!) % site.shape[axis]!;
        return sum + (position % size) * own[axis]!;
      }, 0),
    );
  },
  // Keeps what is on and below the k-th diagonal, or with `upper` on and above it.
  Trilu: (site) => {
    const x = known(site, 0);
    const [rows, columns] = [x.dims.at(-2), x.dims.at(-1)];
    if (!rows || !columns) return undefined;
    const k = site.constants[1] ? (asNumbers(site.constants[1])[0] ?? 0) : 0;
    const upper = intAttribute(site.node, 'upper', 1) === 1;
    const data = like(x.data, x.data.length);
    for (let i = 0; i < data.length; i++) {
      const [row, column] = [Math.floor(i / columns) % rows, i % columns];
      if (upper ? column - row >= k : column - row <= k) data[i] = x.data[i]!;
    }
    return { dtype: x.dtype, dims: site.shape, data };
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
} satisfies Record<string, Evaluator>;
