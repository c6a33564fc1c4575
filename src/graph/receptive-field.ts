import { asNumbers, type Node } from '../onnx/index.js';
import { intAttribute, intsAttribute, stringAttribute } from './attributes.js';
import { positiveAxis } from './broadcast.js';
import type { GraphBuilder } from './builder.js';
import { padsOf, sliceOf } from './shapes/arrangement.js';

/** What one element of a layer sees of the picture. */
export interface ReceptiveField {
  /** Picture pixels between neighbouring elements, `[height, width]`. */
  readonly stride: readonly [number, number];
  /** Picture pixels that can change one element, `[height, width]`; infinite when all of them can. */
  readonly size: readonly [number, number];
  /**
   * The middle of what the first element sees, `[y, x]` in picture pixels from the upper left corner, where the first
   * pixel's own middle is 0.5; that of element `i` is `i` strides on. Padding moves it outwards. NaN where rows and
   * columns are lost.
   */
  readonly centre: readonly [number, number];
  /** Which axes of the tensor are the rows and the columns of the picture: `[2, 3]`, or `[1, 2]` with channels last. */
  readonly axes: readonly [number, number];
}

/** What has seen the whole picture, and keeps no rows and columns of it. */
const whole: ReceptiveField = {
  stride: [1, 1],
  size: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  centre: [Number.NaN, Number.NaN],
  axes: [2, 3],
};

/** Operators after which every element is taken to have seen the whole picture. */
const global = new Set([
  ...['GlobalAveragePool', 'GlobalMaxPool', 'GlobalLpPool', 'Flatten', 'Gemm', 'Einsum', 'CumSum', 'Trilu', 'Tile'],
  ...['GatherElements', 'GatherND', 'ScatterElements', 'ScatterND'],
]);

/** Operators after which every element has seen the whole picture, but stands where it stood. */
const spreading = new Set(['InstanceNormalization', 'GroupNormalization']);

/**
 * Stride and receptive field of every tensor that depends on the picture: a window of extent `k` that moves by `s`
 * makes the field grow by `(k − 1)` strides of its input, and the stride `s` times as long. Where branches meet, the field
 * spans all of theirs. What mixes rows or columns otherwise (a mean over them, a matrix product, attention) sees
 * everything; so does a map that is multiplied by such a mean, but it keeps its rows and columns.
 */
export function receptiveFields(builder: GraphBuilder, inputName: string): ReadonlyMap<string, ReceptiveField> {
  const fields = new Map<string, ReceptiveField>([
    [inputName, { stride: [1, 1], size: [1, 1], centre: [0.5, 0.5], axes: [2, 3] }],
  ]);
  for (const node of builder.nodes) {
    const sources = node.inputs.flatMap((name) => fields.get(name) ?? []);
    if (sources.length === 0) continue;
    const maps = sources.filter((source) => source !== whole);
    const field = maps.length > 0 ? fieldAfter(builder, node, joined(maps, maps.length < sources.length)) : whole;
    for (const output of node.outputs) fields.set(output, field);
  }
  return fields;
}

/** What a tensor sees that is made of several maps. */
function joined(maps: readonly ReceptiveField[], seesAll: boolean): ReceptiveField {
  const along = (axis: 0 | 1): { stride: number; size: number; centre: number } => {
    const starts = maps.map(({ centre, size }) => centre[axis] - size[axis] / 2);
    const ends = maps.map(({ centre, size }) => centre[axis] + size[axis] / 2);
    const [start, end] = [Math.min(...starts), Math.max(...ends)];
    const isAll = seesAll || end - start === Number.POSITIVE_INFINITY;
    return {
      stride: Math.max(...maps.map(({ stride }) => stride[axis])),
      size: isAll ? Number.POSITIVE_INFINITY : end - start,
      centre: isAll ? maps[0]!.centre[axis] : (start + end) / 2,
    };
  };
  const [rows, columns] = [along(0), along(1)];
  return {
    stride: [rows.stride, columns.stride],
    size: [rows.size, columns.size],
    centre: [rows.centre, columns.centre],
    axes: maps[0]!.axes,
  };
}

