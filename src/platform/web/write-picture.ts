import { OptionError, OutputError } from '../../errors.js';
import { onWhite, type Picture } from '../../image/index.js';
import { jpegXmpParts, pngRecipeParts, recipeXmp, webpXmpParts } from '../../metadata/index.js';

/** A format that every browser writes, or nearly: Safari writes no WebP. */
export type WebPictureFormat = 'png' | 'jpeg' | 'webp';

/** What {@link encodePicture} is told. */
export interface EncodePictureOptions {
  /** The file format to write. */
  readonly format: WebPictureFormat;
  /** 1 (smallest) to 100 (best), for JPEG and WebP. Default: JPEG 92, WebP 90. */
  readonly quality?: number | undefined;
  /** JSON text to write inside the file, at most 64 KiB; `extractRecipe` reads it back. Default: none. */
  readonly recipe?: string | undefined;
}

const usualQuality = { jpeg: 92, webp: 90 };

/**
 * Encodes a picture with 8 bits a channel. Values are clamped to 0..1 and rounded half up; transparency is kept, except
 * in JPEG, which has none: there the picture lies on white. The recipe lies where the Node version puts it.
 *
 * @param picture sRGB-encoded RGB from 0 to 1
 * @returns the whole file
 * @throws OptionError `option/invalid` when the browser does not write the format, or the recipe is too long
 * @throws OutputError `output/write` when the browser cannot encode a picture of this size
 */
export async function encodePicture(picture: Picture, options: EncodePictureOptions): Promise<Blob> {
  const { format, recipe, quality = format === 'png' ? 100 : usualQuality[format] } = options;
  const type = `image/${format}`;
  const { width, height } = picture;
  const blob = await draw(format === 'jpeg' ? onWhite(picture) : picture)
    .convertToBlob({ type, quality: quality / 100 })
    .catch((cause: unknown) => {
      const message = `the picture of ${width}×${height} could not be encoded by this browser. Use a smaller size.`;
      throw new OutputError('output/write', message, { cause });
    });
  if (blob.type !== type) {
    throw new OptionError(
      'option/invalid',
      `format: expected one that this browser writes, got ${format}. Write a PNG.`,
    );
  }
  if (recipe === undefined) return blob;
  const file = new Uint8Array(await blob.arrayBuffer());
  return new Blob([...partsWith(recipe, file, options, picture)] as BlobPart[], { type });
}

function partsWith(
  recipe: string,
  file: Uint8Array,
  { format }: EncodePictureOptions,
  picture: Picture,
): readonly Uint8Array[] {
  if (format === 'png') return pngRecipeParts(file, recipe);
  const xmp = new TextEncoder().encode(recipeXmp(recipe));
  return format === 'jpeg' ? jpegXmpParts(file, xmp) : webpXmpParts(file, picture, xmp);
}

function draw({ width, height, data, alpha }: Picture): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  const count = width * height;
  const image = new ImageData(width, height);
  for (let i = 0; i < count; i++) {
    // The array clamps; it would round half to even, which Node's writer does not.
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = Math.floor(data[c * count + i]! * 255 + 0.5);
    image.data[4 * i + 3] = alpha ? Math.floor(alpha[i]! * 255 + 0.5) : 255;
  }
  context.putImageData(image, 0, 0);
  return canvas;
}
