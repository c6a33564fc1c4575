import { OptionError } from '../../errors.js';
import type { GraphBuilder, Value } from '../../graph/index.js';
import type { Size } from '../../image/index.js';
import { elementCount, floats, type Tensor } from '../../onnx/index.js';
import type { WeightedLayer } from '../layers.js';

/** What is climbed for one layer; see {@link layerObjective}. */
export type ObjectiveKind = 'mean' | 'mean-square' | 'sum' | 'l1' | 'l2';

/** Keeps the gradient of the norm finite where every activation is 0. */
const smallestSquare = 1e-12;

/**
 * Writes the objective of one layer from its activations `a`:
 *
 * - `mean`: the mean of `a` (the founding article, TensorFlow's tutorial)
 * - `mean-square`: the mean of `a²` (Keras; google/deepdream up to a constant)
 * - `sum`: the sum of `a`
 * - `l1`: the sum of `|a|`
 * - `l2`: the root of the sum of `a²` (neural-dream)
 *
 * Channels and a place restrict it to those elements; the mean is then over these. With a border, the elements along
 * each spatial edge do not count, but a mean is still over all, as in Keras's DeepDream example (keras-io,
 * deep_dream.py).
 *
 * @param layer `[1, C, H, W]`, or of any rank where nothing is selected
 * @returns a scalar
 * @throws OptionError `option/layer` when a channel or place lies outside the layer
 */
export function layerObjective(
  g: GraphBuilder,
  layer: Value,
  target: WeightedLayer,
  options: { readonly kind: ObjectiveKind; readonly border: number },
): Value {
  const { kind, border } = options;
  const values = powers(g, layer, kind);
  const { factors, elements } = selection(layer, target, border);
  const selected = factors.reduce((product, factor) => g.op('Mul', [product, g.constant(factor)]), values);
  if (kind === 'mean' || kind === 'mean-square') {
    const mean = g.op('ReduceMean', [selected], { keepdims: 0 });
    const all = elementCount(layer.shape);
    return elements === all ? mean : g.op('Mul', [mean, g.scalar(all / elements)]);
  }
  const sum = g.op('ReduceSum', [selected], { keepdims: 0 });
  return kind === 'l2' ? g.op('Sqrt', [g.op('Add', [sum, g.scalar(smallestSquare)])]) : sum;
}

function powers(g: GraphBuilder, layer: Value, kind: ObjectiveKind): Value {
  if (kind === 'mean-square' || kind === 'l2') return g.op('Mul', [layer, layer]);
  return kind === 'l1' ? g.op('Abs', [layer]) : layer;
}

/** Factors of 0 and 1 that leave the selected elements, and over how many elements a mean goes. */
function selection({ shape }: Value, { name, channels, place }: WeightedLayer, border: number) {
  const factors: Tensor[] = [];
  let elements = elementCount(shape);
  if (shape.length !== 4) {
    if (channels || place) throw outside(name, 'no channels or places', `some for its shape [${shape}]`);
    return { factors, elements };
  }
  const [, count, height, width] = shape as [number, number, number, number];
  if (channels) {
    const beyond = channels.find((channel) => channel >= count);
    if (beyond !== undefined) throw outside(name, `channels 0 to ${count - 1}`, `${beyond}`);
    const mask = new Float32Array(count);
    for (const channel of channels) mask[channel] = 1;
    factors.push(floats(mask, [1, count, 1, 1]));
    elements = (elements / count) * channels.length;
  }
  if (place) {
    if (place.x >= width || place.y >= height) {
      throw outsidePlace(name, place, { width, height });
    }
    const mask = new Float32Array(height * width);
    mask[place.y * width + place.x] = 1;
    factors.push(floats(mask, [1, 1, height, width]));
    elements /= height * width;
  } else if (border > 0) {
    factors.push(insideBorder(height, width, border));
  }
  return { factors, elements };
}

/** The refusal of a place beyond the last column or row of a layer. */
export function outsidePlace(name: string, { x, y }: { x: number; y: number }, { width, height }: Size): OptionError {
  return outside(name, `places up to @${width - 1},${height - 1} at this size`, `@${x},${y}`);
}

function outside(name: string, expected: string, got: string): OptionError {
  return new OptionError('option/layer', `--layers: ${name} has ${expected}, got ${got}.`);
}

/** 1 inside and 0 along the borders; a layer no larger than its borders keeps everything. */
function insideBorder(height: number, width: number, border: number): Tensor {
  const counts = (position: number, size: number): boolean =>
    size <= 2 * border || (position >= border && position < size - border);
  const mask = new Float32Array(height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) mask[y * width + x] = counts(y, height) && counts(x, width) ? 1 : 0;
  }
  return floats(mask, [1, 1, height, width]);
}
