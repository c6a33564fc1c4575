import type { Option } from '../dream/index.js';
import { type Easing, type Keyframe, keyable } from './keyframes.js';

type Value = string | number | boolean | null;

/** How far a value is on its way, from how far the time is; both 0 to 1. */
const curves: Readonly<Record<Easing, (time: number) => number>> = {
  linear: (time) => time,
  in: (time) => time * time,
  out: (time) => time * (2 - time),
  'in-out': (time) => time * time * (3 - 2 * time),
  hold: () => 0,
};

/**
 * The values at one frame. Every property is a track of its own: it goes from each keyframe that names it to the next
 * one that does, with the easing of the former, and stays as it is after the last. Its value without keyframes is where
 * it starts from, at frame 0. Numbers are interpolated, whole ones rounded; everything else changes at its keyframe.
 *
 * @param start the values without keyframes
 * @param keyframes ascending
 */
export function valuesAt<T extends Readonly<Record<string, Value>>>(
  start: T,
  keyframes: readonly Keyframe[],
  frame: number,
): T {
  const names = new Set(keyframes.flatMap(({ values }) => Object.keys(values)).filter((name) => name in start));
  const now = [...names].map((name) => [name, trackAt(name, start[name]!, keyframes, frame)]);
  return { ...start, ...Object.fromEntries(now) };
}

function trackAt(name: string, start: Value, keyframes: readonly Keyframe[], frame: number): Value {
  const naming = keyframes.filter(({ values }) => Object.hasOwn(values, name));
  const before = naming.findLast((key) => key.frame <= frame) ?? {
    frame: 0,
    ease: 'linear',
    values: { [name]: start },
  };
  const after = naming.find((key) => key.frame > frame);
  const from = before.values[name]!;
  const to = after?.values[name];
  if (!after || typeof from !== 'number' || typeof to !== 'number') return from;
  const part = curves[before.ease]((frame - before.frame) / (after.frame - before.frame));
  const value = from + (to - from) * part;
  return isWhole(keyable[name]!) ? Math.round(value) : value;
}

function isWhole(option: Option): boolean {
  return option.kind === 'integer' || (option.kind === 'optional' && option.whole);
}
