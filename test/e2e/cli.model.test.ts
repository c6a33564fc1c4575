/** Networks from files: good ones dream; bad ones end with exit code 4, or 5 for the memory, and one sentence. */
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Node, writeModel } from '../../src/onnx/index.js';
import { floats, ints, type Tensor } from '../../src/onnx/tensor.js';
import { modelOf, node } from '../run-model.js';
import { writePhoto } from './photos.js';
import { namesIn, newFolder, type RunOptions, runCli } from './run-cli.js';

const builtIn = fileURLToPath(new URL('../../models/inception-v3.onnx', import.meta.url));

/** A convolution to eight channels, and what follows it. */
function network(nodes: readonly Node[], initializers: Readonly<Record<string, Tensor>> = {}): Uint8Array {
  const weights = Float32Array.from({ length: 8 * 27 }, (_, i) => Math.sin(i) / 10);
  return writeModel(
    modelOf({
      inputs: { x: [1, 3, 'height', 'width'] },
      outputs: { y: 4 },
      initializers: { w: floats(weights, [8, 3, 3, 3]), ...initializers },
      nodes,
    }),
  );
}

const conv = node('Conv', ['x', 'w'], ['c']);
const relu = (from: string, to = 'y'): Node => node('Relu', [from], [to]);

let cwd: string;
beforeAll(async () => {
  cwd = await newFolder();
  await writePhoto(join(cwd, 'photo.jpg'));
  await mkdir(join(cwd, 'folder.onnx'));
  const whole = await readFile(builtIn);
  const zeros = (dims: readonly number[]): Tensor => ({ dtype: 'float32', dims, data: new Float32Array(8) });
  const wide = floats(new Float32Array(3 * 2 ** 18).fill(0.1), [2 ** 18, 3, 1, 1]);
  const files: Readonly<Record<string, Uint8Array | string>> = {
    'good.onnx': network([conv, relu('c')]),
    'truncated.onnx': whole.subarray(0, whole.length >> 1),
    'text.onnx': 'This is not a network.\n',
    'empty.onnx': '',
    'photo.onnx': await readFile(join(cwd, 'photo.jpg')),
    'vector.onnx': writeModel(modelOf({ inputs: { x: [1, 10] }, outputs: { y: 2 }, nodes: [relu('x')] })),
    'circle.onnx': network([relu('y', 'c'), relu('c')]),
    'liar.onnx': network([conv, relu('c')], { w: zeros([100_000, 30_000, 3, 3]) }),
    'overflow.onnx': network([conv, relu('c')], { w: zeros([2 ** 40, 2 ** 40]) }),
    'huge.onnx': network([node('Expand', ['x', 's'], ['y'])], { s: ints([1, 3, 1e6, 1e6]) }),
    'padded.onnx': network([node('Conv', ['x', 'w'], ['c'], { pads: [1e9, 1e9, 1e9, 1e9] }), relu('c')]),
    'standing.onnx': network([node('Conv', ['x', 'w'], ['c'], { strides: [0, 0] }), relu('c')]),
    'backward.onnx': network([node('Conv', ['x', 'w'], ['c'], { dilations: [-1, -1] }), relu('c')]),
    'unknown.onnx': network([conv, node('Frobnicate', ['c'], ['d']), relu('d')]),
    'wide.onnx': network([conv, relu('c')], { w: wide }),
  };
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(cwd, name), bytes);
});

const flags = ['--layers', 'y', '--steps', '1', '--octaves', '1', '--threads', '1'];
const dream = (model: string, more: readonly string[] = [], options: Partial<RunOptions> = {}) =>
  runCli(['dream', 'photo.jpg', '-o', 'out.png', '--model', model, ...flags, ...more], { cwd, ...options });

async function refusal(model: string, code = 4, more: readonly string[] = []): Promise<string> {
  const before = await namesIn(cwd);
  const ran = await dream(model, ['-q', ...more]);
  expect(ran).toMatchObject({ code, stdout: '' });
  expect(ran.stderr).toMatch(/^pareidolia: [^\n]+\.\n$/);
  expect(ran.stderr).not.toMatch(/bug|at .*\.js/);
  expect(ran.seconds).toBeLessThan(20);
  expect(await namesIn(cwd)).toEqual(before);
  return ran.stderr.slice('pareidolia: '.length).trimEnd();
}

