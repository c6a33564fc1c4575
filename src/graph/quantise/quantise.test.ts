/** Each operator in bytes beside itself in float32. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noise } from '../../../test/run-model.js';
import { byteForms, differentiate, gradientRules } from '../../gradient/index.js';
import { floats, writeModel } from '../../onnx/index.js';
import { createNodePlatform, type NodePlatform } from '../../platform/node/platform.js';
import type { FloatTensor } from '../../platform/platform.js';
import { GraphBuilder } from '../builder.js';
import type { Value } from '../value.js';
import { quantise } from './quantise.js';
import { parameterValues, type Slot } from './scales.js';

let platform: NodePlatform;
beforeAll(async () => {
  platform = await createNodePlatform({ threads: 1 });
});
afterAll(() => platform.close());

const size = [1, 6, 13, 11];

/** Computes a graph in float32, then in bytes with the ranges that it had there. */
async function inBoth(write: (g: GraphBuilder, x: Value) => Value) {
  const g = new GraphBuilder();
  const y = write(g, g.input('x', size));
  const quantised = quantise(g, { y });
  const ranges = quantised.ranges.map(({ value }) => g.op('ReduceMax', [g.op('Abs', [value])], { keepdims: 0 }));
  const outputs = Object.fromEntries(ranges.map((value, i) => [`range_${i}`, value]));
  const float = await computed(writeModel(g.toModel({ y, ...outputs })), {});
  const largest = new Map<Slot, number>();
  for (const [i, { slot }] of quantised.ranges.entries()) {
    largest.set(slot.root, Math.max(largest.get(slot.root) ?? 0, float[`range_${i}`]!.data[0]!));
  }
  const data = parameterValues(quantised.parameters, (slot) => largest.get(slot)!);
  const bytes = await computed(writeModel(quantised.model), { quantisation: { dims: [data.length], data } });
  const operators = quantised.model.graph.nodes.map(({ opType }) => opType);
  return { float: float['y']!, bytes: bytes['y']!, peaks: bytes['peaks'], operators };
}

async function computed(model: Uint8Array<ArrayBuffer>, feeds: Record<string, FloatTensor>) {
  const session = await platform.createSession(model);
  const outputs = await session.run({ x: noise(size), ...feeds });
  await session.close();
  return outputs;
}

const weights = (g: GraphBuilder, dims: readonly number[], seed: number) =>
  g.constant(floats(noise(dims, seed).data, dims), `w${seed}`);
const conv = (g: GraphBuilder, x: Value, to: number, seed: number, attributes = {}, side = 3): Value =>
  g.op('Conv', [x, weights(g, [to, x.shape[1]!, side, side], seed), weights(g, [to], seed + 100)], attributes);
const relu = (g: GraphBuilder, x: Value): Value => g.op('Relu', [x]);
const activations = (g: GraphBuilder, x: Value, seed = 1): Value =>
  relu(g, conv(g, x, 8, seed, { pads: [1, 1, 1, 1] }));
const average = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };

