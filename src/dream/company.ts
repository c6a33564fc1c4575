import { assert, OptionError } from '../errors.js';
import type { GraphBuilder, Value } from '../graph/index.js';
import type { Size } from '../image/index.js';
import type { Network } from '../models/index.js';
import type { Companions, ObjectiveKind } from './objectives/activity.js';

/** A guide picture as the graph of a step needs to know it. */
export interface GuideFacts {
  /** The size at which its features are taken. */
  readonly size: Size;
  /** How much it counts. */
  readonly weight: number;
}

/** Inputs of a step graph that hold what layers make of guides: computed once, fed in every step. */
export interface FeatureInput {
  readonly inputName: string;
  readonly shape: readonly number[];
  /** Which of the objective's layers. */
  readonly layer: number;
  /** Which guide; absent where all guides, or a direction, give one number for each channel. */
  readonly guide?: number;
}

/** Inputs of a step graph that hold textures of guides, for one of the objective's layers: computed once. */
export interface TextureInput {
  readonly inputName: string;
  readonly shape: readonly number[];
  /** Which of the objective's layers. */
  readonly layer: number;
}

/** Inputs of a step graph that take another picture beside the dream, through the same view. */
export interface OtherInput {
  readonly inputName: string;
  /** Which guide, or the original picture. */
  readonly picture: number | 'original';
}

/** What a layer is compared with, and the inputs through which it comes. */
export interface Company {
  /** For every layer. */
  readonly companions: readonly Companions[];
  readonly features: readonly FeatureInput[];
  readonly others: readonly OtherInput[];
}

/** What {@link inviteCompany} needs to know. */
export interface CompanyOptions {
  readonly network: Network;
  /** Size of the step graph's picture. */
  readonly size: Size;
  /** Names of the layers. */
  readonly names: readonly string[];
  readonly kind: ObjectiveKind;
  readonly guides: readonly GuideFacts[];
}

/**
 * Writes what an objective compares the layers with: inputs for features of guides, or the network once more on another
 * picture. No gradient goes there.
 *
 * @param layers the values of the layers
 */
export function inviteCompany(g: GraphBuilder, layers: readonly Value[], options: CompanyOptions): Company {
  const { network, names, kind, guides } = options;
  switch (kind) {
    case 'best-match': {
      const features: FeatureInput[] = [];
      const shapes = guides.map(({ size }) => network.at(size.width, size.height, names).values);
      const companions = layers.map(
        (_, layer): Companions => ({
          features: guides.map(({ weight }, guide) => {
            const [, channels, height, width] = spatial(shapes[guide]![layer]!.shape, names[layer]!, kind);
            const input = { inputName: `guide_${guide}_${layer}`, shape: [channels, height * width], layer, guide };
            features.push(input);
            return { value: g.input(input.inputName, input.shape), weight };
          }),
        }),
      );
      return { companions, features, others: [] };
    }
    case 'channel-match':
    case 'direction': {
      const features = layers.map(({ shape }, layer): FeatureInput => {
        const dims = kind === 'direction' && shape.length === 2 ? shape : spatial(shape, names[layer]!, kind);
        return { inputName: `channels_${layer}`, shape: [1, dims[1]!, ...dims.slice(2).map(() => 1)], layer };
      });
      const companions = features.map(({ inputName, shape }) => ({ channels: g.input(inputName, shape) }));
      return { companions, features, others: [] };
    }
    case 'product':
    case 'inversion':
      return beside(
        g,
        layers,
        options,
        guides.map(({ weight }, picture) => ({ picture, weight })),
      );
    case 'caricature':
      return beside(g, layers, options, [{ picture: 'original', weight: 1 }]);
    default:
      return { companions: layers.map(() => ({})), features: [], others: [] };
  }
}

/** Writes the inputs for the textures of guides that a picture is to be unlike. */
export function inviteTextures(g: GraphBuilder, layers: readonly Value[], names: readonly string[]): TextureInput[] {
  return layers.map(({ shape }, layer) => {
    const [, channels, height, width] = shape;
    if (shape.length !== 4 || !channels || !height || !width) {
      throw new OptionError(
        'option/layer',
        `--layers: ${names[layer]} has the shape [${shape}], expected channels with height and width for --unlike. Choose an earlier layer.`,
      );
    }
    const input = { inputName: `textures_${layer}`, shape: [channels, channels], layer };
    g.input(input.inputName, input.shape);
    return input;
  });
}

function spatial(shape: readonly number[], name: string, kind: ObjectiveKind): [number, number, number, number] {
  if (shape.length === 4) return [...shape] as [number, number, number, number];
  throw new OptionError(
    'option/layer',
    `--layers: ${name} has the shape [${shape}], expected channels with height and width for --objective ${kind}. Choose an earlier layer.`,
  );
}

/** The network once more for each of some pictures, of the size of the step graph's own. */
function beside(
  g: GraphBuilder,
  layers: readonly Value[],
  { network, size, names }: CompanyOptions,
  pictures: readonly { readonly picture: number | 'original'; readonly weight: number }[],
): Company {
  const others = pictures.map(({ picture }): OtherInput => ({ inputName: `other_${picture}`, picture }));
  const answers = others.map(({ inputName }) => {
    const input = g.input(inputName, [1, 3, size.height, size.width]);
    return repeatNetwork(g, network.at(size.width, size.height, names), network.inputName, input);
  });
  const companions = layers.map(
    (_, layer): Companions => ({
      others: answers.map((values, i) => ({ value: values[layer]!, weight: pictures[i]!.weight })),
    }),
  );
  return { companions, features: [], others };
}

/** Writes the nodes of a network again, reading another picture, with the weights that are there already. */
function repeatNetwork(
  g: GraphBuilder,
  copy: { readonly builder: GraphBuilder; readonly values: readonly Value[] },
  inputName: string,
  input: Value,
): Value[] {
  const renamed = (name: string): string => {
    if (name === '' || copy.builder.constantOf(copy.builder.get(name))) return name;
    return name === inputName ? input.name : `${input.name}/${name}`;
  };
  for (const node of copy.builder.nodes) {
    g.append({
      ...node,
      name: node.name && `${input.name}/${node.name}`,
      inputs: node.inputs.map(renamed),
      outputs: node.outputs.map(renamed),
    });
  }
  return copy.values.map(({ name }) => {
    const value = g.get(renamed(name));
    assert(value, 'a network written again has the same tensors');
    return value;
  });
}
