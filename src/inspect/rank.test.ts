import { expect, test } from 'vitest';
import type { LayerActivations } from './activations.js';
import { rankChannels } from './rank.js';

/** A layer of 1×2 elements a channel, whose means are those. */
function layer(means: readonly number[], channels = [...means.keys()]): LayerActivations {
  return {
    name: 'layer',
    shape: [means.length, 1, 2],
    data: Float32Array.from(means.flatMap((mean) => [mean - 0.5, mean + 0.5])),
    channels,
    field: { stride: [1, 1], size: [1, 1], centre: [0.5, 0.5] },
    pictureSize: { width: 2, height: 1 },
  };
}

test('alone, channels are compared with each other', () => {
  const ranked = rankChannels(layer([1, 4, 1, 2]));
  expect(ranked.map(({ channel, mean }) => [channel, mean])).toEqual([
    [1, 4],
    [3, 2],
    [0, 1],
    [2, 1],
  ]);
  // Mean 2, deviation √2.
  [Math.SQRT2, 0, -Math.SQRT1_2, -Math.SQRT1_2].forEach(
    (score, i) => void expect(ranked[i]!.score).toBeCloseTo(score, 10),
  );
});

test('against others, each channel is compared with itself', () => {
  const others = [
    [1, 0, 3, 5, 0],
    [3, 0, 3, 5, 1],
    [5, 0, 3, 5, 2],
  ].map((means) => Float64Array.from(means));
  const ranked = rankChannels(layer([5, 0, 4, 4, 9]), others);
  expect(ranked).toEqual([
    { channel: 2, mean: 4, score: Number.POSITIVE_INFINITY },
    { channel: 4, mean: 9, score: 8 },
    { channel: 0, mean: 5, score: 1 },
    { channel: 1, mean: 0, score: 0 },
    { channel: 3, mean: 4, score: Number.NEGATIVE_INFINITY },
  ]);
});

test('only the channels that were asked for are ranked', () => {
  expect(rankChannels(layer([1, 4, 1, 2], [3, 0])).map(({ channel }) => channel)).toEqual([3, 0]);
});
