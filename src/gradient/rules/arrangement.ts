import {
  type GraphBuilder,
  intAttribute,
  intsAttribute,
  padsOf,
  positiveAxis,
  sliceOf,
  stringAttribute,
  type Value,
} from '../../graph/index.js';
import { multiplyAlongAxis, scatterMatrix } from '../along-axis.js';
import { type GradientRules, type Site, variadic } from '../rule.js';

const reshapeBack = ({ g, x, dY }: Site): Value => g.op('Reshape', [dY, g.ints(x.shape)]);

/** Operators that move, cut, join or pad values without changing them. */
export const arrangement = {
  Reshape: { data: reshapeBack, shape: 'stop' },
  Flatten: { input: reshapeBack },
  Squeeze: { data: reshapeBack, axes: 'stop' },
  Unsqueeze: { data: reshapeBack, axes: 'stop' },
  // The driver sums a broadcast back.
  Expand: { input: ({ dY }) => dY, shape: 'stop' },
  // Repeats of an axis as an axis of their own, summed.
  Tile: {
    input: ({ g, x, y, dY }) => {
      const repeats = x.shape.map((size, axis) => y.shape[axis]! / size);
      const apart = g.op('Reshape', [dY, g.ints(x.shape.flatMap((size, axis) => [repeats[axis]!, size]))]);
      const summed = g.op('ReduceSum', [apart, g.ints(x.shape.map((_, axis) => 2 * axis))], { keepdims: 0 });
      return g.op('Reshape', [summed, g.ints(x.shape)]);
    },
    repeats: 'stop',
  },
  // [N, s·s·C, H, W] → [N, C, sH, sW], the block's position before (DCR) or behind (CRD) the channel.
  DepthToSpace: {
    input: ({ g, node, x, dY }) => {
      const blocksize = intAttribute(node, 'blocksize', 1);
      if (stringAttribute(node, 'mode', 'DCR') === 'DCR') return g.op('SpaceToDepth', [dY], { blocksize });
      const [n, c, h, w] = x.shape as [number, number, number, number];
      const apart = g.op('Reshape', [dY, g.ints([n, c / blocksize ** 2, h, blocksize, w, blocksize])]);
      return g.op('Reshape', [g.op('Transpose', [apart], { perm: [0, 1, 3, 5, 2, 4] }), g.ints(x.shape)]);
    },
  },
  SpaceToDepth: {
    input: ({ g, node, dY }) => g.op('DepthToSpace', [dY], { blocksize: intAttribute(node, 'blocksize', 1) }),
  },
  Transpose: {
    data: ({ g, node, x, dY }) => {
      const perm = intsAttribute(node, 'perm') ?? x.shape.map((_, axis) => x.shape.length - 1 - axis);
      return g.op('Transpose', [dY], { perm: perm.map((_, axis) => perm.indexOf(axis)) });
    },
  },
  Concat: {
    [variadic]: ({ g, node, inputs, dY }, index) => {
      const axis = positiveAxis(intAttribute(node, 'axis', 0), dY.shape.length);
      const start = inputs.slice(0, index).reduce((sum, value) => sum + value!.shape[axis]!, 0);
      return slice(g, dY, axis, start, start + inputs[index]!.shape[axis]!);
    },
  },
  // The parts' gradients side by side; zeros for a part that the objective does not use.
  Split: {
    input: ({ g, node, outputs, dYs, x }) => {
      const axis = positiveAxis(intAttribute(node, 'axis', 0), x.shape.length);
      const parts = outputs.map((part, i) => dYs[i] ?? g.op('Expand', [g.scalar(0), g.ints(part.shape)]));
      return g.op('Concat', parts, { axis });
    },
    split: 'stop',
  },
  Slice: {
    data: ({ g, x, dY, inputs }) => {
      const { starts, steps, sizes } = sliceOf(
        x.shape,
        inputs.map((value) => g.constantOf(value)),
      );
      let result = dY;
      x.shape.forEach((size, axis) => {
        if (steps[axis] === 1) return;
        const sources = Array.from({ length: sizes[axis]! }, (_, i) => starts[axis]! + i * steps[axis]!);
        result = multiplyAlongAxis(g, result, axis, scatterMatrix(sources, size), size);
      });
      const before = x.shape.map((_, axis) => (steps[axis] === 1 ? starts[axis]! : 0));
      const after = x.shape.map((size, axis) => size - before[axis]! - result.shape[axis]!);
      return pad(g, result, before, after);
    },
    starts: 'stop',
    ends: 'stop',
    axes: 'stop',
    steps: 'stop',
  },
  // Constant padding: crop. Reflected, repeated or wrapped borders also give their gradient to where they came from.
  Pad: {
    data: ({ g, node, x, dY, inputs }) => {
      const { begin, end } = padsOf(
        x.shape.length,
        inputs.map((value) => g.constantOf(value)),
      );
      const mode = stringAttribute(node, 'mode', 'constant');
      if (mode === 'constant')
        return pad(
          g,
          dY,
          begin.map((n) => -n),
          end.map((n) => -n),
        );
      let result = dY;
      x.shape.forEach((size, axis) => {
        if (begin[axis] === 0 && end[axis] === 0) return;
        // Negative amounts crop first; what is left is padded from its own elements.
        const first = Math.max(0, -begin[axis]!);
        const left = size - first - Math.max(0, -end[axis]!);
        const count = size + begin[axis]! + end[axis]!;
        const sources = Array.from({ length: count }, (_, i) => {
          return first + borderSource(mode, i - Math.max(0, begin[axis]!), left);
        });
        result = multiplyAlongAxis(g, result, axis, scatterMatrix(sources, size), size);
      });
      return result;
    },
    pads: 'stop',
    constant_value: 'unsupported',
    axes: 'stop',
  },
} satisfies GradientRules;

/** Which element of `0 … size − 1` a padded position shows. */
function borderSource(mode: string, position: number, size: number): number {
  if (mode === 'edge') return Math.min(Math.max(position, 0), size - 1);
  if (mode === 'wrap') return ((position % size) + size) % size;
  const period = Math.max(2 * (size - 1), 1);
  const folded = ((position % period) + period) % period;
  return folded < size ? folded : period - folded;
}

function slice(g: GraphBuilder, x: Value, axis: number, start: number, end: number): Value {
  if (start === 0 && end === x.shape[axis]) return x;
  return g.op('Slice', [x, g.ints([start]), g.ints([end]), g.ints([axis])]);
}

/** Pads with zeros; negative amounts crop. */
function pad(g: GraphBuilder, x: Value, begin: readonly number[], end: readonly number[]): Value {
  let result = x;
  const cropped = x.shape.flatMap((_, axis) => (begin[axis]! < 0 || end[axis]! < 0 ? [axis] : []));
  if (cropped.length > 0) {
    const starts = cropped.map((axis) => Math.max(0, -begin[axis]!));
    const ends = cropped.map((axis) => x.shape[axis]! - Math.max(0, -end[axis]!));
    result = g.op('Slice', [result, g.ints(starts), g.ints(ends), g.ints(cropped)]);
  }
  const amounts = [...begin, ...end].map((amount) => Math.max(0, amount));
  return amounts.some((amount) => amount > 0) ? g.op('Pad', [result, g.ints(amounts)]) : result;
}
