/** Pictures for tests, made by formula: the same on every machine. */
import type { Picture, Size } from '../src/image/index.js';
import { seededRandom } from './mutate.js';

/** One colour everywhere. */
export function flat({ width, height }: Size, value = 0.5): Picture {
  return { width, height, data: new Float32Array(3 * width * height).fill(value) };
}

/** 8-bit noise: the hardest edges there are, in every place. */
export function noise({ width, height }: Size, seed = 1): Picture {
  const random = seededRandom(seed);
  const data = Float32Array.from({ length: 3 * width * height }, () => Math.floor(random() * 256) / 255);
  return { width, height, data };
}

/** Waves of several lengths, from 0.1 to 0.9, like a soft photograph; other colours have other waves. */
export function waves({ width, height }: Size): Picture {
  const data = Float32Array.from({ length: 3 * width * height }, (_, i) => {
    const [x, y, channel] = [i % width, Math.floor(i / width) % height, Math.floor(i / (width * height))];
    const long = Math.sin(x / 23 + y / 31 + channel);
    const short = Math.sin(x / 5 - y / 7 + 2 * channel) * Math.cos(x / 11 + y / 3);
    return 0.5 + 0.2 * long + 0.2 * short;
  });
  return { width, height, data };
}

/** The picture's 8-bit form, as a file would hold it. */
export function bytesOf({ data }: Picture): Uint8Array {
  return Uint8Array.from(data, (value) => Math.round(Math.min(Math.max(value, 0), 1) * 255));
}
