/** Pictures for the command line to dream on. */
import { writeFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { bytesOf, waves } from '../pictures.js';

/** Soft waves, 8 bits a channel, for sharp to turn into any kind of file. */
export function photo(width = 96, height = 80): Sharp {
  const planes = bytesOf(waves({ width, height }));
  const area = width * height;
  const samples = Uint8Array.from({ length: 3 * area }, (_, i) => planes[(i % 3) * area + Math.floor(i / 3)]!);
  return sharp(samples, { raw: { width, height, channels: 3 } });
}

/** A JPEG of 96×80. */
export async function writePhoto(path: string, width = 96, height = 80): Promise<void> {
  await writeFile(path, await photo(width, height).jpeg({ quality: 90 }).toBuffer());
}
