import type { Picture } from './picture.js';
import type { Size } from './resize.js';
import { type Colour, drawText, measureText, shortened } from './text.js';

/** One place of a contact sheet. */
export interface SheetCell {
  /** What is shown; smaller pictures stand in the middle of their cell. */
  readonly picture: Picture;
  /** A text under it, `\n` between lines; what is too wide for the cell is shortened. */
  readonly caption?: string | undefined;
}

/** How a contact sheet is laid out. Colours are sRGB, 0 to 1. */
export interface SheetOptions {
  /** Cells a row; default: as many as make the sheet about square. */
  readonly columns?: number | undefined;
  /** A text above all else. */
  readonly title?: string | undefined;
  /** A text above each column. */
  readonly columnHeadings?: readonly string[] | undefined;
  /** A text left of each row. */
  readonly rowHeadings?: readonly string[] | undefined;
  /** Pixels between the cells and around the sheet; default 12. */
  readonly gap?: number | undefined;
  /** Picture pixels a side of each pixel of the typeface, a whole number; default: what suits the cells' width. */
  readonly textScale?: number | undefined;
  /** What is behind the cells; default: nearly black. */
  readonly background?: Colour | undefined;
  /** Default: nearly white. */
  readonly textColour?: Colour | undefined;
}

const nearlyBlack: Colour = [0.09, 0.09, 0.1];
const nearlyWhite: Colour = [0.93, 0.93, 0.92];

/** Pixels between cells. */
const usualGap = 12;

/** A cell this wide has room for captions of about twenty characters at each scale. */
const cellWidthPerScale = 125;

/** The upper left corner of something on a sheet, in pixels. */
export interface SheetPlace {
  /** Pixels from the left edge. */
  readonly x: number;
  /** Pixels from the upper edge. */
  readonly y: number;
}

/** As much of a cell as its place depends on. */
type CellSize = Omit<SheetCell, 'picture'> & { readonly picture: Size };

/** Sizes and distances of a sheet, in pixels. */
interface Layout extends Size {
  readonly scale: number;
  readonly cell: Size;
  readonly columns: number;
  readonly left: number;
  readonly top: number;
  readonly step: SheetPlace;
  readonly headingHeight: number;
  /** Between a picture and what is written under it. */
  readonly above: number;
}

function layoutOf(cells: readonly (CellSize | undefined)[], options: SheetOptions): Layout {
  const { title = '', columnHeadings = [], rowHeadings = [], gap = usualGap } = options;
  const cell = {
    width: Math.max(1, ...cells.map((each) => each?.picture.width ?? 0)),
    height: Math.max(1, ...cells.map((each) => each?.picture.height ?? 0)),
  };
  const scale = options.textScale ?? Math.max(1, Math.floor(cell.width / cellWidthPerScale));
  const columns = options.columns ?? nearlySquare(cells.length, cell);
  const rows = Math.ceil(cells.length / columns);
  const above = 3 * scale;
  const tallest = (texts: readonly string[]): number =>
    Math.max(0, ...texts.filter((text) => text !== '').map((text) => measureText(text, scale).height + above));
  const titleSize = title === '' ? { width: 0, height: 0 } : measureText(title, scale + 1);
  const headingWidth = Math.max(0, ...rowHeadings.map((text) => measureText(text, scale).width + gap));
  const headingHeight = tallest(columnHeadings);
  const captionHeight = tallest(cells.map((each) => each?.caption ?? ''));
  const left = gap + headingWidth;
  const top = gap + (title === '' ? 0 : titleSize.height + gap) + headingHeight;
  const step = { x: cell.width + gap, y: cell.height + captionHeight + gap };
  const width = Math.max(left + columns * step.x, titleSize.width + 2 * gap);
  return { width, height: top + rows * step.y, scale, cell, columns, left, top, step, headingHeight, above };
}

