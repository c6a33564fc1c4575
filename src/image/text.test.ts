import { expect, test } from 'vitest';
import { glyphOf, glyphSize } from './font.js';
import { drawText, measureText, shortened } from './text.js';

const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(0x20 + i));

/** A black picture with a text in it, as rows of `#` and `.`. */
function drawn(text: string, scale: number, size: { width: number; height: number }, x = 0, y = 0): string[] {
  const picture = { ...size, data: new Float32Array(3 * size.width * size.height) };
  drawText(picture, text, x, y, scale, [0, 1, 0]);
  const [red, green, blue] = [0, 1, 2].map((plane) =>
    picture.data.subarray(plane * size.width * size.height, (plane + 1) * size.width * size.height),
  );
  expect([...red!, ...blue!].every((value) => value === 0)).toBe(true);
  return Array.from({ length: size.height }, (_, row) =>
    [...green!.subarray(row * size.width, (row + 1) * size.width)].map((value) => (value === 1 ? '#' : '.')).join(''),
  );
}

test('every printable character has a drawing of its own size, and no two are alike', () => {
  for (const character of printable) {
    const rows = glyphOf(character);
    expect(rows, character).toHaveLength(glyphSize.height);
    for (const row of rows) expect(row, character).toMatch(/^[#.]{5}$/);
    expect(rows.join('').includes('#'), character).toBe(character !== ' ');
  }
  expect(new Set(printable.map((character) => glyphOf(character).join('\n'))).size).toBe(95);
});

test('what is not printable ASCII is a box', () => {
  const box = glyphOf('\x7f');
  expect(printable.map(glyphOf)).not.toContainEqual(box);
  for (const character of ['é', '猫', '🐈', '\t', '\x00']) expect(glyphOf(character)).toEqual(box);
});

test('a text is drawn where it is said, line below line', () => {
  expect(measureText('L\nLi', 1)).toEqual({ width: 12, height: 22 });
  const rows = drawn('L\nLi', 1, { width: 12, height: 22 });
  expect(rows.slice(1, 8)).toEqual([...Array<string>(6).fill('#...........'), '#####.......']);
  expect(rows.slice(12, 19)).toEqual([
    '#.......#...',
    '#...........',
    '#......##...',
    '#.......#...',
    '#.......#...',
    '#.......#...',
    '#####..###..',
  ]);
});

test('at scale 3 every pixel is nine', () => {
  const small = drawn('g7', 1, { width: 12, height: 11 });
  const large = drawn('g7', 3, { width: 36, height: 33 });
  const enlarged = small.flatMap((row) => Array<string>(3).fill([...row].map((pixel) => pixel.repeat(3)).join('')));
  expect(large).toEqual(enlarged);
});

test('what lies outside is left out and does not come in on the other side', () => {
  const whole = drawn('HH', 1, { width: 12, height: 11 });
  expect(drawn('HH', 1, { width: 12, height: 11 }, -2, -3)).toEqual([
    ...whole.slice(3).map((row) => `${row.slice(2)}..`),
    ...Array<string>(3).fill('.'.repeat(12)),
  ]);
  expect(drawn('HH', 1, { width: 8, height: 11 })).toEqual(whole.map((row) => row.slice(0, 8)));
});

test('a text that is too long is shortened, line by line', () => {
  expect(shortened('mixed4 12', 54, 1)).toBe('mixed4 12');
  expect(shortened('mixed4 12\nok', 53, 1)).toBe('mixed4..\nok');
  expect(shortened('mixed4 12', 54, 2)).toBe('mi..');
  expect(shortened('mixed4 12', 7, 1)).toBe('.');
  expect(shortened('mixed4 12', 0, 1)).toBe('');
});
