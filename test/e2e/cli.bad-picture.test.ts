/** Pictures that cannot be dreamed on: exit code 3, one sentence with the remedy, and nothing written. */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { photo, writePhoto } from './photos.js';
import { namesIn, newFolder, runCli } from './run-cli.js';

let cwd: string;
beforeAll(async () => {
  cwd = await newFolder();
  const jpeg = await photo(300, 200).jpeg().toBuffer();
  const png = await photo(300, 200).png().toBuffer();
  const files: Readonly<Record<string, Uint8Array | string>> = {
    'truncated.jpg': jpeg.subarray(0, jpeg.length >> 1),
    'truncated.png': png.subarray(0, png.length >> 1),
    'header-only.png': png.subarray(0, 40),
    'empty.jpg': '',
    'text.png': 'This is not a picture.\n',
    'noise.jpg': Uint8Array.from({ length: 5000 }, (_, i) => (i * i * 31 + i * 7) & 255),
    'page.jpg': '%PDF-1.7\n',
    'one.png': await photo(2, 2).resize(1, 1).png().toBuffer(),
    'line.png': await photo(300, 4).png().toBuffer(),
    'bomb.png': bomb(20_000),
    'bomb.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="20000" height="20000"/>',
  };
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(cwd, name), bytes);
  await mkdir(join(cwd, 'folder.jpg'));
});

/** A PNG of side×side black pixels in few bytes. */
function bomb(side: number): Uint8Array {
  const chunk = (type: string, data: Uint8Array): Uint8Array => {
    const bytes = Buffer.alloc(data.length + 12);
    bytes.writeUInt32BE(data.length);
    bytes.write(type, 4, 'latin1');
    bytes.set(data, 8);
    bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
    return bytes;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side);
  header.writeUInt32BE(side, 4);
  header[8] = 1; // one bit a pixel, grey
  const pixels = deflateSync(new Uint8Array(side * (1 + side / 8)), { level: 9 });
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

async function refusal(args: readonly string[], options: { uid?: number; input?: Uint8Array } = {}): Promise<string> {
  const before = await namesIn(cwd);
  const { code, stdout, stderr, seconds } = await runCli(['dream', ...args], { cwd, ...options });
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toMatch(/^pareidolia: [^\n]*\.\n$/);
  expect(stderr).not.toMatch(/bug|at .*\.js/);
  expect(seconds).toBeLessThan(20);
  expect(await namesIn(cwd)).toEqual(before);
  return stderr.slice('pareidolia: '.length).trimEnd();
}

const expected = 'expected a JPEG, PNG, WebP, AVIF, TIFF, GIF or SVG picture';

describe('a picture that is refused', () => {
  test.each([
    ['truncated.jpg', /^truncated\.jpg: expected a whole JPEG, got a truncated .+\. Copy or save it again\.$/],
    ['truncated.png', /^truncated\.png: expected a whole PNG, got a truncated .+\. Copy or save it again\.$/],
    ['header-only.png', /^header-only\.png: expected a whole PNG, got a truncated .+\. Copy or save it again\.$/],
    ['empty.jpg', new RegExp(`^empty\\.jpg: ${expected}, got an empty file\\. Copy or save it again\\.$`)],
    ['text.png', new RegExp(`^text\\.png: ${expected}, got text\\. Convert it to PNG or JPEG first\\.$`)],
    ['noise.jpg', new RegExp(`^noise\\.jpg: ${expected}, got something else\\. Convert it to PNG or JPEG first\\.$`)],
    ['page.jpg', new RegExp(`^page\\.jpg: ${expected}, got a PDF document\\. Convert it to PNG or JPEG first\\.$`)],
    ['none.jpg', /^none\.jpg: no such file\. Check the name\.$/],
    ['text.png/photo.jpg', /^text\.png\/photo\.jpg: no such file\. Check the name\.$/],
    [
      'folder.jpg',
      /^folder\.jpg: no picture in this folder\. Looked for \.jpg, .+, or add --recursive for those inside it\.$/,
    ],
    ['one.png', /^The picture is 1×1 pixels, expected at least \d+×\d+ for mixed3, mixed5\. Use a larger picture or /],
    ['line.png', /^The picture is 300×4 pixels, expected at least \d+×\d+ for mixed3, mixed5\. Use a larger picture/],
    ['bomb.png', /^bomb\.png: 20000×20000 is 400 megapixels, expected at most 268\. Shrink it first\.$/],
    ['bomb.svg', /^bomb\.svg: 20000×20000 is 400 megapixels, expected at most 268\. Shrink it first\.$/],
  ])('%s', async (name, sentence) => {
    expect(await refusal([name, '-o', 'out.png'])).toMatch(sentence);
  });

  test('nothing on standard input', async () => {
    expect(await refusal(['-'])).toBe(`standard input: ${expected}, got an empty file. Copy or save it again.`);
  });

  test('text on standard input', async () => {
    expect(await refusal(['-'], { input: Buffer.from('hello') })).toContain('standard input: ');
  });

  test('a file that may not be read', async (context) => {
    const isRoot = process.getuid?.() === 0;
    if (process.platform === 'win32') context.skip('Windows has no such permissions');
    await writePhoto(join(cwd, 'secret.jpg'));
    await chmod(join(cwd, 'secret.jpg'), 0o000);
    // Root may read everything, so nobody tries.
    const nobody = { uid: 65_534 };
    await chmod(cwd, 0o777);
    if (isRoot) {
      const { code } = await runCli(['--version'], { cwd, ...nobody });
      if (code !== 0) context.skip('another user may not read this checkout');
    }
    expect(await refusal(['secret.jpg', '-o', 'out.png'], isRoot ? nobody : {})).toBe(
      'secret.jpg: expected a file that may be read, got permission denied. Change its permissions.',
    );
  });

  test('a bomb is small, and shrinking it with --size does not let it in', async () => {
    expect((await readFile(join(cwd, 'bomb.png'))).length).toBeLessThan(60_000);
    expect(await refusal(['bomb.png', '--size', '100', '-o', 'out.png'])).toContain('400 megapixels');
  });
});
