import type { Picture } from '../../image/index.js';

/** Shades of each colour that are told apart. */
const shades = 8;

/**
 * How different the colours of two pictures are, wherever they stand: the part of the pixels that have no partner of a
 * like colour in the other picture. Motion changes little of it, a cut much. (1 − the intersection of histograms of
 * 8×8×8 colours, after Swain and Ballard, "Color indexing", 1991.)
 *
 * @returns 0 for the same colours to 1 for none in common
 */
export function sceneChange(one: Picture, other: Picture): number {
  const [first, second] = [histogramOf(one), histogramOf(other)];
  let common = 0;
  for (let i = 0; i < first.length; i++) common += Math.min(first[i]!, second[i]!);
  return 1 - common;
}

function histogramOf({ width, height, data }: Picture): Float64Array {
  const area = width * height;
  const counts = new Float64Array(shades ** 3);
  for (let i = 0; i < area; i++) {
    let bin = 0;
    for (let plane = 0; plane < 3; plane++) {
      const shade = Math.floor(shades * data[plane * area + i]!);
      bin = bin * shades + Math.min(Math.max(shade, 0), shades - 1);
    }
    counts[bin]! += 1 / area;
  }
  return counts;
}
