import type { AttributeValues } from '../../graph/index.js';
import { type GradientCase, type GradientCases, random, type Shape, type Write } from '../write.cases.js';

const conv =
  (weight: Shape, attributes: AttributeValues = {}): Write =>
  (g, x) =>
    g.op('Conv', [x, random(g, weight)], attributes);

const convTranspose =
  (weight: Shape, attributes: AttributeValues = {}): Write =>
  (g, x) =>
    g.op('ConvTranspose', [x, random(g, weight)], attributes);

/** Convolutions and their transposes: for every operator the ways to use it that could each go wrong on their own. */
export const convolutionCases: GradientCases = {
  Conv: [
    {
      name: 'stride 1, padded to the same size',
      shape: [2, 3, 6, 5],
      write: conv([4, 3, 3, 3], { pads: [1, 1, 1, 1] }),
    },
    { name: 'stride 1 without padding', shape: [1, 3, 6, 5], write: conv([4, 3, 3, 3]) },
    { name: 'bias', shape: [1, 2, 5, 5], write: (g, x) => g.op('Conv', [x, random(g, [3, 2, 3, 3]), random(g, [3])]) },
    { name: 'stride 2 with odd input', shape: [1, 3, 7, 9], write: conv([4, 3, 3, 3], { strides: [2, 2] }) },
    {
      name: 'stride 2 leaves the last row unread',
      shape: [1, 3, 8, 6],
      write: conv([4, 3, 3, 3], { strides: [2, 2] }),
    },
    {
      name: 'stride 2, padded, even input',
      shape: [1, 3, 8, 6],
      write: conv([4, 3, 3, 3], { strides: [2, 2], pads: [1, 1, 1, 1] }),
    },
    { name: 'stride 3 that does not divide', shape: [1, 2, 10, 9], write: conv([3, 2, 2, 2], { strides: [3, 3] }) },
    { name: 'stride wider than the kernel', shape: [1, 2, 8, 9], write: conv([3, 2, 1, 1], { strides: [3, 2] }) },
    { name: 'stride differs per axis', shape: [1, 2, 7, 6], write: conv([3, 2, 3, 3], { strides: [2, 1] }) },
    { name: 'dilation 2', shape: [1, 2, 8, 7], write: conv([3, 2, 3, 3], { dilations: [2, 2], pads: [2, 2, 2, 2] }) },
    {
      name: 'dilation 2 with stride 2',
      shape: [1, 2, 9, 8],
      write: conv([3, 2, 3, 3], { dilations: [2, 2], strides: [2, 2], pads: [1, 1, 1, 1] }),
    },
    { name: 'dilation differs per axis', shape: [1, 2, 8, 7], write: conv([3, 2, 3, 2], { dilations: [1, 3] }) },
    { name: '2 groups', shape: [1, 4, 6, 5], write: conv([6, 2, 3, 3], { group: 2, pads: [1, 1, 1, 1] }) },
    { name: '2 groups with stride 2', shape: [1, 4, 6, 7], write: conv([6, 2, 3, 3], { group: 2, strides: [2, 2] }) },
    { name: 'depthwise', shape: [2, 4, 6, 5], write: conv([4, 1, 3, 3], { group: 4, pads: [1, 1, 1, 1] }) },
    { name: 'depthwise with stride 2', shape: [1, 4, 8, 7], write: conv([4, 1, 3, 3], { group: 4, strides: [2, 2] }) },
    { name: 'depthwise, 2 outputs a channel', shape: [1, 3, 6, 5], write: conv([6, 1, 3, 3], { group: 3 }) },
    {
      name: 'one weight read with 1 and with 2 groups',
      shape: [1, 2, 5, 5],
      write: (g, x) => {
        const w = random(g, [4, 2, 3, 3]);
        return [g.op('Conv', [x, w]), g.op('Conv', [g.op('Concat', [x, x], { axis: 1 }), w], { group: 2 })];
      },
    },
    { name: 'padding on one side, stride 1', shape: [1, 2, 6, 5], write: conv([3, 2, 3, 3], { pads: [1, 0, 0, 2] }) },
    {
      name: 'padding on one side, stride 2',
      shape: [1, 2, 8, 7],
      write: conv([3, 2, 3, 3], { strides: [2, 2], pads: [0, 0, 1, 1] }),
    },
    {
      name: 'SAME_UPPER with an even kernel',
      shape: [1, 2, 6, 5],
      write: conv([3, 2, 2, 4], { auto_pad: 'SAME_UPPER' }),
    },
    {
      name: 'SAME_UPPER with stride 2, even input',
      shape: [1, 2, 8, 7],
      write: conv([3, 2, 3, 3], { auto_pad: 'SAME_UPPER', strides: [2, 2] }),
    },
    {
      name: 'SAME_LOWER with an even kernel',
      shape: [1, 2, 6, 5],
      write: conv([3, 2, 2, 4], { auto_pad: 'SAME_LOWER' }),
    },
    {
      name: 'SAME_LOWER with stride 2, even input',
      shape: [1, 2, 8, 7],
      write: conv([3, 2, 3, 3], { auto_pad: 'SAME_LOWER', strides: [2, 2] }),
    },
    {
      name: 'SAME_UPPER with stride 3 wider than the kernel',
      shape: [1, 2, 6, 8],
      write: conv([3, 2, 1, 1], { auto_pad: 'SAME_UPPER', strides: [3, 3] }),
    },
    { name: 'VALID', shape: [1, 2, 8, 7], write: conv([3, 2, 3, 3], { auto_pad: 'VALID', strides: [2, 1] }) },
    { name: '1×1', shape: [2, 5, 4, 3], write: conv([3, 5, 1, 1]) },
    { name: '1×1 with stride 2', shape: [1, 5, 6, 5], write: conv([3, 5, 1, 1], { strides: [2, 2] }) },
    { name: '1×7', shape: [1, 2, 5, 8], write: conv([3, 2, 1, 7], { pads: [0, 3, 0, 3] }) },
    { name: '7×1', shape: [1, 2, 8, 5], write: conv([3, 2, 7, 1], { pads: [3, 0, 3, 0] }) },
    { name: 'kernel larger than the input', shape: [1, 2, 5, 4], write: conv([3, 2, 7, 7], { pads: [3, 3, 3, 3] }) },
    { name: 'padding wider than kernel − 1', shape: [1, 2, 5, 4], write: conv([3, 2, 3, 3], { pads: [3, 4, 3, 3] }) },
    { name: 'padding around 1×1', shape: [1, 2, 5, 4], write: conv([3, 2, 1, 1], { pads: [1, 1, 1, 1] }) },
    {
      name: 'padding wider than kernel − 1, stride 2',
      shape: [1, 2, 6, 5],
      write: conv([3, 2, 2, 2], { strides: [2, 2], pads: [3, 2, 2, 3] }),
    },
    {
      // onnxruntime computes Abs, the builder does not: the weight is not known while the graph is written.
      name: 'weight computed by the graph',
      shape: [1, 2, 6, 5],
      write: (g, x) => g.op('Conv', [x, g.op('Abs', [random(g, [3, 2, 3, 3])])], { pads: [1, 1, 1, 1] }),
    },
    {
      name: 'weight computed by the graph, 2 groups',
      shape: [1, 4, 6, 5],
      write: (g, x) => g.op('Conv', [x, g.op('Abs', [random(g, [6, 2, 3, 3])])], { group: 2, strides: [2, 1] }),
    },
    { name: '1 spatial axis', shape: [2, 3, 9], write: conv([4, 3, 4], { strides: [2], pads: [1, 2] }) },
    { name: '3 spatial axes', shape: [1, 2, 4, 5, 3], write: conv([3, 2, 2, 3, 1], { pads: [1, 1, 0, 0, 1, 0] }) },
  ],
  ConvTranspose: [
    { name: 'stride 1', shape: [2, 3, 5, 4], write: convTranspose([3, 4, 3, 3]) },
    {
      name: 'bias',
      shape: [1, 2, 4, 4],
      write: (g, x) => g.op('ConvTranspose', [x, random(g, [2, 3, 3, 3]), random(g, [3])]),
    },
    { name: 'stride 2', shape: [1, 3, 5, 4], write: convTranspose([3, 4, 3, 3], { strides: [2, 2] }) },
    {
      name: 'stride 2, padded',
      shape: [1, 3, 5, 4],
      write: convTranspose([3, 4, 4, 4], { strides: [2, 2], pads: [1, 1, 1, 1] }),
    },
    {
      name: 'stride 2, padding on one side, output padding',
      shape: [1, 3, 5, 4],
      write: convTranspose([3, 4, 3, 3], { strides: [2, 2], pads: [0, 1, 1, 0], output_padding: [1, 1] }),
    },
    {
      name: 'output padding, dilation differs per axis',
      shape: [1, 2, 4, 5],
      write: convTranspose([2, 3, 3, 3], { strides: [2, 1], dilations: [3, 2], output_padding: [1, 0] }),
    },
    {
      name: '2 groups, dilation 2',
      shape: [1, 4, 5, 4],
      write: convTranspose([4, 3, 3, 3], { group: 2, dilations: [2, 2] }),
    },
    {
      name: 'depthwise, stride 2',
      shape: [1, 3, 4, 4],
      write: convTranspose([3, 1, 2, 2], { group: 3, strides: [2, 2] }),
    },
    ...['SAME_UPPER', 'SAME_LOWER'].map(
      (auto_pad): GradientCase => ({
        name: `${auto_pad}, stride 2`,
        shape: [1, 2, 5, 4],
        write: convTranspose([2, 3, 3, 4], { strides: [2, 2], auto_pad }),
      }),
    ),
    { name: 'VALID', shape: [1, 2, 5, 4], write: convTranspose([2, 3, 3, 3], { strides: [2, 1], auto_pad: 'VALID' }) },
    {
      name: 'output_shape that cuts',
      shape: [1, 2, 5, 4],
      write: convTranspose([2, 3, 3, 3], { strides: [2, 2], output_shape: [10, 8] }),
    },
    {
      name: 'kernel smaller than the stride',
      shape: [1, 2, 4, 3],
      write: convTranspose([2, 3, 1, 2], { strides: [3, 3] }),
    },
    { name: '1 spatial axis', shape: [2, 3, 6], write: convTranspose([3, 2, 4], { strides: [2], pads: [1, 1] }) },
  ],
};
