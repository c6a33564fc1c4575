import { ModelError } from '../errors.js';
import { floats, type Model, type Node, type Tensor } from '../onnx/index.js';

/** A layer as Keras writes it into `model_config`; only the fields that this reader uses. */
export interface KerasLayer {
  readonly name: string;
  readonly class_name: string;
  readonly config: {
    readonly filters?: number;
    readonly kernel_size?: readonly [number, number];
    readonly padding?: 'same' | 'valid';
    readonly strides?: readonly [number, number];
    readonly pool_size?: readonly [number, number];
    readonly epsilon?: number;
    readonly dilation_rate?: readonly [number, number];
    readonly activation?: string;
    readonly axis?: number;
    readonly use_bias?: boolean;
    readonly scale?: boolean;
  };
  /** One entry a use; each names the layers it reads as `[name, …]`. */
  readonly inbound_nodes: readonly (readonly (readonly [string, ...unknown[]])[])[];
}

/** A weight array in 8 bits: `value = byte * scale + min`, in Keras's axis order. */
export interface QuantisedWeight {
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
  readonly scale: number;
  readonly min: number;
}

/** A weight array in float32, in Keras's axis order. */
export interface FloatWeight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A weight array, in one of its two forms. */
export type KerasWeight = QuantisedWeight | FloatWeight;

/**
 * Turns a Keras CNN of Conv2D, BatchNormalization, ReLU, pooling and Concatenate into ONNX, up to the layers wanted.
 *
 * Keras's names stay: the tensor `mixed3` is the output of the layer `mixed3`. Each BatchNormalization is folded into
 * the convolution before it. Kernels in 8 bits stay so, since γ/√(σ² + ε) only changes the scale of each output channel:
 * `DequantizeLinear` along axis 0 gives back the folded float32 kernel.
 *
 * @param layers the topology, in Keras's order
 * @param weights by Keras name, such as `conv2d_1/kernel`
 * @param outputs names of the layers to keep; everything they do not need is left out
 * @param metadata goes into the file
 * @throws ModelError `model/unsupported` for layers this reader does not know, `model/format` for weights that are
 *   missing or have another shape than their layer
 */
export function kerasToOnnx(
  layers: readonly KerasLayer[],
  weights: ReadonlyMap<string, KerasWeight>,
  outputs: readonly string[],
  metadata: Readonly<Record<string, string>>,
): Model {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const needed = ancestors(byName, outputs);
  const initializers = new Map<string, Tensor>();
  const nodes: Node[] = [];
  const input = layers.find((layer) => layer.class_name === 'InputLayer')?.name ?? 'input';
  const node = (opType: string, name: string, inputs: string[], attributes: Node['attributes'] = {}): void => {
    nodes.push({ opType, domain: '', name, inputs, outputs: [name], attributes });
  };

  refuseBareConvolutions(layers, needed, outputs);
  for (const layer of layers) {
    if (!needed.has(layer.name)) continue;
    const { name, config } = layer;
    const sources = inputsOf(layer);
    switch (layer.class_name) {
      case 'InputLayer':
      case 'Conv2D':
        // A convolution is written together with the BatchNormalization that reads it.
        break;
      case 'BatchNormalization': {
        const conv = byName.get(sources[0]!);
        if (conv?.class_name !== 'Conv2D') throw unsupported(layer, 'BatchNormalization that does not follow a Conv2D');
        const { kernel, bias } = foldedKernel(conv, layer, weights);
        if ('scale' in kernel) {
          initializers.set(`${conv.name}/kernel`, kernel.quantised);
          initializers.set(`${conv.name}/scale`, kernel.scale);
          initializers.set(`${conv.name}/zero_point`, kernel.zeroPoint);
          const dequantise = [`${conv.name}/kernel`, `${conv.name}/scale`, `${conv.name}/zero_point`];
          node('DequantizeLinear', `${conv.name}/weight`, dequantise, { axis: { type: 'int', value: 0 } });
        } else {
          initializers.set(`${conv.name}/weight`, kernel);
        }
        initializers.set(`${conv.name}/bias`, bias);
        const shape = ('scale' in kernel ? kernel.quantised : kernel).dims.slice(2) as [number, number];
        node('Conv', name, [inputsOf(conv)[0]!, `${conv.name}/weight`, `${conv.name}/bias`], window(conv, shape));
        break;
      }
      case 'Activation':
        if (config.activation !== 'relu') throw unsupported(layer, `the activation "${config.activation}"`);
        node('Relu', name, sources);
        break;
      case 'MaxPooling2D':
        node('MaxPool', name, sources, window(layer, config.pool_size!));
        break;
      case 'AveragePooling2D':
        node('AveragePool', name, sources, window(layer, config.pool_size!));
        break;
      case 'Concatenate':
        if (![-1, 3].includes(config.axis ?? -1)) throw unsupported(layer, `Concatenate along axis ${config.axis}`);
        node('Concat', name, sources, { axis: { type: 'int', value: 1 } });
        break;
      default:
        throw unsupported(layer, `layers of the class ${layer.class_name}`);
    }
  }
  return {
    irVersion: 8,
    producer: 'pareidolia',
    opsets: new Map([['', 13]]),
    metadata,
    graph: {
      name: 'inception_v3',
      nodes,
      inputs: [{ name: input, dtype: 'float32', dims: ['N', 3, 'H', 'W'] }],
      outputs: outputs.map((name) => ({ name, dtype: 'float32', dims: ['N', '?', '?', '?'] })),
      initializers,
    },
  };
}

