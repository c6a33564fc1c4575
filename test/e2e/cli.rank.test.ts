/** Which channels a photo excites most, and what a classifier takes it for. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { float } from '../../src/graph/index.js';
import { floats, writeModel } from '../../src/onnx/index.js';
import {
  activations,
  channelMeans,
  createNodePlatform,
  loadNetwork,
  readPictureFile,
} from '../../src/platform/node/index.js';
import { modelOf, node } from '../run-model.js';
import { photo } from './photos.js';
import { namesIn, newFolder, quick, runCli } from './run-cli.js';

let cwd: string;
beforeAll(async () => {
  cwd = await newFolder();
  await mkdir(join(cwd, 'set'));
  const save = (name: string, shift: number) =>
    photo(100, 80)
      .modulate({ hue: shift, brightness: 1 - shift / 400 })
      .jpeg({ quality: 90 })
      .toFile(join(cwd, name));
  await save('photo.jpg', 0);
  await Promise.all([30, 60, 90].map((shift) => save(`set/${shift}.jpg`, shift)));
  await writeFile(join(cwd, 'set', 'notes.txt'), 'no picture');
  await writeFile(join(cwd, 'set', 'damaged.png'), 'no picture');
  // A convolution to four classes: red, green, blue and the dark.
  const model = modelOf({
    inputs: { picture: [1, 3, 'H', 'W'] },
    outputs: { classes: 2 },
    nodes: [
      node('Conv', ['picture', 'weight', 'bias'], ['map']),
      node('LeakyRelu', ['map'], ['answers'], { alpha: float(0.5) }),
      node('GlobalAveragePool', ['answers'], ['mean']),
      node('Flatten', ['mean'], ['classes']),
    ],
    initializers: {
      weight: floats([4, -2, -2, -2, 4, -2, -2, -2, 4, -2, -2, -2], [4, 3, 1, 1]),
      bias: floats([0, 0, 0, 2]),
    },
  });
  await writeFile(join(cwd, 'net.onnx'), writeModel(model));
  await writeFile(join(cwd, 'net.card.json'), '{"preprocessing":{},"labels":"colours.txt"}');
  await writeFile(join(cwd, 'colours.txt'), 'red, or so\ngreen\nblue\ndark\n');
});

const rank = (...args: string[]) => runCli(['rank', 'photo.jpg', '--threads', '1', ...args], { cwd });

interface Ranked {
  layers: { name: string; layers: string; channels: { channel: number; mean: number; score: number }[] }[];
  against?: number;
}

async function ranked(...args: string[]): Promise<Ranked> {
  const { code, stdout } = await rank(...args, '--json');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Ranked;
}

test('a table for each block, with a line to dream on what it found', async () => {
  const { code, stdout, stderr } = await rank('--top', '2');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [title, ...tables] = stdout.trimEnd().split('\n\n');
  expect(title).toBe('photo.jpg at 100×80');
  expect(tables).toHaveLength(8);
  for (const [i, table] of tables.entries()) {
    const pattern = new RegExp(
      `^mixed${i} \\(\\d+ channels of \\d+×\\d+\\)\nCHANNEL +MEAN +Z\n +(\\d+) +[\\d.]+ +[\\d.]+\n +(\\d+) +[\\d.]+ +[\\d.]+\n--layers "mixed${i}\\[(\\d+ \\d+)\\]"$`,
    );
    expect(table).toMatch(pattern);
    const [, first, second, both] = pattern.exec(table)!;
    expect(both).toBe(`${first} ${second}`);
  }
  const [, line] = /--layers "(mixed0\[.*\])"/.exec(stdout)!;
  const dreamed = await runCli(['dream', 'photo.jpg', ...quick, '--layers', line!, '-q'], { cwd });
  expect(dreamed).toMatchObject({ code: 0, stderr: '' });
});

test('against others each channel is measured by what it answers to them', async () => {
  const alone = await ranked('--layers', 'mixed0');
  const { layers, against } = await ranked('--layers', 'mixed0', '--top', '256', '--against', 'set');
  expect(against).toBe(3);
  const { channels } = layers[0]!;
  expect(channels).toHaveLength(256);
  expect(channels.slice(0, 10)).not.toEqual(alone.layers[0]!.channels);
  const network = await loadNetwork();
  const platform = await createNodePlatform({ threads: 1 });
  const means: Float64Array[] = [];
  for (const shift of [30, 60, 90]) {
    const { picture } = await readPictureFile(join(cwd, `set/${shift}.jpg`));
    means.push(channelMeans((await activations(network, picture, 'mixed0', platform)).layers[0]!));
  }
  await platform.close();
  const compared = channels.map(({ channel, mean, score }) => {
    const [a, b, c] = means.map((each) => each[channel]!) as [number, number, number];
    const middle = (a + b + c) / 3;
    const deviation = Math.sqrt(((a - middle) ** 2 + (b - middle) ** 2 + (c - middle) ** 2) / 2);
    return { deviation, score, expected: (mean - middle) / deviation };
  });
  const typical = compared.reduce((sum, { deviation }) => sum + deviation, 0) / 256;
  const lively = compared.filter(({ deviation }) => deviation > typical);
  expect(lively.length).toBeGreaterThan(30);
  for (const { score, expected } of lively) expect(score).toBeCloseTo(expected, 3);
});

test('the photo itself does not count among the others, and what cannot be read is left out', async () => {
  const { code, stdout, stderr } = await rank('--layers', 'mixed0', '--against', 'set', './photo.jpg', 'set/30.jpg');
  expect(code).toBe(0);
  expect(stdout).toContain('photo.jpg at 100×80, against 3 pictures\n');
  expect(stderr).toMatch(/^Left out: set\/damaged\.png: expected a JPEG, .+\n$/);
  expect((await rank('--layers', 'mixed0', '--against', 'set', '-q')).stderr).toBe('');
});

describe('what is refused', () => {
  test.each([
    [2, ['--against', 'photo.jpg', 'set/30.jpg'], '--against: expected at least 2 pictures beside the photo, got 1.'],
    [3, ['--against', 'nowhere'], 'nowhere: no such file or folder. Check the name.'],
    [2, ['--layers', 'mixed0@1,1'], '--layers: mixed0: expected no single places here, got @1,1.'],
    [2, ['--model', 'net.onnx'], '--layers: expected names of layers, net.onnx has no blocks to take instead.'],
  ] as const)('with exit code %i: %j', async (code, args, sentence) => {
    const ran = await rank(...args);
    expect(ran).toMatchObject({ code, stdout: '' });
    expect(ran.stderr.startsWith(`pareidolia: ${sentence}`), ran.stderr).toBe(true);
  });
});

describe('a classifier', () => {
  const model = ['--model', 'net.onnx'];

  test('says what it takes the photo for', async () => {
    const { code, stdout } = await rank(...model, '--layers', 'answers');
    expect(code).toBe(0);
    const line = stdout.split('\n').find((each) => each.startsWith('Taken for: '))!;
    for (const label of ['red, or so', 'green', 'blue', 'dark']) expect(line).toMatch(new RegExp(`${label} [\\d.]+ %`));
  });

  test('says so before and after a dream', async () => {
    const dream = [
      'dream',
      'photo.jpg',
      ...model,
      '--layers',
      'map[2]',
      ...quick.slice(2),
      '--steps',
      '20',
      '--classes',
    ];
    const told = await runCli([...dream, '-f'], { cwd });
    expect(told.code).toBe(0);
    const [before, after, last] = told.stderr.trimEnd().split('\n');
    expect(before).toMatch(/^Before: .+ %; .+ %$/);
    expect(after).toMatch(/^After: blue \d+ %; /);
    expect(last).toMatch(/^Dreamed photo\.jpg into photo-dream\.png/);
    const { code, stdout } = await runCli([...dream, '-f', '--json'], { cwd });
    expect(code).toBe(0);
    const { classes } = JSON.parse(stdout);
    const blue = (list: { label: string; probability: number }[]) =>
      list.find(({ label }) => label === 'blue')!.probability;
    expect(classes.after[0]).toMatchObject({ index: 2, label: 'blue' });
    expect(blue(classes.after)).toBeGreaterThan(1.2 * blue(classes.before));
  });

  test('is what the built-in network does not have, which is said before it dreams', async () => {
    const before = await namesIn(cwd);
    const { code, stderr } = await runCli(['dream', 'photo.jpg', '--classes', '-o', 'never.png'], { cwd });
    expect(code).toBe(4);
    expect(stderr).toBe(
      'pareidolia: --classes: built-in has no classifier, expected an output of shape [1, K]. Use another network, or leave it out.\n',
    );
    expect(await namesIn(cwd)).toEqual(before);
  });

  test('whose card names labels that are not there, or too few, is refused', async () => {
    const labelled = async (labels: string): Promise<{ code: number; stderr: string }> => {
      await writeFile(
        join(cwd, 'other.onnx'),
        writeModel(
          modelOf({
            inputs: { picture: [1, 3, 'H', 'W'] },
            outputs: { classes: 2 },
            nodes: [node('GlobalAveragePool', ['picture'], ['mean']), node('Flatten', ['mean'], ['classes'])],
          }),
        ),
      );
      await writeFile(join(cwd, 'other.card.json'), JSON.stringify({ preprocessing: {}, labels }));
      return rank('--model', 'other.onnx', '--layers', 'mean');
    };
    const missing = await labelled('nothing.txt');
    expect(missing).toMatchObject({ code: 4 });
    expect(missing.stderr).toBe(
      'pareidolia: other.card.json: "labels": no such file, nothing.txt. Correct the card.\n',
    );
    const many = await labelled('colours.txt');
    expect(many).toMatchObject({ code: 4 });
    expect(many.stderr).toContain('other.onnx: expected 3 labels, one for each class, got 4.');
  });
});
