/** What makes no sense: exit code 2, one sentence with the remedy, at once. */
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { dreamOptions, presets } from '../../src/index.js';
import { writePhoto } from './photos.js';
import { namesIn, newFolder, runCli } from './run-cli.js';

let cwd: string;
beforeAll(async () => {
  cwd = await newFolder();
  await writePhoto(join(cwd, 'photo.jpg'));
});

async function refusal(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli(args, { cwd });
  expect({ code, stdout, stderr }).toMatchObject({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^pareidolia: [^\n]+\n$/);
  expect(await namesIn(cwd)).toEqual(['photo.jpg']);
  return stderr.slice('pareidolia: '.length).trimEnd();
}

const dream = (...args: string[]) => refusal(['dream', 'photo.jpg', ...args]);

describe('a value that is refused', () => {
  test.each([
    [['--steps', '0'], '--steps: expected a whole number from 1 to 10000, got "0".'],
    [['--steps', 'x'], '--steps: expected a whole number from 1 to 10000, got "x".'],
    [['--steps', '1e9'], '--steps: expected a whole number from 1 to 10000, got "1e9".'],
    [['--steps', ''], '--steps: expected a whole number from 1 to 10000, got "".'],
    [['--step-size', '-1'], '--step-size: expected a number from 0 to 10, got "-1".'],
    [['--step-size', 'NaN'], '--step-size: expected a number from 0 to 10, got "NaN".'],
    [['--octave-scale', '1'], '--octave-scale: expected a number from 1.01 to 4, got "1".'],
    [['--octaves', '2.5'], '--octaves: expected a whole number from 1 to 32, got "2.5".'],
    [['--seed', '1.5'], '--seed: expected a whole number from 0 to 4294967295, got "1.5".'],
    [['--tile', '-1'], '--tile: expected a whole number from 0 to 4096, got "-1".'],
    [['--size=-5'], '--size: expected a whole number from 0 to 32768, got "-5".'],
    [['--quality', '0'], '--quality: expected a whole number from 1 to 100, got "0".'],
    [['--threads', '0'], '--threads: expected a whole number from 1 to 1024, got "0".'],
    [['--objective', 'max'], `--objective: expected one of ${dreamOptions.objective.choices.join(', ')}, got "max".`],
    [['--preset', 'nope'], `--preset: expected one of ${Object.keys(presets).join(', ')}, got "nope".`],
    [['--format', 'bmp'], '--format: expected one of png, jpeg, webp, avif, tiff, got "bmp".'],
    [['--progress', 'bar'], '--progress: expected one of auto, json, none, got "bar".'],
    [['--layers', ''], /^--layers: expected .*text.*, got ""\.$/],
  ])('%j', async (args, sentence) => {
    if (typeof sentence === 'string') expect(await dream(...args)).toBe(sentence);
    else expect(await dream(...args)).toMatch(sentence);
  });

  test('a tile that is smaller than the network takes', async () => {
    expect(await dream('--tile', '16')).toMatch(/^--tile: expected at least \d+ for mixed3, mixed5, got 16\. .+\.$/);
  });
});

describe('a layer that the network does not have', () => {
  test('is answered with the nearest names', async () => {
    expect(await dream('--layers', 'mixd3')).toMatch(
      /^--layers: the network has no layer "mixd3"\. The nearest names are mixed3, .+; `pareidolia layers` lists them all\.$/,
    );
  });

  test.each([
    ['mixed3:', '--layers: expected a number after "mixed3:", got "".'],
    ['mixed3:lots', '--layers: expected a number after "mixed3:", got "lots".'],
    ['mixed3:0', '--layers: expected at least one layer with a weight, got "mixed3:0".'],
  ])('%s', async (layers, sentence) => {
    expect(await dream('--layers', layers)).toBe(sentence);
  });
});

describe('a command line that cannot be read', () => {
  test.each([
    [['dream', 'photo.jpg', '--stepz', '3'], "unknown option '--stepz'. Did you mean --steps?"],
    [['dream', 'photo.jpg', '--qwerty'], "unknown option '--qwerty'. `pareidolia dream --help` shows how it is used."],
    [
      ['dream', 'photo.jpg', '--steps'],
      /^option '--steps <number>' argument missing\. `pareidolia dream --help` .+\.$/,
    ],
    [['dreem', 'photo.jpg'], "unknown command 'dreem'. Did you mean dream?"],
    [['paint'], "unknown command 'paint'. `pareidolia --help` shows how it is used."],
    [['photo.jpg'], "unknown command 'photo.jpg'. To dream on a picture: pareidolia dream photo.jpg"],
    [['dream'], "missing required argument 'inputs'. `pareidolia dream --help` shows how it is used."],
    [['dream', ''], 'expected names, got an empty one. `pareidolia dream --help` shows how it is used.'],
    [['info'], "missing required argument 'file'. `pareidolia info --help` shows how it is used."],
    [['zoom', '--plan'], "missing required argument 'photos'. `pareidolia zoom --help` shows how it is used."],
    [['rerun', 'a.png', 'b.png'], /^too many arguments for 'rerun'\. Expected 1 argument but got 2\. .+\.$/],
    [['rerun', 'photo.jpg', '--progress', 'bar'], '--progress: expected one of auto, json, none, got "bar".'],
  ])('%j', async (args, sentence) => {
    if (typeof sentence === 'string') expect(await refusal(args)).toBe(sentence);
    else expect(await refusal(args)).toMatch(sentence);
  });
});

describe('options that do not go together, refused before any work', () => {
  test.each([
    [
      ['-o', 'a.jpg', '--depth', '16'],
      'depth: expected a PNG or TIFF for 16 bits a channel, got JPEG. Leave the depth out.',
    ],
    [
      ['-o', 'a.png', '--quality', '80'],
      'quality: expected a JPEG, WebP or AVIF, got PNG, which is lossless. Leave the quality out.',
    ],
    [['-o', 'a.jpg', '--format', 'png'], /^--format: expected jpeg for the name a\.jpg, got "png"\. .+\.$/],
    [['-o', 'a.bmp'], 'a.bmp: expected a name ending in .png, .jpg, .jpeg, .webp, .avif, .tif or .tiff, got .bmp.'],
    [['-o', 'a'], /^a: expected a name ending in .+, got no extension\.$/],
    [['-o', '-', '--json'], '--json: standard output is taken by -o -. Choose a file with -o.'],
  ])('%j', async (args, sentence) => {
    const said = await dream(...args, '--steps', '10000');
    if (typeof sentence === 'string') expect(said).toBe(sentence);
    else expect(said).toMatch(sentence);
  });
});
