/** What is left of the borders between tiles, measured as bench/seams.ts does. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { measureSeams } from '../bench/seams.js';
import { type Network, type Picture, toNetwork } from '../src/index.js';
import { loadNetwork } from '../src/platform/node/load-network.js';
import { createNodePlatform, type NodePlatform } from '../src/platform/node/platform.js';
import { readPictureFile } from '../src/platform/node/read-picture.js';
import { flat } from './pictures.js';

let platform: NodePlatform;
let network: Network;
let photo: Picture;
beforeAll(async () => {
  [platform, network] = [await createNodePlatform(), await loadNetwork()];
  ({ picture: photo } = await readPictureFile('examples/castle.jpg', { size: 900 }));
});
afterAll(() => platform.close());

// Measured at 1300 pixels, four places of the tiles, jitter 0 and 32: edges of 1.005 on grey and 1.001 on a photo,
// fades of 1.016 and 0.996.
test.each([
  { kind: 'grey', jitter: 0 },
  { kind: 'photo', jitter: 0 },
  { kind: 'photo', jitter: 32 },
])(
  'near the borders of tiles a gradient is within 2 % of elsewhere: $kind, jitter $jitter',
  async ({ kind, jitter }) => {
    const { data } = kind === 'grey' ? flat(photo) : photo;
    const values = toNetwork(data, network.preprocessing);
    const size = { width: photo.width, height: photo.height };
    const common = { network, platform, values, size, layers: ['mixed3', 'mixed5'], seeds: [1, 2] };
    const { edges, fades } = await measureSeams({ ...common, tile: 512, jitter });
    expect(Math.abs(edges - 1)).toBeLessThan(0.02);
    expect(Math.abs(fades - 1)).toBeLessThan(0.02);
  },
);
