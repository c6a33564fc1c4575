import type { AttributeValues } from '../../graph/index.js';
import { apply, type GradientCase, type GradientCases, type Write } from '../write.cases.js';

const maxPool = (attributes: AttributeValues): Pick<GradientCase, 'write' | 'values'> => ({
  write: apply('MaxPool', attributes),
  values: 'apart',
});

const averagePool = (attributes: AttributeValues): Write => apply('AveragePool', attributes);

const lpPool = (attributes: AttributeValues): Write => apply('LpPool', { kernel_shape: [2, 3], ...attributes });

/** Pooling over windows: for every operator the ways to use it that could each go wrong on their own. */
export const poolingCases: GradientCases = {
  MaxPool: [
    { name: 'overlapping 3×3, stride 2', shape: [2, 2, 7, 9], ...maxPool({ kernel_shape: [3, 3], strides: [2, 2] }) },
    { name: '2×2, stride 2', shape: [1, 3, 6, 8], ...maxPool({ kernel_shape: [2, 2], strides: [2, 2] }) },
    { name: '2×2, stride 2, odd input', shape: [1, 2, 7, 5], ...maxPool({ kernel_shape: [2, 2], strides: [2, 2] }) },
    { name: '3×3, stride 1, same size', shape: [1, 2, 5, 6], ...maxPool({ kernel_shape: [3, 3], pads: [1, 1, 1, 1] }) },
    {
      name: 'stride wider than the window',
      shape: [1, 2, 8, 7],
      ...maxPool({ kernel_shape: [2, 2], strides: [3, 3] }),
    },
    {
      name: 'ceil_mode, the last window hangs over',
      shape: [1, 2, 6, 8],
      ...maxPool({ kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }),
    },
    {
      name: 'ceil_mode, a window that would start in the padding is left out',
      shape: [1, 2, 5, 5],
      ...maxPool({ kernel_shape: [2, 2], strides: [2, 2], pads: [1, 1, 1, 1], ceil_mode: 1 }),
    },
    {
      name: 'padded, stride 2',
      shape: [1, 2, 8, 7],
      ...maxPool({ kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
    },
    {
      name: 'padding on one side',
      shape: [1, 2, 8, 7],
      ...maxPool({ kernel_shape: [3, 3], strides: [2, 2], pads: [0, 0, 1, 1] }),
    },
    { name: 'dilation 2', shape: [1, 2, 8, 7], ...maxPool({ kernel_shape: [3, 2], dilations: [2, 2] }) },
    {
      name: 'dilation 2, padded, stride 2',
      shape: [1, 2, 9, 8],
      ...maxPool({ kernel_shape: [3, 3], dilations: [2, 2], strides: [2, 2], pads: [1, 1, 1, 1] }),
    },
    {
      name: 'SAME_UPPER with stride 2, even input',
      shape: [1, 2, 8, 7],
      ...maxPool({ kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'SAME_UPPER' }),
    },
    {
      name: 'SAME_LOWER with stride 2, even input',
      shape: [1, 2, 8, 7],
      ...maxPool({ kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'SAME_LOWER' }),
    },
    {
      name: 'VALID',
      shape: [1, 2, 8, 7],
      ...maxPool({ kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'VALID' }),
    },
    { name: '1 spatial axis', shape: [2, 2, 9], ...maxPool({ kernel_shape: [3], strides: [2], pads: [1, 1] }) },
    { name: '3 spatial axes', shape: [1, 2, 4, 4, 5], ...maxPool({ kernel_shape: [2, 2, 2], strides: [2, 1, 2] }) },
    {
      name: 'of equal values the first gets everything',
      shape: [1, 1, 4, 4],
      write: apply('MaxPool', { kernel_shape: [2, 2], strides: [2, 2] }),
      kink: { values: new Array(16).fill(1), gradient: [1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0] },
    },
    {
      name: 'of equal values in overlapping, padded windows the first gets everything',
      shape: [1, 1, 3, 3],
      write: apply('MaxPool', { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }),
      kink: { values: new Array(9).fill(0), gradient: [4, 2, 0, 2, 1, 0, 0, 0, 0] },
    },
  ],
  AveragePool: [
    { name: '2×2, stride 2', shape: [2, 3, 6, 8], write: averagePool({ kernel_shape: [2, 2], strides: [2, 2] }) },
    {
      name: '3×3, stride 2 that does not divide',
      shape: [1, 2, 8, 6],
      write: averagePool({ kernel_shape: [3, 3], strides: [2, 2] }),
    },
    {
      name: 'stride wider than the window',
      shape: [1, 2, 8, 7],
      write: averagePool({ kernel_shape: [2, 2], strides: [3, 3] }),
    },
    { name: 'stride 1 without padding', shape: [1, 2, 6, 7], write: averagePool({ kernel_shape: [3, 2] }) },
    ...[0, 1].flatMap((count_include_pad): GradientCase[] => {
      const counted = count_include_pad ? 'padding counted' : 'padding not counted';
      return [
        {
          name: `stride 1, same size, ${counted}`,
          shape: [2, 2, 6, 5],
          write: averagePool({ kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad }),
        },
        {
          name: `stride 2, padded, ${counted}`,
          shape: [1, 2, 8, 7],
          write: averagePool({ kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], count_include_pad }),
        },
        {
          name: `padding on one side, stride 1, ${counted}`,
          shape: [1, 2, 6, 5],
          write: averagePool({ kernel_shape: [2, 3], pads: [0, 2, 1, 0], count_include_pad }),
        },
        {
          name: `padding on one side, stride 2, ${counted}`,
          shape: [1, 2, 8, 7],
          write: averagePool({ kernel_shape: [3, 3], strides: [2, 2], pads: [0, 0, 1, 1], count_include_pad }),
        },
        {
          name: `ceil_mode, the last window hangs over, ${counted}`,
          shape: [1, 2, 6, 8],
          write: averagePool({ kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1, count_include_pad }),
        },
        {
          name: `ceil_mode, padded, the last window hangs over, ${counted}`,
          shape: [1, 2, 6, 8],
          write: averagePool({
            kernel_shape: [3, 3],
            strides: [2, 2],
            pads: [1, 1, 1, 1],
            ceil_mode: 1,
            count_include_pad,
          }),
        },
        {
          name: `ceil_mode, padded, operator set 19, ${counted}`,
          shape: [1, 2, 6, 8],
          write: averagePool({
            kernel_shape: [3, 3],
            strides: [2, 2],
            pads: [1, 1, 1, 1],
            ceil_mode: 1,
            count_include_pad,
          }),
          opset: 19,
        },
        {
          name: `ceil_mode, a window that would start in the padding is left out, ${counted}`,
          shape: [1, 2, 5, 5],
          write: averagePool({
            kernel_shape: [2, 2],
            strides: [2, 2],
            pads: [1, 1, 1, 1],
            ceil_mode: 1,
            count_include_pad,
          }),
        },
        {
          name: `SAME_UPPER with stride 2, ${counted}`,
          shape: [1, 2, 8, 7],
          write: averagePool({ kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'SAME_UPPER', count_include_pad }),
        },
        {
          name: `SAME_LOWER with an even window, ${counted}`,
          shape: [1, 2, 6, 5],
          write: averagePool({ kernel_shape: [2, 4], auto_pad: 'SAME_LOWER', count_include_pad }),
        },
        {
          name: `dilation 2, ${counted}`,
          shape: [1, 2, 8, 7],
          write: averagePool({ kernel_shape: [3, 2], dilations: [2, 2], pads: [1, 1, 1, 1], count_include_pad }),
          opset: 19,
        },
        {
          name: `dilation 2 with stride 2, ${counted}`,
          shape: [1, 2, 9, 8],
          write: averagePool({
            kernel_shape: [3, 3],
            dilations: [2, 2],
            strides: [2, 2],
            pads: [1, 1, 1, 1],
            count_include_pad,
          }),
          opset: 19,
        },
      ];
    }),
    {
      name: 'window as large as the input',
      shape: [1, 3, 4, 5],
      write: averagePool({ kernel_shape: [4, 5], strides: [4, 5] }),
    },
    {
      name: '1 spatial axis',
      shape: [2, 2, 9],
      write: averagePool({ kernel_shape: [3], strides: [2], pads: [1, 1] }),
    },
    {
      name: '3 spatial axes',
      shape: [1, 2, 4, 4, 5],
      write: averagePool({ kernel_shape: [2, 2, 2], strides: [2, 1, 2] }),
    },
  ],
  GlobalAveragePool: [
    { name: '2 spatial axes', shape: [2, 3, 4, 5], write: apply('GlobalAveragePool') },
    { name: '1 spatial axis', shape: [2, 3, 7], write: apply('GlobalAveragePool') },
  ],
  GlobalMaxPool: [
    { name: '2 spatial axes', shape: [2, 3, 4, 5], write: apply('GlobalMaxPool'), values: 'apart' },
    { name: '1 spatial axis', shape: [2, 3, 7], write: apply('GlobalMaxPool'), values: 'apart' },
    {
      name: 'of equal values the first gets everything',
      shape: [1, 1, 2, 2],
      write: apply('GlobalMaxPool'),
      kink: { values: [0, 1, 1, 1], gradient: [0, 1, 0, 0] },
    },
  ],
  LpPool: [
    {
      name: 'p 2, stride 2, padded',
      shape: [1, 2, 8, 7],
      write: lpPool({ strides: [2, 2], pads: [1, 1, 1, 1] }),
      curved: true,
    },
    { name: 'p 2, stride 1', shape: [1, 2, 5, 6], write: lpPool({ p: 2 }), curved: true },
    { name: 'p 1', shape: [1, 2, 5, 6], write: lpPool({ p: 1, strides: [2, 1] }), values: 'apart' },
    { name: 'p 3', shape: [1, 2, 5, 6], write: lpPool({ p: 3, strides: [2, 2] }), values: 'positive', curved: true },
    {
      name: 'zeros',
      shape: [1, 1, 3, 3],
      write: lpPool({ p: 2 }),
      kink: { values: new Array(9).fill(0), gradient: new Array(9).fill(0) },
    },
  ],
  GlobalLpPool: [
    { name: 'p 2', shape: [2, 3, 4, 5], write: apply('GlobalLpPool'), curved: true },
    { name: 'p 3', shape: [2, 3, 4], write: apply('GlobalLpPool', { p: 3 }), values: 'positive', curved: true },
    {
      name: 'zeros',
      shape: [1, 1, 2],
      write: apply('GlobalLpPool'),
      kink: { values: [0, 0], gradient: [0, 0] },
    },
  ],
};
