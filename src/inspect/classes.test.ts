import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waves } from '../../test/pictures.js';
import { modelOf, node } from '../../test/run-model.js';
import { MemoryError, ModelError } from '../errors.js';
import { covering, type Picture } from '../image/index.js';
import { Network } from '../models/index.js';
import { floats, ints, type Node } from '../onnx/index.js';
import { createNodePlatform, loadNetwork, type NodePlatform } from '../platform/node/index.js';
import { topClasses } from './classes.js';

let platform: NodePlatform;
beforeAll(async () => {
  platform = await createNodePlatform({ threads: 1 });
});
afterAll(() => platform.close());

/** A classifier of nodes that go from `mean`, the mean colour `[1, 3, 1, 1]`, or from `picture` to `classes`. */
function classifier(
  nodes: Node[],
  size: readonly (number | string)[] = ['H', 'W'],
  labels?: readonly string[],
): Network {
  const model = modelOf({
    inputs: { picture: [1, 3, ...size] },
    outputs: { classes: 2 },
    nodes: [node('GlobalAveragePool', ['picture'], ['mean']), node('Flatten', ['mean'], ['flat']), ...nodes],
    initializers: {
      weight: floats([1, 0, 0, 0, 5, 0, 0, 0, -2], [3, 3]),
      kernel: floats([1, 0, 0, 0, 5, 0, 0, 0, -2], [3, 3, 1, 1]),
      axes: ints([2, 3]),
    },
  });
  const given = { valueRange: [0, 1] } as const;
  return new Network(model, { name: 'test.onnx', sha256: 'f'.repeat(64), given, card: { labels } });
}

const scores = node('Gemm', ['flat', 'weight'], ['scores']);
const last = (op: string, attributes = {}) => node(op, ['scores'], ['classes'], attributes);

/** The mean colour is 0.5, 0.25 and 1. */
function coloured(width: number, height: number): Picture {
  const area = width * height;
  const data = Float32Array.from({ length: 3 * area }, (_, i) => [0.5, 0.25, 1][Math.floor(i / area)]!);
  return { width, height, data };
}
const colours = coloured(8, 6);

/** Softmax of the weighted mean colours, 0.5, 1.25 and −2. */
const powers = [0.5, 1.25, -2].map(Math.exp);
const shares = powers.map((power) => power / powers.reduce((sum, each) => sum + each));

async function probabilities(network: Network, picture: Picture = colours): Promise<number[] | undefined> {
  const classes = await topClasses(network, picture, 10, platform);
  return classes?.sort((a, b) => a.index - b.index).map(({ probability }) => probability);
}

function near(got: readonly number[] | undefined, expected: readonly number[]): void {
  expect(got).toHaveLength(expected.length);
  got!.forEach((value, i) => void expect(value).toBeCloseTo(expected[i]!, 5));
}

describe('the values of a classifier', () => {
  test('that are scores become probabilities', async () => {
    near(await probabilities(classifier([node('Gemm', ['flat', 'weight'], ['classes'])])), shares);
  });

  test('that are probabilities stay what they are', async () => {
    near(await probabilities(classifier([scores, last('Softmax')])), shares);
  });

  test('that come out of a sigmoid stay what they are, each for itself', async () => {
    const each = [0.5, 1.25, -2].map((score) => 1 / (1 + Math.exp(-score)));
    near(await probabilities(classifier([scores, last('Sigmoid')])), each);
  });

  test('that only happen to lie between 0 and 1 are scores', async () => {
    const clipped = [0.5, 1, 0].map(Math.exp);
    const sum = clipped.reduce((all, each) => all + each);
    const clip = node('HardSigmoid', ['scores'], ['classes'], {
      alpha: { type: 'float', value: 1 },
      beta: { type: 'float', value: 0 },
    });
    near(
      await probabilities(classifier([scores, clip])),
      clipped.map((each) => each / sum),
    );
  });

  test('may stand in a map of one place that has seen the whole picture', async () => {
    near(await probabilities(classifier([node('Conv', ['mean', 'kernel'], ['classes'])])), shares);
    const window = { kernel_shape: { type: 'ints', value: [6, 8] } } as const;
    expect(await probabilities(classifier([node('AveragePool', ['picture'], ['classes'], window)]))).toBeUndefined();
  });
});

describe('classes', () => {
  test('come with their names, the most probable first, and no more than asked for', async () => {
    const network = classifier([scores, last('Softmax')], ['H', 'W'], ['dog', 'cat', 'slug']);
    const classes = await topClasses(network, colours, 2, platform);
    expect(classes!.map(({ index, label }) => [index, label])).toEqual([
      [1, 'cat'],
      [0, 'dog'],
    ]);
    const nameless = await topClasses(classifier([scores, last('Softmax')]), colours, 1, platform);
    expect(nameless).toMatchObject([{ index: 1, label: undefined }]);
  });

  test('of another number than the names are refused', async () => {
    const network = classifier([scores, last('Softmax')], ['H', 'W'], ['dog', 'cat']);
    const refused = topClasses(network, colours, 2, platform);
    await expect(refused).rejects.toBeInstanceOf(ModelError);
    await expect(refused).rejects.toThrow(
      'test.onnx: expected 3 labels, one for each class, got 2. Give the right ones in a card.',
    );
  });

  test('are not what a network without a classifier has', async () => {
    expect(await topClasses(await loadNetwork(), waves({ width: 90, height: 90 }), 5, platform)).toBeUndefined();
    expect(
      await topClasses(classifier([node('Relu', ['picture'], ['classes'])]), colours, 5, platform),
    ).toBeUndefined();
    expect(
      await topClasses(classifier([node('Strange', ['flat'], ['classes'])]), colours, 5, platform),
    ).toBeUndefined();
  });

  test('that do not fit into the memory are refused', async () => {
    const refused = topClasses(classifier([scores, last('Softmax')]), colours, 5, platform, { memoryBytes: 1e6 });
    await expect(refused).rejects.toBeInstanceOf(MemoryError);
  });
});

describe('the network is shown', () => {
  const sums = node('ReduceSum', ['picture', 'axes'], ['classes'], { keepdims: { type: 'int', value: 0 } });

  test('the middle of the picture at the size that it declares', async () => {
    const picture = waves({ width: 50, height: 30 });
    const cut = covering(picture, { width: 9, height: 7 });
    const totals = [0, 1, 2].map((plane) =>
      Math.exp(cut.data.slice(plane * 63, plane * 63 + 63).reduce((a, b) => a + b)),
    );
    const all = totals.reduce((sum, each) => sum + each);
    near(
      await probabilities(classifier([sums], [7, 9]), picture),
      totals.map((each) => each / all),
    );
  });

  test('the whole picture, shrunk to a shorter side of 256, where it declares none', async () => {
    /** Pixels that a network sees, from the scores of a picture that is 0 but for its red of 1e-5. */
    const pixelsSeen = async (width: number, height: number): Promise<number> => {
      const data = new Float32Array(3 * width * height).fill(1e-5, 0, width * height);
      const [red, green] = (await probabilities(classifier([sums]), { width, height, data }))!;
      return Math.log(red! / green!) / 1e-5;
    };
    expect(Math.round(await pixelsSeen(300, 600)) / (256 * 512)).toBeCloseTo(1, 3);
    expect(Math.round(await pixelsSeen(200, 600)) / (200 * 600)).toBeCloseTo(1, 3);
  });
});
