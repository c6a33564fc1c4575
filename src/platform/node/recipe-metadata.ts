import { crc32, inflateSync } from 'node:zlib';
import sharp from 'sharp';
import { ImageError, OptionError } from '../../errors.js';

/** The most bytes of recipe (JSON text in UTF-8) that are written or read: 64 KiB. */
export const maxRecipeBytes = 65_536;

const keyword = 'pareidolia';
const namespace = 'urn:pareidolia:recipe:1';
const pngSignature = '\x89PNG\r\n\x1a\n';
/** XMP that other programs have rewritten may be longer than ours; this much of it is looked at. */
const maxXmpBytes = 16 * maxRecipeBytes;

/**
 * Puts a recipe into a PNG, as an uncompressed iTXt chunk with the keyword `pareidolia`, right after the header.
 *
 * @param png a whole PNG file
 * @param recipe JSON text
 * @returns the PNG with the chunk; the input stays as it is
 * @throws OptionError `option/invalid` when the recipe is longer than 64 KiB or holds characters no XML may hold
 * @throws ImageError `image/format` when the bytes are no PNG
 */
export function embedRecipe(png: Uint8Array, recipe: string): Uint8Array {
  return Buffer.concat(recipeParts(png, recipe));
}

/** What {@link embedRecipe} gives, in parts that stand one after the other: nothing of the PNG is copied. */
export function recipeParts(png: Uint8Array, recipe: string): readonly Uint8Array[] {
  checkRecipe(recipe);
  const ihdr = isPng(png) ? nextChunk(png, 8) : undefined;
  if (ihdr?.type !== 'IHDR') throw new ImageError('image/format', 'recipe: expected a PNG to put it into, got none.');
  // keyword, 0, not compressed, method 0, no language, no translated keyword
  const chunk = pngChunk('iTXt', Buffer.from(`${keyword}\0\0\0\0\0${recipe}`, 'utf8'));
  return [png.subarray(0, ihdr.end), chunk, png.subarray(ihdr.end)];
}

/**
 * The XMP packet that carries a recipe in a JPEG, WebP, TIFF or AVIF: the property `recipe` of the namespace
 * `urn:pareidolia:recipe:1`.
 *
 * @param recipe JSON text
 * @throws OptionError `option/invalid` when the recipe is longer than 64 KiB or holds characters no XML may hold
 */
