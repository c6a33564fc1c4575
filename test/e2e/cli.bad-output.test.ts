/** Results that cannot be written: exit code 6, one sentence, an old file intact, nothing left over. */
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { writePhoto } from './photos.js';
import { namesIn, newFolder, quick, type RunOptions, runCli } from './run-cli.js';

let cwd: string;
beforeEach(async () => {
  cwd = await newFolder();
  await writePhoto(join(cwd, 'photo.jpg'));
});

async function refusal(args: readonly string[], options: Partial<RunOptions> = {}): Promise<string> {
  const { code, stdout, stderr } = await runCli(['dream', 'photo.jpg', ...args], { cwd, ...options });
  expect({ code, stdout, stderr }).toMatchObject({ code: 6, stdout: '' });
  expect(stderr).toMatch(/^pareidolia: [^\n]+\n$/);
  return stderr.slice('pareidolia: '.length).trimEnd();
}

/** A dream so long that a test which waits for it fails. */
const long = ['--steps', '10000'];

describe('refused before any work', () => {
  test('the photo itself, also under another name and with --force', async () => {
    await symlink('photo.jpg', join(cwd, 'link.jpg'));
    const before = await readFile(join(cwd, 'photo.jpg'));
    for (const name of ['photo.jpg', 'link.jpg']) {
      expect(await refusal(['-o', name, '--force', ...long])).toBe(
        `${name} is what it would be made from, and would be lost. Choose another name with -o.`,
      );
    }
    expect(await readFile(join(cwd, 'photo.jpg'))).toEqual(before);
  });

  test('a folder that is missing', async () => {
    expect(await refusal(['-o', 'none/dream.png', ...long])).toBe(
      'none/dream.png: there is no folder none. Make it, or choose another name with -o.',
    );
    expect(await namesIn(cwd)).toEqual(['photo.jpg']);
  });

  test('a folder that is a file', async () => {
    for (const output of ['photo.jpg/dream.png', 'photo.jpg/deep/']) {
      expect(await refusal(['-o', output, ...long])).toContain('photo.jpg is not a folder.');
    }
    expect(await namesIn(cwd)).toEqual(['photo.jpg']);
  });

  test('a name that a folder has', async () => {
    await mkdir(join(cwd, 'out/photo-dream.png'), { recursive: true });
    expect(await refusal(['-o', 'out', ...long])).toContain('out/photo-dream.png is a folder, expected a file name.');
  });

  test('a folder that may not be written to', async (context) => {
    if (process.platform === 'win32') context.skip('Windows has no such permissions');
    await mkdir(join(cwd, 'closed'));
    await chmod(join(cwd, 'closed'), 0o555);
    const isRoot = process.getuid?.() === 0;
    const nobody = { uid: 65_534 };
    await chmod(cwd, 0o755);
    if (isRoot && (await runCli(['--version'], { cwd, ...nobody })).code !== 0) {
      context.skip('another user may not read this checkout');
    }
    expect(await refusal(['-o', 'closed/dream.png', ...long], isRoot ? nobody : {})).toBe(
      'closed/dream.png: the folder closed cannot be written to (permission denied). Choose another place with -o.',
    );
  });

  test('a device, even with --force', async (context) => {
    if (process.platform === 'win32') context.skip('Windows has no /dev');
    await symlink('/dev/null', join(cwd, 'sink.png'));
    for (const output of ['/dev/null', '/dev/stdout', 'sink.png']) {
      const said = await refusal(['-o', output, '--format', 'png', '--force', ...long]);
      expect(said).toBe(`${output} is a device or a pipe, expected a file name. Use -o - and redirect it.`);
    }
  });
});

describe('a full disk', () => {
  test('leaves an old file as it was, and nothing else', async (context) => {
    const disk = join(cwd, 'disk');
    await mkdir(disk);
    const { status, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', disk]);
    if (error !== undefined || status !== 0) context.skip('no file system may be mounted here');
    try {
      await writeFile(join(disk, 'dream.png'), 'precious');
      expect(await refusal(['-o', 'disk/dream.png', '--force', ...quick])).toMatch(
        /^disk\/dream\.png: the disk is full: expected room for \d+ bytes\. Free some, or choose another place with -o\.$/,
      );
      expect(await namesIn(disk)).toEqual(['dream.png']);
      expect(await readFile(join(disk, 'dream.png'), 'utf8')).toBe('precious');
    } finally {
      spawnSync('umount', [disk]);
    }
  });
});

describe('standard output', () => {
  test('whose reader has left ends a dream with one sentence', async () => {
    const onStart: RunOptions['onStart'] = ({ stdout }) => void stdout?.destroy();
    expect(await refusal(['-o', '-', ...quick, '-q'], { onStart })).toBe(
      'Standard output cannot be written (its reader has left). Choose a file with -o.',
    );
  });

  test('whose reader has left is no error for text', async () => {
    const onStart: RunOptions['onStart'] = ({ stdout }) => void stdout?.destroy();
    expect((await runCli(['dream', 'photo.jpg', ...quick, '-o', 'dream.png'], { cwd })).code).toBe(0);
    for (const args of [['info', 'dream.png'], ['layers'], ['dream', 'photo.jpg', '--plan', '--octaves', '1']]) {
      expect(await runCli(args, { cwd, onStart })).toMatchObject({ code: 0, stderr: '' });
    }
  });

  test('that goes to a full disk is an error for text as well', async (context) => {
    if (process.platform !== 'linux') context.skip('only Linux has /dev/full');
    await runCli(['dream', 'photo.jpg', ...quick, '-o', 'dream.png'], { cwd });
    const under = ['sh', '-c', '"$@" > /dev/full', 'sh'];
    for (const args of [
      ['info', 'dream.png'],
      ['dream', 'photo.jpg', ...quick, '-q', '--json', '-o', 'two.png'],
    ]) {
      const { code, stderr } = await runCli(args, { cwd, under });
      expect(code).toBe(6);
      expect(stderr).toMatch(
        /^pareidolia: Standard output cannot be written \(ENOSPC.*\)\. Choose a file with -o\.\n$/,
      );
    }
  });

  test('is still written when nobody reads standard error', async () => {
    const onStart: RunOptions['onStart'] = ({ stderr }) => void stderr?.destroy();
    const { code } = await runCli(['dream', 'photo.jpg', ...quick, '--progress', 'json'], { cwd, onStart });
    expect(code).toBe(0);
    expect(await namesIn(cwd)).toEqual(['photo-dream.png', 'photo.jpg']);
  });
});
