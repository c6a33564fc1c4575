/** --max-memory: what fits is planned, what does not is refused with the number. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { photo } from './photos.js';
import { newFolder, runCli } from './run-cli.js';

let cwd: string;
beforeAll(async () => {
  cwd = await newFolder();
  await writeFile(join(cwd, 'photo.png'), await photo(900, 660).png().toBuffer());
});

interface Planned {
  readonly tile: number;
  readonly storage: string;
  readonly peakMemoryBytes: number;
}

async function planOf(...flags: string[]): Promise<Planned> {
  const { code, stdout, stderr } = await runCli(['dream', 'photo.png', '--plan', '--json', ...flags], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Planned;
}

test('less memory means smaller tiles', async () => {
  expect(await planOf('--max-memory', '2GiB')).toMatchObject({ tile: 512, storage: 'memory' });
  const short = await planOf('--max-memory', '480 MB');
  expect(short.tile).toBeLessThan(512);
  expect(short.peakMemoryBytes).toBeLessThanOrEqual(480e6);
});

test('too little memory is refused with the number that it takes', async () => {
  const { code, stderr } = await runCli(['dream', 'photo.png', '--max-memory', '200MiB'], { cwd });
  expect(code).toBe(5);
  expect(stderr).toMatch(
    /^pareidolia: A dream of 900×660 needs at least about \d{3} MB of memory, 210 MB may be taken\. Use a smaller --size\.\n$/,
  );
});

test('a size that cannot be read is refused', async () => {
  const { code, stderr } = await runCli(['dream', 'photo.png', '--max-memory', 'lots'], { cwd });
  expect(code).toBe(2);
  expect(stderr).toBe('pareidolia: --max-memory: expected a size such as 800MB or 1.5GiB, got "lots".\n');
});

test('a dream takes what its plan predicts, but for 15 %, and its recipe names the tiles', async () => {
  const flags = ['--max-memory', '480MB', '--octaves', '1', '--steps', '1', '--seed', '1'];
  const { peakMemoryBytes: predicted, tile } = await planOf(...flags);
  const { code, stdout } = await runCli(['dream', 'photo.png', '-o', 'out.png', ...flags, '--json', '-q'], { cwd });
  expect(code).toBe(0);
  const measured = (JSON.parse(stdout) as Planned).peakMemoryBytes;
  expect(Math.abs(predicted / measured - 1)).toBeLessThan(0.15);
  const info = await runCli(['info', 'out.png', '--json'], { cwd });
  expect(JSON.parse(info.stdout)).toMatchObject({ options: { tile } });
});

test('a video takes what its plan predicts, but for 15 %: optical flow counts', async () => {
  await mkdir(join(cwd, 'frames'));
  for (const i of [0, 1, 2]) {
    const moved = photo(320, 200).extract({ left: 0, top: 10 * i, width: 320, height: 180 });
    await moved.png().toFile(join(cwd, `frames/${i}.png`));
  }
  const video = ['video', 'frames', '--octaves', '1', '--steps', '1', '--seed', '1', '-o', 'dreamed/', '--json', '-q'];
  const peakOf = async (...flags: string[]) => {
    const { code, stdout } = await runCli([...video, ...flags], { cwd });
    expect(code).toBe(0);
    return (JSON.parse(stdout) as Planned).peakMemoryBytes;
  };
  const predicted = await peakOf('--plan');
  expect(Math.abs(predicted / (await peakOf()) - 1)).toBeLessThan(0.15);
  const { code, stderr } = await runCli([...video, '-o', 'other/', '--max-memory', '300MB'], { cwd });
  expect(code).toBe(5);
  expect(stderr).toMatch(
    /^pareidolia: A dream of 320×180 needs at least about \d{3} MB of memory, 300 MB may be taken\. /,
  );
});
