import { describe, expect, test } from 'vitest';
import { ModelError } from '../errors.js';
import {
  changedPreprocessing,
  fromNetwork,
  inceptionPreprocessing,
  type Preprocessing,
  preprocessingKey,
  preprocessingOf,
  toNetwork,
  valueRange,
} from './preprocessing.js';

const imagenet: Preprocessing = { order: 'RGB', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
const caffe: Preprocessing = { order: 'BGR', mean: [0.408, 0.459, 0.482], std: [1 / 255, 1 / 255, 1 / 255] };
const inverted: Preprocessing = { order: 'RGB', mean: [0.5, 0.5, 0], std: [-0.5, 0.5, -1] };

describe('values', () => {
  test('are colours without their mean, divided by their deviation', () => {
    const values = toNetwork(new Float32Array([0.714, 0.456, 0.181]), imagenet);
    expect(values[0]).toBeCloseTo(1, 6);
    expect(values[1]).toBeCloseTo(0, 6);
    expect(values[2]).toBeCloseTo(-1, 6);
  });

  test('of a BGR network begin with blue, which its first mean is for', () => {
    const reds = [0.482, 1];
    const greens = [0.459, 0.459];
    const blues = [0.408, 0];
    const values = toNetwork(new Float32Array([...reds, ...greens, ...blues]), caffe);
    [0, (0 - 0.408) * 255, 0, 0, 0, (1 - 0.482) * 255].forEach((value, i) => {
      expect(values[i]).toBeCloseTo(value, 4);
    });
  });

  test.each([
    ['RGB', imagenet],
    ['BGR', caffe],
    ['RGB with negative deviations', inverted],
  ])('come back as the same colours: %s', (_, preprocessing) => {
    const colours = Float32Array.from({ length: 30 }, (_, i) => i / 29);
    const back = fromNetwork(toNetwork(colours, preprocessing), preprocessing);
    back.forEach((value, i) => {
      expect(Math.abs(value - colours[i]!)).toBeLessThan(1e-6);
    });
  });

  test('beyond black and white are not cut', () => {
    const colours = new Float32Array([-0.5, 2, 0.5]);
    const back = fromNetwork(toNetwork(colours, imagenet), imagenet);
    expect(back[0]).toBeCloseTo(-0.5, 6);
    expect(back[1]).toBeCloseTo(2, 6);
  });
});

describe('ranges', () => {
  test('are what black and white become', () => {
    const [red, , blue] = valueRange(imagenet);
    expect(red!.low).toBeCloseTo(-0.485 / 0.229, 10);
    expect(blue!.high).toBeCloseTo((1 - 0.406) / 0.225, 10);
  });

  test('of negative deviations still begin with the lowest value', () => {
    const ranges = valueRange(inverted).map(({ low, high }) => [low + 0, high + 0]);
    expect(ranges).toEqual([
      [-1, 1],
      [-1, 1],
      [-1, 0],
    ]);
  });
});

describe('metadata', () => {
  const read = (text: string) => preprocessingOf({ [preprocessingKey]: text }, 'net.onnx');

  test('gives order, mean and deviation', () => {
    expect(read(JSON.stringify(caffe))).toEqual(caffe);
    expect(read(JSON.stringify({ ...inverted, more: 'is ignored' }))).toEqual(inverted);
  });

  test('may say nothing', () => expect(preprocessingOf({ author: 'somebody' }, 'net.onnx')).toBeUndefined());

  const good = { order: 'RGB', mean: [0, 0, 0], std: [1, 1, 1] };
  test.each([
    ['', 'nothing'],
    ['{', 'half an object'],
    ['null', 'null'],
    ['[]', 'a list'],
    ['"RGB"', 'a text'],
    ['42', 'a number'],
    ['{}', 'an empty object'],
    [JSON.stringify({ ...good, order: 'GBR' }), 'another order'],
    [JSON.stringify({ ...good, mean: [0, 0] }), 'two means'],
    [JSON.stringify({ ...good, mean: [0, 0, 0, 0] }), 'four means'],
    [JSON.stringify({ ...good, mean: { 0: 0, 1: 0, 2: 0, length: 3 } }), 'an object of means'],
    [JSON.stringify({ ...good, std: [1, 0, 1] }), 'a deviation of zero'],
    [JSON.stringify({ ...good, std: [1, 1e-300, 1] }), 'a deviation next to zero'],
    [JSON.stringify({ ...good, std: ['1', '1', '1'] }), 'deviations as text'],
    [JSON.stringify({ ...good, std: [null, 1, 1] }), 'a missing deviation'],
    ['{"order":"RGB","mean":[1e999,0,0],"std":[1,1,1]}', 'an infinite mean'],
    [JSON.stringify({ ...good, mean: [1e300, 0, 0] }), 'a mean beyond float32'],
    ['{"__proto__":{"order":"RGB","mean":[0,0,0],"std":[1,1,1]}}', 'everything in the prototype'],
    ['['.repeat(100_000), 'depth'],
    [`\u001b]0;title\u0007${'x'.repeat(10_000)}`, 'a terminal sequence'],
  ])('is refused: case %#', (text) => {
    try {
      read(text);
    } catch (error) {
      expect(error).toBeInstanceOf(ModelError);
      const { code, message } = error as ModelError;
      expect(code).toBe('model/format');
      expect(message).toMatch(/^net\.onnx: expected pareidolia\.preprocessing to give order, mean and std, got /);
      expect(message).not.toMatch(/\p{Cc}/u);
      expect(message.length).toBeLessThan(220);
      return;
    }
    expect.fail('nothing was thrown');
  });
});

describe('what the caller gives', () => {
  test('as an order alone turns the numbers around with the colours', () => {
    expect(changedPreprocessing({ channelOrder: 'BGR' }, imagenet)).toEqual({
      order: 'BGR',
      mean: [0.406, 0.456, 0.485],
      std: [0.225, 0.224, 0.229],
    });
    expect(changedPreprocessing({ channelOrder: 'RGB' }, imagenet)).toBe(imagenet);
    expect(changedPreprocessing({ channelOrder: 'BGR' })).toEqual({ ...inceptionPreprocessing, order: 'BGR' });
  });

  test('as numbers keeps the order, and takes nothing else from before', () => {
    const unit = { order: 'BGR', mean: [0, 0, 0], std: [1, 1, 1] };
    expect(changedPreprocessing({ valueRange: [0, 1] }, caffe)).toEqual(unit);
    expect(changedPreprocessing({ std: [2, 2, 2] }, imagenet)).toEqual({
      order: 'RGB',
      mean: [0, 0, 0],
      std: [2, 2, 2],
    });
    expect(changedPreprocessing({ mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] })).toEqual(imagenet);
  });

  test('may run from white to black', () => {
    const negative = changedPreprocessing({ valueRange: [1, 0] })!;
    const values = toNetwork(new Float32Array([0, 0.25, 0.5]), negative);
    expect(Array.from(values)).toEqual([1, 0.75, 0.5]);
  });

  test('is refused where no colour is left', () => {
    expect(changedPreprocessing({ valueRange: [3, 3] })).toBeUndefined();
    expect(changedPreprocessing({ std: [1, 0, 1] })).toBeUndefined();
    expect(changedPreprocessing({ mean: [Number.NaN, 0, 0] })).toBeUndefined();
  });
});
