import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createNodePlatform,
  dreamOptionsOf,
  dreamRaster,
  encodePictureInParts,
  loadNetwork,
  type Network,
  type NodePlatform,
  planDream,
  rasterPictureOf,
  type Size,
} from '../src/platform/node/index.js';
import { noise } from './pictures.js';

let platform: NodePlatform;
let network: Network;
beforeAll(async () => {
  [platform, network] = [await createNodePlatform(), await loadNetwork()];
});
afterAll(() => platform.close());

/** A layer near the picture: what is looked at here is what is done to pictures around the network. */
const layers = 'activation_1';
test.each<[string, Size, boolean, Readonly<Record<string, unknown>>]>([
  ['in scratch files', { width: 2000, height: 1500 }, true, { octaves: 2 }],
  [
    'with filters that look at all of it',
    { width: 1000, height: 750 },
    false,
    { octaves: 1, optimizer: 'adam', space: 'fourier', bands: 3, tv: 0.1, match: 'histogram' },
  ],
])('a large picture that is dreamed %s lets others have their turn', async (_, size, scratch, values) => {
  const picture = noise(size);
  const options = dreamOptionsOf({ layers, seed: 1, steps: 1, ...values });
  // With less memory allowed than a large picture takes, it goes to scratch files.
  const plan = planDream(network, size, options, scratch ? { scratch, memoryBytes: 400e6 } : {});
  expect(plan.storage).toBe(scratch ? 'scratch' : 'memory');
  const delay = monitorEventLoopDelay({ resolution: 2 });
  delay.enable();
  const startedAt = performance.now();
  for await (const event of dreamRaster(plan, rasterPictureOf(picture), { platform, previewEveryMs: 0 })) {
    if (event.type === 'finished') await encodePictureInParts(event.picture, { format: 'jpeg' });
  }
  delay.disable();
  const tookMs = performance.now() - startedAt;
  // In proportion, because machines are busy and slow; done in one go, the longest piece takes a quarter and more.
  expect(delay.max / 1e6).toBeLessThan(tookMs / 8);
});
