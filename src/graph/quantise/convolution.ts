import { asFloats, type Node, type Tensor } from '../../onnx/index.js';
import { intAttribute } from '../attributes.js';
import { transposedWindowOf } from '../shapes/window.js';
import type { Value } from '../value.js';
import { type Window, windowOf } from '../window.js';
import { interleaved, whole } from './arrangement.js';
import { type Bytes, runtimeDomain } from './byte-graph.js';
import type { ByteRule, Rewriting } from './rule.js';
import type { Slot } from './scales.js';

/** Convolutions by constant weights. */
export const convolutionRules = {
  Conv: {
    accepts: (q, node) => q.value(node.outputs[0]!).shape.length === 4 && isPlain(q, node),
    write: (q, node) => convolution(q, node, q.bytes.slot(q.value(node.outputs[0]!), true)),
  },
  ConvTranspose: {
    accepts: (q, node) => {
      if (q.value(node.outputs[0]!).shape.length !== 4 || !isPlain(q, node) || node.inputs[2]) return false;
      const { strides, dilations } = transposedWindow(q, node);
      return strides[0] === strides[1] && dilations.every((dilation) => dilation === 1);
    },
    write: transposedConvolution,
  },
} satisfies Record<string, ByteRule>;

/** A convolution whose bytes go into a slot; where that is unsigned, they are cut off at 0 as a ReLU does. */
export function convolution(q: Rewriting, node: Node, slot: Slot): Bytes {
  const [input, weightName, biasName] = node.inputs;
  const x = whole(q, q.toBytes(input!));
  const weight = q.g.constantOf(q.value(weightName!))!;
  const bias = biasName ? q.g.constantOf(q.value(biasName)) : undefined;
  const window = windowOf(node, q.value(input!).shape.slice(2), weight.dims.slice(2));
  return convolved(q, x, { weight, key: weightName!, bias: bias && asFloats(bias), window }, slot);
}

interface Kernel {
  readonly weight: Tensor;
  /** What tells this weight from others. */
  readonly key: string;
  readonly bias?: ArrayLike<number> | undefined;
  readonly window: Pick<Window, 'kernel' | 'strides' | 'dilations' | 'padsBegin' | 'padsEnd' | 'output'>;
  readonly group?: number;
}

/** A convolution of bytes. */
export function convolved(
  { bytes }: Rewriting,
  x: Bytes,
  { weight, key, bias, window, group = 1 }: Kernel,
  slot: Slot,
): Bytes {
  const { data, scales } = roundedWeights(weight);
  const count = weight.dims[0]!;
  const result = { slot, factor: 1, shape: [1, count, ...window.output] };
  const inputs = [
    ...[x.name, ...bytes.scaling(x)],
    bytes.signedBytes(data, weight.dims, `${key}/bytes`),
    bytes.constant({ dtype: 'float32', dims: [count], data: scales }, `${key}/scales`),
    bytes.signedBytes(new Int8Array(count), [count], `zeros/${count}`),
    ...bytes.scaling(result),
    ...(bias ? [bytes.bias(bias, scales, x)] : []),
  ];
  const attributes = {
    channels_last: 1,
    kernel_shape: window.kernel,
    strides: window.strides,
    dilations: window.dilations,
    pads: [...window.padsBegin, ...window.padsEnd],
    group,
  };
  return bytes.track({ ...result, name: bytes.node('QLinearConv', inputs, attributes, runtimeDomain) });
}

/**
 * With stride `s` each `s`-th row and column of the result comes from the same weights: it is a convolution with stride 1
 * of its own, and all of them are then put in their places.
 */
function transposedConvolution(q: Rewriting, node: Node): Bytes {
  const [input, weightName] = node.inputs;
  const x = whole(q, q.toBytes(input!));
  const y = q.value(node.outputs[0]!);
  const weight = q.g.constantOf(q.value(weightName!))!;
  const { kernel, strides, padsBegin } = transposedWindow(q, node);
  const stride = strides[0]!;
  const around = kernel.map((size) => Math.ceil(size / stride) - 1);
  const grid = around.map((count, axis) => x.shape[axis + 2]! + count);
  const slot = q.bytes.slot(y, true);
  const phases = placesIn(stride).map(([a, b]) => {
    const taps = [a, b].map((first, axis) => Math.max(1, Math.ceil((kernel[axis]! - first) / stride)));
    // Those with fewer taps end sooner; zeros make all of them one size.
    const window = {
      ...{ kernel: taps, strides: [1, 1], dilations: [1, 1], output: grid },
      padsBegin: taps.map((count) => count - 1),
      padsEnd: around,
    };
    const phase = phaseWeights(weight, stride, [a, b], taps);
    return convolved(q, x, { weight: phase, key: `${weightName}/phase/${a}/${b}`, window }, slot).name;
  });
  const all = { name: q.bytes.node('Concat', phases, { axis: 3 }), slot, factor: 1 };
  const shape = [1, stride * stride * y.shape[1]!, ...grid];
  return interleaved(q, { ...all, shape }, { stride, crop: padsBegin, shape: y.shape });
}

