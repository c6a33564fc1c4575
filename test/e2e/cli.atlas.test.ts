/** An atlas of a layer's channels, and how it goes on after it was stopped, killed or damaged. */
import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, expect, test } from 'vitest';
import { namesIn, newFolder, type Ran, runCli } from './run-cli.js';

let cwd: string;
beforeEach(async () => {
  cwd = await newFolder();
});

const tiny = ['--size', '48', '--steps', '2', '--threads', '2'];
const atlas = (...args: string[]) => runCli(['atlas', 'mixed0', ...tiny, ...args], { cwd });

interface List {
  layer: string;
  count: number;
  size: number;
  pictures: {
    channel: number;
    file: string;
    objectiveFirst: number;
    objectiveLast: number;
    sheet: string;
    x: number;
    y: number;
  }[];
}

async function list(): Promise<List> {
  return JSON.parse(await readFile(join(cwd, 'mixed0-atlas', 'atlas.json'), 'utf8')) as List;
}

/** How many channels were drawn. */
function drawn({ code, stdout }: Ran): number {
  expect(code).toBe(0);
  return (JSON.parse(stdout) as { drawn: number }).drawn;
}

const file = (channel: number) => join(cwd, 'mixed0-atlas', `mixed0-${String(channel).padStart(4, '0')}.png`);

test('has a file for each channel, a sheet of all, and a list of where each stands', async () => {
  expect(drawn(await atlas('--channels', '0-3,10', '--json'))).toBe(5);
  expect(await namesIn(join(cwd, 'mixed0-atlas'))).toEqual([
    'atlas.json',
    ...['0000', '0001', '0002', '0003', '0010'].map((number) => `mixed0-${number}.png`),
    'sheet.png',
  ]);
  const { layer, count, size, pictures } = await list();
  expect({ layer, count, size }).toEqual({ layer: 'mixed0', count: 256, size: 48 });
  expect(pictures.map(({ channel }) => channel)).toEqual([0, 1, 2, 3, 10]);
  for (const { file: name, sheet, x, y, objectiveFirst, objectiveLast } of pictures) {
    expect(objectiveLast).not.toBe(objectiveFirst);
    const path = join(cwd, 'mixed0-atlas', sheet);
    const region = await sharp(path).extract({ left: x, top: y, width: 48, height: 48 }).removeAlpha().raw().toBuffer();
    const alone = await sharp(join(cwd, 'mixed0-atlas', name))
      .removeAlpha()
      .raw()
      .toBuffer();
    expect(region.equals(alone)).toBe(true);
  }
});

test('each channel is what its recipe says: rerun makes the same bytes', async () => {
  expect(drawn(await atlas('--channels', '3', '--json'))).toBe(1);
  const { code } = await runCli(['rerun', file(3), '-o', 'again.png'], { cwd });
  expect(code).toBe(0);
  expect((await readFile(join(cwd, 'again.png'))).equals(await readFile(file(3)))).toBe(true);
});

test('goes on after it was killed: what is whole stays, and the end is the same', async () => {
  const killed = await runCli(['atlas', 'mixed0', ...tiny, '--channels', '0-9', '--progress', 'json'], {
    cwd,
    onLine: (line, child) => void (line.includes('"done":3,') && child.kill('SIGKILL')),
  });
  expect(killed.code).toBe(137);
  const before = (await list()).pictures.length;
  expect(before).toBeGreaterThanOrEqual(3);
  expect(before).toBeLessThan(10);
  const kept = (await list()).pictures[0]!;
  const { mtimeMs } = await stat(join(cwd, 'mixed0-atlas', kept.file));

  expect(drawn(await atlas('--channels', '0-9', '--json'))).toBe(10 - before);
  const whole = await list();
  expect(whole.pictures.map(({ channel }) => channel)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(whole.pictures.find(({ channel }) => channel === kept.channel)!.objectiveLast).toBe(kept.objectiveLast);
  expect((await stat(join(cwd, 'mixed0-atlas', kept.file))).mtimeMs).toBe(mtimeMs);
  expect(await namesIn(join(cwd, 'mixed0-atlas'))).toContain('sheet.png');
});

test('Ctrl-C keeps what is done and says how to go on', async () => {
  const ran = await runCli(['atlas', 'mixed0', ...tiny, '--channels', '0-19', '--progress', 'json'], {
    cwd,
    onLine: (line, child) => void (line.includes('"done":2,') && child.kill('SIGINT')),
  });
  expect(ran.code).toBe(130);
  const [, done] = /Stopped\. (\d+) of 20 channels are in mixed0-atlas; the same command goes on\./.exec(ran.stderr)!;
  expect((await list()).pictures).toHaveLength(Number(done));
});

test('draws again what is damaged, missing, or was made with other settings, and nothing else', async () => {
  expect(drawn(await atlas('--channels', '0-2', '--json'))).toBe(3);
  const first = await readFile(file(1));
  expect(drawn(await atlas('--channels', '0-2', '--json'))).toBe(0);
  await truncate(file(1), first.length - 100);
  expect(drawn(await atlas('--channels', '0-2', '--json'))).toBe(1);
  expect((await readFile(file(1))).equals(first)).toBe(true);
  await writeFile(join(cwd, 'mixed0-atlas', 'atlas.json'), '{ "pictures": [1,');
  expect(drawn(await atlas('--channels', '0-2', '--json'))).toBe(3);
  expect(drawn(await atlas('--channels', '0-1', '--steps', '3', '--json'))).toBe(2);
  // The list and the sheet show what was made alike.
  expect((await list()).pictures.map(({ channel }) => channel)).toEqual([0, 1]);
});

test.each([
  [['--channels', '250-256'], '--channels: expected channels from 0 to 255 of mixed0'],
  [['--channels', 'x'], '--channels: expected channels from 0 to 255 of mixed0'],
  [['-o', 'atlas.png'], '-o: expected a folder'],
])('%j is refused in one sentence', async (args, sentence) => {
  const { code, stdout, stderr } = await atlas(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(sentence);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});

test('a part of a layer is refused', async () => {
  const { code, stderr } = await runCli(['atlas', 'mixed0[3]', ...tiny], { cwd });
  expect(code).toBe(2);
  expect(stderr).toContain('expected the name of one layer, got "mixed0[3]"');
});
