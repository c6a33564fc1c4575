import { describe, expect, test } from 'vitest';
import { zoomOptions } from '../options.js';
import { moviePresets, zoomSettingsOf } from './index.js';

describe('presets of movies', () => {
  test.each(Object.keys(moviePresets))('%s can be read', (preset) => {
    expect(Object.keys(zoomSettingsOf({ preset }).movie).sort()).toEqual(Object.keys(zoomOptions).sort());
  });

  test("article crops 2 pixels a side of the article's 910, backwards", () => {
    const { movie, dream } = zoomSettingsOf({ preset: 'article' });
    expect(movie).toMatchObject({ frames: 50, fps: 15, reverse: true });
    expect(910 / movie.zoom).toBeCloseTo(906, 9);
    expect(dream).toMatchObject({ layers: 'mixed3,mixed5,mixed7', steps: 100, stepSize: 0.1, octaves: 1 });
  });

  test('those of dreams give the look alone, and single options count for more', () => {
    const { movie, dream } = zoomSettingsOf({ preset: 'mlx', fps: '30', steps: 2 });
    expect(movie).toEqual({ ...zoomSettingsOf().movie, fps: 30 });
    expect(dream).toMatchObject({ steps: 2, octaveScale: 1.8 });
  });

  test('an unknown one is refused with all there are', () => {
    expect(() => zoomSettingsOf({ preset: 'x' })).toThrow(
      /--preset: expected one of classic, .*ouroboros.*tfjs, got "x"/,
    );
  });
});
