import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { modelOf, node, noise, runModel } from '../../test/run-model.js';
import { ModelError } from '../errors.js';
import { floats } from '../onnx/index.js';
import { createNodePlatform, type NodePlatform } from '../platform/node/platform.js';
import type { AttributeValues } from './attributes.js';
import { windowOf } from './window.js';

const conv = (attributes: AttributeValues) => node('Conv', ['x', 'w'], ['y'], attributes);

let platform: NodePlatform;
beforeAll(async () => {
  platform = await createNodePlatform({ threads: 1 });
});
afterAll(() => platform.close());

describe('windowOf', () => {
  test('without attributes the window moves by one and nothing is padded', () => {
    expect(windowOf(conv({}), [7, 5], [3, 2])).toEqual({
      kernel: [3, 2],
      strides: [1, 1],
      dilations: [1, 1],
      padsBegin: [0, 0],
      padsEnd: [0, 0],
      output: [5, 4],
    });
  });

  test('pads are those before all axes, then those after', () => {
    const { padsBegin, padsEnd, output } = windowOf(conv({ pads: [1, 2, 3, 4] }), [7, 5], [3, 2]);
    expect({ padsBegin, padsEnd, output }).toEqual({ padsBegin: [1, 2], padsEnd: [3, 4], output: [9, 10] });
  });

  test('strides divide, dilations widen', () => {
    expect(windowOf(conv({ strides: [2, 3], dilations: [2, 1] }), [10, 10], [3, 3]).output).toEqual([3, 3]);
  });

  test('SAME_UPPER puts the odd one after, SAME_LOWER before, VALID nothing', () => {
    const pads = (autoPad: string, size: number, kernel: number, stride: number) => {
      const window = windowOf(conv({ auto_pad: autoPad, strides: [stride] }), [size], [kernel]);
      return [window.padsBegin[0], window.padsEnd[0], window.output[0]];
    };
    expect(pads('SAME_UPPER', 5, 3, 1)).toEqual([1, 1, 5]);
    expect(pads('SAME_LOWER', 5, 3, 1)).toEqual([1, 1, 5]);
    expect(pads('SAME_UPPER', 5, 4, 1)).toEqual([1, 2, 5]);
    expect(pads('SAME_LOWER', 5, 4, 1)).toEqual([2, 1, 5]);
    expect(pads('SAME_UPPER', 6, 3, 2)).toEqual([0, 1, 3]);
    expect(pads('SAME_LOWER', 6, 3, 2)).toEqual([1, 0, 3]);
    expect(pads('SAME_UPPER', 7, 3, 2)).toEqual([1, 1, 4]);
    expect(pads('SAME_UPPER', 7, 1, 2)).toEqual([0, 0, 4]);
    expect(pads('VALID', 7, 3, 2)).toEqual([0, 0, 3]);
  });

  test.each(['SAME_UPPER', 'SAME_LOWER'])('%s with the pads made explicit gives the same numbers', async (autoPad) => {
    for (const [size, kernel, stride] of [
      [5, 3, 1],
      [5, 4, 1],
      [6, 3, 2],
      [7, 2, 2],
      [8, 5, 3],
    ] as const) {
      const feed = noise([1, 1, size, size], size);
      const weight = noise([1, 1, kernel, kernel], kernel);
      const run = async (attributes: AttributeValues) => {
        const parts = {
          nodes: [conv({ strides: [stride, stride], ...attributes })],
          inputs: { x: feed.dims },
          outputs: { y: 4 },
          initializers: { w: floats(weight.data, weight.dims) },
        };
        return (await runModel(platform, modelOf(parts), { x: feed })).y!;
      };
      const automatic = conv({ strides: [stride, stride], auto_pad: autoPad });
      const { padsBegin, padsEnd, output } = windowOf(automatic, [size, size], [kernel, kernel]);
      const explicit = await run({ pads: [...padsBegin, ...padsEnd] });
      expect(explicit).toEqual(await run({ auto_pad: autoPad }));
      expect(explicit.dims.slice(2)).toEqual(output);
    }
  });

  test('ceil_mode keeps the last window unless it starts in the padding', () => {
    const output = (size: number, attributes: AttributeValues) =>
      windowOf(node('MaxPool', ['x'], ['y'], { kernel_shape: [2], strides: [2], ...attributes }), [size], [2])
        .output[0];
    expect(output(5, {})).toBe(2);
    expect(output(5, { ceil_mode: 1 })).toBe(3);
    expect(output(6, { ceil_mode: 1 })).toBe(3);
    // Windows start at -1, 1, 3, 5: the input ends before 5, so the last would see padding only.
    expect(output(5, { ceil_mode: 1, pads: [1, 1] })).toBe(3);
    expect(output(6, { ceil_mode: 1, pads: [1, 1] })).toBe(4);
  });

  test.each([
    { kernel: 2, stride: 2, pads: [1, 1] },
    { kernel: 3, stride: 2, pads: [0, 0] },
    { kernel: 3, stride: 2, pads: [1, 1] },
    { kernel: 2, stride: 3, pads: [1, 0] },
    { kernel: 3, stride: 4, pads: [2, 2] },
  ])('ceil_mode with $kernel, stride $stride and pads $pads ends where onnxruntime ends', async (entry) => {
    const { kernel, stride, pads } = entry;
    const pool = node('MaxPool', ['x'], ['y'], { kernel_shape: [kernel], strides: [stride], pads, ceil_mode: 1 });
    for (let size = 3; size < 10; size++) {
      const model = modelOf({ nodes: [pool], inputs: { x: [1, 1, size] }, outputs: { y: 3 } });
      const { y } = await runModel(platform, model, { x: noise([1, 1, size]) });
      expect(windowOf(pool, [size], [kernel]).output).toEqual(y!.dims.slice(2));
    }
  });

  test('a window that does not fit is refused, and the error says where', () => {
    const refused = (attributes: AttributeValues, size: number) => {
      try {
        windowOf(conv(attributes), [size], [5]);
      } catch (error) {
        expect(error).toBeInstanceOf(ModelError);
        expect((error as ModelError).code).toBe('model/input-too-small');
        return (error as ModelError).message;
      }
      return undefined;
    };
    expect(refused({}, 4)).toMatch(/^Conv "Conv of y": a window of 5 does not fit into 4 .* larger picture\.$/);
    expect(refused({}, 5)).toBeUndefined();
    expect(refused({ dilations: [2] }, 8)).toMatch(/a window of 9/);
    expect(refused({ pads: [1, 0] }, 4)).toBeUndefined();
    expect(refused({ pads: [1, 0] }, 3)).toMatch(/padding 1 and 0/);
    expect(refused({ ceil_mode: 1, strides: [9] }, 4)).toMatch(/does not fit/);
  });
});
