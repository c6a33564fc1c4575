import type { Preview, RasterPicture } from '../../../src/index.js';
import { hasColour, type TerminalStream } from './colour.js';

/** How many colours a terminal shows: 2^24, or the 256 of xterm's palette. */
export type ColourDepth = 'truecolor' | '256';

/** Terminals that show 2^24 colours whether or not they say so in `COLORTERM`. */
const truecolorPrograms = new Set([
  'iTerm.app',
  'WezTerm',
  'vscode',
  'ghostty',
  'kitty',
  'Hyper',
  'Tabby',
  'rio',
  'WarpTerminal',
]);
const truecolorTerms = /^(xterm-(kitty|ghostty)|alacritty|foot|wezterm|contour|.*-direct)/;

/** How many colours a picture on this stream can have; undefined where it cannot be shown. */
export function pictureDepth(env: NodeJS.ProcessEnv, stream: TerminalStream): ColourDepth | undefined {
  if (stream.isTTY !== true || env['TERM'] === 'dumb' || !hasColour(env, stream)) return undefined;
  const { COLORTERM = '', TERM = '', TERM_PROGRAM = '', WT_SESSION } = env;
  if (COLORTERM === 'truecolor' || COLORTERM === '24bit' || WT_SESSION) return 'truecolor';
  if (truecolorPrograms.has(TERM_PROGRAM) || truecolorTerms.test(TERM)) return 'truecolor';
  return TERM.includes('256color') ? '256' : undefined;
}

/** Whether a picture can be shown on this stream. */
export function canShowPictures(env: NodeJS.ProcessEnv, stream: TerminalStream): boolean {
  return pictureDepth(env, stream) !== undefined;
}

/**
 * A picture in text: each cell is `▀` with one pixel as its foreground and the one below as its background. A cell is
 * about twice as high as wide, so these pixels are square and the proportions stay.
 *
 * @param columns cells a line at most
 * @param rows lines at most
 * @returns lines that begin and end without any attribute set
 */
export function pictureLines(
  preview: Preview,
  columns: number,
  rows: number,
  depth: ColourDepth = 'truecolor',
): string[] {
  const scale = Math.min(columns / preview.width, (2 * rows) / preview.height);
  const width = Math.min(columns, Math.max(1, Math.round(preview.width * scale)));
  const height = Math.min(2 * rows, Math.max(1, Math.round(preview.height * scale)));
  const rgb = averaged(preview, width, height);
  const code = depth === 'truecolor' ? truecolor : paletteColour;
  const colourAt = (x: number, y: number): string => {
    const i = 3 * (y * width + x);
    return code(rgb[i]!, rgb[i + 1]!, rgb[i + 2]!);
  };
  const lines: string[] = [];
  for (let y = 0; y < height; y += 2) {
    let line = '';
    let [above, below] = ['', ''];
    for (let x = 0; x < width; x++) {
      const [top, bottom] = [colourAt(x, y), y + 1 < height ? colourAt(x, y + 1) : ''];
      // Only changes are written: a quarter less to send for a plain sky.
      if (top !== above) line += `\x1b[38;${top}m`;
      if (bottom !== below) line += `\x1b[48;${bottom}m`;
      line += '▀';
      [above, below] = [top, bottom];
    }
    lines.push(`${line}\x1b[0m`);
  }
  return lines;
}

/** Each pixel of the result is the mean of the area that it covers, counting pixels at the rim by the part inside. */
function averaged({ width, height, rgb }: Preview, toWidth: number, toHeight: number): Uint8Array {
  const columns = spans(width, toWidth);
  const rows = spans(height, toHeight);
  const result = new Uint8Array(3 * toWidth * toHeight);
  for (const [y, row] of rows.entries()) {
    for (const [x, column] of columns.entries()) {
      let [red, green, blue, area] = [0, 0, 0, 0];
      for (const { index: sourceY, part: partY } of row) {
        for (const { index: sourceX, part: partX } of column) {
          const i = 3 * (sourceY * width + sourceX);
          const part = partX * partY;
          red += rgb[i]! * part;
          green += rgb[i + 1]! * part;
          blue += rgb[i + 2]! * part;
          area += part;
        }
      }
      result.set(
        [red, green, blue].map((sum) => Math.round(sum / area)),
        3 * (y * toWidth + x),
      );
    }
  }
  return result;
}

/** For each element of a resized side, the elements it covers and how much of each. */
function spans(from: number, to: number): { index: number; part: number }[][] {
  return Array.from({ length: to }, (_, i) => {
    const [start, end] = [(i * from) / to, ((i + 1) * from) / to];
    const span: { index: number; part: number }[] = [];
    for (let index = Math.floor(start); index < end && index < from; index++) {
      span.push({ index, part: Math.min(end, index + 1) - Math.max(start, index) });
    }
    return span;
  });
}

function truecolor(red: number, green: number, blue: number): string {
  return `2;${red};${green};${blue}`;
}

/** The levels of xterm's 6×6×6 cube, colours 16 to 231; its greys, 232 to 255, are 8, 18, … 238. */
const levels = [0, 95, 135, 175, 215, 255];

function paletteColour(red: number, green: number, blue: number): string {
  const nearestLevel = (value: number): number =>
    levels.reduce((best, level, i) => (Math.abs(level - value) < Math.abs(levels[best]! - value) ? i : best), 0);
  const [r, g, b] = [nearestLevel(red), nearestLevel(green), nearestLevel(blue)];
  const grey = Math.min(23, Math.max(0, Math.round(((red + green + blue) / 3 - 8) / 10)));
  const distance = (to: readonly [number, number, number]): number =>
    (to[0] - red) ** 2 + (to[1] - green) ** 2 + (to[2] - blue) ** 2;
  const shade = 8 + 10 * grey;
  const isGrey = distance([shade, shade, shade]) < distance([levels[r]!, levels[g]!, levels[b]!]);
  return `5;${isGrey ? 232 + grey : 16 + 36 * r + 6 * g + b}`;
}

/** A picture thinned out to a size that is quickly averaged; what stands between the pixels taken is not looked at. */
export function smallPreview({ width, height, colours }: RasterPicture): Preview {
  const stride = Math.max(1, Math.ceil(Math.max(width, height) / 512));
  const small = { width: Math.ceil(width / stride), height: Math.ceil(height / stride) };
  const rgb = new Uint8Array(3 * small.width * small.height);
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < small.height; y++) {
      const row = colours.rows(channel, y * stride, y * stride + 1);
      for (let x = 0; x < small.width; x++) {
        const value = row[x * stride]!;
        rgb[3 * (y * small.width + x) + channel] = Math.round(255 * Math.min(Math.max(value, 0), 1));
      }
    }
  }
  return { ...small, rgb };
}
