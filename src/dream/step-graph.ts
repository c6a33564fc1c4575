import {
  byteForms,
  differentiate,
  type GradientRules,
  gradientRules,
  guidedRelu,
  redirectedRelu,
} from '../gradient/index.js';
import {
  comparingPasses,
  constantBytes,
  type GraphBuilder,
  gradientPasses,
  lean,
  networkPasses,
  peakActivationBytes,
  quantisableFlops,
  receptiveFields,
  totalFlops,
  type Value,
} from '../graph/index.js';
import type { Size } from '../image/index.js';
import type { Network } from '../models/index.js';
import { writeModel } from '../onnx/index.js';
import type { Platform } from '../platform/platform.js';
import { type Company, type GuideFacts, inviteCompany, inviteTextures, type TextureInput } from './company.js';
import type { WeightedLayer } from './layers.js';
import type { ObjectiveKind } from './objectives/activity.js';
import { layerObjective, outsidePlace } from './objectives/layer-objective.js';
import { textureLikeness } from './objectives/texture.js';
import { type QuantisedStep, quantisedStep } from './quantised-step.js';
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
  /**
   * Whether the graph is for tiles that share the elements of the layers: how much each element counts is then an input
   * of the graph, see {@link LayerGrid}. Default: false.
   */
  readonly shared?: boolean;
  /** The guides of a guided objective; default: none. */
  readonly guides?: readonly GuideFacts[];
  /** How much likeness to the textures of the guides is taken off; default: 0. */
  readonly unlike?: number;
}

/** The elements of a layer in one tile. */
export interface LayerGrid {
  /** The graph's input that says how much each element counts, `[1, 1, rows, columns]`. */
  readonly inputName: string;
  /** Elements from top to bottom. */
  readonly rows: number;
  /** Elements from left to right. */
  readonly columns: number;
  /** Picture pixels between neighbouring elements. */
  readonly stride: Stride;
  /** How many channels an objective's mean goes over. */
  readonly channels: number;
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
  /** Bytes of the weights, forward and turned for the gradient. */
  readonly constantBytes: number;
  /** The layers whose elements the tiles share, one for each of the objective's; empty where they do not. */
  readonly grids: readonly LayerGrid[];
  /** What else the graph is fed: features of guides, and pictures beside the dream. */
  readonly company: Pick<Company, 'features' | 'others'> & { readonly textures: readonly TextureInput[] };
  /**
   * The ONNX file in the form that suits a machine, with outputs `objective` (a scalar) and `gradient` (of the input's
   * shape). Made on each call.
   */
  toBytes(machine: Pick<Platform, 'comparesMaxima'>): Uint8Array<ArrayBuffer>;
  /** Why this step is better left in float32 than computed in bytes; undefined where it is not. */
  readonly floatReason: string | undefined;
  /** The same step in bytes; written on the first call. */
  quantised(): QuantisedStep;
}

/**
 * Writes the graph that computes the objective of a picture and its gradient with respect to that picture:
 * the weighted sum of the layers' objectives, differentiated back to the input.
 *
 * @throws ModelError `model/input-too-small` when a tile of this size does not fit the network's windows
 * @throws GradientError when the network has operators whose gradient is not known
 */
export function buildStepGraph(network: Network, width: number, height: number, objective: Objective): StepGraph {
  const rules = reluRules[objective.relu ?? 'plain'];
  const at = { width, height };
  const names = objective.layers.map(({ name }) => name);
  const plain = network.at(width, height, names);
  const written = writeStep(network, at, objective, rules, leanNetwork(plain, objective.relu));
  const { grids, company } = written;
  const graph = lean({ builder: written.builder, wanted: [written.total, written.gradient] }, gradientPasses);
  const { builder } = graph;
  const size = {
    activationBytes: peakActivationBytes(builder, [graph.wanted[1]!.name]),
    constantBytes: constantBytes(builder),
  };
  let quantised: QuantisedStep | undefined;
  return {
    inputName: network.inputName,
    flops: totalFlops(builder),
    ...size,
    grids,
    company,
    floatReason: floatReason(builder, objective),
    toBytes: ({ comparesMaxima = false }) => {
      const { builder: g, wanted } = comparesMaxima ? lean(graph, comparingPasses) : graph;
      const [total, gradient] = wanted as [Value, Value];
      return writeModel(g.toModel({ objective: total, gradient }));
    },
    quantised: () => {
      const { relu = 'plain' } = objective;
      const forms = { ...rules, ...byteForms, ...(relu !== 'plain' && { Relu: rules['Relu']! }) };
      quantised ??= quantisedStep(writeStep(network, at, objective, forms, network.at(width, height, names)), size);
      return quantised;
    },
  };
}

/** Less of the work than this in convolutions that have bytes is not worth the way there and back. */
const leastShare = 0.5;

function floatReason(builder: GraphBuilder, { relu = 'plain' }: Objective): string | undefined {
  if (relu !== 'plain') return `${relu} ReLUs have no form in 8 bits`;
  const share = quantisableFlops(builder) / totalFlops(builder);
  return share >= leastShare ? undefined : 'too little of the network is convolutions that have a form in 8 bits';
}

