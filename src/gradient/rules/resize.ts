import { resizeOf, type Value } from '../../graph/index.js';
import { multiplyAlongAxis, transposed } from '../along-axis.js';
import { resizeMatrix } from '../resize-matrix.js';
import type { GradientRules, Site } from '../rule.js';

/** Resampling. */
export const resize = {
  // Every mode treats each axis by itself, as a matrix; the gradient is the product with the transposed one.
  Resize: {
    X: (site) => {
      const { g, node, x, inputs } = site;
      const axes = resizeOf({ node, inputs, constants: inputs.map((value) => g.constantOf(value)) });
      const matrices = axes.map((axis) => resizeMatrix(node, axis));
      const repeats = axes.map(({ from, to }, i) => (isRepeat(matrices[i]!, from, to) ? to / from : 0));
      if (x.shape.length > 2 && repeats.every((times, axis) => (axis < 2 ? times === 1 : times > 0))) {
        return sumOfRepeats(site, repeats.slice(2));
      }
      return axes.reduce((dX, { from, to }, axis) => {
        if (repeats[axis] === 1) return dX;
        return multiplyAlongAxis(g, dX, axis, transposed(matrices[axis]!, to, from), from);
      }, site.dY);
    },
    roi: 'stop',
    scales: 'stop',
    sizes: 'stop',
  },
} satisfies GradientRules;

/** Whether every element of the input is repeated equally often, in its place. */
function isRepeat(matrix: Float32Array, from: number, to: number): boolean {
  const times = to / from;
  if (!Number.isInteger(times)) return false;
  return matrix.every((weight, i) => weight === (Math.floor(i / from / times) === i % from ? 1 : 0));
}

/** Each element of the input gets the gradients of its repeats: an average over them, times their number. */
function sumOfRepeats({ g, dY }: Site, repeats: readonly number[]): Value {
  const count = repeats.reduce((a, b) => a * b, 1);
  if (count === 1) return dY;
  const average = g.op('AveragePool', [dY], { kernel_shape: repeats, strides: repeats });
  return g.op('Mul', [average, g.scalar(count)]);
}
