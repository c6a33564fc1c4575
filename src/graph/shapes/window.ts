import { intAttribute, intsAttribute } from '../attributes.js';
import { windowOf } from '../window.js';
import { input, misshaped, type ShapeRule, type ShapeSite } from './site.js';

function pooled(site: ShapeSite): number[] {
  const { shape } = input(site, 0);
  const kernel = intsAttribute(site.node, 'kernel_shape');
  if (!kernel) throw misshaped(site, 'kernel_shape is missing');
  if (kernel.length !== shape.length - 2)
    throw misshaped(site, `kernel [${kernel}] does not fit an input of [${shape}]`);
  return [...shape.slice(0, 2), ...windowOf(site.node, shape.slice(2), kernel).output];
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
    const kernel = w.shape.slice(2);
    const ones = kernel.map(() => 1);
    const strides = intsAttribute(site.node, 'strides') ?? ones;
    const dilations = intsAttribute(site.node, 'dilations') ?? ones;
    const pads = intsAttribute(site.node, 'pads') ?? [...ones, ...ones].fill(0);
    const extra = intsAttribute(site.node, 'output_padding') ?? kernel.map(() => 0);
    if (w.shape[0] !== x.shape[1])
      throw misshaped(site, `weight expects ${w.shape[0]} input channels, got ${x.shape[1]}`);
    const spatial = kernel.map((size, axis) => {
      const full = (x.shape[axis + 2]! - 1) * strides[axis]! + (size - 1) * dilations[axis]! + 1;
      return full - pads[axis]! - pads[axis + kernel.length]! + extra[axis]!;
    });
    return [{ dtype: x.dtype, shape: [x.shape[0]!, w.shape[1]! * group, ...spatial] }];
  },
  MaxPool: (site) => {
    const shape = pooled(site);
    return [
      { dtype: input(site, 0).dtype, shape },
      { dtype: 'int64', shape },
    ];
  },
  AveragePool: (site) => [{ dtype: input(site, 0).dtype, shape: pooled(site) }],
  GlobalAveragePool: (site) => {
    const { dtype, shape } = input(site, 0);
    return [{ dtype, shape: shape.map((size, axis) => (axis < 2 ? size : 1)) }];
  },
} satisfies Record<string, ShapeRule>;
