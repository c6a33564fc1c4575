import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { ImageError, OptionError } from '../../../errors.js';
import { maxRecipeBytes, recipeXmp } from '../../../metadata/index.js';
import { readPicture } from './read-picture.js';
import { embedRecipe, extractRecipe } from './recipe-metadata.js';
import { encodePicture, type PictureFormat } from './write-picture.js';

const formats: readonly PictureFormat[] = ['png', 'jpeg', 'webp', 'avif', 'tiff'];
const exiftool = '/usr/bin/exiftool';
const recipe = JSON.stringify({ model: 'inception-v3', layers: ['mixed4a'], note: 'é 雲 😀 <&> "quoted" \' \r\n ]]>' });
const picture = { width: 8, height: 8, data: new Float32Array(3 * 64).fill(0.5) };
const png = await encodePicture(picture, { format: 'png' });

/** A PNG with one more chunk after its header. */
function withChunk(type: string, content: string | Uint8Array, crc?: number): Uint8Array {
  const body = Buffer.concat([Buffer.from(type), Buffer.from(content as string, 'latin1')]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(body.length - 4);
  frame.writeUInt32BE(crc ?? crc32(body), 4);
  return Buffer.concat([png.subarray(0, 33), frame.subarray(0, 4), body, frame.subarray(4), png.subarray(33)]);
}

const withXmp = (xmp: string) => sharp(png).withXmp(xmp).jpeg().toBuffer();

async function refusal(bytes: Uint8Array): Promise<string> {
  const error = await extractRecipe(bytes, 'x').catch((thrown: unknown) => thrown);
  if (!(error instanceof ImageError)) throw error;
  return `${error.code} ${error.message}`;
}

describe('a recipe', () => {
  test.each(formats)('comes back from %s letter by letter, and the pixels stay', async (format) => {
    const file = await encodePicture(picture, { format, recipe });
    expect(await extractRecipe(file)).toBe(recipe);
    const plain = await readPicture(await encodePicture(picture, { format }), { name: 'x' });
    expect(await readPicture(file, { name: 'x' })).toEqual(plain);
    expect(Buffer.compare(file, await encodePicture(picture, { format, recipe }))).toBe(0);
  });

  test.each(formats)('is not there when none was put into %s', async (format) => {
    expect(await extractRecipe(await encodePicture(picture, { format }))).toBeUndefined();
  });

  test.for(formats)('in %s is found by exiftool, and no other metadata is', async (format, ctx) => {
    if (!existsSync(exiftool)) ctx.skip('exiftool is not installed');
    const seen = async (text: string | undefined) => {
      const input = await encodePicture(picture, { format, recipe: text });
      const args = ['-j', '-G0', '-a', '-charset', 'UTF8', '-'];
      const [tags] = JSON.parse(spawnSync(exiftool, args, { input }).stdout.toString()) as Record<string, unknown>[];
      return Object.entries(tags!).filter(([tag]) => /^(XMP|EXIF|IPTC|Photoshop|ICC_Profile|PNG):/.test(tag));
    };
    const structure = new Set((await seen(undefined)).map(([tag]) => tag));
    // What is left is how the samples are stored: in a TIFF that is EXIF to exiftool, in a PNG it is PNG.
    const told = [...structure].filter((tag) => /date|time|gps|software|comment|orient.*[2-8]|make|model$/i.test(tag));
    expect(told).toEqual([]);
    if (format !== 'tiff' && format !== 'png') expect([...structure]).toEqual([]);
    const added = (await seen(recipe)).filter(([tag]) => !structure.has(tag));
    const value = JSON.parse(recipe) as unknown;
    expect(added.map(([tag]) => tag)).toEqual([format === 'png' ? 'PNG:Pareidolia' : 'XMP:Recipe']);
    expect(JSON.parse(String(added[0]![1]))).toEqual(value);
  });

  test('of 64 KiB fits, and of more does not', async () => {
    const full = 'é'.repeat(maxRecipeBytes / 2);
    for (const format of ['png', 'webp', 'tiff', 'avif'] as const) {
      expect(await extractRecipe(await encodePicture(picture, { format, recipe: full }))).toBe(full);
    }
    expect(() => embedRecipe(png, `${full}x`)).toThrow('recipe: expected at most 65536 bytes, got 65537.');
    expect(() => recipeXmp(`${full}x`)).toThrow(OptionError);
  });

  test('of the length that fits a JPEG is in the JPEG', async () => {
    const longest = 'x'.repeat(60_000 - Buffer.byteLength(recipeXmp('')));
    expect(await extractRecipe(await encodePicture(picture, { format: 'jpeg', recipe: longest }))).toBe(longest);
    await expect(encodePicture(picture, { format: 'jpeg', recipe: `${longest}x` })).rejects.toThrow(OptionError);
  });

  test.each(['\0', '\x1b', '\ufffe', '\ud800'])('may not hold %j, which no XML can', (character) => {
    expect(() => embedRecipe(png, `ab${character}`)).toThrow(OptionError);
    expect(() => recipeXmp(`ab${character}`)).toThrow(
      /^recipe: expected JSON text, got the character U\+[0-9A-F]{4} at 2/,
    );
  });

  test('goes into a PNG only', () => {
    expect(() => embedRecipe(Buffer.from('no picture'), '{}')).toThrow(ImageError);
    expect(() => embedRecipe(png.subarray(0, 20), '{}')).toThrow(ImageError);
  });
});

describe('a strange file', () => {
  test('with a recipe that was changed on the way is refused', async () => {
    const file = Buffer.from(embedRecipe(png, recipe));
    file[file.indexOf('mixed4a')]! ^= 1;
    expect(await refusal(file)).toMatch(/^image\/unreadable x: .* its recipe does not match its checksum/);
  });

  test('with a malformed, oversized or undecodable chunk is refused', async () => {
    expect(await refusal(withChunk('iTXt', 'pareidolia\0'))).toContain('malformed');
    expect(await refusal(withChunk('iTXt', 'pareidolia\0\0\0en\0no end'))).toContain('malformed');
    expect(await refusal(withChunk('iTXt', 'pareidolia\0\x05\0\0\0{}'))).toContain('malformed');
    expect(await refusal(withChunk('iTXt', 'pareidolia\0\0\0\0\0\xff\xfe'))).toContain('not UTF-8');
    expect(await refusal(withChunk('iTXt', `pareidolia\0\0\0\0\0${'x'.repeat(65_537)}`))).toContain(
      'longer than 64 KiB',
    );
    const bomb = deflateSync(Buffer.alloc(50_000_000)).toString('latin1');
    expect(await refusal(withChunk('iTXt', `pareidolia\0\x01\0\0\0${bomb}`))).toContain(
      'malformed or longer than 64 KiB',
    );
  });

  test('whose text another program compressed is read', async () => {
    const text = deflateSync(Buffer.from(recipe)).toString('latin1');
    expect(await extractRecipe(withChunk('iTXt', `pareidolia\0\x01\0de\0\0${text}`))).toBe(recipe);
  });

  test('with other texts has no recipe', async () => {
    expect(await extractRecipe(withChunk('iTXt', 'pareidolias\0\0\0\0\0{}'))).toBeUndefined();
    expect(await extractRecipe(withChunk('tEXt', 'pareidolia\0{}'))).toBeUndefined();
    expect(await extractRecipe(await withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'))).toBeUndefined();
  });

  test('whose XMP another program rewrote is read', async () => {
    const description = (inside: string, rest = '/>') =>
      `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description ${inside}${rest}</x:xmpmeta>`;
    const attribute = description(`xmlns:ns1='urn:pareidolia:recipe:1' ns1:recipe='{&quot;a&quot;:&#39;&#x3c;'`);
    expect(await extractRecipe(await withXmp(attribute))).toBe(`{"a":'<`);
    const element = description(
      'xmlns:ns1="urn:pareidolia:recipe:1">',
      '<ns1:recipe>&constructor;&amp;lt;&#xzz;</ns1:recipe>',
    );
    expect(await extractRecipe(await withXmp(element))).toBe('&constructor;&lt;&#xzz;');
    expect(await refusal(await withXmp(description('xmlns:p="urn:pareidolia:recipe:1"><p:recipe>{', '')))).toContain(
      'image/',
    );
  });

  test('that is no picture, or only the start of one, is refused', async () => {
    expect(await refusal(new Uint8Array(0))).toContain('image/format');
    expect(await refusal(Buffer.from('hello'))).toContain('image/format x: expected a picture, got something else.');
    expect(await refusal(png.subarray(0, 30))).toContain('image/unreadable');
  });

  test('of random damage never does worse than an ImageError', async () => {
    const files = await Promise.all(formats.map((format) => encodePicture(picture, { format, recipe })));
    let seed = 1;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed % below;
    };
    for (let round = 0; round < 300; round++) {
      const file = Buffer.from(files[round % files.length]!);
      for (let hit = 0; hit < 3; hit++) file[random(Math.min(file.length, 700))] = random(256);
      const got = await extractRecipe(file.subarray(0, file.length - random(40))).catch((thrown: unknown) => thrown);
      if (typeof got !== 'string' && got !== undefined) expect(got).toBeInstanceOf(ImageError);
    }
  });
});
