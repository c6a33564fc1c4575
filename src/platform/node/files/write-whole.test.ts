import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { OutputError } from '../../../errors.js';
import { createWhole, sweepTemporaries, type WriteWholeOptions, writeWhole } from './write-whole.js';

// Lets a test play a file system without hard links.
const noLinks = vi.hoisted(() => ({ code: '' }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const link: typeof real.link = async (from, to) => {
    if (noLinks.code !== '') throw Object.assign(new Error('refused'), { code: noLinks.code });
    await real.link(from, to);
  };
  return { ...real, link };
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'write-whole-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const text = (content: string) => Buffer.from(content);

async function failure(path: string, options: WriteWholeOptions = {}, bytes: Uint8Array = text('new')) {
  const error = await writeWhole(path, bytes, options).catch((thrown: unknown) => thrown);
  if (!(error instanceof OutputError)) throw error;
  return error;
}

test('parts stand one after the other', async () => {
  const folder = await newFolder();
  await writeWhole(join(folder, 'out.png'), [text('one, '), text(''), text('two')]);
  expect(await readFile(join(folder, 'out.png'), 'utf8')).toBe('one, two');
});

test('a file appears under its name, alone', async () => {
  const folder = await newFolder();
  await writeWhole(join(folder, 'out.png'), text('new'));
  expect(await readdir(folder)).toEqual(['out.png']);
  expect(await readFile(join(folder, 'out.png'), 'utf8')).toBe('new');
  await writeWhole(join(folder, 'empty'), new Uint8Array(0));
  expect((await stat(join(folder, 'empty'))).size).toBe(0);
});

test.each(['', 'EPERM', 'EOPNOTSUPP'])(
  'an existing file is kept, and replaced on request (links: %j)',
  async (code) => {
    noLinks.code = code;
    onTestFinished(() => {
      noLinks.code = '';
    });
    const folder = await newFolder();
    const path = join(folder, 'out.png');
    await writeWhole(path, text('old'));
    await chmod(path, 0o640);
    const error = await failure(path);
    expect(error.code).toBe('output/exists');
    expect(error.message).toBe(`${path} exists already. Use --force to overwrite it, or choose another name with -o.`);
    expect(await readFile(path, 'utf8')).toBe('old');
    await writeWhole(path, text('new'), { overwrite: true });
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect(await readdir(folder)).toEqual(['out.png']);
  },
);

test.each(['', 'EPERM'])('of many that write one name, one wins (links: %j)', async (code) => {
  noLinks.code = code;
  onTestFinished(() => {
    noLinks.code = '';
  });
  const folder = await newFolder();
  const path = join(folder, 'out.png');
  const results = await Promise.allSettled(Array.from({ length: 12 }, (_, i) => writeWhole(path, text(`writer ${i}`))));
  const winners = results.flatMap(({ status }, i) => (status === 'fulfilled' ? [i] : []));
  expect(winners.length).toBe(1);
  for (const result of results) {
    if (result.status === 'rejected') expect((result.reason as OutputError).code).toBe('output/exists');
  }
  expect(await readFile(path, 'utf8')).toBe(`writer ${winners[0]}`);
  expect(await readdir(folder)).toEqual(['out.png']);
});

test('devices and pipes are refused, whatever is asked for', async (ctx) => {
  if (process.platform === 'win32') ctx.skip('Windows has no /dev');
  for (const overwrite of [false, true]) {
    expect(await failure('/dev/null', { overwrite })).toMatchObject({
      code: 'output/write',
      message: '/dev/null: expected a file name, got a device or a pipe. Choose another one.',
    });
  }
});

test('a process that exits while it writes leaves nothing half-written', async () => {
  const folder = await newFolder();
  const module = new URL('./write-whole.js', import.meta.url).href;
  // Exits as soon as the temporary file is there.
  const script = `
    const { writeWhole } = await import(${JSON.stringify(module)});
    const { readdirSync } = await import('node:fs');
    void writeWhole('out.bin', new Uint8Array(2e8));
    while (readdirSync('.').length === 0) await new Promise(setImmediate);
    process.exit(7);`;
  const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: folder });
  expect(status).toBe(7);
  expect(await readdir(folder)).toEqual([]);
});

