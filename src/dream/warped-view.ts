import type { Size } from '../image/index.js';
import type { Rectangle, View } from './view.js';

/** How a picture lies under the network. */
export interface Warp {
  /** Size of what the network is shown; the picture's centre lies in its centre. */
  readonly view: Size;
  /** Pixels that the picture is moved to the right. */
  readonly shiftX: number;
  /** Pixels that the picture is moved down. */
  readonly shiftY: number;
  /** How much larger the picture is shown. */
  readonly scale: number;
  /** How far the picture is turned to the right, in radians. */
  readonly angle: number;
  /** What is seen beyond the picture: the picture mirrored, or these values, one for each channel. */
  readonly around: 'mirror' | readonly number[];
}

/** For every pixel of a rectangle the four pixels that it lies between, −1 beyond the picture, and their parts. */
interface Taps {
  readonly rectangle: Rectangle;
  readonly indices: Int32Array;
  readonly parts: Float32Array;
}

/** A picture that is scaled, turned and moved, each pixel of the view mixed linearly from the four nearest. */
export function warpedView(size: Size, warp: Warp): View {
  let latest: Taps | undefined;
  const tapsOf = (rectangle: Rectangle): Taps => {
    if (latest?.rectangle !== rectangle) latest = findTaps(size, warp, rectangle);
    return latest;
  };
  const area = size.width * size.height;
  return {
    read(picture, rectangle) {
      const { indices, parts } = tapsOf(rectangle);
      const pixels = rectangle.width * rectangle.height;
      const tile = new Float32Array(3 * pixels);
      for (let channel = 0; channel < 3; channel++) {
        const beyond = warp.around === 'mirror' ? 0 : warp.around[channel]!;
        for (let i = 0; i < pixels; i++) {
          let sum = 0;
          for (let tap = 4 * i; tap < 4 * i + 4; tap++) {
            const index = indices[tap]!;
            sum += parts[tap]! * (index < 0 ? beyond : picture[channel * area + index]!);
          }
          tile[channel * pixels + i] = sum;
        }
      }
      return tile;
    },
    add(gradient, rectangle, values, { columns, rows }) {
      const { indices, parts } = tapsOf(rectangle);
      const pixels = rectangle.width * rectangle.height;
      for (let channel = 0; channel < 3; channel++) {
        for (let i = 0; i < pixels; i++) {
          const weight = rows[Math.floor(i / rectangle.width)]! * columns[i % rectangle.width]!;
          const value = values[channel * pixels + i]! * weight;
          for (let tap = 4 * i; tap < 4 * i + 4; tap++) {
            const index = indices[tap]!;
            if (index >= 0) gradient[channel * area + index]! += parts[tap]! * value;
          }
        }
      }
    },
  };
}

function findTaps({ width, height }: Size, warp: Warp, rectangle: Rectangle): Taps {
  const pixels = rectangle.width * rectangle.height;
  const indices = new Int32Array(4 * pixels);
  const parts = new Float32Array(4 * pixels);
  const [cos, sin] = [Math.cos(warp.angle) / warp.scale, Math.sin(warp.angle) / warp.scale];
  const inside = (position: number, length: number): number => {
    if (warp.around !== 'mirror') return position < 0 || position >= length ? -1 : position;
    // Mirrored between its pixels, so that the first and the last one are seen twice.
    const turn = ((position % (2 * length)) + 2 * length) % (2 * length);
    return turn < length ? turn : 2 * length - 1 - turn;
  };
  for (let y = 0; y < rectangle.height; y++) {
    const dy = rectangle.top + y + 0.5 - warp.view.height / 2 - warp.shiftY;
    for (let x = 0; x < rectangle.width; x++) {
      const dx = rectangle.left + x + 0.5 - warp.view.width / 2 - warp.shiftX;
      const sourceX = cos * dx + sin * dy + width / 2 - 0.5;
      const sourceY = cos * dy - sin * dx + height / 2 - 0.5;
      const [left, top] = [Math.floor(sourceX), Math.floor(sourceY)];
      const [toRight, down] = [sourceX - left, sourceY - top];
      for (let corner = 0; corner < 4; corner++) {
        const [right, below] = [corner % 2, corner >> 1];
        const [column, row] = [inside(left + right, width), inside(top + below, height)];
        const tap = 4 * (y * rectangle.width + x) + corner;
        indices[tap] = column < 0 || row < 0 ? -1 : row * width + column;
        parts[tap] = (right ? toRight : 1 - toRight) * (below ? down : 1 - down);
      }
    }
  }
  return { rectangle, indices, parts };
}
