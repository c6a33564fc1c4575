import {
  damaged,
  decodeText,
  findJpegXmp,
  findPngRecipe,
  findWebpXmp,
  isJpeg,
  isPng,
  isWebp,
  maxRecipeBytes,
  readXmpRecipe,
} from '../../metadata/index.js';

/**
 * Reads the recipe that is inside a picture file. The text comes from the file and may be anything: parse and check it
 * like any other input.
 *
 * @param bytes a whole PNG, JPEG or WebP
 * @param name what messages call the file. Default `picture`
 * @returns the text, or undefined when the file holds no recipe or is something else
 * @throws ImageError `image/unreadable` when the recipe is damaged or longer than 64 KiB
 */
export async function extractRecipe(bytes: Uint8Array<ArrayBuffer>, name = 'picture'): Promise<string | undefined> {
  if (isPng(bytes)) {
    const stored = findPngRecipe(bytes, name);
    if (!stored) return undefined;
    return decodeText(stored.compressed ? await inflate(stored.bytes, name) : stored.bytes, name);
  }
  const xmp = isJpeg(bytes) ? findJpegXmp(bytes) : isWebp(bytes) ? findWebpXmp(bytes) : undefined;
  return xmp && readXmpRecipe(xmp, name);
}

/** Other programs may rewrite a PNG with its texts compressed. */
async function inflate(data: Uint8Array, name: string): Promise<Uint8Array> {
  const stream = new Blob([data.slice()]).stream().pipeThrough(new DecompressionStream('deflate'));
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      length += part.value.length;
      if (length > maxRecipeBytes) throw new RangeError('too long');
      parts.push(part.value);
    }
  } catch (cause) {
    throw damaged(name, 'its recipe is malformed or longer than 64 KiB', cause);
  } finally {
    await reader.cancel().catch(() => {});
  }
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}