function writeStep(
  network: Network,
  { width, height }: Size,
  objective: Objective,
  rules: GradientRules,
  { builder, values }: NetworkAtSize,
) {
  const names = objective.layers.map(({ name }) => name);
  const { kind, guides = [], unlike = 0 } = objective;
  const company = inviteCompany(builder, values, { network, size: { width, height }, names, kind, guides });
  const grids = objective.shared ? gridsOf(network, builder, values, objective) : [];
  const layers = objective.shared ? objective.layers : layersAt(network, { width, height }, values, objective);
  const weights = grids.map(({ inputName, rows, columns }) => builder.input(inputName, [1, 1, rows, columns]));
  const textures = unlike > 0 ? inviteTextures(builder, values, names) : [];
  const total = builder.scoped('objective', () => {
    const climbed = weightedSum(builder, values, layers, objective, weights, company);
    return textures.reduce((sum, { inputName, layer }) => {
      const likeness = textureLikeness(builder, values[layer]!, builder.get(inputName)!);
      return builder.op('Sub', [sum, builder.op('Mul', [likeness, builder.scalar(unlike / textures.length)])]);
    }, climbed);
  });
  const gradient = differentiate(builder, {
    of: total,
    to: builder.get(network.inputName)!,
    rules,
  });
  return { builder, total, gradient, grids, company: { features: company.features, others: company.others, textures } };
}

type NetworkAtSize = ReturnType<Network['at']>;

/** A network in the form whose gradient is the quickest. Only the plain gradient of ReLUs lets them change their place. */
function leanNetwork(network: NetworkAtSize, relu: ReluGradient = 'plain'): NetworkAtSize {
  if (relu !== 'plain') return network;
  const { builder, wanted } = lean({ builder: network.builder, wanted: network.values }, networkPasses);
  return { builder, values: [...wanted] };
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
    // After an enlarging layer strides may be fractions.
    horizontal: Math.ceil(Math.max(...strides.map(([, horizontal]) => horizontal))),
    vertical: Math.ceil(Math.max(...strides.map(([vertical]) => vertical))),
  };
}

/** Whether all layers have rows and columns that follow those of the picture. */
export function areSpatial(network: Network, { width, height }: Size, layers: readonly string[]): boolean {
  const { builder, values } = network.at(width, height, layers);
  const fields = receptiveFields(builder, network.inputName);
  return values.every(({ name, shape }) => shape.length === 4 && Number.isFinite(fields.get(name)?.centre[0]));
}

function gridsOf(
  network: Network,
  builder: GraphBuilder,
  values: readonly Value[],
  { layers, kind }: Objective,
): LayerGrid[] {
  const fields = receptiveFields(builder, network.inputName);
  return values.map(({ name, shape }, i) => {
    const [, count, rows, columns] = shape as [number, number, number, number];
    const [vertical, horizontal] = fields.get(name)!.stride;
    return {
      inputName: `element_weights_${i}`,
      rows,
      columns,
      stride: { horizontal, vertical },
      channels: kind === 'best-match' ? 1 : (layers[i]!.channels?.length ?? count),
    };
  });
}

function weightedSum(
  g: GraphBuilder,
  values: readonly Value[],
  layers: readonly WeightedLayer[],
  objective: Objective,
  weights: readonly Value[],
  { companions }: Company,
): Value {
  const { kind, border } = objective;
  const terms = values.map((value, i) => {
    const target = layers[i]!;
    const term = layerObjective(g, value, target, { kind, border, companions: companions[i]!, weights: weights[i] });
    return target.weight === 1 ? term : g.op('Mul', [term, g.scalar(target.weight)]);
  });
  return terms.reduce((sum, term) => g.op('Add', [sum, term]));
}

/**
 * The objective's layers, with their places counted at this size instead of the picture's. A layer does not shrink quite
 * as its picture does, so that its own two sizes are compared.
 */
function layersAt(network: Network, size: Size, values: readonly Value[], objective: Objective) {
  const { layers, picture = size } = objective;
  const same = picture.width === size.width && picture.height === size.height;
  if (same || !layers.some(({ place }) => place)) return layers;
  const names = layers.map(({ name }) => name);
  const whole = network.at(picture.width, picture.height, names).values;
  return layers.map((layer, i) => placeAt(layer, whole[i]!, values[i]!));
}

function placeAt(layer: WeightedLayer, from: Value, to: Value): WeightedLayer {
  if (!layer.place || from.shape.length !== 4) return layer;
  const [height, width] = from.shape.slice(2) as [number, number];
  if (layer.place.x >= width || layer.place.y >= height) throw outsidePlace(layer.name, layer.place, { width, height });
  const x = Math.floor(((layer.place.x + 0.5) * to.shape[3]!) / width);
  const y = Math.floor(((layer.place.y + 0.5) * to.shape[2]!) / height);
  return { ...layer, place: { x, y } };
}
