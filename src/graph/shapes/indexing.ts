import { intAttribute } from '../attributes.js';
import { positiveAxis } from '../broadcast.js';
import { constantInput, input, misshaped, type ShapeRule } from './site.js';

const likeData: ShapeRule = (site) => [{ dtype: input(site, 0).dtype, shape: input(site, 0).shape }];

/** Operators that read or write elements at given positions. */
export const indexingShapes = {
  Gather: (site) => {
    const { dtype, shape } = input(site, 0);
    const axis = positiveAxis(intAttribute(site.node, 'axis', 0), shape.length);
    return [{ dtype, shape: [...shape.slice(0, axis), ...input(site, 1).shape, ...shape.slice(axis + 1)] }];
  },
  GatherElements: (site) => {
    const [{ dtype, shape }, indices] = [input(site, 0), input(site, 1).shape];
    if (indices.length !== shape.length) throw misshaped(site, `indices [${indices}] do not fit [${shape}]`);
    return [{ dtype, shape: indices }];
  },
  // Each row of `indices` along its last axis names an element, or a slice, of what follows the batch axes.
  GatherND: (site) => {
    const [{ dtype, shape }, indices] = [input(site, 0), input(site, 1).shape];
    const batch = intAttribute(site.node, 'batch_dims', 0);
    const depth = indices.at(-1) ?? 0;
    const fits = batch >= 0 && batch < Math.min(shape.length, indices.length) && batch + depth <= shape.length;
    if (!fits || depth < 1 || shape.slice(0, batch).some((size, axis) => size !== indices[axis])) {
      throw misshaped(site, `indices [${indices}] do not fit [${shape}] with ${batch} batch axes`);
    }
    return [{ dtype, shape: [...indices.slice(0, -1), ...shape.slice(batch + depth)] }];
  },
  ScatterElements: likeData,
  ScatterND: likeData,
  NonZero: (site) => {
    const found = Array.from(constantInput(site, 0).data as ArrayLike<number | bigint>).filter(Boolean);
    return [{ dtype: 'int64', shape: [input(site, 0).shape.length, found.length] }];
  },
  CumSum: likeData,
  Trilu: likeData,
} satisfies Record<string, ShapeRule>;
