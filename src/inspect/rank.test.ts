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
    field: { stride: [1, 1], size: [1, 1], centre: [0.5, 0.5], axes: [2, 3] },
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
    [1, 0, 3, 0],
    [3, 0, 3, 1],
    [5, 0, 3, 2],
  ].map((means) => Float64Array.from(means));
  // Deviations are 2, 0, 0 and 1: at least a twentieth of 0.75.
  const ranked = rankChannels(layer([5, 0.0375, 2.85, 9]), others);
  expect(ranked.map(({ channel }) => channel)).toEqual([3, 1, 0, 2]);
  [8, 1, 1, -4].forEach((score, i) => void expect(ranked[i]!.score).toBeCloseTo(score, 5));
});

test('where nothing varies, scores are plain differences', () => {
  const same = Float64Array.from([1, 1]);
  expect(rankChannels(layer([3, 1]), [same, same]).map(({ score }) => score)).toEqual([2, 0]);
  expect(rankChannels(layer([1, 1])).map(({ score }) => score)).toEqual([0, 0]);
});

test('only the channels that were asked for are ranked', () => {
  expect(rankChannels(layer([1, 4, 1, 2], [3, 0])).map(({ channel }) => channel)).toEqual([3, 0]);
});
