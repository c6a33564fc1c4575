import { advance, glyphOf, glyphSize, lineHeight } from './font.js';
import type { Picture } from './picture.js';
import type { Size } from './resize.js';

/** A colour as pictures have it: red, green and blue from 0 to 1, sRGB-encoded. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Pixels that a text takes, at a whole-numbered scale. Lines are parted by `\n`. */
export function measureText(text: string, scale: number): Size {
  const lines = text.split('\n');
  const longest = Math.max(...lines.map((line) => [...line].length));
  return { width: longest * advance * scale, height: lines.length * lineHeight * scale };
}

/**
 * Draws a text into a picture, in place. What lies outside the picture is left out.
 *
 * @param x column of the left edge of the first character
 * @param y row of the upper edge of the first line
 * @param scale picture pixels a side of each pixel of the typeface; a whole number
 */
export function drawText(picture: Picture, text: string, x: number, y: number, scale: number, colour: Colour): void {
  for (const [line, characters] of text.split('\n').entries()) {
    for (const [column, character] of [...characters].entries()) {
      drawGlyph(picture, character, x + column * advance * scale, y + (line * lineHeight + 1) * scale, scale, colour);
    }
  }
}

/** A text whose every line fits into a width in pixels; what is too long ends in `..`. */
export function shortened(text: string, width: number, scale: number): string {
  const room = Math.floor(width / (advance * scale));
  const fit = (line: string): string => {
    const characters = [...line];
    if (characters.length <= room) return line;
    return `${characters.slice(0, Math.max(0, room - 2)).join('')}..`.slice(0, room);
  };
  return text.split('\n').map(fit).join('\n');
}

function drawGlyph(picture: Picture, character: string, x: number, y: number, scale: number, colour: Colour): void {
  const { width, height, data } = picture;
  const rows = glyphOf(character);
  for (let row = 0; row < glyphSize.height * scale; row++) {
    for (let column = 0; column < glyphSize.width * scale; column++) {
      if (rows[Math.floor(row / scale)]![Math.floor(column / scale)] !== '#') continue;
      const [px, py] = [x + column, y + row];
      if (px < 0 || py < 0 || px >= width || py >= height) continue;
      for (const [plane, value] of colour.entries()) data[(plane * height + py) * width + px] = value;
    }
  }
}
