import { afterAll, beforeAll, expect, test } from 'vitest';
import { waves } from '../../test/pictures.js';
import { type Network, toNetwork } from '../models/index.js';
import { loadNetwork } from '../platform/node/models/load-network.js';
import { createNodePlatform, type NodePlatform } from '../platform/node/platform.js';
import { layersOf } from './forward.js';
import { parseLayers } from './layers.js';
import { planDream } from './plan.js';
import { dreamOptionsOf } from './presets/index.js';
import { resolveLayers, resolveOptions } from './resolve-layers.js';

let platform: NodePlatform;
let network: Network;
beforeAll(async () => {
  [platform, network] = [await createNodePlatform({ threads: 1 }), await loadNetwork()];
});
afterAll(() => platform.close());

const picture = waves({ width: 120, height: 90 });
const resolved = (text: string) => resolveLayers(text, network, picture, platform);

test('the strongest and the weakest channels are those of the highest and lowest mean activation', async () => {
  const text = await resolved('mixed0[strongest 5],mixed1:2,mixed0[weakest 3]:-1');
  const [strong, plain, weak] = parseLayers(text, network);
  expect(plain).toEqual({ name: parseLayers('mixed1', network)[0]!.name, weight: 2 });
  expect([strong!.channels!.length, weak!.channels!.length, weak!.weight]).toEqual([5, 3, -1]);

  const values = toNetwork(picture.data, network.preprocessing);
  const [{ dims, data }] = (await layersOf(network, values, picture, [strong!.name], platform)) as [
    Awaited<ReturnType<typeof layersOf>>[number],
  ];
  const places = dims[2]! * dims[3]!;
  const means = Array.from({ length: dims[1]! }, (_, channel) =>
    data.subarray(channel * places, (channel + 1) * places).reduce((sum, value) => sum + value / places, 0),
  );
  const others = means.filter((_, channel) => !strong!.channels!.includes(channel));
  for (const channel of strong!.channels!) expect(means[channel]).toBeGreaterThanOrEqual(Math.max(...others) - 1e-6);
  const rest = means.filter((_, channel) => !weak!.channels!.includes(channel));
  for (const channel of weak!.channels!) expect(means[channel]).toBeLessThanOrEqual(Math.min(...rest) + 1e-6);
});

test('where nothing has to be found, the text stays', async () => {
  expect(await resolved('mixed0[3], mixed1')).toBe('mixed0[3], mixed1');
});

test('more channels than there are are refused', async () => {
  await expect(resolved('mixed0[strongest 257]')).rejects.toThrow(/has 256 channels, expected at least 257/);
});

test('a plan asks for it', () => {
  expect(() => planDream(network, picture, dreamOptionsOf({ layers: 'mixed0[strongest 5]' }))).toThrow(
    'resolveOptions',
  );
});

test('octaves may have the strongest channels of layers of their own', async () => {
  const options = dreamOptionsOf({
    layers: 'mixed1[strongest 1]',
    perOctave: '1 layers=mixed0[strongest 2],mixed1 steps=3; 2-last jitter=0',
  });
  const { layers, perOctave } = await resolveOptions(options, network, picture, platform);
  expect(layers).toBe(await resolved('mixed1[strongest 1]'));
  expect(perOctave).toBe(`1 layers=${await resolved('mixed0[strongest 2],mixed1')} steps=3; 2-last jitter=0`);
  expect(planDream(network, picture, { ...options, layers, perOctave }).octaves).toHaveLength(options.octaves);
});
