import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flat } from '../../test/pictures.js';
import { inferno, luma, type Size } from '../image/index.js';
import type { Network } from '../models/index.js';
import { createNodePlatform, loadNetwork, type NodePlatform } from '../platform/node/index.js';
import { activations, type LayerActivations } from './activations.js';
import { activationMap, heatMap, heatOverlay } from './heat-map.js';

/** A layer of one channel, 3 rows and 4 columns, whose elements look at every 10th row and 8th column. */
function layer(data: readonly number[], centre: readonly [number, number] = [5.5, 3.5]): LayerActivations {
  return {
    name: 'layer',
    shape: [1, 3, 4],
    data: Float32Array.from(data),
    channels: [0],
    field: { stride: [10, 8], size: [11, 11], centre, axes: [2, 3] },
    pictureSize: { width: 40, height: 30 },
  };
}

const ramp = Array.from({ length: 12 }, (_, i) => 100 * Math.floor(i / 4) + (i % 4));

describe('a map', () => {
  test('has the value of each element in the middle of what it sees, and lies straight between them', () => {
    const map = activationMap(layer(ramp), 0, { width: 40, height: 30 });
    for (let row = 0; row < 3; row++) {
      for (let column = 0; column < 4; column++) {
        expect(map[(5 + 10 * row) * 40 + 3 + 8 * column]).toBeCloseTo(100 * row + column, 4);
      }
    }
    expect(map[10 * 40 + 7]).toBeCloseTo(50 + 0.5, 4);
    expect(map[7 * 40 + 13]).toBeCloseTo(20 + 1.25, 4);
    // Beyond the outermost elements nothing is known.
    expect([map[0], map[29 * 40 + 39]]).toEqual([0, 203]);
  });

  test('shows the same scene at any size', () => {
    const map = activationMap(layer(ramp), 0, { width: 20, height: 15 });
    // The pixel in the middle of 10..11 by 5..6 of 15 by 20 lies at 11 by 21 of 30 by 40.
    expect(map[5 * 20 + 10]).toBeCloseTo(100 * ((11 - 5.5) / 10) + (21 - 3.5) / 8, 4);
  });

  test('of a layer whose places are not known is spread evenly', () => {
    const map = activationMap(layer(ramp, [Number.NaN, Number.NaN]), 0, { width: 40, height: 30 });
    expect(map[15 * 40 + 15]).toBeCloseTo(105 + 1.05, 4);
    expect(map[0]).toBe(0);
  });
});

describe('heat', () => {
  const size = { width: 40, height: 30 };
  const at = ({ data }: { data: Float32Array }, x: number, y: number) =>
    [0, 1, 2].map((plane) => data[plane * 1200 + y * 40 + x]!);
  const near = (got: readonly number[], expected: readonly number[]) =>
    got.forEach((value, i) => void expect(value).toBeCloseTo(expected[i]!, 5));

  test('goes from 0 to the highest activation', () => {
    const heat = heatMap(layer(ramp.map((value) => value + 47)), 0, size);
    near(at(heat, 39, 29), inferno(1));
    near(at(heat, 0, 0), inferno(47 / 250));
  });

  test('goes from the lowest activation where that is below 0, and a dead channel is black', () => {
    const heat = heatMap(layer(ramp.map((value) => value - 47)), 0, size);
    near(at(heat, 0, 0), inferno(0));
    near(at(heat, 3, 15), inferno(100 / 203));
    near(at(heatMap(layer(new Array(12).fill(0)), 0, size), 20, 20), inferno(0));
  });

  test('lies over a grey picture', () => {
    const picture = flat(size, 0);
    picture.data.fill(1, 0, 1200); // red
    const over = heatOverlay(layer(ramp), 0, picture);
    const grey = luma(picture.data)[0]!;
    const mixed = (heat: number, share: number) => inferno(heat).map((value) => share * value + (1 - share) * grey);
    near(at(over, 0, 0), mixed(0, 0.5));
    near(at(over, 39, 29), mixed(1, 0.85));
  });
});

describe('on the built-in network', () => {
  let network: Network;
  let platform: NodePlatform;
  beforeAll(async () => {
    network = await loadNetwork();
    platform = await createNodePlatform({ threads: 1 });
  });
  afterAll(() => platform.close());

  /** Where a layer's answer changes when a spot appears in a picture: the middle of the change, in pixels. */
  async function answeredAt(layers: string, size: Size, spot: { x: number; y: number }) {
    const plain = flat(size);
    const spotted = flat(size);
    for (let i = 0; i < spotted.data.length; i++) {
      const [x, y] = [(i % size.width) + 0.5, (Math.floor(i / size.width) % size.height) + 0.5];
      spotted.data[i]! += 0.5 * Math.exp(-((x - spot.x) ** 2 + (y - spot.y) ** 2) / 8);
    }
    const [before, after] = await Promise.all(
      [plain, spotted].map((each) => activations(network, each, layers, platform)),
    );
    const [was, is] = [before!.layers[0]!, after!.layers[0]!];
    const area = is.shape[1] * is.shape[2];
    const change = new Float32Array(area);
    for (const [i, value] of is.data.entries()) change[i % area]! += Math.abs(value - was.data[i]!);
    const map = activationMap({ ...is, shape: [1, is.shape[1], is.shape[2]], data: change }, 0, size);
    let [mass, x, y] = [0, 0, 0];
    for (const [i, value] of map.entries()) {
      mass += value;
      x += value * ((i % size.width) + 0.5);
      y += value * (Math.floor(i / size.width) + 0.5);
    }
    return { x: x / mass, y: y / mass };
  }

  // Convolutions without padding leave out the borders, so that evenly spread maps would be off by most of a stride here.
  // A network may answer more below a spot than above it, and so be off by a part of one.
  test.each([
    ['activation_3', { width: 96, height: 80 }, { x: 30, y: 60 }, 2],
    ['mixed0', { width: 160, height: 144 }, { x: 36, y: 74 }, 8],
    ['mixed3', { width: 300, height: 280 }, { x: 60, y: 212 }, 16],
  ])('what %s answers to spots lies over the spots', async (layers, size, first, stride) => {
    const count = 4;
    let [right, down] = [0, 0];
    for (let i = 0; i < count; i++) {
      const spot = { x: first.x + (i * stride) / count, y: first.y - (i * stride) / count };
      const found = await answeredAt(layers, size, spot);
      right += (found.x - spot.x) / count;
      down += (found.y - spot.y) / count;
    }
    expect(Math.abs(right)).toBeLessThan(0.35 * stride);
    expect(Math.abs(down)).toBeLessThan(0.35 * stride);
  });
});