test.each<[string, string, (g: GraphBuilder, x: Value) => Value]>([
  ['a convolution', 'QLinearConv', (g, x) => conv(g, x, 5, 1)],
  [
    'one with stride, dilation and uneven padding',
    'QLinearConv',
    (g, x) => conv(g, x, 5, 1, { strides: [2, 1], dilations: [1, 2], pads: [0, 2, 1, 0] }),
  ],
  ['a ReLU', 'QLinearConv', activations],
  [
    'a transposed convolution',
    'QLinearConv',
    (g, x) => g.op('ConvTranspose', [x, weights(g, [6, 4, 3, 3], 1)], { strides: [2, 2] }),
  ],
  [
    'a transposed convolution that is cropped, and one longer',
    'QLinearConv',
    (g, x) =>
      g.op('ConvTranspose', [x, weights(g, [6, 4, 3, 2], 1)], {
        strides: [2, 2],
        pads: [1, 0, 1, 1],
        output_padding: [1, 1],
      }),
  ],
  [
    'a transposed convolution with stride 3 and gaps',
    'QLinearConv',
    (g, x) => g.op('ConvTranspose', [x, weights(g, [6, 4, 2, 2], 1)], { strides: [3, 3] }),
  ],
  [
    'the largest of windows',
    'NhwcMaxPool',
    (g, x) => g.op('MaxPool', [activations(g, x)], { kernel_shape: [3, 3], strides: [2, 2] }),
  ],
  [
    'an average that does not count its padding',
    'QLinearMul',
    (g, x) => g.op('AveragePool', [activations(g, x)], average),
  ],
  [
    'an average that does',
    'QLinearConv',
    (g, x) => g.op('AveragePool', [activations(g, x)], { ...average, count_include_pad: 1 }),
  ],
  [
    'an average before a 1×1 convolution',
    'QLinearMul',
    (g, x) => relu(g, conv(g, g.op('AveragePool', [activations(g, x)], average), 3, 2, {}, 1)),
  ],
  [
    'channels one after the other, and some of them',
    'Concat',
    (g, x) => {
      const all = g.op('Concat', [activations(g, x), activations(g, x, 2)], { axis: 1 });
      return g.op('Slice', [all, g.ints([3]), g.ints([12]), g.ints([1])]);
    },
  ],
  [
    'a sum of three',
    'QLinearAdd',
    (g, x) =>
      g.op(
        'Sum',
        [1, 2, 3].map((seed) => conv(g, x, 5, seed)),
      ),
  ],
  [
    'a sum with a number for all',
    'QLinearAdd',
    (g, x) => {
      const y = conv(g, x, 5, 1);
      return g.op('Add', [y, g.op('Expand', [g.scalar(-0.7), g.ints(y.shape)])]);
    },
  ],
  ['the ReLU of a sum', 'QLinearAdd', (g, x) => relu(g, g.op('Add', [conv(g, x, 5, 1), conv(g, x, 5, 2)]))],
  ['a convolution of what has no form in bytes', 'Tanh', (g, x) => conv(g, g.op('Tanh', [activations(g, x)]), 5, 2)],
])('%s is in bytes what it is in float32', async (_, operator, write) => {
  const { float, bytes, operators } = await inBoth(write);
  expect(operators).toContain(operator);
  expect(bytes.dims).toEqual(float.dims);
  const largest = float.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const furthest = float.data.reduce((most, value, i) => Math.max(most, Math.abs(value - bytes.data[i]!)), 0);
  // Rounding of the input, the weights, what lies between and the result.
  expect(furthest / largest).toBeLessThan(0.035);
});

test.each([
  ['plain', { kernel_shape: [3, 3], strides: [2, 2] }],
  ['padded', { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }],
  ['not overlapping', { kernel_shape: [2, 2], strides: [2, 2] }],
  ['dense', { kernel_shape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] }],
])('the gradient of the largest of %s windows goes where it came from', async (_, attributes) => {
  const { float, bytes, operators } = await inBoth((g, x) => {
    const pooled = g.op('MaxPool', [activations(g, x)], attributes);
    const of = g.op('ReduceMean', [conv(g, pooled, 5, 2)], { keepdims: 0 });
    return differentiate(g, { of, to: x, rules: { ...gradientRules, ...byteForms } });
  });
  expect(operators).toContain('Equal');
  expect(operators).not.toContain('ScatterElements');
  // Another element is the first of those that are equal in bytes here and there.
  expect(cosine(float.data, bytes.data)).toBeGreaterThan(0.93);
});

test('peaks tell the largest and the smallest byte of what was rounded', async () => {
  const { peaks } = await inBoth((g, x) => relu(g, conv(g, x, 5, 1)));
  // The picture around 128, as it is measured; then the ReLU from 0 to 255.
  const [high, low, most] = peaks!.data;
  expect(Math.max(high! - 128, 128 - low!)).toBe(127);
  expect(most).toBe(255);
});

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
