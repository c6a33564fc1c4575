import { describe, expect, test } from 'vitest';
import { composed, viewOf } from './move-camera.js';
import { zoomSettingsOf } from './presets/index.js';
import { MovieScript } from './script.js';

function script(values: Record<string, unknown>, photos = 1): MovieScript {
  return new MovieScript(zoomSettingsOf({ seed: 7, ...values }), photos);
}

describe('a movie of one photo', () => {
  test('has frames that do not depend on how many there are, each with a seed of its own', () => {
    const [short, long] = [script({ frames: 10 }), script({ frames: 1000, fps: 3, reverse: true })];
    for (const frame of [1, 2, 10]) expect(short.frame(frame)).toEqual(long.frame(frame));
    const seeds = Array.from({ length: 500 }, (_, i) => long.frame(i + 1).options.seed);
    expect(new Set(seeds).size).toBe(500);
    expect(script({ frames: 10, seed: 8 }).frame(1).options.seed).not.toBe(short.frame(1).options.seed);
  });

  test('moves and dreams as its keyframes say', () => {
    const { move, options } = script({ zoom: 1.02, camera: '10 zoom=1.04 steps=8 layers=mixed4' }).frame(10);
    expect(move).toEqual({ zoom: 1.04, rotate: 0, panX: 0, panY: 0 });
    expect(options).toMatchObject({ steps: 8, layers: 'mixed4' });
    expect(options).not.toHaveProperty('zoom');
  });
});

describe('a movie through several photos', () => {
  const through = script({ frames: 60, zoom: 1.05, rotate: 2, panX: 3 }, 3);

  test('sees the next photo in the last third of each way, and it alone at the end', () => {
    expect(through.frame(20)).not.toHaveProperty('approach');
    expect(through.frame(21)).toMatchObject({ photo: 0, approach: { photo: 1 } });
    expect(through.frame(30)).toMatchObject({ photo: 0, approach: { photo: 1, share: 1, passed: 1 } });
    expect(through.frame(31)).toMatchObject({ photo: 1 });
    expect(through.frame(31)).not.toHaveProperty('approach');
    expect(through.frame(60)).toMatchObject({ photo: 1, approach: { photo: 2, share: 1 } });
  });

  test('lets it come nearer as the camera moves, into its place', () => {
    const views = Array.from({ length: 10 }, (_, i) => through.frame(21 + i).approach!.view);
    expect(views[9]).toEqual({ xx: 1, xy: 0, x0: 0, yx: 0, yy: 1, y0: 0 });
    for (const [i, view] of views.entries()) {
      if (i === 0) continue;
      // What a frame sees by way of the frame before is what it sees itself.
      const byWay = composed(viewOf(through.frame(21 + i).move), views[i - 1]!);
      for (const [name, value] of Object.entries(view)) {
        expect(byWay[name as keyof typeof byWay]).toBeCloseTo(value, 9);
      }
    }
    expect(views[0]!.xx).toBeGreaterThan(1.4);
  });

  test('mixes in what makes up the share that has passed', () => {
    let rest = 1;
    for (let frame = 21; frame <= 30; frame++) {
      const { share, passed } = through.frame(frame).approach!;
      rest *= 1 - share;
      expect(1 - rest).toBeCloseTo(passed, 12);
    }
  });

  test('ends in the first photo when it is to play without a seam', () => {
    const loop = script({ frames: 30, loop: 'seamless' });
    expect(loop.frame(20)).not.toHaveProperty('approach');
    expect(loop.frame(30)).toMatchObject({ photo: 0, approach: { photo: 0, share: 1 } });
  });
});
