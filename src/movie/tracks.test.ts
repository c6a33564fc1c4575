import { describe, expect, test } from 'vitest';
import { parseKeyframes } from './keyframes.js';
import { valuesAt } from './tracks.js';

const start = { zoom: 1, rotate: 0, steps: 4, layers: 'mixed3', clip: true, stepSizeEnd: null };

function at(camera: string, frame: number) {
  return valuesAt(start, parseKeyframes(camera), frame);
}

describe('tracks', () => {
  test('start from the flags at frame 0 and stay after their last keyframe', () => {
    const camera = '10 zoom=1.1';
    expect(at(camera, 0).zoom).toBe(1);
    expect(at(camera, 5).zoom).toBeCloseTo(1.05, 12);
    expect(at(camera, 10).zoom).toBe(1.1);
    expect(at(camera, 99).zoom).toBe(1.1);
  });

  test('each goes by itself, past keyframes that do not name it', () => {
    const camera = '0 zoom=1 rotate=0; 5 rotate=10; 10 zoom=2';
    expect(at(camera, 5)).toMatchObject({ zoom: 1.5, rotate: 10 });
    expect(at(camera, 8)).toMatchObject({ zoom: 1.8, rotate: 10 });
  });

  test.each([
    ['linear', 0.25],
    ['in', 0.0625],
    ['out', 0.4375],
    ['in-out', 0.15625],
    ['hold', 0],
  ])('ease=%s is the way from its own keyframe to the next', (ease, part) => {
    expect(at(`0 zoom=1 ease=${ease}; 100 zoom=2 ease=hold`, 25).zoom).toBeCloseTo(1 + part, 12);
    expect(at(`0 zoom=1 ease=${ease}; 100 zoom=2`, 100).zoom).toBe(2);
  });

  test('whole numbers are rounded, and what is no number changes at its keyframe', () => {
    const camera = '10 steps=9 layers=mixed4 clip=false step-size-end=0.1';
    expect(at(camera, 3)).toEqual({ ...start, steps: 6 });
    expect(at(camera, 10)).toEqual({ zoom: 1, rotate: 0, steps: 9, layers: 'mixed4', clip: false, stepSizeEnd: 0.1 });
  });
});
