/**
 * Looks at one uploaded picture and ends. Decoders are written in languages without safety nets: what a file does to
 * them, it does to this process alone.
 */
import sharp from 'sharp';
import { allowDecoders, pictureTypes } from './allow-decoders.js';
import type { Refused } from './ask-decoder.js';

/** What the process is asked. */
export interface DecodeRequest {
  readonly path: string;
  readonly maxPixels: number;
}

/** What an uploaded picture is. */
export interface SeenPicture {
  readonly mediaType: string;
  readonly width: number;
  readonly height: number;
}

async function look({ path, maxPixels }: DecodeRequest): Promise<SeenPicture | Refused> {
  allowDecoders();
  sharp.concurrency(1);
  sharp.cache(false);
  // The header first: what it announces is refused before a pixel is decoded.
  const header = await sharp(path, { limitInputPixels: false })
    .metadata()
    .catch(() => undefined);
  const mediaType = header && pictureTypes[header.format];
  if (!header || !mediaType || (header.pages ?? 1) > 1) {
    return { refused: 'format', message: 'expected a still JPEG, PNG, WebP or AVIF picture, got something else' };
  }
  const { width, height } = header.autoOrient;
  if (width * height > maxPixels) {
    const message = `${width}×${height} is ${width * height} pixels, expected at most ${maxPixels}`;
    return { refused: 'too-large', message };
  }
  try {
    await sharp(path, { failOn: 'error', limitInputPixels: maxPixels }).stats();
  } catch {
    return { refused: 'damaged', message: 'expected a whole picture, got a truncated or damaged one' };
  }
  return { mediaType, width, height };
}

process.once('message', (request: DecodeRequest) => {
  void look(request).then((answer) => process.send!(answer, () => process.exit(0)));
});
process.once('disconnect', () => process.exit(1));
