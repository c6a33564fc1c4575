import { asNumbers, elementCount, type Tensor } from '../../onnx/index.js';
import { intAttribute, intsAttribute, tensorAttribute } from '../attributes.js';
import { broadcastShapes, positiveAxis } from '../broadcast.js';
import { constantInput, input, misshaped, type ShapeRule, type ShapeSite } from './site.js';

/** The axes given as the constant input `index`, or all of them where it is left out. */
function axesInput(site: ShapeSite, index: number, rank: number): number[] {
  if (!site.inputs[index]) return Array.from({ length: rank }, (_, axis) => axis);
  return asNumbers(constantInput(site, index)).map((axis) => positiveAxis(axis, rank));
}

const reduced: ShapeRule = (site) => {
  const { dtype, shape } = input(site, 0);
  const named = site.inputs[1] ? axesInput(site, 1, shape.length) : [];
  if (named.length === 0 && intAttribute(site.node, 'noop_with_empty_axes', 0) === 1) return [{ dtype, shape }];
  const axes = new Set(named.length === 0 ? shape.keys() : named);
  const keep = intAttribute(site.node, 'keepdims', 1) === 1;
  return [
    {
      dtype,
      shape: keep ? shape.map((size, axis) => (axes.has(axis) ? 1 : size)) : shape.filter((_, axis) => !axes.has(axis)),
    },
  ];
};

/**
 * The starts, ends and steps of a Slice made plain: one entry per axis, negative positions counted from the end and
 * everything clamped to the input, so that axis `a` of the output holds `starts[a] + i * steps[a]`.
 */
export function sliceOf(
  shape: readonly number[],
  constants: readonly (Tensor | undefined)[],
): { starts: number[]; steps: number[]; sizes: number[] } {
  const starts = shape.map(() => 0);
  const steps = shape.map(() => 1);
  const sizes = [...shape];
  const startInput = asNumbers(constants[1]!);
  const endInput = asNumbers(constants[2]!);
  const axes = constants[3] ? asNumbers(constants[3]) : startInput.map((_, axis) => axis);
  axes.forEach((given, i) => {
    const axis = positiveAxis(given, shape.length);
    const size = shape[axis]!;
    const step = constants[4] ? asNumbers(constants[4])[i]! : 1;
    const clamp = (position: number, low: number, high: number): number =>
      Math.min(Math.max(position < 0 ? position + size : position, low), high);
    const start = step > 0 ? clamp(startInput[i]!, 0, size) : clamp(startInput[i]!, 0, size - 1);
    const end = step > 0 ? clamp(endInput[i]!, 0, size) : clamp(endInput[i]!, -1, size - 1);
    starts[axis] = start;
    steps[axis] = step;
    sizes[axis] = Math.max(0, Math.ceil((end - start) / step));
  });
  return { starts, steps, sizes };
}

/** The padding of a Pad node, one entry per axis of the input. */
export function padsOf(rank: number, constants: readonly (Tensor | undefined)[]): { begin: number[]; end: number[] } {
  const pads = asNumbers(constants[1]!);
  const axes = constants[3] ? asNumbers(constants[3]) : Array.from({ length: rank }, (_, axis) => axis);
  const begin = new Array<number>(rank).fill(0);
  const end = new Array<number>(rank).fill(0);
  axes.forEach((given, i) => {
    const axis = positiveAxis(given, rank);
    begin[axis] = pads[i]!;
    end[axis] = pads[i + axes.length]!;
  });
  return { begin, end };
}

/** The sizes of the parts that a Split cuts its axis into. */
export function splitSizes(size: number, given: Tensor | undefined, parts: number): number[] {
  if (given) return asNumbers(given);
  const each = Math.ceil(size / parts);
  return Array.from({ length: parts }, (_, i) => Math.min(each, size - i * each));
}