export function recipeXmp(recipe: string): string {
  checkRecipe(recipe);
  const text = recipe
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:${keyword}="${namespace}">
<${keyword}:recipe>${text}</${keyword}:recipe>
</rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`;
}

/**
 * Reads the recipe that {@link embedRecipe} or {@link recipeXmp} put into a picture file. The text comes from the file
 * and may be anything: parse and check it like any other input.
 *
 * @param bytes a whole PNG, JPEG, WebP, AVIF or TIFF
 * @param name what messages call the file. Default `picture`
 * @returns the text, or undefined when the picture holds no recipe
 * @throws ImageError `image/format` when the bytes are no picture, `image/unreadable` when the recipe or the file's
 *   header is damaged, or the recipe is longer than 64 KiB
 */
export async function extractRecipe(bytes: Uint8Array, name = 'picture'): Promise<string | undefined> {
  const recipe = isPng(bytes) ? readPngRecipe(bytes, name) : undefined;
  if (recipe !== undefined) return recipe;
  let xmp: Buffer | undefined;
  try {
    xmp = (await sharp(bytes, { failOn: 'error', limitInputPixels: false }).metadata()).xmp;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : '';
    if (/unsupported image format|is empty/.test(message)) {
      throw new ImageError('image/format', `${name}: expected a picture, got something else. Name a picture.`, {
        cause,
      });
    }
    throw damaged(name, 'its header is damaged', cause);
  }
  return xmp === undefined ? undefined : readXmpRecipe(xmp, name);
}

function checkRecipe(recipe: string): void {
  const sizeBytes = Buffer.byteLength(recipe);
  if (sizeBytes > maxRecipeBytes) {
    throw new OptionError(
      'option/invalid',
      `recipe: expected at most ${maxRecipeBytes} bytes, got ${sizeBytes}. Write it to a file of its own.`,
    );
  }
  const stranger = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.exec(recipe);
  if (stranger === null) return;
  const code = stranger[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  throw new OptionError(
    'option/invalid',
    `recipe: expected JSON text, got the character U+${code} at ${stranger.index}. Write it as \\u${code}.`,
  );
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** Whether its checksum holds. */
  readonly sound: boolean;
  /** Where the next chunk starts. */
  readonly end: number;
}

function isPng(bytes: Uint8Array): boolean {
  return bytes.length > 8 && latin1(bytes.subarray(0, 8)) === pngSignature;
}

/** The chunk at an offset, or undefined where the file ends before it does. */
function nextChunk(png: Uint8Array, offset: number): Chunk | undefined {
  if (offset + 12 > png.length) return undefined;
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const length = view.getUint32(offset);
  if (length > png.length - offset - 12) return undefined;
  const body = png.subarray(offset + 4, offset + 8 + length);
  const type = latin1(body.subarray(0, 4));
  // A picture's pixels are not ours to check, and summing them up would take longer than all the rest.
  const sound = type !== 'iTXt' || crc32(body) === view.getUint32(offset + 8 + length);
  return { type, data: body.subarray(4), sound, end: offset + 12 + length };
}

function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = Buffer.alloc(data.length + 12);
  chunk.writeUInt32BE(data.length);
  chunk.write(type, 4, 'latin1');
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}

function readPngRecipe(png: Uint8Array, name: string): string | undefined {
  for (let chunk = nextChunk(png, 8); chunk !== undefined && chunk.type !== 'IEND'; chunk = nextChunk(png, chunk.end)) {
    if (chunk.type !== 'iTXt' || latin1(chunk.data.subarray(0, keyword.length + 1)) !== `${keyword}\0`) continue;
    if (!chunk.sound) throw damaged(name, 'its recipe does not match its checksum');
    const compressed = chunk.data[keyword.length + 1];
    const language = chunk.data.indexOf(0, keyword.length + 3);
    const translated = language < 0 ? -1 : chunk.data.indexOf(0, language + 1);
    if (translated < 0 || compressed === undefined || compressed > 1) throw damaged(name, 'its recipe is malformed');
    const text = chunk.data.subarray(translated + 1);
    return decodeText(compressed === 1 ? inflate(text, name) : text, name);
  }
  return undefined;
}

/** Other programs may rewrite a PNG with its texts compressed. */
function inflate(data: Uint8Array, name: string): Uint8Array {
  try {
    return inflateSync(data, { maxOutputLength: maxRecipeBytes });
  } catch (cause) {
    throw damaged(name, 'its recipe is malformed or longer than 64 KiB', cause);
  }
}

/** Finds the property, as an element or as an attribute, under whatever prefix the packet gives our namespace. */
function readXmpRecipe(xmp: Buffer, name: string): string | undefined {
  const packet = latin1(xmp.subarray(0, maxXmpBytes));
  const declared = packet.match(/xmlns:([A-Za-z_][\w.-]{0,63})\s*=\s*["']urn:pareidolia:recipe:1["']/);
  if (declared === null) return undefined;
  const property = `${declared[1]}:recipe`;
  const element = packet.indexOf(`<${property}>`);
  const attribute = packet.indexOf(`${property}=`);
  if (element < 0 && attribute < 0) return undefined;
  const start = (element < 0 ? attribute : element) + property.length + 2; // past <property> or property="
  const end = packet.indexOf(element < 0 ? packet[start - 1]! : `</${property}>`, start);
  if (end < 0) throw damaged(name, 'its recipe is malformed');
  const text = decodeText(xmp.subarray(start, end), name, maxXmpBytes).replace(
    /&(#x?)?(\w{1,8});/g,
    (whole, base, word) => {
      const code = base === undefined ? undefined : Number.parseInt(word, base === '#x' ? 16 : 10);
      if (code === undefined) return entities.get(word) ?? whole;
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
  if (Buffer.byteLength(text) > maxRecipeBytes) throw damaged(name, 'its recipe is longer than 64 KiB');
  return text;
}

const entities = new Map(Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }));

function decodeText(bytes: Uint8Array, name: string, limitBytes = maxRecipeBytes): string {
  if (bytes.length > limitBytes) throw damaged(name, 'its recipe is longer than 64 KiB');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw damaged(name, 'its recipe is not UTF-8', cause);
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function damaged(name: string, what: string, cause?: unknown): ImageError {
  const message = `${name}: expected a picture with a recipe that can be read, but ${what}. Use the original file.`;
  return new ImageError('image/unreadable', message, cause === undefined ? {} : { cause });
}
