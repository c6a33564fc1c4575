/**
 * Gradients of whole architectures against PyTorch's autograd: a few of those in docs/architectures.md, exported here
 * and now with weights drawn from a seed.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Architectures, compareArchitecture } from '../bench/architecture-gradient.js';
import { createNodePlatform } from '../src/platform/node/platform.js';
import { needPython, runPython } from './python.js';

const exporter = fileURLToPath(new URL('../../bench/peers/export_architectures.py', import.meta.url));
const page = new URL('../../docs/architectures.md', import.meta.url);

/** One each for: old forms, gates, channel shuffle, Resize, and LayerNormalization with attention and Einsum. */
const few = ['resnet18', 'mobilenet_v3_small', 'shufflenet_v2_x1_0', 'lraspp_mobilenet_v3_large', 'maxvit'];

test('gradients of exported architectures are what PyTorch computes', { timeout: 180_000 }, async (context) => {
  await needPython(context, 'torchvision', 'onnx');
  const folder = await mkdtemp(join(tmpdir(), 'architectures-'));
  const platform = await createNodePlatform({ threads: 1 });
  try {
    await runPython(exporter, folder, '--only', few.join(','));
    const listed = JSON.parse(await readFile(join(folder, 'architectures.json'), 'utf8')) as Architectures;
    expect(listed.architectures.map(({ name }) => name)).toEqual(few);
    for (const architecture of listed.architectures) {
      const { cosine, objectiveError } = await compareArchitecture(platform, folder, architecture);
      expect(cosine, architecture.name).toBeGreaterThan(0.9999);
      expect(objectiveError, architecture.name).toBeLessThan(1e-3);
    }
  } finally {
    await platform.close();
    await rm(folder, { recursive: true });
  }
});

test('the table has at least 22 architectures, and every cosine is above 0.9999', async () => {
  const rows = (await readFile(page, 'utf8')).split('\n').filter((line) => /^\| [a-z0-9_]+ +\| \d+ +\|/.test(line));
  expect(rows.length).toBeGreaterThanOrEqual(22);
  for (const row of rows) expect(Number(row.split('|')[4])).toBeGreaterThan(0.9999);
});
