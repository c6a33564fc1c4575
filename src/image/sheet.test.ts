import { expect, test } from 'vitest';
import type { Picture } from './picture.js';
import { contactSheet, sheetPlaces, stacked } from './sheet.js';

type Colour = readonly [number, number, number];
const red: Colour = [1, 0, 0];
const blue: Colour = [0, 0, 1];
const white: Colour = [1, 1, 1];
const black: Colour = [0, 0, 0];

function plain(width: number, height: number, colour: Colour): Picture {
  const data = Float32Array.from({ length: 3 * width * height }, (_, i) => colour[Math.floor(i / (width * height))]!);
  return { width, height, data };
}

function at({ width, height, data }: Picture, x: number, y: number): number[] {
  return [0, 1, 2].map((plane) => data[(plane * height + y) * width + x]!);
}

/** Whether any pixel of a rectangle has this colour. */
function has(picture: Picture, colour: Colour, x: number, y: number, width: number, height: number): boolean {
  for (let row = y; row < y + height; row++) {
    for (let column = x; column < x + width; column++) {
      if (at(picture, column, row).every((value, plane) => value === colour[plane])) return true;
    }
  }
  return false;
}

const colours = { background: black, textColour: white } as const;

test('pictures stand in a grid, row by row, with gaps between and around them', () => {
  const cells = [red, blue, blue, red].map((colour) => ({ picture: plain(10, 6, colour) }));
  const sheet = contactSheet(cells, { ...colours, columns: 2, gap: 4 });
  expect([sheet.width, sheet.height]).toEqual([4 + 2 * 14, 4 + 2 * 10]);
  const rows = (sheet: Picture, colour: Colour): boolean[] =>
    Array.from({ length: sheet.height }, (_, y) => has(sheet, colour, 0, y, sheet.width, 1));
  expect(rows(sheet, red)).toEqual(Array.from({ length: 24 }, (_, y) => (y >= 4 && y < 10) || (y >= 14 && y < 20)));
  expect([at(sheet, 4, 4), at(sheet, 13, 9), at(sheet, 18, 4), at(sheet, 27, 9)]).toEqual([red, red, blue, blue]);
  expect([at(sheet, 4, 14), at(sheet, 13, 19), at(sheet, 18, 14)]).toEqual([blue, blue, red]);
  for (const [x, y] of [
    [3, 4],
    [14, 9],
    [17, 4],
    [28, 9],
    [4, 10],
    [4, 13],
    [4, 20],
  ] as const) {
    expect(at(sheet, x, y), `${x}, ${y}`).toEqual(black);
  }
});

test('smaller pictures stand in the middle, absent ones leave their place empty, transparent ones show the ground', () => {
  const glass = { ...plain(10, 6, red), alpha: new Float32Array(60).fill(0.25) };
  const cells = [{ picture: plain(4, 2, red) }, undefined, { picture: glass }];
  const sheet = contactSheet(cells, { background: blue, columns: 3, gap: 2 });
  expect([at(sheet, 4, 4), at(sheet, 5, 4), at(sheet, 8, 5), at(sheet, 9, 5)]).toEqual([blue, red, red, blue]);
  expect(has(sheet, blue, 14, 2, 10, 6) && !has(sheet, red, 14, 2, 10, 6)).toBe(true);
  expect(at(sheet, 26, 2)).toEqual([0.25, 0, 0.75]);
});

test('captions stand under their cells, in the middle, and keep to their width', () => {
  const picture = plain(60, 10, red);
  const cells = [{ picture, caption: 'HH' }, { picture, caption: 'much too long a text\nII' }, { picture }];
  const sheet = contactSheet(cells, { ...colours, columns: 3, gap: 12, textScale: 1 });
  // Two lines of 11 pixels, 3 pixels from the picture.
  expect(sheet.height).toBe(12 + 10 + 25 + 12);
  const below = (x: number, width: number, line: number): boolean => has(sheet, white, x, 25 + 11 * line, width, 11);
  // HH takes 11 pixels with ink, so that 24 or 25 are left on either side.
  expect([below(12, 24, 0), below(36, 12, 0), below(48, 24, 0), below(12, 60, 1)]).toEqual([false, true, false, false]);
  expect([below(84, 60, 0), below(84, 24, 1), below(108, 12, 1), below(120, 24, 1)]).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect([below(72, 12, 0), below(144, 84, 0), below(144, 84, 1)]).toEqual([false, false, false]);
});

test('a title stands above, headings of columns and rows beside what they are about', () => {
  const picture = plain(40, 30, red);
  const cells = Array.from({ length: 4 }, () => ({ picture }));
  const headings = { columnHeadings: ['1', '2'], rowHeadings: ['A', 'Bcd'] };
  const sheet = contactSheet(cells, { ...colours, ...headings, title: 'T', columns: 2, gap: 10, textScale: 1 });
  const left = 10 + 3 * 6 + 10;
  const top = 10 + 2 * 11 + 10 + 14;
  expect([sheet.width, sheet.height]).toEqual([left + 2 * 50, top + 2 * 40]);
  expect([at(sheet, left, top), at(sheet, left - 1, top), at(sheet, left, top - 1)]).toEqual([red, black, black]);
  expect(has(sheet, white, 10, 10, 12, 22)).toBe(true);
  for (const column of [0, 1]) expect(has(sheet, white, left + 50 * column + 17, top - 14, 6, 11)).toBe(true);
  for (const row of [0, 1]) expect(has(sheet, white, 10, top + 40 * row + 9, 6, 12)).toBe(true);
  expect(has(sheet, white, 10 + 6, top, 22, 30)).toBe(false);
});

test('a sheet is widened for its title', () => {
  const sheet = contactSheet([{ picture: plain(8, 8, red) }], { title: 'a title of 26 characters..', textScale: 1 });
  expect(sheet.width).toBe(26 * 12 + 24);
});

test('without a number of columns a sheet is about square', () => {
  const aspect = (count: number, width: number, height: number): number => {
    const sheet = contactSheet(Array.from({ length: count }, () => ({ picture: plain(width, height, red) })));
    return sheet.width / sheet.height;
  };
  for (const [count, width, height] of [
    [64, 20, 20],
    [768, 8, 8],
    [30, 40, 20],
    [12, 20, 50],
  ] as const) {
    const value = aspect(count, width, height);
    expect(value > 0.8 && value < 1.7, `${count} of ${width}×${height}: ${value}`).toBe(true);
  }
  expect(contactSheet([{ picture: plain(20, 20, red) }]).width).toBe(44);
});

test('sheets are stacked into one', () => {
  const both = stacked([plain(6, 4, red), plain(10, 2, white)], blue);
  expect([both.width, both.height]).toEqual([10, 6]);
  expect([at(both, 5, 3), at(both, 6, 3), at(both, 9, 4)]).toEqual([red, blue, white]);
});

test('places say where each picture stands', () => {
  const cells = [{ picture: plain(10, 6, red), caption: 'a' }, undefined, { picture: plain(4, 2, red) }];
  const options = { ...colours, columns: 2, title: 'Title', columnHeadings: ['one'], rowHeadings: ['first', 'second'] };
  const sheet = contactSheet(cells, options);
  const places = sheetPlaces(cells, options);
  expect(places[1]).toBeUndefined();
  for (const i of [0, 2]) {
    const { width, height } = cells[i]!.picture;
    const { x, y } = places[i]!;
    expect([at(sheet, x, y), at(sheet, x + width - 1, y + height - 1)]).toEqual([red, red]);
    expect([at(sheet, x - 1, y), at(sheet, x + width, y + height - 1)]).toEqual([black, black]);
  }
});
