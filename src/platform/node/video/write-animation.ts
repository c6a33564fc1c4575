import sharp, { type Sharp } from 'sharp';
import { OutputError } from '../../../errors.js';
import { recipeXmp } from '../../../metadata/index.js';
import { createWhole } from '../files/write-whole.js';
import type { FrameSink, SinkOptions } from './frame-sink.js';
import { firstImage, gifFrame, gifHeader, gifTrailer } from './gif-blocks.js';
import { asciiJson } from './recipe-text.js';
import { chunk, u16, u24, u32 } from './riff.js';

/**
 * An animated GIF. Each frame has 256 colours of its own, is dithered, and goes to the file at once, so memory does not
 * grow with their number.
 */
export async function createGif(options: SinkOptions): Promise<FrameSink> {
  const { path, width, height, loop, recipe, overwrite } = options;
  const file = await createWhole(path, { overwrite });
  await file.write(gifHeader(width, height, loop, recipe === undefined ? undefined : asciiJson(recipe)));
  return {
    async add(rgb, timestamp, duration) {
      // More effort takes six times as long, for a picture that is hardly better.
      const still = await stillOf(rgb, options).gif({ effort: 1 }).toBuffer();
      const delay = ticks(timestamp, duration, 100);
      await file.write(gifFrame(firstImage(still), width, height, delay));
    },
    async finish() {
      await file.write(gifTrailer);
      await file.finish();
    },
    abort: () => file.abort(),
  };
}

/** The most bytes a RIFF file can say it has. */
const maxRiffBytes = 2 ** 32 - 2;

/** Flags of VP8X. */
const hasXmp = 0x04;
const isAnimation = 0x02;
/** The flag of ANMF that keeps what was there from shining through. */
const opaque = 0x02;

/**
 * An animated WebP (https://developers.google.com/speed/webp/docs/riff_container). Each frame goes to the file at once, so
 * memory does not grow with their number.
 */
export async function createWebp(options: SinkOptions): Promise<FrameSink> {
  const { path, width, height, quality, loop, recipe, overwrite } = options;
  const xmp = recipe === undefined ? Buffer.alloc(0) : chunk('XMP ', Buffer.from(recipeXmp(recipe)));
  const file = await createWhole(path, { overwrite });
  const size = Buffer.concat([u24(width - 1), u24(height - 1)]);
  const flags = u32(isAnimation | (recipe === undefined ? 0 : hasXmp));
  const canvas = chunk('VP8X', Buffer.concat([flags, size]));
  const animation = chunk('ANIM', Buffer.concat([u32(0), u16(loop)]));
  const head = Buffer.concat([Buffer.from('RIFF'), u32(0), Buffer.from('WEBP'), canvas, animation]);
  let length = head.length;
  await file.write(head);
  return {
    async add(rgb, timestamp, duration) {
      const still = await stillOf(rgb, options).webp({ quality, smartSubsample: true }).toBuffer();
      const place = Buffer.concat([u24(0), u24(0), size]);
      const time = Buffer.concat([u24(ticks(timestamp, duration, 1000)), Buffer.from([opaque])]);
      const bytes = chunk('ANMF', Buffer.concat([place, time, imageChunk(still)]));
      if (length + bytes.length + xmp.length > maxRiffBytes) {
        throw new OutputError('output/write', `${path}: a WebP holds at most 4 GiB. Write an MP4 instead.`);
      }
      length += bytes.length;
      await file.write(bytes);
    },
    async finish() {
      await file.write(xmp);
      await file.write(u32(length + xmp.length - 8), 4);
      await file.finish();
    },
    abort: () => file.abort(),
  };
}

function stillOf(rgb: Uint8Array, { width, height }: SinkOptions): Sharp {
  return sharp(rgb, { raw: { width, height, channels: 3 }, limitInputPixels: false });
}

/** A duration in ticks, such that the rounding of one frame is made good by the next. */
function ticks(timestamp: number, duration: number, perSecond: number): number {
  return Math.round((timestamp + duration) * perSecond) - Math.round(timestamp * perSecond);
}

/** The chunk with the pixels in a WebP that an encoder wrote. */
function imageChunk(webp: Buffer): Buffer {
  for (let at = 12; at + 8 <= webp.length; ) {
    const length = webp.readUInt32LE(at + 4);
    const end = at + 8 + length + (length % 2);
    if (/^VP8[ L]$/.test(webp.toString('latin1', at, at + 4))) return webp.subarray(at, end);
    at = end;
  }
  throw new Error('the encoder wrote no image');
}
