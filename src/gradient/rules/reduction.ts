import { positiveAxis, type Value } from '../../graph/index.js';
import { asNumbers, elementCount } from '../../onnx/index.js';
import type { GradientRules, Site } from '../rule.js';

/** Reductions over axes. */
export const reduction = {
  ReduceSum: { data: (site) => spread(site, site.dY), axes: 'stop' },
  ReduceMean: {
    data: (site) => {
      const count = elementCount(site.x.shape) / elementCount(site.y.shape);
      return spread(site, site.g.op('Mul', [site.dY, site.g.scalar(1 / count)]));
    },
    axes: 'stop',
  },
} satisfies GradientRules;

/** Repeats a reduced tensor over the axes that the reduction took away. */
function spread({ g, node, x, y }: Site, reduced: Value): Value {
  if (y.shape.length === x.shape.length) return g.op('Expand', [reduced, g.ints(x.shape)]);
  // keepdims = 0: put the axes back as ones first. Reduced axes are those named, or all.
  const named = g.constantOf(g.get(node.inputs[1] ?? ''));
  const axes = named && asNumbers(named).map((axis) => positiveAxis(axis, x.shape.length));
  const kept = x.shape.map((size, axis) => (!axes?.length || axes.includes(axis) ? 1 : size));
  return g.op('Expand', [g.op('Reshape', [reduced, g.ints(kept)]), g.ints(x.shape)]);
}
