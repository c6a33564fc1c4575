import { asFloats, asNumbers, floats, type Node } from '../../onnx/index.js';
import type { Pass, Rewriting } from '../rewrite.js';
import { sliceOf } from '../shapes/arrangement.js';
import type { Value } from '../value.js';
import { convolutionOf } from './pointwise.js';

/** Channels from `start` to before `end`. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Channels cut out of a convolution's result become a convolution by those channels' weights: what a Concat has joined
 * needs no cutting apart on the way back. Sums of convolutions, and constants, are cut term by term.
 */
export const sliceConvolutions: Pass = (node, rewriting) => {
  const range = channelsOf(node, rewriting);
  const source = node.inputs[0]!;
  return range && isCutWhole(source, rewriting) && reachesConvolution(source, rewriting)
    ? cut(source, range, rewriting)
    : undefined;
};

/** The channels that a Slice of pictures takes, where it takes nothing else away. */
function channelsOf(node: Node, { typeOf, constantOf }: Rewriting): Range | undefined {
  if (node.opType !== 'Slice') return undefined;
  const { shape } = typeOf(node.inputs[0]!);
  if (shape.length !== 4) return undefined;
  const { starts, steps, sizes } = sliceOf(shape, node.inputs.map(constantOf));
  const whole = [0, 2, 3].every((axis) => sizes[axis] === shape[axis] && steps[axis] === 1);
  return whole && steps[1] === 1 ? { start: starts[1]!, end: starts[1]! + sizes[1]! } : undefined;
}

/** Whether all that reads a tensor are cuts that do not overlap, so that nothing is computed twice. */
function isCutWhole(name: string, rewriting: Rewriting): boolean {
  const ranges = rewriting.readersOf(name).map((reader) => channelsOf(reader, rewriting));
  if (ranges.length < rewriting.readsOf(name) || ranges.some((range) => !range)) return false;
  const sorted = (ranges as Range[]).toSorted((a, b) => a.start - b.start);
  return sorted.every(({ start }, i) => i === 0 || start >= sorted[i - 1]!.end);
}

/** Whether a tensor is a convolution, or a sum with one, that nothing else reads. */
function reachesConvolution(name: string, rewriting: Rewriting): boolean {
  if (convolutionOf(name, rewriting)) return true;
  const node = rewriting.producerOf(name);
  return (
    node?.opType === 'Add' &&
    node.inputs.some((input) => isTerm(input, name, rewriting) && reachesConvolution(input, rewriting))
  );
}

function isTerm(input: string, sum: string, { readsOf, typeOf }: Rewriting): boolean {
  return readsOf(input) === 1 && String(typeOf(input).shape) === String(typeOf(sum).shape);
}

/** Some channels of a tensor, computed without the others as far as that goes. */
function cut(name: string, { start, end }: Range, rewriting: Rewriting): Value {
  const { g, now, producerOf, constantOf, typeOf } = rewriting;
  const convolution = convolutionOf(name, rewriting);
  if (convolution) {
    const { node, weight, bias } = convolution;
    const [, ...rest] = weight.dims as [number, ...number[]];
    const size = weight.data.length / weight.dims[0]!;
    const own = floats(asFloats(weight).subarray(start * size, end * size), [end - start, ...rest]);
    const ownBias = bias && g.constant(floats(asFloats(bias).subarray(start, end)));
    return g.op('Conv', [now(node.inputs[0]), g.constant(own), ownBias], node.attributes);
  }
  const node = producerOf(name);
  if (node?.opType === 'Add' && node.inputs.every((input) => isTerm(input, name, rewriting))) {
    return g.op(
      'Add',
      node.inputs.map((input) => cut(input, { start, end }, rewriting)),
    );
  }
  const shape = node?.opType === 'Expand' ? constantOf(node.inputs[1]) : undefined;
  if (node && shape && typeOf(node.inputs[0]!).shape.at(-3) !== typeOf(name).shape[1]) {
    return g.op('Expand', [now(node.inputs[0]), g.ints(asNumbers(shape).with(-3, end - start))]);
  }
  return g.op('Slice', [now(name), g.ints([start]), g.ints([end]), g.ints([1])]);
}
