import { intAttribute } from '../attributes.js';
import { broadcastShapes } from '../broadcast.js';
import { input, misshaped, type ShapeRule } from './site.js';

/** Matrix products. */
export const linearShapes = {
  MatMul: (site) => {
    const a = input(site, 0);
    const b = input(site, 1);
    // A vector is a matrix with one row (left) or one column (right); that axis is gone from the result.
    const left = a.shape.length === 1 ? [1, ...a.shape] : a.shape;
    const right = b.shape.length === 1 ? [...b.shape, 1] : b.shape;
    const batch = broadcastShapes(left.slice(0, -2), right.slice(0, -2));
    if (!batch || left.at(-1) !== right.at(-2)) throw misshaped(site, `cannot multiply [${a.shape}] by [${b.shape}]`);
    const rows = a.shape.length === 1 ? [] : [left.at(-2)!];
    const columns = b.shape.length === 1 ? [] : [right.at(-1)!];
    return [{ dtype: a.dtype, shape: [...batch, ...rows, ...columns] }];
  },
  Gemm: (site) => {
    const a = input(site, 0);
    const b = input(site, 1);
    const [m, k] = intAttribute(site.node, 'transA', 0) ? [a.shape[1]!, a.shape[0]!] : [a.shape[0]!, a.shape[1]!];
    const [kB, n] = intAttribute(site.node, 'transB', 0) ? [b.shape[1]!, b.shape[0]!] : [b.shape[0]!, b.shape[1]!];
    if (k !== kB) throw misshaped(site, `cannot multiply [${a.shape}] by [${b.shape}]`);
    return [{ dtype: a.dtype, shape: [m, n] }];
  },
} satisfies Record<string, ShapeRule>;