/** What the outputs of a node see, from what its inputs see together. */
function fieldAfter(builder: GraphBuilder, node: Node, field: ReceptiveField): ReceptiveField {
  const x = builder.get(node.inputs[0] ?? '')?.shape ?? [];
  const y = builder.get(node.outputs[0] ?? '')?.shape ?? [];
  const { stride, size, centre, axes } = field;
  /**
   * `taps` elements of the input are read for each of the output, which are `step` elements apart; the middle of those
   * that the first one reads is at `first`, in elements.
   */
  const moved = (taps: readonly number[], step: readonly number[], first: readonly number[]): ReceptiveField => ({
    stride: [stride[0] * step[0]!, stride[1] * step[1]!],
    size: [size[0] + (taps[0]! - 1) * stride[0], size[1] + (taps[1]! - 1) * stride[1]],
    centre: [centre[0] + first[0]! * stride[0], centre[1] + first[1]! * stride[1]],
    axes,
  });
  /** The first of as many elements as there are is that of the same extent, cut into `step`ths of elements. */
  const middleOf = (step: readonly number[]): number[] => step.map((length) => (length - 1) / 2);
  const constants = node.inputs.map((name) => builder.constantOf(builder.get(name)));
  const list = (index: number): number[] => (constants[index] ? asNumbers(constants[index]) : []);
  const mixes = (mixed: readonly number[]): ReceptiveField =>
    axes.some((axis) => mixed.includes(axis)) ? whole : field;

  if (global.has(node.opType)) return whole;
  if (spreading.has(node.opType)) return { ...field, size: whole.size };
  switch (node.opType) {
    case 'Conv':
    case 'ConvTranspose':
    case 'MaxPool':
    case 'AveragePool':
    case 'LpPool': {
      const kernel = intsAttribute(node, 'kernel_shape') ?? builder.get(node.inputs[1] ?? '')?.shape.slice(2) ?? [];
      if (kernel.length !== 2) return whole;
      const strides = intsAttribute(node, 'strides') ?? [1, 1];
      const dilations = intsAttribute(node, 'dilations') ?? [1, 1];
      const extents = kernel.map((length, axis) => (length - 1) * dilations[axis]! + 1);
      const pads = intsAttribute(node, 'pads') ?? [0, 0, 0, 0];
      const offsets = extents.map((extent, axis) => (extent - 1) / 2 - pads[axis]!);
      if (node.opType !== 'ConvTranspose') return moved(extents, strides, offsets);
      return moved(
        extents.map((extent, axis) => Math.ceil(extent / strides[axis]!)),
        strides.map((step) => 1 / step),
        strides.map((step, axis) => -offsets[axis]! / step),
      );
    }
    case 'Resize': {
      const taps = { linear: 2, cubic: 4 }[stringAttribute(node, 'mode', 'nearest')] ?? 1;
      const ratios = axes.map((axis) => x[axis]! / y[axis]!);
      const wide = intAttribute(node, 'antialias', 0) === 1;
      return moved(
        ratios.map((ratio) => (ratio === 1 ? 1 : Math.ceil(taps * (wide ? Math.max(1, ratio) : 1)))),
        ratios,
        middleOf(ratios),
      );
    }
    case 'DepthToSpace':
    case 'SpaceToDepth': {
      const block = intAttribute(node, 'blocksize', 1);
      return node.opType === 'DepthToSpace'
        ? moved([1, 1], [1 / block, 1 / block], middleOf([1 / block, 1 / block]))
        : moved([block, block], [block, block], middleOf([block, block]));
    }
    case 'Pad': {
      const { begin } = padsOf(x.length, constants);
      return moved(
        [1, 1],
        [1, 1],
        axes.map((axis) => -begin[axis]!),
      );
    }
    case 'Slice': {
      const { starts, steps } = sliceOf(x, constants);
      return moved(
        [1, 1],
        axes.map((axis) => steps[axis]!),
        axes.map((axis) => starts[axis]!),
      );
    }
    case 'Transpose': {
      const perm = intsAttribute(node, 'perm') ?? x.map((_, axis) => x.length - 1 - axis);
      return { ...field, axes: [perm.indexOf(axes[0]), perm.indexOf(axes[1])] };
    }
    // Rows and columns may stay the last two axes, as when channels are shuffled.
    case 'Reshape': {
      const last = axes[0] === x.length - 2 && axes[1] === x.length - 1;
      const same = y.at(-1) === x.at(-1) && y.at(-2) === x.at(-2);
      return last && same && y.length >= 3 ? { ...field, axes: [y.length - 2, y.length - 1] } : whole;
    }
    case 'Squeeze':
    case 'Unsqueeze': {
      const shorter = node.opType === 'Squeeze' ? y : x;
      const longer = node.opType === 'Squeeze' ? x : y;
      const named = list(1).map((axis) => positiveAxis(axis, longer.length));
      const kept = [...longer.keys()].filter((axis) => !named.includes(axis));
      if (named.length !== longer.length - shorter.length) return whole;
      const [from, to] = node.opType === 'Squeeze' ? [kept, [...shorter.keys()]] : [[...shorter.keys()], kept];
      const [row, column] = axes.map((axis) => to[from.indexOf(axis)]);
      return row === undefined || column === undefined ? whole : { ...field, axes: [row, column] };
    }
    case 'Gather': {
      const axis = positiveAxis(intAttribute(node, 'axis', 0), x.length);
      const shift = y.length - x.length;
      const after = (own: number): number => (own > axis ? own + shift : own);
      return mixes([axis]) === whole ? whole : { ...field, axes: [after(axes[0]), after(axes[1])] };
    }
    case 'MatMul': {
      const rank = y.length;
      return constants[1] && x.length === rank ? mixes([rank - 1]) : whole;
    }
    case 'Softmax':
    case 'LogSoftmax':
      return mixes([positiveAxis(intAttribute(node, 'axis', -1), x.length)]);
    case 'LayerNormalization': {
      const axis = positiveAxis(intAttribute(node, 'axis', -1), x.length);
      return mixes([...x.keys()].filter((own) => own >= axis));
    }
    default: {
      if (!node.opType.startsWith('Reduce')) return field;
      const named = list(1).map((axis) => positiveAxis(axis, x.length));
      const mixed = mixes(named.length > 0 ? named : [...x.keys()]);
      if (mixed === whole || y.length === x.length) return mixed;
      const before = (own: number): number => own - named.filter((axis) => axis < own).length;
      return { ...field, axes: [before(axes[0]), before(axes[1])] };
    }
  }
}