/** Where {@link contactSheet} puts each of its pictures; undefined for absent ones. */
export function sheetPlaces(
  cells: readonly (CellSize | undefined)[],
  options: SheetOptions = {},
): (SheetPlace | undefined)[] {
  const { cell, columns, left, top, step } = layoutOf(cells, options);
  return cells.map((each, i) => {
    if (!each) return undefined;
    const { width, height } = each.picture;
    return {
      x: left + (i % columns) * step.x + ((cell.width - width) >> 1),
      y: top + Math.floor(i / columns) * step.y + ((cell.height - height) >> 1),
    };
  });
}

/**
 * Lays pictures out in a grid, row by row: cells of the size of the largest picture, a caption under each, a title, and
 * headings of columns and rows where they are given.
 *
 * @param cells at least one; an absent one leaves its place empty
 * @returns an opaque picture as large as it takes
 */
export function contactSheet(cells: readonly (SheetCell | undefined)[], options: SheetOptions = {}): Picture {
  const { title = '', columnHeadings = [], rowHeadings = [], gap = usualGap } = options;
  const { background = nearlyBlack, textColour = nearlyWhite } = options;
  const layout = layoutOf(cells, options);
  const { scale, cell, columns, left, top, step, headingHeight, above } = layout;
  const sheet = blank(layout.width, layout.height, background);
  const write = (text: string, x: number, y: number): void => drawText(sheet, text, x, y, scale, textColour);
  const writeCentred = (text: string, x: number, y: number): void => {
    for (const [line, part] of shortened(text, cell.width, scale).split('\n').entries()) {
      const { width, height } = measureText(part, scale);
      write(part, x + Math.round((cell.width - width + scale) / 2), y + line * height);
    }
  };
  drawText(sheet, title, gap, gap, scale + 1, textColour);
  for (const [column, heading] of columnHeadings.entries()) {
    writeCentred(heading, left + column * step.x, top - headingHeight);
  }
  for (const [row, heading] of rowHeadings.entries()) {
    const middle = top + row * step.y + cell.height / 2;
    write(heading, gap, Math.round(middle - measureText(heading, scale).height / 2));
  }
  for (const [i, place] of sheetPlaces(cells, options).entries()) {
    if (!place) continue;
    const { picture, caption = '' } = cells[i]!;
    paste(sheet, picture, place.x, place.y);
    const y = top + Math.floor(i / columns) * step.y;
    writeCentred(caption, left + (i % columns) * step.x, y + cell.height + above);
  }
  return sheet;
}

/**
 * Pictures one below the other, from the left edge, as sections of one sheet.
 *
 * @param pictures at least one
 * @param background what is right of the narrower ones; default: as in {@link contactSheet}
 */
export function stacked(pictures: readonly Picture[], background: Colour = nearlyBlack): Picture {
  const width = Math.max(...pictures.map((picture) => picture.width));
  const height = pictures.reduce((sum, picture) => sum + picture.height, 0);
  const sheet = blank(width, height, background);
  let y = 0;
  for (const picture of pictures) {
    paste(sheet, picture, 0, y);
    y += picture.height;
  }
  return sheet;
}

function nearlySquare(count: number, { width, height }: Size): number {
  return Math.min(count, Math.max(1, Math.ceil(Math.sqrt((count * height) / width))));
}

function blank(width: number, height: number, colour: Colour): Picture {
  const data = new Float32Array(3 * width * height);
  for (const [plane, value] of colour.entries()) data.fill(value, plane * width * height, (plane + 1) * width * height);
  return { width, height, data };
}

/** Puts a picture onto another one, in place, showing what is behind where it is transparent. */
function paste(sheet: Picture, { width, height, data, alpha }: Picture, x: number, y: number): void {
  for (let plane = 0; plane < 3; plane++) {
    for (let row = 0; row < height; row++) {
      const from = (plane * height + row) * width;
      const to = (plane * sheet.height + y + row) * sheet.width + x;
      if (!alpha) {
        sheet.data.set(data.subarray(from, from + width), to);
        continue;
      }
      for (let column = 0; column < width; column++) {
        const behind = sheet.data[to + column]!;
        sheet.data[to + column] = behind + (data[from + column]! - behind) * alpha[row * width + column]!;
      }
    }
  }
}
