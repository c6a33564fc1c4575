import { encodePicture, readPicture } from '../../../../src/platform/web/index.js';
import type { NamedPicture } from '../../engine/engine.js';

/** Where a photo dreams. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  /** A byte a pixel, row by row: 255 dreams, 0 stays. */
  readonly alpha: Uint8ClampedArray;
  /** The file that it came from, as long as it is what that holds. */
  readonly source?: NamedPicture;
}

/** More pixels than this are no mask. */
const maxPixels = 50_000_000;

/** A mask as a grey PNG. */
export function pngOfMask({ width, height, alpha }: Mask): Promise<Blob> {
  const plane = Float32Array.from(alpha, (value) => value / 255);
  const data = new Float32Array(3 * plane.length);
  for (let i = 0; i < 3; i++) data.set(plane, i * plane.length);
  return encodePicture({ width, height, data }, { format: 'png' });
}

/** A grey picture as a mask of some size: white dreams, black and transparent parts stay. */
export async function maskOfFile(
  file: Blob,
  name: string,
  size: { readonly width: number; readonly height: number },
): Promise<Mask> {
  const picture = await readPicture(file, { name, maxPixels });
  const area = picture.width * picture.height;
  const [red, green, blue] = [0, 1, 2].map((plane) => picture.data.subarray(plane * area, (plane + 1) * area));
  const image = new ImageData(picture.width, picture.height);
  for (let i = 0; i < area; i++) {
    const light = 0.299 * red![i]! + 0.587 * green![i]! + 0.114 * blue![i]!;
    image.data[4 * i + 3] = 255 * light * (picture.alpha?.[i] ?? 1);
  }
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = canvas.getContext('2d')!;
  context.drawImage(await createImageBitmap(image), 0, 0, size.width, size.height);
  return { ...size, alpha: alphaOf(context.getImageData(0, 0, size.width, size.height)) };
}

/** How opaque the pixels of an image are. */
export function alphaOf({ data }: ImageData): Uint8ClampedArray {
  return Uint8ClampedArray.from({ length: data.length / 4 }, (_, i) => data[4 * i + 3]!);
}