describe('a bad network', () => {
  test.each([
    ['none.onnx', 'none.onnx: no such file. Check the name of the model.'],
    ['folder.onnx', 'folder.onnx: expected an ONNX file, got a folder. Name a file inside it.'],
    [
      'truncated.onnx',
      /^truncated\.onnx: expected a whole ONNX file, got one that ends early .+ Fetch or export it again\.$/,
    ],
    ['text.onnx', /^text\.onnx: expected a whole ONNX file, got something else or a damaged one .+\.$/],
    ['empty.onnx', /^empty\.onnx: expected an ONNX file with a graph, got none\. .+\.$/],
    ['photo.onnx', /^photo\.onnx: expected a whole ONNX file, got something else or a damaged one .+\.$/],
    ['vector.onnx', /^vector\.onnx: expected one input of shape \[1, 3, height, width\], got x \[1, 10\]\. .+\.$/],
    ['circle.onnx', /^circle\.onnx: its nodes form a circle/],
    ['liar.onnx', /^liar\.onnx: tensor "w" of dims \[100000,30000,3,3\] needs 108000000000 bytes, got 32\. .+\.$/],
    ['overflow.onnx', /^overflow\.onnx: .*"w".*\.$/],
    ['huge.onnx', /Expand .*1000000,1000000/],
    ['padded.onnx', /Conv .*expected whole sizes/],
    ['standing.onnx', /Conv .*(expected|strides)/],
    ['backward.onnx', /dilations/],
  ])('%s', async (model, sentence) => {
    const said = await refusal(model);
    if (typeof sentence === 'string') expect(said).toBe(sentence);
    else expect(said).toMatch(sentence);
  });

  test('operators before the layer that are not known here are named', async () => {
    expect(await refusal('unknown.onnx')).toMatch(/Frobnicate.*\. Choose a layer before them\.$/);
  });

  test('the same network dreams on a layer before them', async () => {
    const { code, stderr } = await dream('unknown.onnx', ['--layers', 'c', '-o', 'before.png']);
    expect({ code, stderr }).toMatchObject({ code: 0 });
  });
});

describe('a network of others', () => {
  test('dreams; what it does not say about its pictures is said to be assumed', async () => {
    const { code, stderr } = await dream('good.onnx', ['-o', 'good.png']);
    expect(code).toBe(0);
    expect(stderr.split('\n')[0]).toBe(
      'good.onnx does not say how it wants its pictures: RGB from −1 to 1 is assumed.',
    );
    expect(JSON.parse((await runCli(['info', 'good.png', '--json'], { cwd })).stdout)).toMatchObject({
      model: { name: 'good.onnx' },
    });
  });

  test('is found again by rerun beside the picture, and refused when it is another one', async () => {
    await dream('good.onnx', ['-o', 'again.png']);
    expect((await runCli(['rerun', 'again.png'], { cwd })).code).toBe(0);
    const again = await readFile(join(cwd, 'again-rerun.png'));
    expect(again.equals(await readFile(join(cwd, 'again.png')))).toBe(true);
    const wrong = await runCli(['rerun', 'again.png', '--model', 'unknown.onnx', '--force'], { cwd });
    expect(wrong.code).toBe(4);
    expect(wrong.stderr).toMatch(/^pareidolia: unknown\.onnx is not the network that again\.png was made with: .+\n$/);
  });
});

describe('too little memory', () => {
  test('is foreseen: exit code 5 before the first step', async () => {
    await writePhoto(join(cwd, 'photo.jpg'), 1000, 1000);
    const said = await refusal('wide.onnx', 5, ['--tile', '0']);
    expect(said).toMatch(
      /^A dream of 1000×1000 needs about \d+ MB of memory, \d+ MB may be taken\. Use a smaller --tile .+\.$/,
    );
  });

  test('that is not foreseen ends with 5 as well', async (context) => {
    const limit = ['prlimit', '--data=700000000'];
    if (process.platform !== 'linux' || spawnSync('prlimit', ['--version']).error) context.skip('needs prlimit');
    await writePhoto(join(cwd, 'photo.jpg'), 800, 800);
    const args = ['dream', 'photo.jpg', '-o', 'large.png', '--steps', '1', '--octaves', '1', '--tile', '0'];
    const { code, stderr } = await runCli([...args, '--threads', '1'], { cwd, under: limit });
    expect(stderr).toBe(
      'pareidolia: The memory ran out while the network was running. Use a smaller --tile or --size, or close other programs.\n',
    );
    expect(code).toBe(5);
    expect(await namesIn(cwd)).not.toContain('large.png');
  });
});
