import { asNumbers, type Tensor } from '../../onnx/index.js';
import { intsAttribute, stringAttribute } from '../attributes.js';
import { positiveAxis } from '../broadcast.js';
import { constantInput, input, misshaped, type ShapeRule, type ShapeSite } from './site.js';

/** How Resize changes one axis. */
export interface ResizedAxis {
  readonly from: number;
  readonly to: number;
  /** Elements of the output an element of the input, as onnxruntime has it: rounded to float32. */
  readonly scale: number;
  /** Start and end of the region, relative to the axis, which only `tf_crop_and_resize` reads. */
  readonly region: readonly [number, number];
}

/** What Resize does to every axis, from its scales or its sizes. */
export function resizeOf(site: ShapeSite): readonly ResizedAxis[] {
  const { node } = site;
  const { shape } = input(site, 0);
  const rank = shape.length;
  // An empty list stands for one that is left out.
  const list = (index: number): Tensor | undefined => {
    const tensor = site.inputs[index] && constantInput(site, index);
    return tensor?.data.length ? tensor : undefined;
  };
  const axes = intsAttribute(node, 'axes')?.map((axis) => positiveAxis(axis, rank)) ?? shape.map((_, axis) => axis);
  const [region, scales, sizes] = [list(1), list(2), list(3)].map((tensor) => tensor && asNumbers(tensor));
  const given = scales ?? sizes;
  if (given?.length !== axes.length || (scales && sizes) || axes.some((axis) => axis >= rank)) {
    throw misshaped(
      site,
      `expected scales or sizes for the ${axes.length} axes of [${shape}], got ${given?.length ?? 0} numbers`,
    );
  }
  const policy = stringAttribute(node, 'keep_aspect_ratio_policy', 'stretch');
  const ratios = axes.map((axis, i) => Math.fround(scales ? scales[i]! : sizes![i]! / shape[axis]!));
  const common = policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios);
  return shape.map((from, axis): ResizedAxis => {
    const i = axes.indexOf(axis);
    if (i < 0) return { from, to: from, scale: 1, region: [0, 1] };
    const part =
      region?.length === 2 * axes.length ? ([region[i]!, region[i + axes.length]!] as const) : ([0, 1] as const);
    if (scales) return { from, to: Math.floor(Math.fround(from * ratios[i]!)), scale: ratios[i]!, region: part };
    if (policy === 'stretch') return { from, to: sizes![i]!, scale: ratios[i]!, region: part };
    return { from, to: Math.round(Math.fround(from * common)), scale: common, region: part };
  });
}

/** Resampling. */
export const resizeShapes = {
  Resize: (site) => [{ dtype: input(site, 0).dtype, shape: resizeOf(site).map(({ to }) => to) }],
} satisfies Record<string, ShapeRule>;
