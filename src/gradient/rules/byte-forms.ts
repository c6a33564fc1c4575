import { intAttribute, intsAttribute, windowOf } from '../../graph/index.js';
import { elementCount, floats } from '../../onnx/index.js';
import type { GradientRules, Site } from '../rule.js';
import { pooling } from './pooling.js';

/**
 * Gradients in the forms that `quantise` has bytes for, to be spread over the other rules. They say the same as those,
 * with operators that float32 has quicker ones for.
 */
export const byteForms = {
  Relu: {
    X: ({ g, dY, y }) => g.op('Mul', [dY, g.op('Cast', [g.op('Greater', [y, g.scalar(0)])], { to: 1 })]),
  },
  // Each output's gradient is added to the element that it was taken from.
  MaxPool: {
    X: (site) => {
      const { g, node, x, dY } = site;
      const { kernel, strides, dilations, padsBegin, padsEnd } = windowAt(site);
      const pads = [...padsBegin, ...padsEnd];
      const attributes = {
        kernel_shape: kernel,
        strides,
        dilations,
        pads,
        ceil_mode: intAttribute(node, 'ceil_mode', 0),
      };
      const [, indices] = g.multi('MaxPool', [x], attributes, 2);
      const zeros = g.op('Expand', [g.scalar(0), g.ints([elementCount(x.shape)])]);
      const lists = [indices!, dY].map((value) => g.op('Reshape', [value, g.ints([-1])]));
      const scattered = g.op('ScatterElements', [zeros, ...lists], { axis: 0, reduction: 'add' });
      return g.op('Reshape', [scattered, g.ints(x.shape)]);
    },
  },
  // With stride 1 it is an average again, of the gradients over the elements that each window has.
  AveragePool: {
    X: (site) => {
      const { g, node, x, dY } = site;
      const { kernel, strides, dilations, padsBegin, output } = windowAt(site);
      if (x.shape.length !== 4 || [...strides, ...dilations].some((step) => step !== 1)) {
        return pooling.AveragePool.X(site);
      }
      const counted = intAttribute(node, 'count_include_pad', 0) === 1;
      const [rows, columns] = [0, 1].map((axis) =>
        Array.from({ length: output[axis]! }, (_, i) => {
          const [start, size] = [i - padsBegin[axis]!, kernel[axis]!];
          return counted ? size : Math.min(start + size, x.shape[axis + 2]!) - Math.max(start, 0);
        }),
      ) as [number[], number[]];
      const shares = rows.flatMap((row) => columns.map((column) => 1 / (row * column)));
      const begin = kernel.map((size, axis) => size - 1 - padsBegin[axis]!);
      const end = kernel.map((size, axis) => x.shape[axis + 2]! - output[axis]! + size - 1 - begin[axis]!);
      const share = g.op('Mul', [dY, g.constant(floats(shares, [1, 1, ...output]))]);
      const attributes = { kernel_shape: kernel, pads: [...begin, ...end], count_include_pad: 1 };
      return g.op('Mul', [g.op('AveragePool', [share], attributes), g.scalar(elementCount(kernel))]);
    },
  },
} satisfies GradientRules;

function windowAt({ node, x }: Site) {
  return windowOf(node, x.shape.slice(2), intsAttribute(node, 'kernel_shape')!);
}
