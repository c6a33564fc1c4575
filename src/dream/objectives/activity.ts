import { assert } from '../../errors.js';
import type { GraphBuilder, Value } from '../../graph/index.js';

/** What is climbed for one layer; see {@link activityOf} for what of each element, and `layerObjective` for the rest. */
export type ObjectiveKind =
  | 'mean'
  | 'mean-square'
  | 'sum'
  | 'l1'
  | 'l2'
  | 'best-match'
  | 'channel-match'
  | 'product'
  | 'inversion'
  | 'caricature'
  | 'direction';

/** What a layer is compared with, as inputs of the graph or parts of it; each kind of objective needs one of them. */
export interface Companions {
  /** For `best-match`: what a layer makes of each guide, `[C, places]`, with the guide's weight. */
  readonly features?: readonly { readonly value: Value; readonly weight: number }[];
  /** For `channel-match` and `direction`: a number for every channel, `[1, C, 1, 1]`. */
  readonly channels?: Value;
  /** For `product`, `inversion` and `caricature`: what the layer makes of other pictures, with their weights. */
  readonly others?: readonly { readonly value: Value; readonly weight: number }[];
}

/** The kinds of objective that compare a layer with what it makes of guide pictures. */
export const guidedKinds: ReadonlySet<ObjectiveKind> = new Set(['best-match', 'channel-match', 'product', 'inversion']);

/** The kinds of objective that run the network on another picture beside the dream in each step. */
export const companyKinds: ReadonlySet<ObjectiveKind> = new Set(['product', 'inversion', 'caricature']);

/**
 * What counts of every element of a layer with activations `a`:
 *
 * - `mean`, `sum`: `a`; `mean-square`, `l2`: `a²`; `l1`: `|a|`
 * - `best-match`: for every place the largest dot product `Σ a g` with any place `g` of a guide (google/deepdream)
 * - `channel-match`: `w a²`, `w` being how much of the guide's activations is in the channel (crowsonkb/deep_dream)
 * - `product`: `a g`, `g` being the guide's activation at the same place (DeepDream-MLX)
 * - `inversion`: `−(a − g)²`: the picture comes to look like the guide to this layer; several guides by their weights
 *   are interpolated (Mahendran and Vedaldi 2015)
 * - `caricature`: `a o`, `o` being the original picture's own activation (Lucid, `recipes/caricature.py`)
 * - `direction`: `v a`, `v` being a vector over the channels (Lucid, `objectives.direction`)
 *
 * @param layer `[1, C, H, W]`; of any rank for kinds without companions
 * @returns the same shape, but for `best-match`, which has one channel
 */
export function activityOf(g: GraphBuilder, layer: Value, kind: ObjectiveKind, companions: Companions): Value {
  switch (kind) {
    case 'mean':
    case 'sum':
      return layer;
    case 'mean-square':
    case 'l2':
      return g.op('Mul', [layer, layer]);
    case 'l1':
      return g.op('Abs', [layer]);
    case 'best-match':
      return bestMatch(g, layer, companions);
    case 'channel-match':
      return g.op('Mul', [g.op('Mul', [layer, layer]), companions.channels]);
    case 'direction':
      return g.op('Mul', [layer, companions.channels]);
    case 'product':
    case 'caricature':
      return g.op('Mul', [layer, mixed(g, companions.others)]);
    case 'inversion': {
      const difference = g.op('Sub', [layer, mixed(g, companions.others)]);
      return g.op('Neg', [g.op('Mul', [difference, difference])]);
    }
  }
}

function bestMatch(g: GraphBuilder, layer: Value, { features = [] }: Companions): Value {
  const [, channels, height, width] = layer.shape as [number, number, number, number];
  const places = g.op('Reshape', [layer, g.ints([channels, height * width])]);
  const columns = g.op('Transpose', [places], { perm: [1, 0] });
  const best = features.map(({ value, weight }) => {
    const largest = g.op('ReduceMax', [g.op('MatMul', [columns, value]), g.ints([1])], { keepdims: 0 });
    return weight === 1 ? largest : g.op('Mul', [largest, g.scalar(weight)]);
  });
  return g.op('Reshape', [sum(g, best), g.ints([1, 1, height, width])]);
}

function mixed(g: GraphBuilder, others: Companions['others'] = []): Value {
  return sum(
    g,
    others.map(({ value, weight }) => (weight === 1 ? value : g.op('Mul', [value, g.scalar(weight)]))),
  );
}

function sum(g: GraphBuilder, values: readonly Value[]): Value {
  assert(values.length > 0, 'a guided objective has something to go by');
  return values.reduce((total, value) => g.op('Add', [total, value]));
}
