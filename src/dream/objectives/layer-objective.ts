import { OptionError } from '../../errors.js';
import type { GraphBuilder, Value } from '../../graph/index.js';
import type { Size } from '../../image/index.js';
import { elementCount, floats, type Tensor } from '../../onnx/index.js';
import type { WeightedLayer } from '../layers.js';
import { activityOf, type Companions, type ObjectiveKind } from './activity.js';

/** Keeps the gradient of the norm finite where every activation is 0. */
const smallestSquare = 1e-12;

/** Kinds of objective that are not divided by the number of elements. */
const sums: ReadonlySet<ObjectiveKind> = new Set(['sum', 'l1', 'l2']);

/**
 * Writes the objective of one layer: the mean of the activity of its elements (`activityOf`), for `sum` and `l1` their
 * sum, and for `l2` the root of their sum.
 *
 * Channels and a place restrict it to those elements; the mean is then over these. With a border, the elements along
 * each spatial edge do not count, but a mean is still over all, as in Keras's DeepDream example (keras-io,
 * deep_dream.py).
 *
 * @param layer `[1, C, H, W]`, or `[1, C]` such as a classifier gives, or of any rank where nothing is selected
 * @param options what the layer is compared with, for kinds that need it, and `weights`: how much each element counts,
 *   `[1, 1, H, W]`, instead of place, border and the division of a mean; see `element-weights.ts`
 * @returns a scalar
 * @throws OptionError `option/layer` when a channel or place lies outside the layer
 */
export function layerObjective(
  g: GraphBuilder,
  layer: Value,
  target: WeightedLayer,
  options: {
    readonly kind: ObjectiveKind;
    readonly border: number;
    readonly companions?: Companions;
    readonly weights?: Value | undefined;
  },
): Value {
  const { kind, border, companions = {}, weights } = options;
  const times = (value: Value, factor: Value | undefined) => (factor ? g.op('Mul', [value, factor]) : value);
  const mask = channelMask(g, layer, target);
  // A match is a sum over channels, so that channels have to be left out before it.
  const isMatch = kind === 'best-match';
  const activity = activityOf(g, isMatch ? times(layer, mask) : layer, kind, companions);
  const place = weights ?? spatialFactor(g, layer, target, border);
  const selected = times(isMatch ? activity : times(activity, mask), place);
  if (isMean(kind) && !weights) {
    const mean = g.op('ReduceMean', [selected], { keepdims: 0 });
    const all = elementCount(activity.shape);
    const channels = isMatch || !target.channels ? 1 : target.channels.length / layer.shape[1]!;
    const elements = all * channels * (target.place ? 1 / (layer.shape[2]! * layer.shape[3]!) : 1);
    return elements === all ? mean : g.op('Mul', [mean, g.scalar(all / elements)]);
  }
  const sum = g.op('ReduceSum', [selected], { keepdims: 0 });
  return kind === 'l2' ? g.op('Sqrt', [g.op('Add', [sum, g.scalar(smallestSquare)])]) : sum;
}

/** Whether a sum over elements is divided by their number. */
export function isMean(kind: ObjectiveKind): boolean {
  return !sums.has(kind);
}

/** The factor that leaves the channels that count, `[1, C, 1, 1]` or `[1, C]`; undefined where all do. */
function channelMask(g: GraphBuilder, { shape }: Value, { name, channels }: WeightedLayer): Value | undefined {
  if (!channels) return undefined;
  if (shape.length !== 4 && shape.length !== 2) throw outside(name, 'no channels', `some for its shape [${shape}]`);
  const count = shape[1]!;
  const beyond = channels.find((channel) => channel >= count);
  if (beyond !== undefined) throw outside(name, `channels 0 to ${count - 1}`, `${beyond}`);
  const mask = new Float32Array(count);
  for (const channel of channels) mask[channel] = 1;
  return g.constant(floats(mask, [1, count, ...shape.slice(2).map(() => 1)]));
}

/** The factor that leaves the elements inside the border, or at the place, `[1, 1, H, W]`; undefined where all count. */
function spatialFactor(
  g: GraphBuilder,
  { shape }: Value,
  { name, place }: WeightedLayer,
  border: number,
): Value | undefined {
  if (shape.length !== 4) {
    if (place) throw outside(name, 'no places', `some for its shape [${shape}]`);
    return undefined;
  }
  const [height, width] = shape.slice(2) as [number, number];
  if (!place) return border > 0 ? g.constant(insideBorder(height, width, border)) : undefined;
  if (place.x >= width || place.y >= height) throw outsidePlace(name, place, { width, height });
  const mask = new Float32Array(height * width);
  mask[place.y * width + place.x] = 1;
  return g.constant(floats(mask, [1, 1, height, width]));
}

/** The refusal of a place beyond the last column or row of a layer. */
export function outsidePlace(name: string, { x, y }: { x: number; y: number }, { width, height }: Size): OptionError {
  return outside(name, `places up to @${width - 1},${height - 1} at this size`, `@${x},${y}`);
}

function outside(name: string, expected: string, got: string): OptionError {
  return new OptionError('option/layer', `--layers: ${name} has ${expected}, got ${got}.`);
}

/** The elements of one side, from `first` to before `end`, that a border leaves; a side no longer than two keeps all. */
export function withinBorder(size: number, border: number): { first: number; end: number } {
  return size <= 2 * border ? { first: 0, end: size } : { first: border, end: size - border };
}

/** 1 inside and 0 along the borders. */
function insideBorder(height: number, width: number, border: number): Tensor {
  const counts = (position: number, size: number): boolean => {
    const { first, end } = withinBorder(size, border);
    return position >= first && position < end;
  };
  const mask = new Float32Array(height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) mask[y * width + x] = counts(y, height) && counts(x, width) ? 1 : 0;
  }
  return floats(mask, [1, 1, height, width]);
}
