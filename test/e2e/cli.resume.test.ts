/** A dream that was killed goes on where it was, and ends in the same bytes as one that was not. */
import type { ChildProcess } from 'node:child_process';
import { copyFile, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { photo, writePhoto } from './photos.js';
import { namesIn, newFolder, type Ran, runCli } from './run-cli.js';

let cwd: string;
beforeAll(async () => {
  cwd = await newFolder();
  await writePhoto(join(cwd, 'photo.jpg'), 150, 120);
  await writeFile(join(cwd, 'mask.png'), await photo(40, 40).greyscale().png().toBuffer());
});

const common = ['--layers', 'mixed2', '--octaves', '2', '--jitter', '9', '--threads', '1', '--seed', '5'];
const dreamOf = (output: string, ...flags: string[]) => ['dream', 'photo.jpg', '-o', output, ...common, ...flags];

/** Kills the process some time after it has written its next checkpoint. */
function killAfterCheckpoint(output: string, laterMs: number) {
  const stamp = () =>
    stat(join(cwd, `${output}.checkpoint`)).then(
      ({ mtimeMs, ino }) => `${mtimeMs} ${ino}`,
      () => '',
    );
  return async (child: ChildProcess): Promise<void> => {
    const before = await stamp();
    const timer = setInterval(async () => {
      const now = await stamp();
      if (child.exitCode !== null || child.signalCode !== null) return clearInterval(timer);
      if (now === '' || now === before) return;
      clearInterval(timer);
      setTimeout(() => child.kill('SIGKILL'), laterMs);
    }, 20);
  };
}

/** Runs a command with --resume, kills it some times, and lets it end. */
async function killedTimes(
  times: number,
  output: string,
  args: readonly string[],
  input?: Uint8Array,
): Promise<number> {
  let kills = 0;
  for (;;) {
    // A quick machine ends soon after the first checkpoint, so the first kill does not wait.
    const laterMs = kills === 0 ? 0 : Math.random() * 400;
    const onStart = kills < times ? killAfterCheckpoint(output, laterMs) : undefined;
    const ran = await runCli([...args, '--resume'], { cwd, ...(onStart && { onStart }), ...(input && { input }) });
    if (ran.code === 0) return kills;
    expect(ran).toMatchObject({ code: 137 });
    kills++;
  }
}

describe('killed at any moment, again and again', () => {
  test.each<[string, number, string[]]>([
    ['plain', 3, ['--steps', '40']],
    ['momentum and a mask', 2, ['--steps', '30', '--optimizer', 'momentum', '--mask', 'mask.png']],
    ['adam, in tiles', 2, ['--steps', '60', '--optimizer', 'adam', '--step-size', '0.005', '--tile', '96']],
  ])('%s', async (name, times, flags) => {
    const [whole, cut] = [`${name} whole.png`, `${name} cut.png`];
    expect((await runCli(dreamOf(whole, ...flags), { cwd })).code).toBe(0);
    expect(await killedTimes(times, cut, dreamOf(cut, ...flags))).toBeGreaterThan(0);
    expect((await readFile(join(cwd, cut))).equals(await readFile(join(cwd, whole)))).toBe(true);
    // Neither the checkpoint nor what a killed process was writing stays behind.
    expect((await namesIn(cwd)).filter((file) => file.includes(cut))).toEqual([cut]);
  });

  test('from standard input, without a seed', async () => {
    const input = await readFile(join(cwd, 'photo.jpg'));
    const args = ['dream', '-', '-o', 'piped.png', ...common.slice(0, -2), '--steps', '40'];
    expect(await killedTimes(2, 'piped.png', args, input)).toBeGreaterThan(0);
    const { stdout } = await runCli(['info', 'piped.png', '--json'], { cwd });
    const { seed } = (JSON.parse(stdout) as { options: { seed: number } }).options;
    const again = await runCli([...args.map((arg) => (arg === 'piped.png' ? 'again.png' : arg)), '--seed', `${seed}`], {
      cwd,
      input,
    });
    expect(again.code).toBe(0);
    expect((await readFile(join(cwd, 'piped.png'))).equals(await readFile(join(cwd, 'again.png')))).toBe(true);
  });
});

describe('a checkpoint that lies there', () => {
  const args = dreamOf('left.png', '--steps', '40');
  const checkpoint = () => join(cwd, 'left.png.checkpoint');
  beforeAll(async () => {
    const { code } = await runCli(args, { cwd, onStart: killAfterCheckpoint('left.png', 0) });
    expect(code).toBe(137);
    await copyFile(checkpoint(), join(cwd, 'kept'));
  });
  /** Puts the checkpoint back, damaged or not, and runs. */
  const from = async (flags: readonly string[], change = (bytes: Buffer) => bytes): Promise<Ran> => {
    await writeFile(checkpoint(), change(await readFile(join(cwd, 'kept'))));
    return runCli([...args, '--force', ...flags], { cwd });
  };

  test('of a dream with other options is refused, with the first that differs', async () => {
    const { code, stderr } = await from(['--resume', '--steps', '41']);
    expect(code).toBe(2);
    expect(stderr).toBe(
      'pareidolia: --resume: left.png.checkpoint is of another dream: its --steps is 40, not 41. Give what it was begun with, or leave --resume out and use --force to begin anew.\n',
    );
    expect(await readFile(checkpoint())).toEqual(await readFile(join(cwd, 'kept')));
  });

  test('of little work makes way for a new dream, which says so', async () => {
    const { code, stderr } = await from([]);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^left\.png\.checkpoint holds a dream that was left after \d+ steps? \(\d+ s\); it begins anew\. Use --resume to go on with such a dream\.\n/,
    );
    expect(await namesIn(cwd)).not.toContain('left.png.checkpoint');
  });

  test('that is damaged is named, and the dream begins anew', async () => {
    const { code, stderr } = await from(['--resume'], (bytes) => bytes.fill(1, 5000, 5010));
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^left\.png\.checkpoint: expected a whole checkpoint, got a damaged one \(it does not match its digest\)\. The dream begins anew\.\n/,
    );
  });
});

test('--resume without a checkpoint begins anew and says so', async () => {
  const { code, stderr } = await runCli(dreamOf('new.png', '--steps', '1', '--resume'), { cwd });
  expect(code).toBe(0);
  expect(stderr).toMatch(/^There is no new\.png\.checkpoint: the dream begins anew\.\n/);
});

test('--resume of a dream that is finished leaves it, and takes away what was left beside it', async () => {
  const args = dreamOf('done.png', '--steps', '1');
  expect((await runCli(args, { cwd })).code).toBe(0);
  const done = await readFile(join(cwd, 'done.png'));
  await writeFile(join(cwd, 'done.png.checkpoint'), 'left by a process that was killed at its very end');
  await utimes(join(cwd, 'done.png.checkpoint'), 0, 0);
  const { code, stderr } = await runCli([...args, '--resume'], { cwd });
  expect([code, stderr]).toEqual([0, 'done.png is finished already.\n']);
  expect(await readFile(join(cwd, 'done.png'))).toEqual(done);
  expect(await namesIn(cwd)).not.toContain('done.png.checkpoint');
  expect((await runCli(args, { cwd })).code).toBe(6);
});

test('--resume needs a file to write to', async () => {
  const { code, stderr } = await runCli(dreamOf('-', '--steps', '1', '--resume'), { cwd });
  expect(code).toBe(2);
  expect(stderr).toMatch(/^pareidolia: --resume: expected a file to write to, got standard output/);
});