test('a symbolic link is replaced, not followed', async () => {
  const folder = await newFolder();
  await writeFile(join(folder, 'target'), 'target');
  await symlink('target', join(folder, 'link'));
  await symlink('nowhere', join(folder, 'dangling'));
  expect((await failure(join(folder, 'dangling'))).code).toBe('output/exists');
  await writeWhole(join(folder, 'link'), text('new'), { overwrite: true });
  expect(await readFile(join(folder, 'target'), 'utf8')).toBe('target');
  expect(await readFile(join(folder, 'link'), 'utf8')).toBe('new');
});

test('a missing folder, a file for a folder and a folder for a file are named', async () => {
  const folder = await newFolder();
  const missing = await failure(join(folder, 'none', 'out.png'));
  expect(missing.code).toBe('output/write');
  expect(missing.message).toContain(
    `: the folder ${join(folder, 'none')} does not exist. Create it, or choose another`,
  );
  await writeFile(join(folder, 'file'), '');
  expect((await failure(join(folder, 'file', 'out.png'))).message).toContain('is not a folder');
  await mkdir(join(folder, 'sub'));
  for (const overwrite of [false, true]) {
    expect(await failure(join(folder, 'sub'), { overwrite })).toMatchObject({ code: 'output/write' });
  }
  expect((await readdir(folder)).sort()).toEqual(['file', 'sub']);
});

test('a name as long as the file system allows is fine, a longer one is not', async () => {
  const folder = await newFolder();
  await writeWhole(join(folder, `${'雲'.repeat(83)}.png`), text('new'));
  expect((await failure(join(folder, 'x'.repeat(300)))).message).toContain('the name is too long');
  expect((await readdir(folder)).length).toBe(1);
});

test('a folder that may not be written to is named', async (ctx) => {
  if (process.getuid?.() === 0) ctx.skip('root may write everywhere');
  const folder = await newFolder();
  await chmod(folder, 0o555);
  expect((await failure(join(folder, 'out.png'))).message).toContain(`permission denied in ${folder}`);
  await chmod(folder, 0o755);
});

test('on a full disk an old file stays intact, and nothing is left over', async (ctx) => {
  const folder = await newFolder();
  const { status, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
  if (error !== undefined || status !== 0) ctx.skip('no file system may be mounted here');
  try {
    const path = join(folder, 'out.png');
    await writeWhole(path, text('old'));
    const full = await failure(path, { overwrite: true }, new Uint8Array(200_000).fill(7));
    expect(full.code).toBe('output/write');
    expect(full.message).toBe(
      `${path}: the disk is full: expected room for 200000 bytes. Free some, or choose another place with -o.`,
    );
    expect(await failure(join(folder, 'two.png'), {}, new Uint8Array(200_000))).toMatchObject({ code: 'output/write' });
    expect(await readdir(folder)).toEqual(['out.png']);
    expect(await readFile(path, 'utf8')).toBe('old');
  } finally {
    spawnSync('umount', [folder]);
  }
});

test('what killed processes left behind is swept away, and nothing else', async () => {
  const folder = await newFolder();
  const { pid: gone } = spawnSync(process.execPath, ['-e', '']);
  const stays = [`.a.${process.pid}-0123456789ab.tmp`, `.b.${gone}-0123456789ab.tmp`, `.a.${gone}-0123.tmp`, 'a'];
  for (const name of [...stays, `.a.${gone}-0123456789ab.tmp`]) await writeFile(join(folder, name), '');
  await sweepTemporaries(join(folder, 'a'));
  expect((await readdir(folder)).sort()).toEqual(stays.sort());
  await sweepTemporaries(join(folder, 'no', 'a'));
});

test('a file that comes in pieces appears when it is finished, in the order of their positions', async () => {
  const folder = await newFolder();
  const path = join(folder, 'out.bin');
  const file = await createWhole(path);
  await file.write(text('....'));
  await file.write(text('ef'));
  await file.write(text('abcd'), 0);
  await file.write(text('gh'));
  expect(await readdir(folder)).not.toContain('out.bin');
  await file.finish();
  expect(await readdir(folder)).toEqual(['out.bin']);
  expect(await readFile(path, 'utf8')).toBe('abcdefgh');
  await file.abort();
  expect(await readFile(path, 'utf8')).toBe('abcdefgh');
});

test('a file that is given up was never there', async () => {
  const folder = await newFolder();
  const path = join(folder, 'out.bin');
  await writeFile(path, 'old');
  const file = await createWhole(path, { overwrite: true });
  await file.write(text('new'));
  await file.abort();
  await file.abort();
  expect(await readdir(folder)).toEqual(['out.bin']);
  expect(await readFile(path, 'utf8')).toBe('old');
});
