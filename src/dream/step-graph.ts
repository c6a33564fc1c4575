import { differentiate, type GradientRules, gradientRules, guidedRelu, redirectedRelu } from '../gradient/index.js';
import { type GraphBuilder, peakActivationBytes, receptiveFields, totalFlops, type Value } from '../graph/index.js';
import type { Size } from '../image/index.js';
import type { Network } from '../models/index.js';
import { writeModel } from '../onnx/index.js';
import type { WeightedLayer } from './layers.js';
import { layerObjective, type ObjectiveKind } from './objectives/layer-objective.js';
import type { Stride } from './tiles.js';

/** What a step computes: the layers to excite and how their activations become one number. */
export interface Objective {
  readonly layers: readonly WeightedLayer[];
  readonly kind: ObjectiveKind;
  readonly border: number;
  /** How gradients pass ReLUs; default `plain`. */
  readonly relu?: ReluGradient;
  /** The size of picture that single places are counted in; default: the size of the graph. */
  readonly picture?: Size;
}

/** How gradients pass ReLUs: as they are, by Lucid's redirection, or by guided backpropagation. */
export type ReluGradient = 'plain' | 'redirected' | 'guided';

const reluRules: Readonly<Record<ReluGradient, GradientRules>> = {
  plain: gradientRules,
  redirected: { ...gradientRules, ...redirectedRelu },
  guided: { ...gradientRules, ...guidedRelu },
};

/** The graph of one gradient step for tiles of one size. */
export interface StepGraph {
  /** Name of the input, `[1, 3, height, width]` in the network's range. */
  readonly inputName: string;
  /** Floating-point operations of one run. */
  readonly flops: number;
  /** Most bytes of intermediate tensors alive at once. */
  readonly activationBytes: number;
  /** The ONNX file, with outputs `objective` (a scalar) and `gradient` (of the input's shape). Made on each call. */
  toBytes(): Uint8Array<ArrayBuffer>;
}

/**
 * Writes the graph that computes the objective of a picture and its gradient with respect to that picture:
 * the weighted sum over layers of their means, differentiated back to the input.
 *
 * @throws ModelError `model/input-too-small` when a tile of this size does not fit the network's windows
 * @throws GradientError when the network has operators whose gradient is not known
 */
export function buildStepGraph(network: Network, width: number, height: number, objective: Objective): StepGraph {
  const { builder, values } = network.at(
    width,
    height,
    objective.layers.map(({ name }) => name),
  );
  const total = builder.scoped('objective', () => weightedSum(builder, values, objective, { width, height }));
  const gradient = differentiate(builder, {
    of: total,
    to: builder.get(network.inputName)!,
    rules: reluRules[objective.relu ?? 'plain'],
  });
  return {
    inputName: network.inputName,
    flops: totalFlops(builder),
    activationBytes: peakActivationBytes(builder, [gradient.name]),
    toBytes: () => writeModel(builder.toModel({ objective: total, gradient })),
  };
}

/**
 * Picture pixels between neighbouring elements of the coarsest tensor on the way to some layers.
 *
 * @param layers names of tensors
 * @throws ModelError `model/input-too-small` when a picture of this size does not fit the network's windows
 */
export function strideOf(network: Network, { width, height }: Size, layers: readonly string[]): Stride {
  const { builder } = network.at(width, height, layers);
  const strides = [...receptiveFields(builder, network.inputName).values()].map(({ stride }) => stride);
  return {
    horizontal: Math.max(...strides.map(([, horizontal]) => horizontal)),
    vertical: Math.max(...strides.map(([vertical]) => vertical)),
  };
}

function weightedSum(g: GraphBuilder, layers: readonly Value[], objective: Objective, size: Size): Value {
  const terms = layers.map((layer, i) => {
    const target = atSize(objective.layers[i]!, objective.picture ?? size, size);
    const term = layerObjective(g, layer, target, objective);
    return target.weight === 1 ? term : g.op('Mul', [term, g.scalar(target.weight)]);
  });
  return terms.reduce((sum, term) => g.op('Add', [sum, term]));
}

/** A place counted at one size of the picture, at another. */
function atSize(target: WeightedLayer, from: Size, to: Size): WeightedLayer {
  if (!target.place) return target;
  const x = Math.floor(((target.place.x + 0.5) * to.width) / from.width);
  const y = Math.floor(((target.place.y + 0.5) * to.height) / from.height);
  return { ...target, place: { x, y } };
}
