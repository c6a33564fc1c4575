import { describe, expect, test } from 'vitest';
import { VideoScript } from './video-script.js';
import { videoPresets, videoSettingsOf } from './video-settings.js';

/** How much of the frame before the first frames start with. */
function shares(values: Record<string, unknown>, frames = 12): number[] {
  const script = new VideoScript(videoSettingsOf({ seed: 7, ...values }));
  return Array.from({ length: frames }, (_, i) => script.frame(i + 1).share);
}

describe('how much a frame takes from the one before', () => {
  test('is the same each time with flow and const', () => {
    expect(new Set(shares({}))).toEqual(new Set([0.8]));
    expect(new Set(shares({ blending: 'const' }))).toEqual(new Set([0.5]));
    expect(new Set(shares({ blending: 'const', blend: 0.2 }))).toEqual(new Set([0.2]));
    expect(new Set(shares({ blending: 'none' }))).toEqual(new Set([0]));
  });

  test('loops as in DeepDreamVideo: the new frame counts 0.5 to 1 and back, in steps of 0.1', () => {
    const news = shares({ blending: 'loop' }).map((share) => Number((1 - share).toFixed(6)));
    expect(news).toEqual([0.5, 0.6, 0.7, 0.8, 0.9, 1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.6]);
  });

  test('is drawn by seed and frame, from none to the most', () => {
    const drawn = shares({ blending: 'random' }, 200);
    expect(drawn).toEqual(shares({ blending: 'random' }, 200));
    expect(drawn).not.toEqual(shares({ blending: 'random', seed: 8 }, 200));
    expect(Math.min(...drawn)).toBeLessThan(0.02);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(0.5);
    expect(drawn.reduce((sum, share) => sum + share) / 200).toBeCloseTo(0.25, 1);
  });
});

describe('layers', () => {
  test('take turns, each for some frames; all frames have the same seed', () => {
    const script = new VideoScript(
      videoSettingsOf({ seed: 7, cycle: 'mixed3; mixed4[1 2],mixed5:0.5; mixed6', cycleEvery: 2 }),
    );
    const frames = Array.from({ length: 7 }, (_, i) => script.frame(i + 1));
    expect(frames.map(({ options }) => options.layers)).toEqual(
      [0, 0, 1, 1, 2, 2, 0].map((i) => ['mixed3', 'mixed4[1 2],mixed5:0.5', 'mixed6'][i]),
    );
    expect(new Set(frames.map(({ options }) => options.seed))).toEqual(new Set([7]));
  });

  test('that are asked for count for more than those that take turns in a preset', () => {
    expect(videoSettingsOf({ preset: 'deepdreamvideo' }).video.cycle).toContain('mixed7');
    expect(videoSettingsOf({ preset: 'deepdreamvideo', layers: 'mixed2' }).video.cycle).toBe('none');
  });
});

describe('settings', () => {
  test.each(Object.keys(videoPresets))('preset %s can be read', (preset) => {
    expect(videoSettingsOf({ preset }).dream.steps).toBeGreaterThan(0);
  });

  test('looks of dreams can be named, single options count for more', () => {
    expect(videoSettingsOf({ preset: 'mlx', steps: 2 }).dream).toMatchObject({ steps: 2, octaveScale: 1.8 });
  });

  test.each([
    [{ preset: 'x' }, /--preset: expected one of classic, deepdreamvideo/],
    [{ start: 3, end: 2 }, /--end: expected more than --start, 3, got 2/],
    [{ blend: 2 }, /--blend: expected a number from 0 to 1, got 2/],
    [{ blending: 'flou' }, /--blending: expected one of flow, const, loop, random, none/],
  ])('%j is refused', (values, message) => {
    expect(() => videoSettingsOf(values)).toThrow(message);
  });
});
