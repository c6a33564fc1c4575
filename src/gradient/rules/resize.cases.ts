import { type AttributeValues, float } from '../../graph/index.js';
import { floats } from '../../onnx/index.js';
import type { GradientCase, GradientCases, Write } from '../write.cases.js';

const byScales =
  (scales: readonly number[], attributes: AttributeValues = {}): Write =>
  (g, x) =>
    g.op('Resize', [x, undefined, g.constant(floats(scales))], attributes);

const bySizes =
  (sizes: readonly number[], attributes: AttributeValues = {}): Write =>
  (g, x) =>
    g.op('Resize', [x, undefined, undefined, g.ints(sizes)], attributes);

/** Where positions of the output lie in the input, and the operator set that knows this way. */
const transformations: readonly [string, number][] = [
  ['half_pixel', 18],
  ['pytorch_half_pixel', 18],
  ['asymmetric', 18],
  ['align_corners', 18],
  ['half_pixel_symmetric', 19],
];

/** Cubic weights have too many bits for exact sums of float32, so they are measured like what is not linear. */
function measured(cases: readonly GradientCase[]): GradientCase[] {
  return cases.map((entry) => ({ ...entry, curved: entry.name.startsWith('cubic') }));
}

/** Resampling: for every operator the ways to use it that could each go wrong on their own. */
export const resizeCases: GradientCases = {
  Resize: measured([
    {
      name: 'nearest, repeated',
      shape: [2, 3, 3, 4],
      write: byScales([1, 1, 2, 3], { coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }),
    },
    { name: 'nearest, repeated, default modes', shape: [1, 2, 3, 4], write: byScales([1, 1, 2, 2]) },
    { name: 'nearest, repeated, 1 spatial axis', shape: [1, 2, 5], write: byScales([1, 1, 4]) },
    { name: 'nearest, also the channels', shape: [1, 2, 3, 3], write: byScales([1, 2, 2, 1]) },
    ...['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'].flatMap((nearest_mode): GradientCase[] => [
      {
        name: `nearest, ${nearest_mode}, larger`,
        shape: [1, 2, 4, 5],
        write: byScales([1, 1, 1.6, 2.5], { nearest_mode }),
      },
      {
        name: `nearest, ${nearest_mode}, smaller`,
        shape: [1, 2, 8, 7],
        write: byScales([1, 1, 0.6, 0.5], { nearest_mode }),
      },
    ]),
    ...['nearest', 'linear', 'cubic'].flatMap((mode) =>
      transformations.flatMap(([transformation, opset]): GradientCase[] => [
        {
          name: `${mode}, ${transformation}, larger by sizes`,
          shape: [1, 2, 4, 5],
          write: bySizes([1, 2, 7, 9], { mode, coordinate_transformation_mode: transformation }),
          opset,
        },
        {
          name: `${mode}, ${transformation}, smaller by scales`,
          shape: [1, 2, 8, 7],
          write: byScales([1, 1, 0.6, 0.45], { mode, coordinate_transformation_mode: transformation }),
          opset,
        },
      ]),
    ),
    ...['linear', 'cubic'].flatMap((mode): GradientCase[] => [
      {
        name: `${mode}, antialias, smaller`,
        shape: [1, 2, 9, 8],
        write: byScales([1, 1, 0.4, 0.5], { mode, antialias: 1 }),
      },
      {
        name: `${mode}, antialias, outside left out`,
        shape: [1, 2, 9, 8],
        write: byScales([1, 1, 0.4, 0.5], { mode, antialias: 1, exclude_outside: 1 }),
      },
      {
        name: `${mode}, a cut region`,
        shape: [1, 2, 6, 7],
        write: (g, x) =>
          g.op('Resize', [x, g.constant(floats([0, 0, 0.2, -0.1, 1, 1, 0.9, 1.2])), undefined, g.ints([1, 2, 5, 9])], {
            mode,
            coordinate_transformation_mode: 'tf_crop_and_resize',
            extrapolation_value: float(3),
          }),
      },
    ]),
    {
      name: 'cubic, outside left out, its own sharpness',
      shape: [1, 2, 5, 6],
      write: byScales([1, 1, 1.7, 0.7], { mode: 'cubic', exclude_outside: 1, cubic_coeff_a: float(-0.5) }),
    },
    {
      name: 'align_corners to one row',
      shape: [1, 2, 5, 6],
      write: bySizes([1, 2, 1, 3], { mode: 'linear', coordinate_transformation_mode: 'align_corners' }),
    },
    {
      name: 'named axes',
      shape: [1, 2, 4, 5],
      write: (g, x) => g.op('Resize', [x, undefined, undefined, g.ints([10, 8])], { axes: [3, 2], mode: 'linear' }),
    },
    {
      name: 'keeps its proportions',
      shape: [1, 2, 4, 5],
      write: (g, x) =>
        g.op('Resize', [x, undefined, undefined, g.ints([9, 9])], {
          axes: [2, 3],
          mode: 'linear',
          keep_aspect_ratio_policy: 'not_larger',
        }),
    },
    { name: 'to its own size', shape: [1, 2, 3, 4], write: bySizes([1, 2, 3, 4], { mode: 'linear' }) },
  ]),
};
