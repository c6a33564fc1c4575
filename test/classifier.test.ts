/** What a whole classifier takes a picture for, and what its layers answer, against PyTorch's. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import {
  activations,
  type ClassScore,
  channelMeans,
  createNodePlatform,
  listLayers,
  loadNetwork,
  readNpy,
  topClasses,
} from '../src/platform/node/index.js';
import { needPython, runPython } from './python.js';

const exporter = fileURLToPath(new URL('../../bench/peers/export_classifier.py', import.meta.url));

test('classes, their names and activations of SqueezeNet are those of PyTorch', async (context) => {
  await needPython(context, 'torchvision', 'onnx');
  const folder = await mkdtemp(join(tmpdir(), 'classifier-'));
  const platform = await createNodePlatform({ threads: 1 });
  try {
    await runPython(exporter, folder);
    const network = await loadNetwork(join(folder, 'squeezenet.onnx'));
    expect(network.labels).toHaveLength(40);
    expect([network.preprocessingOrigin, network.fixedSize]).toEqual(['card', { width: 224, height: 224 }]);
    const { data } = readNpy(await readFile(join(folder, 'picture.npy')), 'picture.npy');
    const picture = { width: 224, height: 224, data };
    const expected = JSON.parse(await readFile(join(folder, 'top.json'), 'utf8')) as {
      classes: Required<ClassScore>[];
      fire: number[];
    };

    const classes = (await topClasses(network, picture, 5, platform))!;
    expect(classes.map(({ index, label }) => [index, label])).toEqual(
      expected.classes.map(({ index, label }) => [index, label]),
    );
    for (const [i, { probability }] of classes.entries()) {
      expect(probability / expected.classes[i]!.probability).toBeCloseTo(1, 3);
    }

    const block = listLayers(network, picture).find(({ kind }) => kind === 'block')!;
    const { layers } = await activations(network, picture, block.name, platform);
    const means = channelMeans(layers[0]!);
    expect(means).toHaveLength(expected.fire.length);
    for (const [channel, mean] of means.entries()) expect(mean).toBeCloseTo(expected.fire[channel]!, 4);
  } finally {
    await platform.close();
    await rm(folder, { recursive: true });
  }
}, 60_000);
