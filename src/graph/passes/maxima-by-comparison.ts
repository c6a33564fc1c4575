import { floats, type Node } from '../../onnx/index.js';
import { type AttributeValues, float, intsAttribute } from '../attributes.js';
import type { GraphBuilder } from '../builder.js';
import type { Pass, Rewriting } from '../rewrite.js';
import type { Value } from '../value.js';
import { type Window, windowOf } from '../window.js';
import { maxPoolGradientOf } from './max-pool-gradient.js';

/** Windows of more places than these are not compared place by place. */
const mostPlaces = 25;

/** Lower than anything a network computes, and still finite when it is multiplied by {@link steep}. */
const lowest = -1e18;

/** Makes more than 1 of any difference between two elements. */
const steep = 1e20;

/**
 * The gradient of a MaxPool without asking it where its maxima were, which WebGPU cannot tell; on processors it is no
 * quicker. Place after place of the windows is compared with their maxima. The first place that has the maximum takes
 * the gradient, as in PyTorch, and leaves nothing to those after it.
 */
export const maximaByComparison: Pass = (node, rewriting) => {
  const { g, producerOf, typeOf, now } = rewriting;
  const gradient = maxPoolGradientOf(node, producerOf);
  if (!gradient) return undefined;
  const { pool, dY } = gradient;
  const { shape } = typeOf(pool.inputs[0]!);
  const window = windowAt(pool, shape);
  const places = placesIn(window.kernel);
  if (places.length > mostPlaces || !reachesEverything(window)) return undefined;
  const parts = atFirstMaximum(g, now(pool.inputs[0])!, maximaOf(pool, rewriting), now(dY)!, window);
  const phases = placesIn(window.strides).map((phase) =>
    places
      .flatMap((place, i) =>
        String(phaseOf(place, window)) === String(phase) ? [put(g, parts[i]!, place, window, shape)] : [],
      )
      .reduce((sum, part) => g.op('Add', [part, sum])),
  );
  return interleaved(g, phases, window, shape);
};

/** An index for each spatial axis. */
type Place = readonly number[];

function windowAt(pool: Node, shape: readonly number[]): Window {
  return windowOf(pool, shape.slice(2), intsAttribute(pool, 'kernel_shape')!);
}

/** All indices below some sizes, in row-major order. */
function placesIn(sizes: readonly number[]): Place[] {
  return sizes.reduce<number[][]>(
    (places, size) => places.flatMap((place) => Array.from({ length: size }, (_, i) => [...place, i])),
    [[]],
  );
}

/** Which of every `stride` elements the windows have at a place of theirs. */
function phaseOf(place: Place, { strides, dilations }: Window): number[] {
  return place.map((index, axis) => (index * dilations[axis]!) % strides[axis]!);
}

/** How many strides after its window's start a place lies. */
function shiftOf(place: Place, { strides, dilations }: Window): number[] {
  return place.map((index, axis) => Math.floor((index * dilations[axis]!) / strides[axis]!));
}

/** Whether no element lies between the places of all windows. */
function reachesEverything(window: Window): boolean {
  const phases = new Set(placesIn(window.kernel).map((place) => String(phaseOf(place, window))));
  return phases.size === placesIn(window.strides).length;
}

/** What the forward pass computed, or the same once more. */
function maximaOf(pool: Node, { g, now, readersOf, typeOf }: Rewriting): Value {
  const [x] = pool.inputs as [string];
  const { shape } = typeOf(x);
  const forward = readersOf(x).find(
    (node) =>
      node.opType === 'MaxPool' &&
      node.outputs.length === 1 &&
      JSON.stringify(windowAt(node, shape)) === JSON.stringify(windowAt(pool, shape)),
  );
  return forward ? now(forward.outputs[0])! : g.op('MaxPool', [now(x)], pool.attributes);
}

/** For each place of the windows, the gradient of those whose first maximum lies there. */
function atFirstMaximum(g: GraphBuilder, x: Value, maxima: Value, dY: Value, window: Window): Value[] {
  const { kernel, strides, dilations } = window;
  const point = kernel.map(() => 1);
  const seen = padded(g, x, window);
  // Nothing of the gradient, which the runtime does not know: what waits for it is not computed, and kept, long before.
  const waiting = g.op('Add', [channelwise(g, dY, [0], { kernel_shape: point }), maxima]);
  const parts: Value[] = [];
  let left = dY;
  for (const place of placesIn(kernel).slice(0, -1)) {
    const negative = channelwise(g, seen, oneAt(place, kernel, -1), { kernel_shape: kernel, strides, dilations });
    const below = g.op('HardSigmoid', [g.op('Add', [negative, waiting])], { alpha: float(steep), beta: float(0) });
    const after = g.op('Mul', [left, below]);
    parts.push(g.op('Add', [channelwise(g, after, [-1], { kernel_shape: point }), left]));
    left = after;
  }
  return [...parts, left];
}

