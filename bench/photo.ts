import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Size } from '../src/image/index.js';
import { writeNpy } from '../src/image/npy.js';

const photo = 'examples/castle.jpg';

/** The example photo at some size, `[3, H, W]` from −1 to 1, as the built-in network wants it. */
export async function photoValues({ width, height }: Size): Promise<Float32Array<ArrayBuffer>> {
  const samples = await sharp(photo).resize(width, height, { fit: 'fill' }).removeAlpha().raw().toBuffer();
  const plane = width * height;
  const values = new Float32Array(3 * plane);
  for (let i = 0; i < samples.length; i++) values[(i % 3) * plane + Math.floor(i / 3)] = samples[i]! / 127.5 - 1;
  return values;
}

/** The same as a .npy file. */
export async function photoFile(folder: string, size: Size): Promise<string> {
  const file = join(folder, `${size.width}x${size.height}.npy`);
  await writeFile(file, writeNpy([1, 3, size.height, size.width], await photoValues(size)));
  return file;
}

/** The same as a JPEG file. */
export async function photoJpeg(folder: string, { width, height }: Size): Promise<string> {
  const file = join(folder, `${width}x${height}.jpg`);
  await sharp(photo).resize(width, height, { fit: 'fill' }).jpeg({ quality: 90 }).toFile(file);
  return file;
}
