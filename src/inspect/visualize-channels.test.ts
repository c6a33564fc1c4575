import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dream, dreamOptionsOf, noisePicture, planDream } from '../dream/index.js';
import { OptionError } from '../errors.js';
import type { Network } from '../models/index.js';
import { createNodePlatform, loadNetwork, type NodePlatform } from '../platform/node/index.js';
import { type ChannelPicture, planChannels, visualizeChannels } from './visualize-channels.js';

let network: Network;
let platforms: NodePlatform[];
beforeAll(async () => {
  network = await loadNetwork();
  platforms = [await createNodePlatform({ threads: 1 }), await createNodePlatform({ threads: 1 })];
});
afterAll(() => Promise.all(platforms.map((each) => each.close())));

const size = { width: 64, height: 64 };
const start = noisePicture(size, 1);
const options = (steps: number) => dreamOptionsOf({ preset: 'lucid', layers: 'mixed1', steps, seed: 1 });

/** Platforms that count how often they compile a graph. */
function counted(): { counts: number[]; counting: NodePlatform[] } {
  const counts = platforms.map(() => 0);
  const counting = platforms.map((platform, i) => ({
    ...platform,
    createSession: (...args: Parameters<NodePlatform['createSession']>) => {
      counts[i]!++;
      return platform.createSession(...args);
    },
  }));
  return { counts, counting };
}

async function drawnBy(some: readonly NodePlatform[], channels: readonly number[], steps: number) {
  const results = new Map<number, ChannelPicture>();
  await visualizeChannels(planChannels(network, start, options(steps)), channels, start, {
    platforms: some,
    drawn: async (result) => {
      expect(results.has(result.channel)).toBe(false);
      results.set(result.channel, result);
    },
  });
  return results;
}

describe('channels', () => {
  test('are each drawn once, from one graph for each who draws, and the same whoever draws them', async () => {
    const { counts, counting } = counted();
    const channels = [3, 0, 17, 200, 5];
    const together = await drawnBy(counting, channels, 2);
    expect([...together.keys()].toSorted((a, b) => a - b)).toEqual([0, 3, 5, 17, 200]);
    expect(counts).toEqual([1, 1]);
    const alone = await drawnBy(platforms.slice(0, 1), channels, 2);
    for (const channel of channels) expect(together.get(channel)).toEqual(alone.get(channel));
  });

  test('along their direction have the objective and the picture of the channel by itself', async () => {
    const along = (await drawnBy(platforms, [17], 3)).get(17)!;
    const plan = planDream(network, start, { ...options(3), layers: 'mixed1[17]', objective: 'mean' });
    for await (const event of dream(plan, start, { platform: platforms[0]! })) {
      if (event.type !== 'finished') continue;
      expect(along.objectiveFirst).toBeCloseTo(event.objectiveFirst, 5);
      expect(along.objectiveLast).toBeCloseTo(event.objectiveLast, 3);
      const apart = along.picture.data.map((value, i) => Math.abs(value - event.picture.data[i]!));
      expect(apart.reduce((sum, value) => sum + value, 0) / apart.length).toBeLessThan(1e-3);
    }
  });

  test('are excited far more in the end than by the noise', async () => {
    const results = await drawnBy(platforms, [5, 17], 24);
    for (const { objectiveFirst, objectiveLast, picture } of results.values()) {
      expect(objectiveLast).toBeGreaterThan(Math.abs(objectiveFirst) + 2);
      expect(picture.data.every((value) => value > 0 && value < 1)).toBe(true);
    }
  });
});

test('a failure in the middle ends all of it', async () => {
  const drawn: number[] = [];
  const failing = visualizeChannels(planChannels(network, start, options(1)), [0, 1, 2, 3, 4, 5, 6, 7], start, {
    platforms,
    drawn: async ({ channel }) => {
      drawn.push(channel);
      if (drawn.length === 2) throw new Error('the disk is full');
    },
  });
  await expect(failing).rejects.toThrow('the disk is full');
  expect(drawn.length).toBeLessThan(5);
});

test('giving up throws the reason', async () => {
  const reason = new Error('enough');
  const failing = visualizeChannels(planChannels(network, start, options(1)), [0], start, {
    platforms,
    signal: AbortSignal.abort(reason),
    drawn: async () => expect.unreachable(),
  });
  await expect(failing).rejects.toBe(reason);
});

test.each(['mixed0,mixed1', 'mixed1[3]', 'mixed1@2,2'])('%s is refused: one whole layer is expected', (layers) => {
  expect(() => planChannels(network, start, { ...options(1), layers })).toThrow(OptionError);
});
