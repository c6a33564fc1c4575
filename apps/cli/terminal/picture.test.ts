import { expect, test } from 'vitest';
import { rasterPictureOf } from '../../../src/index.js';
import { canShowPictures, pictureDepth, pictureLines, smallPreview } from './picture.js';

const terminal = { isTTY: true };

function filled(width: number, height: number, colour: (x: number, y: number) => readonly number[]) {
  const rgb = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rgb.set(colour(x, y), 3 * (y * width + x));
  return { width, height, rgb };
}

const cellsOf = (line: string): number => [...line].filter((letter) => letter === '▀').length;

test('two pixels share a cell: the upper in front, the lower behind', () => {
  const picture = filled(1, 2, (_, y) => (y === 0 ? [255, 0, 0] : [0, 0, 255]));
  expect(pictureLines(picture, 1, 1)).toEqual(['\x1b[38;2;255;0;0m\x1b[48;2;0;0;255m▀\x1b[0m']);
});

test('an odd last row has nothing behind it', () => {
  const [, last] = pictureLines(
    filled(3, 3, () => [9, 9, 9]),
    3,
    2,
  );
  expect(last).toBe('\x1b[38;2;9;9;9m▀▀▀\x1b[0m');
});

test('pictures fill one side and keep their proportions', () => {
  const size = (width: number, height: number, columns: number, rows: number) => {
    const lines = pictureLines(
      filled(width, height, () => [1, 2, 3]),
      columns,
      rows,
    );
    return [cellsOf(lines[0]!), lines.length];
  };
  expect(size(400, 300, 40, 40)).toEqual([40, 15]);
  expect(size(300, 400, 40, 12)).toEqual([18, 12]);
  expect(size(10, 10, 40, 40)).toEqual([40, 20]);
  expect(size(1000, 1, 40, 40)).toEqual([40, 1]);
  expect(size(1, 1000, 40, 40)).toEqual([1, 40]);
});

test('a smaller picture has the means of the areas', () => {
  const checks = filled(8, 8, (x, y) => ((x + y) % 2 === 0 ? [200, 100, 0] : [0, 100, 50]));
  expect(pictureLines(checks, 2, 1)).toEqual(['\x1b[38;2;100;100;25m\x1b[48;2;100;100;25m▀▀\x1b[0m']);
});

test('pixels that lie in two areas count in both by their part', () => {
  // Three pixels over two: the middle one belongs half to each.
  const [line] = pictureLines(
    filled(3, 3, (x) => [x === 1 ? 90 : 0, 0, 0]),
    2,
    1,
  );
  expect(line).toContain('38;2;30;0;0m');
});

test('colours are only sent where they change', () => {
  const [line] = pictureLines(
    filled(60, 2, () => [1, 2, 3]),
    60,
    1,
  );
  expect(line).toBe(`\x1b[38;2;1;2;3m\x1b[48;2;1;2;3m${'▀'.repeat(60)}\x1b[0m`);
});

test('256 colours are the nearest of the cube and the greys', () => {
  const code = (...colour: number[]): string => {
    const [line] = pictureLines(
      filled(1, 2, () => colour),
      1,
      1,
      '256',
    );
    return /38;5;(\d+)m/.exec(line!)![1]!;
  };
  expect(code(255, 0, 0)).toBe('196');
  expect(code(0, 0, 0)).toBe('16');
  expect(code(255, 255, 255)).toBe('231');
  expect(code(128, 128, 128)).toBe('244');
  expect(code(90, 140, 180)).toBe(String(16 + 36 * 1 + 6 * 2 + 3));
});

test('pictures need a terminal with colours that says how many', () => {
  expect(pictureDepth({ COLORTERM: 'truecolor', TERM: 'xterm' }, terminal)).toBe('truecolor');
  expect(pictureDepth({ COLORTERM: '24bit' }, terminal)).toBe('truecolor');
  expect(pictureDepth({ TERM_PROGRAM: 'iTerm.app', TERM: 'xterm-256color' }, terminal)).toBe('truecolor');
  expect(pictureDepth({ TERM: 'xterm-kitty' }, terminal)).toBe('truecolor');
  expect(pictureDepth({ TERM_PROGRAM: 'Apple_Terminal', TERM: 'xterm-256color' }, terminal)).toBe('256');
  expect(pictureDepth({ TERM: 'xterm' }, terminal)).toBeUndefined();
  expect(canShowPictures({ COLORTERM: 'truecolor' }, {})).toBe(false);
  expect(canShowPictures({ COLORTERM: 'truecolor', TERM: 'dumb' }, terminal)).toBe(false);
  expect(canShowPictures({ COLORTERM: 'truecolor', NO_COLOR: '1' }, terminal)).toBe(false);
  expect(canShowPictures({ COLORTERM: 'truecolor' }, terminal)).toBe(true);
});

test('a large picture is thinned out, and its colours are held between black and white', () => {
  const data = new Float32Array(3 * 1200 * 4).fill(0.5);
  data.fill(1.5, 0, 1200 * 4);
  data.fill(-1, 2 * 1200 * 4);
  const { width, height, rgb } = smallPreview(rasterPictureOf({ width: 1200, height: 4, data }));
  expect([width, height, rgb.length]).toEqual([400, 2, 2400]);
  expect([...rgb.subarray(0, 3)]).toEqual([255, 128, 0]);
});