/** A convolution only becomes part of the normalisation after it, so nothing else may read it or come out of it. */
function refuseBareConvolutions(
  layers: readonly KerasLayer[],
  needed: ReadonlySet<string>,
  outputs: readonly string[],
): void {
  for (const layer of layers) {
    if (layer.class_name !== 'Conv2D' || !needed.has(layer.name)) continue;
    const { use_bias: bias = true, activation = 'linear', dilation_rate: dilations = [1, 1] } = layer.config;
    if (bias) throw unsupported(layer, 'a Conv2D with a bias');
    if (activation !== 'linear') throw unsupported(layer, `a Conv2D with the activation "${activation}"`);
    if (dilations.some((dilation) => dilation !== 1)) throw unsupported(layer, 'a Conv2D with gaps in its kernel');
    const readers = layers.filter((other) => needed.has(other.name) && inputsOf(other).includes(layer.name));
    const normalized = readers.length === 1 && readers[0]!.class_name === 'BatchNormalization';
    if (!normalized || outputs.includes(layer.name)) {
      throw unsupported(layer, 'a Conv2D that anything but one BatchNormalization reads');
    }
  }
}

function inputsOf(layer: KerasLayer): string[] {
  return (layer.inbound_nodes[0] ?? []).map(([name]) => name);
}

function ancestors(layers: ReadonlyMap<string, KerasLayer>, wanted: readonly string[]): Set<string> {
  const found = new Set<string>();
  const open = [...wanted];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const layer = layers.get(name);
    if (!layer) throw new ModelError('model/format', `The topology has no layer "${name}". Use another file.`);
    if (found.has(name)) continue;
    found.add(name);
    open.push(...inputsOf(layer));
  }
  return found;
}

/** Attributes of a sliding window. "Same" padding is symmetric for the stride 1 and odd kernels it is used with. */
function window(layer: KerasLayer, kernel: readonly [number, number]): Node['attributes'] {
  const strides = layer.config.strides ?? [1, 1];
  const same = layer.config.padding === 'same';
  if (same && (strides.some((stride) => stride !== 1) || kernel.some((size) => size % 2 === 0))) {
    throw unsupported(layer, '"same" padding with strides or even kernels');
  }
  const pads = kernel.map((size) => (same ? (size - 1) / 2 : 0));
  return {
    kernel_shape: { type: 'ints', value: kernel },
    strides: { type: 'ints', value: strides },
    pads: { type: 'ints', value: [...pads, ...pads] },
  };
}

interface QuantisedKernel {
  readonly quantised: Tensor;
  readonly scale: Tensor;
  readonly zeroPoint: Tensor;
}

