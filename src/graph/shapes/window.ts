import type { Node } from '../../onnx/index.js';
import { intAttribute, intsAttribute, stringAttribute } from '../attributes.js';
import { type Window, windowOf } from '../window.js';
import { input, misshaped, type ShapeRule, type ShapeSite } from './site.js';

function pooled(site: ShapeSite): number[] {
  const { shape } = input(site, 0);
  const kernel = intsAttribute(site.node, 'kernel_shape');
  if (!kernel) throw misshaped(site, 'kernel_shape is missing');
  if (kernel.length !== shape.length - 2)
    throw misshaped(site, `kernel [${kernel}] does not fit an input of [${shape}]`);
  return [...shape.slice(0, 2), ...windowOf(site.node, shape.slice(2), kernel).output];
}

const globalPool: ShapeRule = (site) => {
  const { dtype, shape } = input(site, 0);
  return [{ dtype, shape: shape.map((size, axis) => (axis < 2 ? size : 1)) }];
};

/**
 * The window of a ConvTranspose: that of the convolution from its output to its input. `auto_pad` and `output_shape`
 * become numbers.
 *
 * @param spatial sizes of the input's spatial axes
 * @param kernel sizes of the window
 * @returns `output` are the sizes of the result, `outputPadding` what is added behind the last window
 */
export function transposedWindowOf(
  node: Node,
  spatial: readonly number[],
  kernel: readonly number[],
): Window & { readonly outputPadding: readonly number[] } {
  const axes = kernel.map((_, axis) => axis);
  const strides = intsAttribute(node, 'strides') ?? kernel.map(() => 1);
  const dilations = intsAttribute(node, 'dilations') ?? kernel.map(() => 1);
  const extra = intsAttribute(node, 'output_padding') ?? kernel.map(() => 0);
  const autoPad = stringAttribute(node, 'auto_pad', 'NOTSET');
  const same = autoPad.startsWith('SAME');
  const pads = autoPad === 'NOTSET' ? (intsAttribute(node, 'pads') ?? []) : [];
  // The last sizes are the spatial ones; some files give all of them.
  const wanted = intsAttribute(node, 'output_shape')?.slice(-kernel.length);
  const full = axes.map((i) => (spatial[i]! - 1) * strides[i]! + (kernel[i]! - 1) * dilations[i]! + 1);
  const padsBegin: number[] = [];
  const padsEnd: number[] = [];
  const outputPadding: number[] = [];
  const output = axes.map((i) => {
    const asked = wanted ? wanted[i]! : same ? spatial[i]! * strides[i]! : undefined;
    const surplus = full[i]! + extra[i]! - (asked ?? 0);
    const total = asked === undefined ? (pads[i] ?? 0) + (pads[i + kernel.length] ?? 0) : Math.max(0, surplus);
    const less = Math.floor(total / 2);
    const begin = asked === undefined ? (pads[i] ?? 0) : autoPad === 'SAME_UPPER' ? less : total - less;
    padsBegin.push(begin);
    padsEnd.push(total - begin);
    outputPadding.push(extra[i]! + (asked === undefined ? 0 : Math.max(0, -surplus)));
    return full[i]! + outputPadding[i]! - total;
  });
  return { kernel, strides, dilations, padsBegin, padsEnd, output, outputPadding };
}

/** Operators that slide a window over the spatial axes. */
export const windowShapes = {
  Conv: (site) => {
    const x = input(site, 0);
    const w = input(site, 1);
    const group = intAttribute(site.node, 'group', 1);
    if (x.shape.length !== w.shape.length)
      throw misshaped(site, `weight [${w.shape}] does not fit an input of [${x.shape}]`);
    if (w.shape[1]! * group !== x.shape[1]) {
      throw misshaped(site, `weight expects ${w.shape[1]! * group} input channels, got ${x.shape[1]} (group ${group})`);
    }
    const { output } = windowOf(site.node, x.shape.slice(2), w.shape.slice(2));
    return [{ dtype: x.dtype, shape: [x.shape[0]!, w.shape[0]!, ...output] }];
  },
  ConvTranspose: (site) => {
    const x = input(site, 0);
    const w = input(site, 1);
    const group = intAttribute(site.node, 'group', 1);
    if (w.shape[0] !== x.shape[1])
      throw misshaped(site, `weight expects ${w.shape[0]} input channels, got ${x.shape[1]}`);
    if (w.shape.length !== x.shape.length)
      throw misshaped(site, `weight [${w.shape}] does not fit an input of [${x.shape}]`);
    const { output } = transposedWindowOf(site.node, x.shape.slice(2), w.shape.slice(2));
    return [{ dtype: x.dtype, shape: [x.shape[0]!, w.shape[1]! * group, ...output] }];
  },
  MaxPool: (site) => {
    const shape = pooled(site);
    return [
      { dtype: input(site, 0).dtype, shape },
      { dtype: 'int64', shape },
    ];
  },
  AveragePool: (site) => [{ dtype: input(site, 0).dtype, shape: pooled(site) }],
  LpPool: (site) => [{ dtype: input(site, 0).dtype, shape: pooled(site) }],
  GlobalAveragePool: globalPool,
  GlobalMaxPool: globalPool,
  GlobalLpPool: globalPool,
} satisfies Record<string, ShapeRule>;
