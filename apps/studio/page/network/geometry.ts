import type { Size } from '../../../../src/index.js';
import type { Layout, Line } from './layout.js';

/** Where a node is drawn, in pixels from the left upper corner of the drawing. */
export interface Box extends Size {
  readonly name: string;
  readonly left: number;
  readonly top: number;
}

/** A graph in pixels: the boxes of its nodes, and the lines between them as SVG has paths. */
export interface Drawing extends Size {
  readonly boxes: readonly Box[];
  readonly paths: readonly string[];
}

/** Between two columns; the lines bend there. */
const gap = 28;

/**
 * Gives a layout its sizes: columns as wide as the widest box in them, lanes evenly apart.
 *
 * @param pitch from the middle of a lane to that of the next
 */
export function draw(layout: Layout, sizeOf: (name: string) => Size, pitch: number): Drawing {
  const sized = layout.places.map((place) => ({ ...place, ...sizeOf(place.name) }));
  const widths: number[] = [];
  for (const { column, width } of sized) widths[column] = Math.max(widths[column] ?? 0, width);
  const lefts = widths.map((_, column) => widths.slice(0, column).reduce((sum, width) => sum + width + gap, 0));
  const height = Math.max(layout.lanes * pitch, ...sized.map((each) => each.height));
  const middleOf = (lane: number) => height / 2 + lane * pitch;
  const boxes = new Map(
    sized.map(({ name, column, lane, ...size }) => {
      const left = lefts[column]! + (widths[column]! - size.width) / 2;
      return [name, { name, ...size, left, top: middleOf(lane) - size.height / 2, column, middle: middleOf(lane) }];
    }),
  );
  const pathOf = ({ from, to, lane }: Line): string => {
    const [start, end] = [boxes.get(from)!, boxes.get(to)!];
    const [first, last] = [start.column + 1, end.column - 1];
    const right = start.left + start.width;
    const bend = (x: number, y: number, nextX: number, nextY: number) =>
      `C${(x + nextX) / 2} ${y} ${(x + nextX) / 2} ${nextY} ${nextX} ${nextY}`;
    if (last < first) return `M${right} ${start.middle}${bend(right, start.middle, end.left, end.middle)}`;
    const y = middleOf(lane);
    const lastRight = lefts[last]! + widths[last]!;
    return [
      `M${right} ${start.middle}${bend(right, start.middle, lefts[first]!, y)}`,
      `H${lastRight}${bend(lastRight, y, end.left, end.middle)}`,
    ].join('');
  };
  return {
    width: lefts.at(-1)! + widths.at(-1)!,
    height,
    boxes: [...boxes.values()].map(({ name, left, top, width, height }) => ({ name, left, top, width, height })),
    paths: layout.lines.map(pathOf),
  };
}
