import { asNumbers, elementCount, type Node, type Tensor } from '../../onnx/index.js';
import { intAttribute, intsAttribute, tensorAttribute } from '../attributes.js';
import { broadcastShapes, positiveAxis } from '../broadcast.js';
import type { ValueType } from '../value.js';
import { axesInput, constantInput, input, misshaped, type ShapeRule, type ShapeSite } from './site.js';

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

function blocks(
  site: ShapeSite,
  depth: (size: number, block: number) => number,
  space: (size: number, block: number) => number,
): readonly ValueType[] {
  const { dtype, shape } = input(site, 0);
  if (shape.length !== 4) throw misshaped(site, `expected 4 axes, got [${shape}]`);
  const [n, c, h, w] = shape as [number, number, number, number];
  const block = intAttribute(site.node, 'blocksize', 1);
  return [{ dtype, shape: [n, depth(c, block), space(h, block), space(w, block)] }];
}

/** The part of a shape that a Shape node gives, from `start` to before `end`. */
export function shapeRange(node: Node, shape: readonly number[]): readonly number[] {
  return shape.slice(intAttribute(node, 'start', 0), intAttribute(node, 'end', shape.length));
}

/** Operators that move, cut, join or pad whole axes. */
export const arrangementShapes = {
  Constant: (site) => {
    const value = tensorAttribute(site.node, 'value');
    if (!value) throw misshaped(site, 'only tensor constants are read');
    return [{ dtype: value.dtype, shape: value.dims }];
  },
  ConstantOfShape: (site) => [
    { dtype: tensorAttribute(site.node, 'value')?.dtype ?? 'float32', shape: asNumbers(constantInput(site, 0)) },
  ],
  Shape: (site) => [{ dtype: 'int64', shape: [shapeRange(site.node, input(site, 0).shape).length] }],
  Size: () => [{ dtype: 'int64', shape: [] }],
  Range: (site) => {
    const [start, limit, delta] = [0, 1, 2].map((i) => asNumbers(constantInput(site, i))[0] ?? 0) as [
      number,
      number,
      number,
    ];
    return [{ dtype: input(site, 0).dtype, shape: [Math.max(0, Math.ceil((limit - start) / delta))] }];
  },
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
  Tile: (site) => {
    const { dtype, shape } = input(site, 0);
    const repeats = asNumbers(constantInput(site, 1));
    if (repeats.length !== shape.length) throw misshaped(site, `${repeats.length} repeats do not fit [${shape}]`);
    return [{ dtype, shape: shape.map((size, axis) => size * repeats[axis]!) }];
  },
  // [N, C, H, W] with blocks of s: [N, C/s², sH, sW], and back.
  DepthToSpace: (site) =>
    blocks(
      site,
      (size, s) => size / s ** 2,
      (size, s) => size * s,
    ),
  SpaceToDepth: (site) =>
    blocks(
      site,
      (size, s) => size * s ** 2,
      (size, s) => size / s,
    ),
  Pad: (site) => {
    const { dtype, shape } = input(site, 0);
    for (const index of [1, 3]) if (site.inputs[index]) constantInput(site, index);
    const { begin, end } = padsOf(shape.length, site.constants);
    return [{ dtype, shape: shape.map((size, axis) => size + begin[axis]! + end[axis]!) }];
  },
} satisfies Record<string, ShapeRule>;
