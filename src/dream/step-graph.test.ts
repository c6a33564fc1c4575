import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { modelOf, node, noise } from '../../test/run-model.js';
import { OptionError } from '../errors.js';
import { Network } from '../models/index.js';
import { createNodePlatform, type NodePlatform } from '../platform/node/platform.js';
import { parseLayers } from './layers.js';
import { buildStepGraph, type Objective } from './step-graph.js';

let platform: NodePlatform;
beforeAll(async () => {
  platform = await createNodePlatform({ threads: 1 });
});
afterAll(() => platform.close());

// Windows of 5 without padding: the layers lose pixels at their borders, so that they do not shrink as pictures do.
const pool = { kernel_shape: [5, 5], strides: [2, 2] };
const network = new Network(
  modelOf({
    inputs: { picture: ['N', 3, 'H', 'W'] },
    outputs: { coarse: 4 },
    nodes: [
      node('Relu', ['picture'], ['positive']),
      node('AveragePool', ['positive'], ['fine'], pool),
      node('AveragePool', ['fine'], ['coarse'], pool),
    ],
  }),
  { name: 'test.onnx', sha256: '0'.repeat(64) },
);

type Values = Float32Array;
interface Result {
  readonly objective: number;
  readonly gradient: Values;
}

async function stepAt(
  layers: string,
  values: Values,
  size: { width: number; height: number },
  options: Partial<Objective> = {},
): Promise<Result> {
  const objective = { layers: parseLayers(layers, network), kind: 'mean' as const, border: 0, ...options };
  const graph = buildStepGraph(network, size.width, size.height, objective);
  const session = await platform.createSession(graph.toBytes(platform));
  const results = await session.run({ picture: { dims: [1, 3, size.height, size.width], data: values.slice() } });
  await session.close();
  return { objective: results['objective']!.data[0]!, gradient: results['gradient']!.data };
}

const size = { width: 21, height: 17 };
const values = noise([1, 3, 17, 21]).data;

/** The columns and rows of the picture that a gradient reaches, from first to last. */
function reach({ gradient }: Result, { width }: { width: number }): readonly number[][] {
  const touched = [...gradient.keys()].filter((i) => gradient[i] !== 0 && i < gradient.length / 3);
  const [columns, rows] = [touched.map((i) => i % width), touched.map((i) => Math.floor(i / width))];
  return [columns, rows].map((list) => [Math.min(...list), Math.max(...list)]);
}

describe('several layers', () => {
  test('add up by their weights, objective and gradient', async () => {
    const [fine, coarse] = [await stepAt('fine', values, size), await stepAt('coarse[1]', values, size)];
    const both = await stepAt('fine:2,coarse[1]:-0.5', values, size);
    expect(both.objective).toBeCloseTo(2 * fine.objective - 0.5 * coarse.objective, 5);
    both.gradient.forEach((value, i) => {
      expect(value).toBeCloseTo(2 * fine.gradient[i]! - 0.5 * coarse.gradient[i]!, 6);
    });
  });

  test('may be one layer in several ways', async () => {
    const [one, other] = [await stepAt('fine[0]', values, size), await stepAt('fine@3,2', values, size)];
    const both = await stepAt('fine[0],fine@3,2', values, size);
    expect(both.objective).toBeCloseTo(one.objective + other.objective, 5);
  });
});

describe('a channel', () => {
  test('moves its own part of the picture and nothing else', async () => {
    const { gradient } = await stepAt('fine[1]', values, size);
    const strength = [0, 1, 2].map((plane) => Math.max(...gradient.slice(plane * 357, (plane + 1) * 357)));
    expect(strength[0]).toBe(0);
    expect(strength[1]).toBeGreaterThan(0);
    expect(strength[2]).toBe(0);
  });
});

describe('a place', () => {
  const bright = new Float32Array(3 * 17 * 21).fill(1);

  test('moves the pixels that it sees', async () => {
    // An element of `fine` sees 5 pixels from twice its position on.
    expect(reach(await stepAt('fine@3,1', bright, size), size)).toEqual([
      [6, 10],
      [2, 6],
    ]);
  });

  test('is counted at the size of the picture, and lies at the same part of the way at others', async () => {
    const picture = { width: 42, height: 34 };
    // `coarse` has 8 by 6 elements in the picture, and 3 by 2 at half its size.
    const placesOf = async (place: string) => reach(await stepAt(`coarse@${place}`, bright, size, { picture }), size);
    expect(await placesOf('0,0')).toEqual(reach(await stepAt('coarse@0,0', bright, size), size));
    expect(await placesOf('4,3')).toEqual(reach(await stepAt('coarse@1,1', bright, size), size));
    // The last place stays the last one; by the sizes of the pictures alone it would lie outside.
    expect(await placesOf('7,5')).toEqual(reach(await stepAt('coarse@2,1', bright, size), size));
  });

  test('outside the layer is refused with the numbers that were written', async () => {
    const picture = { width: 42, height: 34 };
    const refused = new OptionError('option/layer', '--layers: coarse has places up to @7,5 at this size, got @8,5.');
    await expect(stepAt('coarse@8,5', bright, picture)).rejects.toThrow(refused);
    await expect(stepAt('coarse@8,5', bright, size, { picture })).rejects.toThrow(refused);
  });
});

describe('the gradient of ReLUs', () => {
  const dark = values.map((value) => -Math.abs(value));

  test('is blocked where all is negative, and redirected on request', async () => {
    const strength = async (relu: Objective['relu'] & string) =>
      Math.max(...(await stepAt('coarse', dark, size, { relu })).gradient.map(Math.abs));
    expect(await strength('plain')).toBe(0);
    expect(await strength('guided')).toBe(0);
    expect(await strength('redirected')).toBeGreaterThan(0);
  });

  test('when guided takes nothing down', async () => {
    const { gradient } = await stepAt('coarse[0],coarse[1]:-1', values, size, { relu: 'guided' });
    expect(Math.min(...gradient)).toBe(0);
    expect(Math.max(...gradient)).toBeGreaterThan(0);
    expect(Math.min(...(await stepAt('coarse[0],coarse[1]:-1', values, size)).gradient)).toBeLessThan(0);
  });
});
