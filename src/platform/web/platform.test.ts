import { readFile } from 'node:fs/promises';
import { afterAll, expect, test } from 'vitest';
import { dream, dreamOptionsOf, Network, type Picture, planDream, readModel } from '../../index.js';
import { createNodePlatform } from '../node/platform.js';
import type { Platform } from '../platform.js';
import { createWebPlatform } from './platform.js';

const native = await createNodePlatform();
afterAll(() => native.close());

async function objectiveOn(platform: Platform): Promise<number> {
  const bytes = await readFile(new URL('../../../models/inception-v3.onnx', import.meta.url));
  const network = new Network(readModel(bytes, { name: 'built-in' }), { name: 'built-in', sha256: '0'.repeat(64) });
  const size = { width: 96, height: 80 };
  const data = Float32Array.from({ length: 3 * size.width * size.height }, (_, i) => 0.5 + 0.4 * Math.sin(i * 0.37));
  const picture: Picture = { ...size, data };
  const plan = planDream(network, picture, dreamOptionsOf({ layers: 'mixed2', octaves: 1, steps: 3, seed: 1 }));
  for await (const event of dream(plan, picture, { platform })) {
    if (event.type === 'finished') return event.objectiveLast;
  }
  return Number.NaN;
}

test('the portable library dreams the same on the WebAssembly platform as on the native one', async () => {
  const web = await createWebPlatform({ threads: 1 });
  expect(web).toMatchObject({ runtime: 'onnxruntime-web', cores: 1 });
  const [onWeb, onNative] = [await objectiveOn(web), await objectiveOn(native)];
  expect(onNative).toBeGreaterThan(0);
  expect(Math.abs(onWeb / onNative - 1)).toBeLessThan(0.01);
});
