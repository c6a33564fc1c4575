/**
 * The gradient of a whole network against PyTorch's. test/fixtures/inception-gradient.npy was made by
 *
 *     python3 bench/peers/torch_gradient.py dist/models/inception-v3.onnx --layers mixed3,mixed5,mixed7 \
 *       --size 107x107 --double --gradient test/fixtures/inception-gradient.npy
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { differentiate } from '../src/gradient/index.js';
import { pseudoRandom } from '../src/gradient/rules.cases.js';
import { prepare, specialise } from '../src/graph/index.js';
import { readNpy } from '../src/image/npy.js';
import { readModel, writeModel } from '../src/onnx/index.js';
import { createNodePlatform, type NodePlatform } from '../src/platform/node/platform.js';
import { needPython, runPython } from './python.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const modelFile = join(root, 'dist/models/inception-v3.onnx');
const layers = ['mixed3', 'mixed5', 'mixed7'];

/** The test picture of torch_gradient.py, [1, 3, height, width] in [−1, 1): waves with pseudo-random noise. */
function testPicture(height: number, width: number): Float32Array {
  return pseudoRandom(1, 3 * height * width).map((noise, i) => {
    const [column, row, channel] = [i % width, Math.floor(i / width) % height, Math.floor(i / (width * height))];
    const wave = Math.abs(((column + 2 * row + 21 * channel) % 64) - 32) / 16 - 1;
    return wave * 0.75 + noise * 0.25;
  });
}

interface Result {
  readonly objective: number;
  readonly gradient: Float32Array;
}

/** Our d(Σ over the layers of their mean)/d(picture). */
async function ourGradient(platform: NodePlatform, height: number, width: number): Promise<Result> {
  const shape = [1, 3, height, width];
  const model = readModel(await readFile(modelFile), { name: modelFile });
  const g = specialise(prepare(model), { input_1: shape }, layers);
  const means = layers.map((layer) => g.op('ReduceMean', [g.get(layer)], { keepdims: 0 }));
  const objective = g.op('Sum', means);
  const gradient = differentiate(g, { of: objective, to: g.get('input_1')! });
  const session = await platform.createSession(writeModel(g.toModel({ objective, gradient })));
  const results = await session.run({ input_1: { dims: shape, data: testPicture(height, width) } });
  await session.close();
  expect(results['gradient']!.dims).toEqual(shape);
  return { objective: results['objective']!.data[0]!, gradient: results['gradient']!.data };
}

function compare(got: Float32Array, expected: Float32Array): { cosine: number; relativeL2: number } {
  expect(got.length).toBe(expected.length);
  let [dot, ours, theirs, difference] = [0, 0, 0, 0];
  expected.forEach((b, i) => {
    const a = got[i]!;
    dot += a * b;
    ours += a * a;
    theirs += b * b;
    difference += (a - b) ** 2;
  });
  return { cosine: dot / Math.sqrt(ours * theirs), relativeL2: Math.sqrt(difference / theirs) };
}

describe('the gradient of InceptionV3', () => {
  let platform: NodePlatform;
  let folder: string;
  beforeAll(async () => {
    platform = await createNodePlatform({ threads: 1 });
    folder = await mkdtemp(join(tmpdir(), 'inception-gradient-'));
  });
  afterAll(async () => {
    await platform.close();
    await rm(folder, { recursive: true });
  });

  test("at 107×107 is the one in PyTorch's file", async () => {
    const fixture = await readFile(join(root, 'test/fixtures/inception-gradient.npy'));
    const expected = readNpy(fixture, 'inception-gradient.npy');
    expect(expected.shape).toEqual([1, 3, 107, 107]);
    const { gradient } = await ourGradient(platform, 107, 107);
    const { cosine, relativeL2 } = compare(gradient, expected.data);
    expect(cosine).toBeGreaterThan(0.99999);
    expect(relativeL2).toBeLessThan(1e-3);
  });

  test('at 299×299 is what PyTorch computes now', async (context) => {
    await needPython(context, 'torch', 'onnx');
    const file = join(folder, 'gradient.npy');
    const peer = join(root, 'bench/peers/torch_gradient.py');
    const settings = ['--layers', layers.join(','), '--size', '299x299', '--gradient', file];
    const printed = await runPython(peer, modelFile, ...settings);
    const expected = readNpy(await readFile(file), 'gradient.npy');
    const { objective, gradient } = await ourGradient(platform, 299, 299);
    expect(objective).toBeCloseTo((JSON.parse(printed) as Result).objective, 5);
    const { cosine, relativeL2 } = compare(gradient, expected.data);
    expect(cosine).toBeGreaterThan(0.99999);
    expect(relativeL2).toBeLessThan(1e-3);
  });
});