/** The input, and beyond it what is never the largest element of a window. */
function padded(g: GraphBuilder, x: Value, { kernel, strides, dilations, padsBegin, output }: Window): Value {
  const after = output.map((count, axis) => {
    const reach = (count - 1) * strides[axis]! + (kernel[axis]! - 1) * dilations[axis]! + 1;
    return Math.max(0, reach - padsBegin[axis]! - x.shape[axis + 2]!);
  });
  if ([...padsBegin, ...after].every((count) => count === 0)) return x;
  return g.op('Pad', [x, g.ints([0, 0, ...padsBegin, 0, 0, ...after]), g.scalar(lowest)]);
}

/**
 * The gradients at one place of the windows, put where those elements lie among the elements of their phase. Elements
 * before the first one that has a whole stride of padding before it are left out.
 */
function put(g: GraphBuilder, part: Value, place: Place, window: Window, shape: readonly number[]): Value {
  const { kernel, strides, padsBegin, output } = window;
  const last = shiftOf(
    kernel.map((size) => size - 1),
    window,
  );
  const skipped = padsBegin.map((pad, axis) => Math.floor(pad / strides[axis]!));
  const counts = padsBegin.map((pad, axis) => Math.ceil((pad + shape[axis + 2]!) / strides[axis]!) - skipped[axis]!);
  const size = last.map((shift) => shift + 1);
  const begin = last.map((shift, axis) => shift - skipped[axis]!);
  const end = counts.map((count, axis) => count - output[axis]! + skipped[axis]!);
  const from = shiftOf(place, window).map((shift, axis) => last[axis]! - shift);
  return channelwise(g, part, oneAt(from, size, 1), { kernel_shape: size, pads: [...begin, ...end] });
}

/** A convolution of each channel by itself, by the same kernel: the one way to shift that keeps the runtime's layout. */
function channelwise(g: GraphBuilder, x: Value, kernel: readonly number[], attributes: Kernel): Value {
  const channels = x.shape[1]!;
  const weights = Array.from({ length: channels }, () => kernel).flat();
  const dims = [channels, 1, ...attributes.kernel_shape];
  return g.op('Conv', [x, g.constant(floats(weights, dims))], { ...attributes, group: channels });
}

type Kernel = AttributeValues & { readonly kernel_shape: readonly number[] };

/** A kernel that is 0 but for one place. */
function oneAt(place: Place, sizes: readonly number[], value: number): number[] {
  return placesIn(sizes).map((other) => (String(other) === String(place) ? value : 0));
}

/** Puts the phases, in row-major order, between one another, and cuts off what is padding. */
function interleaved(
  g: GraphBuilder,
  phases: readonly Value[],
  { strides, padsBegin }: Window,
  shape: readonly number[],
): Value {
  const [first] = phases as [Value];
  if (phases.length === 1) return first;
  const [batch, channels, ...spatial] = shape as [number, number, ...number[]];
  const axes = spatial.map((_, axis) => axis);
  const grid = first.shape.slice(2);
  // Channels last, so that rows of channels are moved as they are. The first two axes become one, or else the runtime
  // would do all of this in one transposition, value by value.
  const last = g.op('Transpose', [g.op('Concat', phases, { axis: 1 })], {
    perm: [0, ...axes.map((axis) => axis + 2), 1],
  });
  const apart = [batch * grid[0]!, ...grid.slice(1), ...strides.slice(0, -1), strides.at(-1)! * channels];
  const perm = axes.flatMap((axis) => [axis, axis + axes.length]);
  const together = [batch, ...grid.map((count, axis) => count * strides[axis]!), channels];
  const moved = g.op('Transpose', [g.op('Reshape', [last, g.ints(apart)])], { perm });
  const whole = g.op('Reshape', [moved, g.ints(together)]);
  const starts = padsBegin.map((pad, axis) => pad % strides[axis]!);
  const ends = starts.map((start, axis) => start + spatial[axis]!);
  const cut = g.op('Slice', [whole, g.ints(starts), g.ints(ends), g.ints(axes.map((axis) => axis + 1))]);
  return g.op('Transpose', [cut], { perm: [0, axes.length + 1, ...axes.map((axis) => axis + 1)] });
}
