import { GradientError } from '../../errors.js';
import {
  describeNode,
  type GraphBuilder,
  intAttribute,
  positiveAxis,
  stringAttribute,
  type Value,
} from '../../graph/index.js';
import { asNumbers, elementCount, ints, quoted } from '../../onnx/index.js';
import { multiplyAlongAxis, scatterMatrix } from '../along-axis.js';
import type { GradientRules, Site } from '../rule.js';

/** The largest selection that is undone by a matrix product; beyond it its elements are added where they belong. */
const matrixElements = 65_536;

/** Operators that read or write elements at given positions. */
export const indexing = {
  Gather: {
    data: (site) => {
      const { g, node, x, dY, inputs } = site;
      const axis = positiveAxis(intAttribute(node, 'axis', 0), x.shape.length);
      const size = x.shape[axis]!;
      const count = elementCount(inputs[1]!.shape);
      const list = g.op('Reshape', [dY, g.ints(x.shape.with(axis, count))]);
      const known = g.constantOf(inputs[1]);
      if (known && size * count <= matrixElements) {
        const sources = asNumbers(known).map((index) => (index < 0 ? index + size : index));
        return multiplyAlongAxis(g, list, axis, scatterMatrix(sources, size), size);
      }
      // Rows along the first axis, each added where it was read.
      const order = [axis, ...x.shape.keys()].filter((one, i) => i === 0 || one !== axis);
      const rows = axis === 0 ? list : g.op('Transpose', [list], { perm: order });
      const places = g.op('Reshape', [inputs[1], g.ints([count, 1])]);
      const shape = order.map((from) => x.shape[from]!);
      const added = g.op('ScatterND', [zeros(g, shape), places, rows], { reduction: 'add' });
      return axis === 0 ? added : g.op('Transpose', [added], { perm: order.map((_, i) => order.indexOf(i)) });
    },
    indices: 'stop',
  },
  GatherElements: {
    data: ({ g, node, x, dY, inputs }) =>
      g.op('ScatterElements', [zeros(g, x.shape), inputs[1], dY], {
        axis: intAttribute(node, 'axis', 0),
        reduction: 'add',
      }),
    indices: 'stop',
  },
  GatherND: {
    data: (site) => {
      const { g, x, dY } = site;
      return g.op('ScatterND', [zeros(g, x.shape), withBatchPositions(site), dY], { reduction: 'add' });
    },
    indices: 'stop',
  },
  // Data is kept where nothing is written; with reduction "add" it is kept everywhere.
  ScatterElements: {
    data: (site) => {
      const { g, node, dY, inputs } = site;
      if (reductionOf(site) === 'add') return dY;
      const nothing = zeros(g, inputs[2]!.shape);
      return g.op('ScatterElements', [dY, inputs[1], nothing], { axis: intAttribute(node, 'axis', 0) });
    },
    indices: 'stop',
    updates: (site) => {
      reductionOf(site);
      return site.g.op('GatherElements', [site.dY, site.inputs[1]], { axis: intAttribute(site.node, 'axis', 0) });
    },
  },
  ScatterND: {
    data: (site) => {
      const { g, dY, inputs } = site;
      if (reductionOf(site) === 'add') return dY;
      return g.op('ScatterND', [dY, inputs[1], zeros(g, inputs[2]!.shape)]);
    },
    indices: 'stop',
    updates: (site) => {
      reductionOf(site);
      return site.g.op('GatherND', [site.dY, site.inputs[1]]);
    },
  },
  // Element i is in the sums from i on; turned around, those up to i.
  CumSum: {
    x: ({ g, node, dY, inputs }) =>
      g.op('CumSum', [dY, inputs[1]], {
        exclusive: intAttribute(node, 'exclusive', 0),
        reverse: 1 - intAttribute(node, 'reverse', 0),
      }),
    axis: 'stop',
  },
  Trilu: {
    input: ({ g, node, dY, inputs }) => g.op('Trilu', [dY, inputs[1]], { upper: intAttribute(node, 'upper', 1) }),
    k: 'stop',
  },
} satisfies GradientRules;

function zeros(g: GraphBuilder, shape: readonly number[]): Value {
  return g.op('Expand', [g.scalar(0), g.ints(shape)]);
}

/** How Scatter combines what is there with what is written: `none` or `add`; others have no gradient here. */
function reductionOf({ node }: Site): 'none' | 'add' {
  const reduction = stringAttribute(node, 'reduction', 'none');
  if (reduction === 'none' || reduction === 'add') return reduction;
  throw new GradientError(
    'gradient/missing-rule',
    `No gradient is known for: ${describeNode(node)} with reduction ${quoted(reduction)}. Choose a layer that comes before it.`,
  );
}

/** Indices into the batches of a GatherND as indices into the whole: the position of each batch stands before them. */
function withBatchPositions({ g, node, inputs }: Site): Value {
  const indices = inputs[1]!;
  const batch = intAttribute(node, 'batch_dims', 0);
  if (batch === 0) return indices;
  const places = indices.shape.slice(0, -1);
  const strides = places.map((_, axis) => elementCount(places.slice(axis + 1)));
  const positions = Array.from({ length: elementCount(places) }, (_, i) =>
    places.slice(0, batch).map((size, axis) => Math.floor(i / strides[axis]!) % size),
  );
  return g.op('Concat', [g.constant(ints(positions.flat(), [...places, batch])), indices], { axis: -1 });
}
