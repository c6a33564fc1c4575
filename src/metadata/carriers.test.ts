import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { ImageError, OptionError } from '../errors.js';
import {
  announcedSize,
  findJpegXmp,
  findWebpXmp,
  jpegXmpParts,
  readXmpRecipe,
  recipeXmp,
  webpXmpParts,
} from './index.js';

const size = { width: 37, height: 22 };
const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
const opaque = sharp({ create: { ...size, channels: 3, background: '#789', noise } });
const seeThrough = opaque.clone().ensureAlpha(0.5);
const recipe = '{"note":"é 雲 <&>"}';
const xmp = new TextEncoder().encode(recipeXmp(recipe));
const whole = (parts: readonly Uint8Array[]) => Buffer.concat(parts);
const pixels = (file: Buffer) => sharp(file).raw().toBuffer();

describe('an XMP packet put into a file that another program wrote', () => {
  test('is read back from a JPEG by us and by libvips, and the pixels stay', async () => {
    const plain = await opaque
      .clone()
      .withExif({ IFD0: { Copyright: 'x' } })
      .jpeg()
      .toBuffer();
    const file = whole(jpegXmpParts(plain, xmp));
    expect(readXmpRecipe(findJpegXmp(file)!, 'x')).toBe(recipe);
    expect((await sharp(file).metadata()).xmp).toEqual(Buffer.from(xmp));
    expect(await pixels(file)).toEqual(await pixels(plain));
    expect(findJpegXmp(plain)).toBeUndefined();
  });

  test.each([
    ['lossy', opaque.clone().webp()],
    ['lossless', opaque.clone().webp({ lossless: true })],
    ['lossy with alpha', seeThrough.clone().webp()],
    ['lossless with alpha', seeThrough.clone().webp({ lossless: true })],
  ])('is read back from a %s WebP by us and by libvips, and the pixels stay', async (_, pipeline) => {
    const plain = await pipeline.toBuffer();
    const file = whole(webpXmpParts(plain, size, xmp));
    expect(readXmpRecipe(findWebpXmp(file)!, 'x')).toBe(recipe);
    const metadata = await sharp(file).metadata();
    expect(metadata.xmp).toEqual(Buffer.from(xmp));
    expect(metadata).toMatchObject({ ...size, hasAlpha: (await sharp(plain).metadata()).hasAlpha });
    expect(await pixels(file)).toEqual(await pixels(plain));
    expect(findWebpXmp(plain)).toBeUndefined();
  });

  test('must fit into a segment of a JPEG, and needs a WebP to go into', () => {
    expect(() => jpegXmpParts(new Uint8Array(20), new Uint8Array(65_536))).toThrow(OptionError);
    expect(() => webpXmpParts(new Uint8Array(20), size, xmp)).toThrow(ImageError);
  });
});

describe('the size that a header announces', () => {
  test.each(['png', 'jpeg', 'webp', 'gif'] as const)('is that of a %s', async (format) => {
    expect(announcedSize(await opaque.clone().toFormat(format).toBuffer())).toEqual(size);
  });

  test('is that of every kind of WebP, and of a JPEG behind a profile', async () => {
    expect(announcedSize(await opaque.clone().webp({ lossless: true }).toBuffer())).toEqual(size);
    expect(announcedSize(await seeThrough.clone().webp().toBuffer())).toEqual(size);
    expect(announcedSize(await opaque.clone().keepIccProfile().withIccProfile('p3').jpeg().toBuffer())).toEqual(size);
  });

  test('is never another one where the file is cut, and not known of other files', async () => {
    const jpeg = await opaque.clone().jpeg().toBuffer();
    const sizes = Array.from({ length: 300 }, (_, length) => announcedSize(jpeg.subarray(0, length)));
    expect(sizes.filter((each) => each !== undefined && each.width * each.height !== 37 * 22)).toEqual([]);
    expect(sizes.slice(0, 20).every((each) => each === undefined)).toBe(true);
    expect(announcedSize(new TextEncoder().encode('RIFFxxxxWEBP'))).toBeUndefined();
  });
});
