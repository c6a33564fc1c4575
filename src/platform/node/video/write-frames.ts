import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { OutputError } from '../../../errors.js';
import { createWhole, writeWhole } from '../files/write-whole.js';
import { encodePicture } from '../pictures/write-picture.js';
import type { FrameSink, SinkOptions } from './frame-sink.js';
import { pictureOfRgb } from './rgb.js';

/** The name of a frame in a folder of frames, counted from 1: `00001.png`. */
export function frameName(number: number): string {
  return `${String(number).padStart(5, '0')}.png`;
}

/**
 * A folder of PNGs, `00001.png` and on, each with the recipe. Each frame is whole or not there; those that are there stay
 * when the rest is given up.
 */
export async function createFrames({ path, width, height, recipe, overwrite }: SinkOptions): Promise<FrameSink> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    const message = `${path}: the folder could not be made. Choose another place with -o.`;
    throw new OutputError('output/write', message, { cause });
  }
  let count = 0;
  return {
    async add(rgb) {
      const png = await encodePicture(pictureOfRgb(rgb, width, height), { format: 'png', recipe });
      await writeWhole(join(path, frameName(++count)), png, { overwrite });
    },
    async finish() {},
    async abort() {},
  };
}

/** Bare samples, `[height, width, 3]` with 8 bits, frame after frame; to standard output for the path `-`. */
export async function createRaw({ path, overwrite }: SinkOptions, stdout: Writable): Promise<FrameSink> {
  if (path === '-') {
    return {
      async add(rgb) {
        if (!stdout.write(rgb)) await once(stdout, 'drain');
      },
      async finish() {},
      async abort() {},
    };
  }
  const file = await createWhole(path, { overwrite });
  return { add: (rgb) => file.write(rgb), finish: () => file.finish(), abort: () => file.abort() };
}
