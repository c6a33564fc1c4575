import { ImageError } from '../../errors.js';
import type { Picture } from '../../image/index.js';
import { announcedSize } from '../../metadata/index.js';

/** What {@link readPicture} is told. */
export interface ReadPictureOptions {
  /** What messages call the picture, usually the file's name. */
  readonly name: string;
  /** The most pixels (width × height) that are decoded. Default 100 000 000. */
  readonly maxPixels?: number | undefined;
}

const defaultMaxPixels = 100_000_000;

/** Enough of a file to find its header behind a thumbnail and profiles. */
const headerBytes = 2 ** 20;

/**
 * Decodes a picture in any format that the browser reads: turned upright by its EXIF orientation, colours converted to
 * sRGB from its ICC profile. Works in a page and in a worker.
 *
 * Browsers hold pixels with 8 bits a channel and multiplied by their alpha: what lies under fully transparent pixels is
 * lost and becomes black.
 *
 * @param source the whole file
 * @returns planar sRGB-encoded RGB from 0 to 1; `alpha` only when some pixel is not fully opaque
 * @throws ImageError `image/format` when it is empty or no picture that the browser reads, `image/too-large` when it has
 *   more than `maxPixels`
 */
export async function readPicture(source: Blob, options: ReadPictureOptions): Promise<Picture> {
  const bitmap = await readBitmap(source, options);
  try {
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
    context.drawImage(bitmap, 0, 0);
    return pictureOfPixels(context.getImageData(0, 0, width, height));
  } finally {
    bitmap.close();
  }
}

/**
 * Decodes a picture as {@link readPicture} does, but leaves it as a bitmap for canvases, to be closed by the caller.
 *
 * @throws what {@link readPicture} throws
 */
export async function readBitmap(source: Blob, options: ReadPictureOptions): Promise<ImageBitmap> {
  const { name, maxPixels = defaultMaxPixels } = options;
  const announced = announcedSize(new Uint8Array(await source.slice(0, headerBytes).arrayBuffer()));
  if (announced) refuseTooLarge(name, announced, maxPixels);
  const bitmap = await createImageBitmap(source, { premultiplyAlpha: 'none' }).catch((cause: unknown) => {
    throw new ImageError(
      'image/format',
      `${name}: expected a picture that this browser reads, such as JPEG, PNG, WebP or AVIF, got something else or a damaged file. Save it as JPEG or PNG.`,
      { cause },
    );
  });
  refuseTooLarge(name, bitmap, maxPixels);
  return bitmap;
}

/**
 * A picture from the pixels of a canvas.
 *
 * @param pixels sRGB, 8 bits a channel, alpha not multiplied in
 */
export function pictureOfPixels({ width, height, data: pixels }: ImageData): Picture {
  const count = width * height;
  const data = new Float32Array(3 * count);
  const alpha = new Float32Array(count);
  let opaque = true;
  for (let i = 0; i < count; i++) {
    for (let channel = 0; channel < 3; channel++) data[channel * count + i] = pixels[4 * i + channel]! / 255;
    alpha[i] = pixels[4 * i + 3]! / 255;
    opaque &&= pixels[4 * i + 3] === 255;
  }
  return { width, height, data, ...(!opaque && { alpha }) };
}

function refuseTooLarge(name: string, { width, height }: { width: number; height: number }, maxPixels: number): void {
  if (width * height <= maxPixels) return;
  throw new ImageError(
    'image/too-large',
    `${name}: expected at most ${Math.round(maxPixels / 1e6)} megapixels, got ${width}×${height}. Use a smaller copy.`,
  );
}
