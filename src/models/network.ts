import { ModelError, OptionError } from '../errors.js';
import {
  channelsFirstInput,
  type GraphBuilder,
  type PreparedGraph,
  prepare,
  receptiveFields,
  specialise,
  type Value,
} from '../graph/index.js';
import type { Size } from '../image/index.js';
import type { DType, Model } from '../onnx/index.js';
import type { ModelCard } from './card.js';
import { entryOfDigest } from './catalogue.js';
import { labelsOf } from './labels.js';
import {
  changedPreprocessing,
  inceptionPreprocessing,
  type Preprocessing,
  type PreprocessingDescription,
  type PreprocessingOrigin,
  preprocessingOf,
  wholePreprocessing,
} from './preprocessing.js';

/** Element types of inputs that take whole numbers, from 0 to 255 unless someone says otherwise. */
const wholes: ReadonlySet<DType> = new Set(['uint8', 'int32', 'int64', 'uint16', 'int16', 'uint32', 'uint64']);
const numeric: ReadonlySet<DType> = new Set([...wholes, 'float32', 'float16', 'float64', 'bfloat16']);

/** Where a network came from, for messages and recipes. */
export interface NetworkSource {
  /** What messages call it: `built-in`, or the file's name. */
  readonly name: string;
  /** SHA-256 of the model file, as 64 hexadecimal digits. */
  readonly sha256: string;
  /** What the caller says about its pictures; it counts for more than all else. */
  readonly given?: PreprocessingDescription | undefined;
  /** How a recipe says that its pictures were taken; it counts for more than a card. */
  readonly recipe?: Preprocessing | undefined;
  /** What a card beside the file says; it counts for more than the file itself. */
  readonly card?: ModelCard | undefined;
  /** What a catalogue says, where nobody else does; default: the built-in catalogue, asked for the digest. */
  readonly listed?: ModelCard | undefined;
}

/** A convolutional network that can dream: a model, and how it wants its pictures. */
export class Network {
  /** What messages call it. */
  readonly name: string;
  /** SHA-256 of the model file, as 64 hexadecimal digits. */
  readonly sha256: string;
  /** The model as its file has it, but for its input, which takes float32, channels first. */
  readonly model: Model;
  /** How the file takes its pictures: channels first, or channels last. */
  readonly layout: 'NCHW' | 'NHWC';
  /** How it wants its pictures. */
  readonly preprocessing: Preprocessing;
  /** Who said so. */
  readonly preprocessingOrigin: PreprocessingOrigin;
  /** The names of the classes of its classifier, class 0 first, where the card or the file has them. */
  readonly labels: readonly string[] | undefined;
  /** The name of the input that takes the picture, `[1, 3, height, width]`. */
  readonly inputName: string;
  #prepared: { readonly keep: string; readonly graph: PreparedGraph } | undefined;

  /**
   * @throws ModelError `model/unsupported` when the network does not take one colour picture
   * @throws OptionError `option/invalid` when what the caller says about its pictures makes no sense
   */
  constructor(model: Model, source: NetworkSource) {
    this.name = source.name;
    this.sha256 = source.sha256;
    [this.preprocessing, this.preprocessingOrigin] = resolvePreprocessing(model, source);
    this.labels = source.card?.labels ?? labelsOf(model.metadata);
    const graph = channelsFirstInput(model.graph);
    const [input, ...others] = graph.inputs;
    const picture = input?.dims.length === 4 && (input.dims[1] === 3 || typeof input.dims[1] === 'string');
    if (!input || others.length > 0 || !picture || !numeric.has(input.dtype)) {
      const got = model.graph.inputs.map(({ name, dims }) => `${name} [${dims.join(', ')}]`).join(' and ');
      throw new ModelError(
        'model/unsupported',
        `${source.name}: expected one input of shape [1, 3, height, width], got ${got || 'none'}. Use another network.`,
      );
    }
    this.layout = graph === model.graph ? 'NCHW' : 'NHWC';
    this.inputName = input.name;
    const isWhole = wholes.has(input.dtype);
    // Whole numbers are cast to float32 at once by every network that takes them, which can be left to us.
    this.model =
      graph === model.graph && !isWhole
        ? model
        : { ...model, graph: { ...graph, inputs: [isWhole ? { ...input, dtype: 'float32' } : input] } };
  }