/** A convolution's kernel and bias with the normalisation after it in them. */
function foldedKernel(
  conv: KerasLayer,
  normalization: KerasLayer,
  weights: ReadonlyMap<string, KerasWeight>,
): { kernel: QuantisedKernel | Tensor; bias: Tensor } {
  const weight = (name: string): KerasWeight => {
    const found = weights.get(name);
    if (!found) throw new ModelError('model/format', `The weights lack "${name}". Use another file.`);
    return found;
  };
  const kernel = weight(`${conv.name}/kernel`);
  checkKernel(conv, kernel);
  const channels = kernel.shape[3]!;
  const values = (name: string): Float64Array => {
    const found = weight(`${normalization.name}/${name}`);
    const read = 'values' in found ? Float64Array.from(found.values) : dequantised(found);
    if (read.length === channels) return read;
    throw new ModelError(
      'model/format',
      `"${normalization.name}/${name}": expected ${channels} values, got ${read.length}. Use another file.`,
    );
  };
  const [beta, mean, variance] = [values('beta'), values('moving_mean'), values('moving_variance')];
  const gamma = weights.has(`${normalization.name}/gamma`) ? values('gamma') : new Float64Array(channels).fill(1);
  const factor = variance.map((v, c) => gamma[c]! / Math.sqrt(v + (normalization.config.epsilon ?? 1e-3)));
  return {
    kernel: 'values' in kernel ? floatKernel(kernel, factor) : quantisedKernel(conv.name, kernel, factor),
    bias: floats(Float32Array.from(factor, (f, c) => beta[c]! - mean[c]! * f)),
  };
}

function dequantised({ bytes, scale, min }: QuantisedWeight): Float64Array {
  return Float64Array.from(bytes, (byte) => byte * scale + min);
}

/** Refuses a kernel that is no kernel, or not of the size that its layer tells. */
function checkKernel({ name, config }: KerasLayer, kernel: KerasWeight): void {
  const { shape } = kernel;
  const [height, width] = config.kernel_size ?? shape;
  const filters = config.filters ?? shape[3];
  const count = shape.reduce((product, size) => product * size, 1);
  const length = 'values' in kernel ? kernel.values.length : kernel.bytes.length;
  if (shape.length === 4 && shape[0] === height && shape[1] === width && shape[3] === filters && count === length) {
    return;
  }
  throw new ModelError(
    'model/format',
    `"${name}/kernel": expected a kernel of ${height}×${width} with ${filters} filters, got one of [${shape.join(', ')}]. Use another file.`,
  );
}

function floatKernel({ shape, values }: FloatWeight, factor: Float64Array): Tensor {
  const folded = transposed(shape, values, new Float32Array(values.length));
  const size = values.length / factor.length;
  for (let i = 0; i < folded.length; i++) folded[i] = folded[i]! * factor[Math.floor(i / size)]!;
  return floats(folded, onnxDims(shape));
}

function quantisedKernel(conv: string, kernel: QuantisedWeight, factor: Float64Array): QuantisedKernel {
  const zeroPoint = Math.round(-kernel.min / kernel.scale);
  if (Math.abs(zeroPoint + kernel.min / kernel.scale) > 1e-3 || zeroPoint < 0 || zeroPoint > 255) {
    throw new ModelError('model/unsupported', `"${conv}/kernel" has no whole zero point. Use another file.`);
  }
  const data = transposed(kernel.shape, kernel.bytes, new Uint8Array(kernel.bytes.length));
  return {
    quantised: { dtype: 'uint8', dims: onnxDims(kernel.shape), data },
    scale: floats(Float32Array.from(factor, (f) => f * kernel.scale)),
    zeroPoint: { dtype: 'uint8', dims: [factor.length], data: new Uint8Array(factor.length).fill(zeroPoint) },
  };
}

/** Keras: [height, width, in, out]. ONNX: [out, in, height, width]. */
function onnxDims([height, width, channelsIn, channelsOut]: readonly number[]): number[] {
  return [channelsOut!, channelsIn!, height!, width!];
}

function transposed<T extends Uint8Array | Float32Array>(shape: readonly number[], from: T, to: T): T {
  const [height, width, channelsIn, channelsOut] = shape as [number, number, number, number];
  for (let y = 0, next = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let i = 0; i < channelsIn; i++) {
        for (let o = 0; o < channelsOut; o++) {
          to[((o * channelsIn + i) * height + y) * width + x] = from[next++]!;
        }
      }
    }
  }
  return to;
}

function unsupported(layer: KerasLayer, what: string): ModelError {
  return new ModelError('model/unsupported', `Layer "${layer.name}": ${what} is not read here. Use another network.`);
}
