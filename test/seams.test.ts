/** What is left of the borders between tiles, measured as bench/seams.ts does. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { measureSeams, type Seams } from '../bench/seams.js';
import { type Network, type Picture, toNetwork } from '../src/index.js';
import { loadNetwork } from '../src/platform/node/models/load-network.js';
import { readPictureFile } from '../src/platform/node/pictures/read-picture.js';
import { createNodePlatform, type NodePlatform } from '../src/platform/node/platform.js';
import { flat } from './pictures.js';

let platform: NodePlatform;
let network: Network;
let photo: Picture;
beforeAll(async () => {
  [platform, network] = [await createNodePlatform({ threads: 1 }), await loadNetwork()];
  ({ picture: photo } = await readPictureFile('examples/castle.jpg', { size: 900 }));
});
afterAll(() => platform.close());

const layers = ['mixed3', 'mixed5'];

/** How much the borders show of a picture in tiles of 512. */
function seamsOf({ data, width, height }: Picture, jitter: number, seeds: readonly number[]): Promise<Seams> {
  const values = toNetwork(data, network.preprocessing);
  return measureSeams({ network, platform, values, size: { width, height }, layers, tile: 512, jitter, seeds });
}

// Measured at 1300 pixels over four places of the tiles, jitter 0 and 32: 1.001 and 1.000 at the edges, 0.997 and 0.994
// where tiles fade into one another.
test.each([{ jitter: 0 }, { jitter: 32 }])(
  'near the borders of tiles a gradient is within 2 % of elsewhere: a photo, jitter $jitter',
  async ({ jitter }) => {
    const { edges, fades } = await seamsOf(photo, jitter, [1, 2]);
    expect(Math.abs(edges - 1)).toBeLessThan(0.02);
    expect(Math.abs(fades - 1)).toBeLessThan(0.02);
  },
);

// Nothing but the zeros around every tile tells one place of a grey picture from another, and their trace reaches
// further than tiles can overlap. Measured, by the size of the picture: 0.97 to 1.03 at the edges, 1.01 to 1.04 between.
test('near the borders of tiles a gradient is within 5 % of elsewhere: grey', async () => {
  const { edges, fades } = await seamsOf(flat({ width: 1300, height: 480 }), 0, [1]);
  expect(Math.abs(edges - 1)).toBeLessThan(0.05);
  expect(Math.abs(fades - 1)).toBeLessThan(0.05);
});
