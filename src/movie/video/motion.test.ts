import { describe, expect, test } from 'vitest';
import { flat, noise, waves } from '../../../test/pictures.js';
import type { Size } from '../../image/index.js';
import { seen, viewOf } from '../move-camera.js';
import { flicker } from './flicker.js';
import { type FlowField, warped } from './flow.js';
import { visibleIn } from './motion.js';
import { sceneChange } from './scene-change.js';

const size = { width: 40, height: 30 };

/** A flow that is given by formula. */
function flowOf({ width, height }: Size, at: (x: number, y: number) => readonly [number, number]): FlowField {
  const places = Array.from({ length: width * height }, (_, i) => at(i % width, Math.floor(i / width)));
  return { width, height, x: Float32Array.from(places, ([x]) => x), y: Float32Array.from(places, ([, y]) => y) };
}

const still = flowOf(size, () => [0, 0]);

test('what is brought along with a flow is what the camera sees after the move', () => {
  const picture = waves(size);
  const moved = seen(picture, viewOf({ zoom: 1, rotate: 0, panX: 2.5, panY: -1.25 }));
  const flow = flowOf(size, () => [2.5, -1.25]);
  warped(picture.data, flow).forEach((value, i) => {
    expect(value).toBeCloseTo(moved.data[i]!, 6);
  });
  expect(warped(picture.data, still)).toEqual(picture.data);
});

describe('a place is visible in the frame before', () => {
  test('where the way there and back leads home, and not where it comes from outside', () => {
    const visible = visibleIn(
      flowOf(size, () => [3, 0]),
      flowOf(size, () => [-3, 0]),
    );
    visible.forEach((value, i) => {
      expect(value).toBe(i % size.width < size.width - 3 ? 1 : 0);
    });
    expect(visibleIn(still, still).every((value) => value === 1)).toBe(true);
  });

  test('not where it was hidden, nor at the border of a motion', () => {
    // A square goes 6 pixels to the right: behind it comes into sight what it hid.
    const inside = (x: number, y: number): boolean => x >= 10 && x < 22 && y >= 8 && y < 20;
    const there = flowOf(size, (x, y) => (inside(x, y) ? [6, 0] : [0, 0]));
    const back = flowOf(size, (x, y) => (inside(x - 6, y) ? [-6, 0] : [0, 0]));
    const visible = visibleIn(back, there);
    const at = (x: number, y: number): number => visible[y * size.width + x]!;
    expect([at(22, 14), at(5, 5), at(35, 14)]).toEqual([1, 1, 1]);
    expect([at(11, 14), at(13, 9)]).toEqual([0, 0]);
    expect([at(16, 14), at(27, 14), at(28, 14)]).toEqual([0, 0, 0]);
  });
});

test('flicker is the mean distance of the colours where both frames show the same', () => {
  const picture = noise(size);
  const lighter = { ...size, data: picture.data.map((value) => value + 0.02) };
  const everywhere = new Float32Array(size.width * size.height).fill(1);
  expect(flicker(picture, picture, { flow: still, visible: everywhere })).toBe(0);
  expect(flicker(picture, lighter, { flow: still, visible: everywhere })).toBeCloseTo(5.1, 3);
  const left = everywhere.map((_, i) => (i % size.width < 20 ? 1 : 0));
  const half = { ...size, data: lighter.data.map((value, i) => (i % size.width < 20 ? value : 0)) };
  expect(flicker(picture, half, { flow: still, visible: left })).toBeCloseTo(5.1, 3);
  expect(flicker(picture, lighter, { flow: still, visible: everywhere.fill(0) })).toBeUndefined();
});

test('colours change little by motion and much at a cut', () => {
  const picture = waves({ width: 96, height: 80 });
  const moved = seen(picture, viewOf({ zoom: 1.05, rotate: 2, panX: 6, panY: 3 }));
  expect(sceneChange(picture, picture)).toBeCloseTo(0, 9);
  expect(sceneChange(picture, moved)).toBeLessThan(0.2);
  expect(sceneChange(flat(size, 0.1), flat(size, 0.9))).toBeCloseTo(1, 9);
  expect(sceneChange(picture, { ...picture, data: picture.data.map((value) => 1 - value ** 2) })).toBeGreaterThan(0.5);
});
