import { beforeAll, describe, expect, test } from 'vitest';
import { modelOf, node, noise } from '../../test/run-model.js';
import { OptionError } from '../errors.js';
import type { Size } from '../image/index.js';
import { Network } from '../models/index.js';
import { floats } from '../onnx/index.js';
import { type Plan, planDream } from './plan.js';
import { dreamOptionsOf } from './presets/index.js';

let network: Network;
beforeAll(() => {
  const pool = { kernel_shape: [4, 4], strides: [4, 4] };
  const model = modelOf({
    inputs: { picture: ['N', 3, 'H', 'W'] },
    outputs: { coarse: 4 },
    nodes: [node('Relu', ['picture'], ['fine']), node('AveragePool', ['fine'], ['coarse'], pool)],
  });
  network = new Network(model, { name: 'test.onnx', sha256: '0'.repeat(64) });
});

const picture: Size = { width: 300, height: 200 };
const planOf = (values: Readonly<Record<string, unknown>>): Plan =>
  planDream(network, picture, dreamOptionsOf({ layers: 'coarse', ...values }));
const sidesOf = ({ octaves }: Plan) => octaves.map(({ width, height }) => [width, height]);

describe('octave sizes', () => {
  test('that are named are taken as the longest sides, in their order', () => {
    expect(sidesOf(planOf({ octaveSizes: '150,300,75, 600 ' }))).toEqual([
      [150, 100],
      [300, 200],
      [75, 50],
      [600, 400],
    ]);
  });

  test('that are named leave number and ratio without a say', () => {
    const plan = planOf({ octaveSizes: '90', octaves: 7, octaveScale: 3, octavesAbove: 2, steps: 5 });
    expect(sidesOf(plan)).toEqual([[90, 60]]);
    expect(plan.totalSteps).toBe(5);
  });

  test('follow the size that is dreamed', () => {
    const plan = planOf({ octaveSizes: '60,120', size: 120 });
    expect(plan.picture).toEqual({ width: 120, height: 80 });
    expect(sidesOf(plan)).toEqual([
      [60, 40],
      [120, 80],
    ]);
  });

  test('that are too small for the network are left out', () => {
    const plan = planOf({ octaveSizes: '3,90' });
    expect(plan.leftOut).toEqual([{ width: 3, height: 2 }]);
    expect(sidesOf(plan)).toEqual([[90, 60]]);
  });

  test.each(['big', '300,,600', '0', '-3', '1.5', '40000', ',', Array(33).fill(99).join()])(
    'are refused when they cannot be read: %s',
    (octaveSizes) => {
      expect(() => planOf({ octaveSizes })).toThrow(
        new OptionError(
          'option/invalid',
          `--octave-sizes: expected up to 32 whole numbers from 1 to 32768, such as 300,600,1200, got "${octaveSizes}".`,
        ),
      );
    },
  );
});

describe('tiles', () => {
  test("keep to the network's grid whichever octave is the largest", () => {
    const grids = (octaveSizes: string) =>
      planOf({ octaveSizes, tile: 100 }).octaves.map(({ tiling }) => tiling.horizontal.grid);
    expect(grids('90,300')).toEqual([1, 4]);
    expect(grids('300,90')).toEqual([4, 1]);
  });
});

describe('a place', () => {
  test('counts in the tiles that see it, and in no other', () => {
    const [octave] = planOf({ layers: 'coarse[1]@3,2', tile: 100, octaves: 1 }).octaves;
    expect(octave!.tiling.horizontal.count).toBeGreaterThan(1);
    const [layer] = octave!.shared!;
    expect(layer!.horizontal).toMatchObject({ first: 3, end: 4 });
    expect(layer!.vertical).toMatchObject({ first: 2, end: 3 });
    expect(layer!.factor).toBe(1);
  });

  test('that is the last one of the layer lies inside it in every octave', () => {
    expect(planOf({ layers: 'coarse@74,49' }).octaves).toHaveLength(4);
    expect(() => planOf({ layers: 'coarse@75,49' })).toThrow(
      new OptionError('option/layer', '--layers: coarse has places up to @74,49 at this size, got @75,49.'),
    );
  });
});

describe('a network that takes one size only', () => {
  // Fully connected to 20 by 16 elements.
  const connected = new Network(
    modelOf({
      inputs: { x: [1, 3, 32, 40] },
      outputs: { classes: 2 },
      initializers: { weights: floats(noise([960, 7]).data, [960, 7]) },
      nodes: [
        node('MaxPool', ['x'], ['early'], { kernel_shape: [2, 2], strides: [2, 2] }),
        node('Flatten', ['early'], ['flat']),
        node('MatMul', ['flat', 'weights'], ['classes']),
      ],
    }),
    { name: 'connected.onnx', sha256: '0'.repeat(64) },
  );
  const plan = (layers: string, width: number, height: number) =>
    planDream(connected, { width, height }, dreamOptionsOf({ layers, octaves: 3, octaveScale: 2 }));

  test('runs at that size in tiles, and octaves that are smaller are left out', () => {
    const { octaves, leftOut } = plan('classes[3]', 90, 70);
    expect(octaves.map(({ width }) => width)).toEqual([45, 90]);
    expect(leftOut).toEqual([{ width: 23, height: 18 }]);
    for (const { tiling, ownSize } of octaves) {
      expect(ownSize).toEqual({ width: 40, height: 32 });
      expect([tiling.horizontal.length, tiling.vertical.length]).toEqual([40, 32]);
    }
  });

  test('takes any size for layers before what is connected', () => {
    expect(plan('early', 90, 70).octaves.map(({ ownSize }) => ownSize)).toEqual([undefined, undefined, undefined]);
  });

  test('refuses a picture that is smaller, with the size', () => {
    expect(() => plan('classes', 39, 50)).toThrow('39×50 pixels, expected at least 40×32, the one size that');
  });
});

describe('a plan like another', () => {
  test('takes over the graphs that it needs as they are', () => {
    const before = planOf({ octaves: 2, stepSize: 0.01 });
    const like = (values: Readonly<Record<string, unknown>>) =>
      planDream(network, picture, dreamOptionsOf({ layers: 'coarse', octaves: 2, ...values }), { like: before });
    const graphs = ({ octaves }: Plan) => octaves.map(({ graph }) => graph);
    const same = graphs(like({ stepSize: 0.05, steps: 3 }));
    expect(same.map((graph, i) => graph === before.octaves[i]!.graph)).toEqual([true, true]);
    expect(graphs(like({ layers: 'fine' }))[0]).not.toBe(before.octaves[0]!.graph);
    expect(
      graphs(like({ octaveScale: 2 })).map((graph) => before.octaves.some((octave) => octave.graph === graph)),
    ).toEqual([false, true]);
  });
});
