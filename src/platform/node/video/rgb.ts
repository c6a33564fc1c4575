import type { Picture } from '../../../image/index.js';

/** A frame of a movie: interleaved sRGB-encoded RGB, 8 bits. */
export interface RgbFrame {
  /** Pixels a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** `[height, width, 3]` values from 0 to 255. */
  readonly data: Uint8Array;
}

/** The same pixels as a planar picture. */
export function pictureOfRgb(rgb: Uint8Array, width: number, height: number): Picture {
  const area = width * height;
  const data = new Float32Array(3 * area);
  for (let i = 0, from = 0; i < area; i++, from += 3) {
    for (let c = 0; c < 3; c++) data[c * area + i] = rgb[from + c]! / 255;
  }
  return { width, height, data };
}

/** A picture's colours in 8 bits, clamped to 0..1 and rounded half up; transparent parts lie on white. */
export function rgbOfPicture({ width, height, data, alpha }: Picture): Uint8Array {
  const area = width * height;
  const rgb = new Uint8Array(3 * area);
  for (let i = 0, to = 0; i < area; i++, to += 3) {
    const cover = alpha === undefined ? 1 : Math.min(Math.max(alpha[i]!, 0), 1);
    for (let c = 0; c < 3; c++) {
      const value = Math.min(Math.max(data[c * area + i]!, 0), 1);
      rgb[to + c] = 255 * (value * cover + 1 - cover) + 0.5;
    }
  }
  return rgb;
}

/** The frame with its last column and row repeated, so that it is one larger where asked. */
export function padRgb(rgb: Uint8Array, width: number, height: number, right: number, bottom: number): Uint8Array {
  if (right === 0 && bottom === 0) return rgb;
  const stride = (width + right) * 3;
  const padded = new Uint8Array(stride * (height + bottom));
  for (let y = 0; y < height + bottom; y++) {
    const row = Math.min(y, height - 1) * width * 3;
    padded.set(rgb.subarray(row, row + width * 3), y * stride);
    if (right > 0) padded.set(rgb.subarray(row + (width - 1) * 3, row + width * 3), y * stride + width * 3);
  }
  return padded;
}

/**
 * Turns a frame clockwise.
 *
 * @param degrees 0, 90, 180 or 270
 */
export function rotateRgb(frame: RgbFrame, degrees: number): RgbFrame {
  if (degrees === 0) return frame;
  const { width, height, data } = frame;
  const turned = degrees === 180 ? { width, height } : { width: height, height: width };
  const rotated = new Uint8Array(data.length);
  for (let y = 0, to = 0; y < turned.height; y++) {
    for (let x = 0; x < turned.width; x++, to += 3) {
      const [fromX, fromY] =
        degrees === 90 ? [y, height - 1 - x] : degrees === 180 ? [width - 1 - x, height - 1 - y] : [width - 1 - y, x];
      const from = (fromY * width + fromX) * 3;
      rotated[to] = data[from]!;
      rotated[to + 1] = data[from + 1]!;
      rotated[to + 2] = data[from + 2]!;
    }
  }
  return { ...turned, data: rotated };
}
