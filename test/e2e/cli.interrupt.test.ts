/** Ctrl-C once keeps what is there; twice leaves. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, test } from 'vitest';
import { photo, writePhoto } from './photos.js';
import { namesIn, newFolder, quick, type Ran, runCli } from './run-cli.js';

let cwd: string;
beforeEach(async () => {
  cwd = await newFolder();
  await writePhoto(join(cwd, 'photo.jpg'));
});

/** Sends a signal after the second step, or another one, and one more as soon as the first is heard. */
function interrupted(args: readonly string[], first: NodeJS.Signals, second?: NodeJS.Signals, steps = 2): Promise<Ran> {
  return runCli([...args, '--progress', 'json'], {
    cwd,
    onLine: (line, child) => {
      if (line.includes(`"stepsDone":${steps},`)) child.kill(first);
      if (second && line.includes('"type":"note"')) child.kill(second);
    },
  });
}

const long = ['dream', 'photo.jpg', ...quick, '--octaves', '2', '--steps', '60', '--jitter', '4', '--seed', '3'];

/** The types of the events on standard error. */
function typesOf(stderr: string): string[] {
  const lines = stderr.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => (JSON.parse(line) as { type: string }).type);
}

describe.each(['SIGINT', 'SIGTERM'] as const)('one %s', (signal) => {
  test('keeps the dream so far and says how to make it whole, which rerun does', async () => {
    const ran = await interrupted(long, signal);
    expect(ran).toMatchObject({ code: 130, stdout: '' });
    expect(typesOf(ran.stderr)).toContain('note');
    const [, octave, step] = /Stopped in octave (\d) after step (\d+)\. The dream so far is in photo-dream\.png/.exec(
      ran.stderr,
    )!;
    expect(ran.stderr).toContain('To make it whole: pareidolia rerun photo-dream.png\n');
    expect(await namesIn(cwd)).toEqual(['photo-dream.png', 'photo.jpg']);
    expect(await sharp(join(cwd, 'photo-dream.png')).stats()).toMatchObject({ isOpaque: true });

    const { stdout } = await runCli(['info', 'photo-dream.png', '--json'], { cwd });
    const { stopped } = JSON.parse(stdout) as { stopped: object };
    expect(stopped).toEqual({ octave: Number(octave), step: Number(step) });
    const told = await runCli(['info', 'photo-dream.png'], { cwd });
    expect(told.stdout).toContain(`stopped by hand in octave ${octave} after step ${step}\n`);

    if (signal === 'SIGTERM') return;
    expect((await runCli(['rerun', 'photo-dream.png'], { cwd })).code).toBe(0);
    expect((await runCli([...long, '-o', 'whole.png'], { cwd })).code).toBe(0);
    const whole = await readFile(join(cwd, 'whole.png'));
    expect((await readFile(join(cwd, 'photo-dream-rerun.png'))).equals(whole)).toBe(true);
  });
});

describe('what is said about a dream that was stopped', () => {
  test('--json says where it was stopped', async () => {
    const { code, stdout } = await interrupted([...long, '--json'], 'SIGINT');
    expect(code).toBe(130);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ stopped: { octave: 1 }, width: 96, height: 80 });
    expect(report.steps).toBe(report.stopped.step);
  });

  test('a photo from another folder, and a name with a blank, come with the command', async () => {
    const folder = await newFolder();
    await writePhoto(join(folder, 'my photo.jpg'));
    const args = ['dream', join(folder, 'my photo.jpg'), ...quick, '--steps', '60'];
    const { stderr } = await interrupted(args, 'SIGINT');
    expect(stderr).toContain(
      `To make it whole: pareidolia rerun 'my photo-dream.png' --input '${join(folder, 'my photo.jpg')}'\n`,
    );
  });

  test('without a recipe inside, the seed is named', async () => {
    const { stderr } = await interrupted([...long, '--no-metadata'], 'SIGINT');
    expect(stderr).toContain('It holds no recipe. To make it whole, dream again with --seed 3.\n');
  });
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  'two %s leave in the middle of a long step, write nothing and keep the checkpoint',
  async (signal) => {
    await writeFile(join(cwd, 'large.png'), await photo(560, 560).png().toBuffer());
    const args = ['dream', 'large.png', '--octaves', '1', '--tile', '0', '--steps', '1000', '--threads', '1'];
    const { code, stderr, seconds } = await interrupted(args, signal, signal, 4);
    expect(code).toBe(130);
    expect(seconds).toBeLessThan(60);
    const types = typesOf(stderr);
    expect(types.slice(-3)).toEqual(['step', 'note', 'note']);
    expect(stderr).toMatch(
      /The dream up to octave 1, step \d+ is kept in large-dream\.png\.checkpoint\. The same command with --resume goes on/,
    );
    expect(stderr).not.toMatch(/terminate|Error|Stopped/);
    expect(await namesIn(cwd)).toEqual(['large-dream.png.checkpoint', 'large.png', 'photo.jpg']);
  },
);

test('an interrupt before the first step leaves nothing behind', async () => {
  const { code } = await runCli(long, { cwd, onStart: (child) => void setTimeout(() => child.kill('SIGINT'), 60) });
  expect(code).toBe(130);
  expect(await namesIn(cwd)).toEqual(['photo.jpg']);
});
