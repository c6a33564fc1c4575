import { type Picture, resize, type Size } from '../image/index.js';
import type { CameraMove } from './keyframes.js';

/**
 * Where a frame sees another picture: the place (x, y) of the frame shows the place
 * (`xx`·x + `xy`·y + `x0`, `yx`·x + `yy`·y + `y0`) of the picture. Places are pixels from the middle.
 */
export interface View {
  /** How far to the right a pixel to the right goes in the picture. */
  readonly xx: number;
  /** How far to the right a pixel down goes. */
  readonly xy: number;
  /** How far to the right of its middle the picture is seen in the middle of the frame. */
  readonly x0: number;
  /** How far down a pixel to the right goes. */
  readonly yx: number;
  /** How far down a pixel down goes. */
  readonly yy: number;
  /** How far below its middle the picture is seen in the middle of the frame. */
  readonly y0: number;
}

/** Where a frame sees the one before it when the camera makes a move. */
export function viewOf({ zoom, rotate, panX, panY }: CameraMove): View {
  const angle = (rotate * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle) / zoom, Math.sin(angle) / zoom];
  return { xx: cos, xy: sin, x0: panX, yx: -sin, yy: cos, y0: panY };
}

/** Two views, one after the other: where a frame sees what is seen in `second` by what it sees itself in `first`. */
export function composed(first: View, second: View): View {
  return {
    xx: second.xx * first.xx + second.xy * first.yx,
    xy: second.xx * first.xy + second.xy * first.yy,
    x0: second.xx * first.x0 + second.xy * first.y0 + second.x0,
    yx: second.yx * first.xx + second.yy * first.yx,
    yy: second.yx * first.xy + second.yy * first.yy,
    y0: second.yx * first.x0 + second.yy * first.y0 + second.y0,
  };
}

/** The way back. */
export function inverse({ xx, xy, x0, yx, yy, y0 }: View): View {
  const area = xx * yy - xy * yx;
  return {
    xx: yy / area,
    xy: -xy / area,
    x0: (xy * y0 - yy * x0) / area,
    yx: -yx / area,
    yy: xx / area,
    y0: (yx * x0 - xx * y0) / area,
  };
}

/**
 * What a frame of a picture's size sees of the picture. Each pixel is mixed from the 4×4 around its place (Catmull-Rom,
 * Keys 1981, a = −0.5), between pixel centres at half coordinates; beyond its border the picture is mirrored. A view
 * that changes nothing gives the very same values. What is seen smaller is shrunk first, so that it does not flicker.
 */
export function seen(picture: Picture, view: View): Picture {
  const scale = Math.sqrt(Math.abs(view.xx * view.yy - view.xy * view.yx));
  if (scale < leastShrinking) return sampled(picture, view, picture);
  const small = {
    width: Math.max(1, Math.round(picture.width / scale)),
    height: Math.max(1, Math.round(picture.height / scale)),
  };
  const [across, down] = [small.width / picture.width, small.height / picture.height];
  const { xx, xy, x0, yx, yy, y0 } = view;
  const scaled = { xx: xx * across, xy: xy * across, x0: x0 * across, yx: yx * down, yy: yy * down, y0: y0 * down };
  return sampled({ ...small, data: resize(picture.data, picture, small) }, scaled, picture);
}

/** From here on pixels would be skipped. */
const leastShrinking = 1.5;

function sampled({ width, height, data }: Picture, view: View, size: Size): Picture {
  const area = size.width * size.height;
  const result = new Float32Array(3 * area);
  const [across, down] = [new Float64Array(4), new Float64Array(4)];
  const [columns, rows] = [new Int32Array(4), new Int32Array(4)];
  for (let y = 0; y < size.height; y++) {
    const fromMiddleY = y + 0.5 - size.height / 2;
    for (let x = 0; x < size.width; x++) {
      const fromMiddleX = x + 0.5 - size.width / 2;
      const sourceX = view.xx * fromMiddleX + view.xy * fromMiddleY + view.x0 + width / 2 - 0.5;
      const sourceY = view.yx * fromMiddleX + view.yy * fromMiddleY + view.y0 + height / 2 - 0.5;
      const [left, top] = [Math.floor(sourceX), Math.floor(sourceY)];
      catmullRom(sourceX - left, across);
      catmullRom(sourceY - top, down);
      for (let tap = 0; tap < 4; tap++) {
        columns[tap] = mirrored(left + tap - 1, width);
        rows[tap] = mirrored(top + tap - 1, height) * width;
      }
      for (let channel = 0; channel < 3; channel++) {
        const plane = channel * width * height;
        let sum = 0;
        for (let row = 0; row < 4; row++) {
          const start = plane + rows[row]!;
          sum +=
            down[row]! *
            (across[0]! * data[start + columns[0]!]! +
              across[1]! * data[start + columns[1]!]! +
              across[2]! * data[start + columns[2]!]! +
              across[3]! * data[start + columns[3]!]!);
        }
        result[channel * area + y * size.width + x] = sum;
      }
    }
  }
  return { width: size.width, height: size.height, data: result };
}

/** Weights of the four pixels around a place that is `part` (0 to 1) of the way from the second to the third. */
function catmullRom(part: number, weights: Float64Array): void {
  weights[0] = ((2 - part) * part - 1) * part * 0.5;
  weights[1] = ((3 * part - 5) * part * part + 2) * 0.5;
  weights[2] = ((4 - 3 * part) * part + 1) * part * 0.5;
  weights[3] = (part - 1) * part * part * 0.5;
}

/** A position on an axis that goes back where it ends, so that the first and the last pixel are seen twice. */
function mirrored(position: number, length: number): number {
  if (position >= 0 && position < length) return position;
  const turn = ((position % (2 * length)) + 2 * length) % (2 * length);
  return turn < length ? turn : 2 * length - 1 - turn;
}