  /** False when nobody says how it wants its pictures and RGB is assumed, from −1 to 1 or, in whole numbers, 0 to 255. */
  get preprocessingKnown(): boolean {
    return this.preprocessingOrigin !== 'assumed';
  }

  /** The size of picture that the file declares, where it leaves none open; most such networks take others as well. */
  get fixedSize(): Size | undefined {
    const [, , height, width] = this.model.graph.inputs[0]!.dims;
    // Some files say 0 or -1 for what is open.
    const isFixed = (length: unknown): length is number => typeof length === 'number' && length > 0;
    return isFixed(width) && isFixed(height) ? { width, height } : undefined;
  }

  /** Every name that can be dreamed on: the tensors the network computes, and the nodes that compute them. */
  get tensorNames(): readonly string[] {
    return this.model.graph.nodes.flatMap((node) => node.outputs.filter((name) => name !== ''));
  }

  /** The tensor that a name stands for: a tensor's own name, or a node's for its first output. */
  findTensor(name: string): string | undefined {
    // Many files name no node, and leave out outputs by the empty name.
    if (name === '') return undefined;
    const { nodes } = this.model.graph;
    if (nodes.some((node) => node.outputs.includes(name))) return name;
    return nodes.find((node) => node.name === name)?.outputs.find((output) => output !== '');
  }

  /**
   * The network for pictures of one size, computing the wanted tensors and nothing else.
   *
   * @param width pixels a row
   * @param height rows
   * @param wanted tensor names, as {@link findTensor} gives them
   * @returns a builder to go on from, the input value's name being {@link inputName}; `values` are the wanted tensors,
   *   those with rows and columns `[1, C, H, W]` even where the network itself has its channels last
   * @throws ModelError `model/input-too-small` when the picture is smaller than the network's windows
   */
  at(width: number, height: number, wanted: readonly string[]) {
    const keep = [...wanted].sort().join('\n');
    if (this.#prepared?.keep !== keep) this.#prepared = { keep, graph: prepare(this.model, new Set(wanted)) };
    const { graph } = this.#prepared;
    const names = wanted.map((name) => graph.aliases.get(name) ?? name);
    const builder: GraphBuilder = specialise(graph, { [this.inputName]: [1, 3, height, width] }, names);
    const values = names.map((name) => builder.get(name)!);
    if (this.layout === 'NCHW') return { builder, values };
    const fields = receptiveFields(builder, this.inputName);
    const channelsFirst = (value: Value): Value => {
      const isLast = value.shape.length === 4 && String(fields.get(value.name)?.axes) === '1,2';
      return isLast ? builder.op('Transpose', [value], { perm: [0, 3, 1, 2] }) : value;
    };
    return { builder, values: values.map(channelsFirst) };
  }
}

/** How the network wants its pictures and who says so: the caller, the recipe, the card, the file or the catalogue. */
function resolvePreprocessing(model: Model, source: NetworkSource): [Preprocessing, PreprocessingOrigin] {
  const { name, given, recipe } = source;
  if (recipe) return [recipe, 'recipe'];
  const known = withoutCaller(model, source);
  if (!given || Object.values(given).every((value) => value === undefined)) return known;
  const changed = changedPreprocessing(given, known[0]);
  if (changed) return [changed, 'given'];
  throw new OptionError(
    'option/invalid',
    `${name}: expected a value range, means and deviations of colours, got a range of nothing or a deviation of zero.`,
  );
}

function withoutCaller(
  model: Model,
  { name, sha256, card, listed }: NetworkSource,
): [Preprocessing, PreprocessingOrigin] {
  if (card?.preprocessing) return [card.preprocessing, 'card'];
  const own = preprocessingOf(model.metadata, name);
  if (own) return [own, 'file'];
  const known = (listed ?? entryOfDigest(sha256))?.preprocessing;
  if (known) return [known, 'catalogue'];
  const takesWholes = model.graph.inputs.some(({ dtype }) => wholes.has(dtype));
  return [takesWholes ? wholePreprocessing : inceptionPreprocessing, 'assumed'];
}
