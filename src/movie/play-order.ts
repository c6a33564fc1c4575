import type { ZoomOptions } from './options.js';

/**
 * The frames of a movie in the order they are shown. Back and forth, the first and the last frame are not shown twice.
 *
 * @param frames how many there are; they are counted from 1
 */
export function* playOrder(
  frames: number,
  { reverse, loop }: Pick<ZoomOptions, 'reverse' | 'loop'>,
): Generator<number, void> {
  const shown = (frame: number): number => (reverse ? frames + 1 - frame : frame);
  for (let frame = 1; frame <= frames; frame++) yield shown(frame);
  if (loop !== 'ping-pong') return;
  for (let frame = frames - 1; frame > 1; frame--) yield shown(frame);
}