/** Operators that move, cut, join or reduce whole axes. */
export const arrangementShapes = {
  Constant: (site) => {
    const value = tensorAttribute(site.node, 'value');
    if (!value) throw misshaped(site, 'only tensor constants are read');
    return [{ dtype: value.dtype, shape: value.dims }];
  },
  ConstantOfShape: (site) => [
    { dtype: tensorAttribute(site.node, 'value')?.dtype ?? 'float32', shape: asNumbers(constantInput(site, 0)) },
  ],
  Shape: (site) => [{ dtype: 'int64', shape: [input(site, 0).shape.length] }],
  Reshape: (site) => {
    const { dtype, shape } = input(site, 0);
    const allowZero = intAttribute(site.node, 'allowzero', 0) === 1;
    const wanted = asNumbers(constantInput(site, 1)).map((size, axis) =>
      size === 0 && !allowZero ? shape[axis]! : size,
    );
    const known = wanted.reduce((product, size) => (size === -1 ? product : product * size), 1);
    const result = wanted.map((size) => (size === -1 ? elementCount(shape) / known : size));
    if (elementCount(result) !== elementCount(shape) || !result.every(Number.isInteger)) {
      throw misshaped(site, `cannot reshape [${shape}] to [${wanted}]`);
    }
    return [{ dtype, shape: result }];
  },
  Flatten: (site) => {
    const { dtype, shape } = input(site, 0);
    const axis = positiveAxis(intAttribute(site.node, 'axis', 1), shape.length);
    return [{ dtype, shape: [elementCount(shape.slice(0, axis)), elementCount(shape.slice(axis))] }];
  },
  Transpose: (site) => {
    const { dtype, shape } = input(site, 0);
    const perm = intsAttribute(site.node, 'perm') ?? shape.map((_, axis) => shape.length - 1 - axis);
    return [{ dtype, shape: perm.map((axis) => shape[axis]!) }];
  },
  Squeeze: (site) => {
    const { dtype, shape } = input(site, 0);
    const axes = site.inputs[1]
      ? axesInput(site, 1, shape.length)
      : shape.flatMap((size, axis) => (size === 1 ? [axis] : []));
    return [{ dtype, shape: shape.filter((_, axis) => !axes.includes(axis)) }];
  },
  Unsqueeze: (site) => {
    const { dtype, shape } = input(site, 0);
    const axes = axesInput(site, 1, shape.length + asNumbers(constantInput(site, 1)).length);
    const rest = [...shape];
    const result = Array.from({ length: shape.length + axes.length }, (_, axis) =>
      axes.includes(axis) ? 1 : rest.shift()!,
    );
    return [{ dtype, shape: result }];
  },
  Expand: (site) => {
    const { dtype, shape } = input(site, 0);
    const result = broadcastShapes(shape, asNumbers(constantInput(site, 1)));
    if (!result) throw misshaped(site, `cannot expand [${shape}] to [${asNumbers(constantInput(site, 1))}]`);
    return [{ dtype, shape: result }];
  },
  Concat: (site) => {
    const { dtype, shape } = input(site, 0);
    const axis = positiveAxis(intAttribute(site.node, 'axis', 0), shape.length);
    const total = site.inputs.reduce((sum, value) => sum + (value?.shape[axis] ?? 0), 0);
    for (const value of site.inputs) {
      if (value?.shape.some((size, i) => i !== axis && size !== shape[i])) {
        throw misshaped(site, `cannot join ${site.inputs.map((v) => `[${v?.shape}]`).join(', ')} along axis ${axis}`);
      }
    }
    return [{ dtype, shape: shape.map((size, i) => (i === axis ? total : size)) }];
  },
  Split: (site) => {
    const { dtype, shape } = input(site, 0);
    const axis = positiveAxis(intAttribute(site.node, 'axis', 0), shape.length);
    const sizes = splitSizes(shape[axis]!, site.constants[1], site.node.outputs.length);
    if (sizes.reduce((a, b) => a + b, 0) !== shape[axis])
      throw misshaped(site, `parts [${sizes}] do not make up ${shape[axis]}`);
    return sizes.map((part) => ({ dtype, shape: shape.map((size, i) => (i === axis ? part : size)) }));
  },
  Slice: (site) => {
    const { dtype, shape } = input(site, 0);
    for (const index of [1, 2, 3, 4]) if (site.inputs[index]) constantInput(site, index);
    return [{ dtype, shape: sliceOf(shape, site.constants).sizes }];
  },
  Pad: (site) => {
    const { dtype, shape } = input(site, 0);
    for (const index of [1, 3]) if (site.inputs[index]) constantInput(site, index);
    const { begin, end } = padsOf(shape.length, site.constants);
    return [{ dtype, shape: shape.map((size, axis) => size + begin[axis]! + end[axis]!) }];
  },
  Gather: (site) => {
    const { dtype, shape } = input(site, 0);
    const axis = positiveAxis(intAttribute(site.node, 'axis', 0), shape.length);
    return [{ dtype, shape: [...shape.slice(0, axis), ...input(site, 1).shape, ...shape.slice(axis + 1)] }];
  },
  ScatterElements: (site) => [{ dtype: input(site, 0).dtype, shape: input(site, 0).shape }],
  ReduceMean: reduced,
  ReduceSum: reduced,
  ReduceMax: reduced,
  ReduceMin: reduced,
  ReduceL1: reduced,
  ReduceL2: reduced,
  ReduceSumSquare: reduced,
} satisfies Record<string, ShapeRule>;
