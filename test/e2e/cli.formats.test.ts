/** Every format out, and what stands in the files. */
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { photo } from './photos.js';
import { isInstalled, outputOf, withoutExiftool, withoutImageMagick } from './programs.js';
import { newFolder, quick, runCli } from './run-cli.js';

const formats = ['png', 'jpg', 'webp', 'avif', 'tiff'] as const;
const identify = '/usr/bin/identify';
const hasExiftool = isInstalled('exiftool', '-ver');

let cwd: string;
/** `dream.EXT` with a recipe and `bare.EXT` without, all of one photo with everything a camera writes. */
beforeAll(async () => {
  cwd = await newFolder();
  await writeFile(join(cwd, 'photo.jpg'), await photo(96, 80).jpeg().toBuffer());
  if (hasExiftool) {
    const place = ['-GPSLatitude=48.8584', '-GPSLatitudeRef=N', '-GPSLongitude=2.2945', '-GPSLongitudeRef=E'];
    const camera = ['-Make=Canon', '-Model=EOS', '-SerialNumber=123456', '-Artist=Somebody', '-XMP:Creator=Somebody'];
    const more = ['-IPTC:City=Paris', '-DateTimeOriginal=2020:01:02 03:04:05', '-XMP:GPSLatitude=48.8584'];
    const file = join(cwd, 'photo.jpg');
    outputOf('exiftool', ['-q', '-overwrite_original', ...place, ...camera, ...more, '-Orientation#=6', file]);
  }
  for (const extension of formats) {
    for (const [name, flags] of [
      ['dream', []],
      ['bare', ['--no-metadata']],
    ] as const) {
      const args = ['dream', 'photo.jpg', ...quick, '--seed', '5', '-o', `${name}.${extension}`, ...flags];
      const { code, stderr } = await runCli(args, { cwd });
      if (code !== 0) throw new Error(stderr);
    }
  }
});

const size = hasExiftool ? '80x96' : '96x80';

describe.each(formats)('%s', (extension) => {
  const file = `dream.${extension}`;

  test('decodes elsewhere, at the right size', (context) => {
    if (!isInstalled(identify, '-version')) context.skip(withoutImageMagick);
    const names = { png: 'PNG', jpg: 'JPEG', webp: 'WEBP', avif: 'AVIF', tiff: 'TIFF' };
    const { status, stdout, stderr } = spawnSync(identify, ['-format', '%m %wx%h %z\n', join(cwd, file)]);
    if (extension === 'avif' && /no decode delegate/.test(stderr.toString())) {
      context.skip('this ImageMagick reads no AVIF');
    }
    expect(stdout.toString()).toMatch(new RegExp(`^(${names[extension]}|HEIC) ${size} 8\n$`));
    expect(status).toBe(0);
  });

  test('holds nothing of the camera, the place or the time', (context) => {
    if (!hasExiftool) context.skip(withoutExiftool);
    const before = outputOf('exiftool', ['-j', '-G', join(cwd, 'photo.jpg')]);
    expect(before).toContain('GPS');
    for (const name of [file, `bare.${extension}`]) {
      const tags = outputOf('exiftool', ['-j', '-G', '-a', '-u', join(cwd, name)]);
      expect(tags).not.toMatch(/GPS|Canon|EOS|123456|Somebody|Paris|2020|Orientation": "Rotate/);
    }
  });

  test('info prints its recipe', async () => {
    const text = await runCli(['info', file], { cwd });
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toMatch(new RegExp(`^${file}: a dream of photo\\.jpg by pareidolia \\d`));
    expect(text.stdout).toContain(`To make it again: pareidolia rerun ${file}\n`);
    const { code, stdout } = await runCli(['info', file, '--json'], { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'dream',
      options: { layers: 'mixed0', seed: 5, steps: 1, octaves: 1 },
      output: { format: extension === 'jpg' ? 'jpeg' : extension, depth: '8', quality: null },
      input: { name: 'photo.jpg' },
      model: { name: 'built-in' },
      runtime: { threads: 1 },
    });
  });

  test('rerun gives the same bytes', async () => {
    const { code, stdout, stderr } = await runCli(['rerun', file], { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^Dreamed photo\\.jpg into dream-rerun\\.${extension} \\(.*\\)\\.\n$`));
    const again = await readFile(join(cwd, `dream-rerun.${extension}`));
    expect(again.equals(await readFile(join(cwd, file)))).toBe(true);
  });

  test('--no-metadata leaves no byte of a recipe', async () => {
    const bytes = await readFile(join(cwd, `bare.${extension}`));
    for (const word of ['pareidolia', 'mixed0', 'octave', 'xmpmeta', 'photo.jpg']) {
      expect(bytes.includes(word)).toBe(false);
    }
    const { code, stderr } = await runCli(['info', `bare.${extension}`], { cwd });
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /^pareidolia: bare\.\w+: expected a picture or a movie made by pareidolia, got one without a recipe\. .+\n$/,
    );
  });
});
