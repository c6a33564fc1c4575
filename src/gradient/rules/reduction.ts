import { positiveAxis, type Value } from '../../graph/index.js';
import { asNumbers, elementCount } from '../../onnx/index.js';
import type { GradientRule, GradientRules, Site } from '../rule.js';

/** A reduction whose gradient is computed from dY and y, both repeated to the input's shape. */
const reducing = (gradient: (site: Site, dY: Value, y: Value) => Value): GradientRule => ({
  data: (site) => gradient(site, spread(site, site.dY), spread(site, site.y)),
  axes: 'stop',
});

/** The elements that are the largest, or the smallest, share the gradient, as in torch.amax. */
const extreme: GradientRule = {
  data: (site) => {
    const { g, x, dY } = site;
    const chosen = g.op('Where', [g.op('Equal', [x, spread(site, site.y)]), g.scalar(1), g.scalar(0)]);
    const count = g.op('ReduceSum', [chosen, g.ints(reducedAxes(site))], { keepdims: 1, noop_with_empty_axes: 1 });
    return g.op('Mul', [chosen, g.op('Div', [keptDims(site, dY), count])]);
  },
  axes: 'stop',
};

/** Reductions over axes. */
export const reduction: GradientRules = {
  ReduceSum: { data: (site) => spread(site, site.dY), axes: 'stop' },
  ReduceMean: {
    data: (site) => {
      const count = elementCount(site.x.shape) / elementCount(site.y.shape);
      return spread(site, site.g.op('Mul', [site.dY, site.g.scalar(1 / count)]));
    },
    axes: 'stop',
  },
  ReduceMax: extreme,
  ReduceMin: extreme,
  // Σ |x|
  ReduceL1: { data: (site) => site.g.op('Mul', [spread(site, site.dY), site.g.op('Sign', [site.x])]), axes: 'stop' },
  // √Σ x²: x / y, and 0 where y is 0, as in PyTorch.
  ReduceL2: reducing(({ g, x }, dY, y) => {
    const direction = g.op('Div', [g.op('Mul', [dY, x]), y]);
    return g.op('Where', [g.op('Equal', [y, g.scalar(0)]), g.scalar(0), direction]);
  }),
  // Σ x²
  ReduceSumSquare: {
    data: (site) => {
      const { g, x, dY } = site;
      return g.op('Mul', [g.op('Mul', [spread(site, dY), x]), g.scalar(2)]);
    },
    axes: 'stop',
  },
  // log Σ x: 1 / eʸ
  ReduceLogSum: reducing(({ g }, dY, y) => g.op('Div', [dY, g.op('Exp', [y])])),
  // log Σ eˣ: eˣ⁻ʸ
  ReduceLogSumExp: reducing(({ g, x }, dY, y) => g.op('Mul', [dY, g.op('Exp', [g.op('Sub', [x, y])])])),
};

/** The axes that a reduction takes together: those named, or all. */
function reducedAxes({ g, node, x, y }: Site): number[] {
  const named = g.constantOf(g.get(node.inputs[1] ?? ''));
  const axes = named ? asNumbers(named).map((axis) => positiveAxis(axis, x.shape.length)) : [];
  if (axes.length > 0) return axes;
  // Without names `noop_with_empty_axes` may ask for none; the shape tells.
  return String(y.shape) === String(x.shape) ? [] : x.shape.map((_, axis) => axis);
}

/** A reduced tensor with its axes put back as ones. */
function keptDims(site: Site, reduced: Value): Value {
  const { g, x } = site;
  if (reduced.shape.length === x.shape.length) return reduced;
  const axes = reducedAxes(site);
  return g.op('Reshape', [reduced, g.ints(x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)))]);
}

/** Repeats a reduced tensor over the axes that the reduction took away. */
function spread(site: Site, reduced: Value): Value {
  return site.g.op('Expand', [keptDims(site, reduced), site.g.ints(site.x.shape)]);
}
