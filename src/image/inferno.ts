import type { Colour } from './text.js';

/** Sixteenths of matplotlib's colour map `inferno` (Nathaniel Smith and Stéfan van der Walt, CC0), as sRGB. */
const sixteenths = (
  '000004 0b0724 210c4a 3c0965 57106d 70196e 89226a a32b61 bb3755 ' +
  'd14644 e35932 f1711e f98d0a fcab0f f9ca32 f2e865 fcffa4'
)
  .split(' ')
  .map((hex) => [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255));

/**
 * A heat's colour, from nearly black over purple and orange to light yellow: equal steps look equally far apart, and it
 * reads in grey as well.
 *
 * @param heat from 0 to 1; what is beyond counts as the nearer of the two, and what is no number as 0
 */
export function inferno(heat: number): Colour {
  const place = Math.min(Math.max(heat || 0, 0), 1) * (sixteenths.length - 1);
  const below = Math.min(Math.floor(place), sixteenths.length - 2);
  const [from, to] = [sixteenths[below]!, sixteenths[below + 1]!];
  const mixed = (channel: number): number => from[channel]! + (place - below) * (to[channel]! - from[channel]!);
  return [mixed(0), mixed(1), mixed(2)];
}