/** The rows and columns of a square, row by row. */
function placesIn(side: number): [row: number, column: number][] {
  return Array.from({ length: side * side }, (_, i) => [Math.floor(i / side), i % side]);
}

/** `[M, C, kernel…]` → `[C, M, taps…]`: every `stride`-th weight from the first on, turned by 180°; zeros where none is. */
function phaseWeights(weight: Tensor, stride: number, first: readonly number[], taps: readonly number[]): Tensor {
  const [m, c, rows, columns] = weight.dims as [number, number, number, number];
  const [tapRows, tapColumns] = taps as [number, number];
  const source = asFloats(weight);
  const data = new Float32Array(c * m * tapRows * tapColumns);
  let at = 0;
  for (let channel = 0; channel < c; channel++) {
    for (let from = 0; from < m; from++) {
      for (let y = tapRows - 1; y >= 0; y--) {
        for (let x = tapColumns - 1; x >= 0; x--, at++) {
          const [row, column] = [first[0]! + stride * y, first[1]! + stride * x];
          if (row < rows && column < columns)
            data[at] = source[((from * c + channel) * rows + row) * columns + column]!;
        }
      }
    }
  }
  return { dtype: 'float32', dims: [c, m, tapRows, tapColumns], data };
}

/** Weights in bytes with a scale for each output channel; a channel of nothing has a scale of 1. */
function roundedWeights(weight: Tensor): { readonly data: Int8Array; readonly scales: Float32Array } {
  const known = rounded.get(weight);
  if (known) return known;
  const source = asFloats(weight);
  const count = weight.dims[0]!;
  const length = source.length / count;
  const data = new Int8Array(source.length);
  const scales = new Float32Array(count);
  for (let channel = 0; channel < count; channel++) {
    const [start, end] = [channel * length, (channel + 1) * length];
    let largest = 0;
    for (let i = start; i < end; i++) largest = Math.max(largest, Math.abs(source[i]!));
    scales[channel] = largest > 0 ? largest / 127 : 1;
    const scale = scales[channel]!;
    for (let i = start; i < end; i++) data[i] = Math.round(source[i]! / scale);
  }
  rounded.set(weight, { data, scales });
  return { data, scales };
}

/** Kept for the next graph of the same weights. */
const rounded = new WeakMap<Tensor, { readonly data: Int8Array; readonly scales: Float32Array }>();

/** A 1×1 convolution of an average is the average of the convolution, which is less work where it has fewer channels. */
export function rewrittenConvolution(q: Rewriting, node: Node): Value | undefined {
  const [input, weight, bias] = node.inputs;
  const pool = q.producer(input!);
  if (pool?.opType !== 'AveragePool' || !isPlain(q, node) || !isPoint(q, node)) return undefined;
  const counted = intAttribute(pool, 'count_include_pad', 0) === 1;
  const [x, y] = [q.value(pool.inputs[0]!), q.value(node.outputs[0]!)];
  if ((counted && bias) || y.shape[1]! >= x.shape[1]!) return undefined;
  const inputs = [x, q.value(weight!), ...(bias ? [q.value(bias)] : [])];
  const [convolvedFirst] = q.g.append(copied(q, node, inputs));
  const [pooled] = q.g.append(copied(q, pool, [convolvedFirst!]));
  return pooled;
}

/** A node like another, on other inputs. */
export function copied(q: Rewriting, node: Node, inputs: readonly Value[]): Node {
  const name = `${node.outputs[0]}/moved_${q.g.nodes.length}`;
  return { ...node, name, inputs: inputs.map((value) => value.name), outputs: [name] };
}

/** Whether a convolution is 1×1 with stride 1. */
export function isPoint(q: Rewriting, node: Node): boolean {
  const [x, w] = [q.value(node.inputs[0]!), q.value(node.inputs[1]!)];
  if (x.shape.length !== 4 || w.shape[2] !== 1 || w.shape[3] !== 1) return false;
  return String(windowOf(node, x.shape.slice(2), [1, 1]).output) === String(x.shape.slice(2));
}

/** Whether a convolution has constant weights in one group. */
export function isPlain(q: Rewriting, node: Node): boolean {
  const [, weight, bias] = node.inputs.map((name) => (name === '' ? undefined : q.value(name)));
  return (
    q.g.constantOf(weight) !== undefined &&
    (bias === undefined || q.g.constantOf(bias) !== undefined) &&
    intAttribute(node, 'group', 1) === 1 &&
    q.value(node.inputs[0]!).shape[0] === 1
  );
}

function transposedWindow(q: Rewriting, node: Node) {
  const [x, w] = [q.value(node.inputs[0]!), q.value(node.inputs[1]!)];
  return transposedWindowOf(node, x.shape.slice(2), w.shape.slice(2));
}
