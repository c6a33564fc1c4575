/** Folders, globs and lists of pictures. */
import { cp, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { photo, writePhoto } from './photos.js';
import { isInstalled } from './programs.js';
import { newFolder, quick, type Ran, runCli } from './run-cli.js';

let cwd: string;
beforeEach(async () => {
  cwd = await newFolder();
});

/** Makes JPEGs of these names, and the folders they stand in. */
async function photos(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await mkdir(join(cwd, dirname(name)), { recursive: true });
    await writePhoto(join(cwd, name));
  }
}

/** Every file in a folder of the test, with its path in there, sorted. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(join(cwd, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(join(cwd, folder).length + 1))
    .sort();
}

const run = (args: readonly string[], input?: string): Promise<Ran> =>
  runCli(['dream', ...args], { cwd, ...(input !== undefined && { input: Buffer.from(input) }) });

/** The names that would be dreamed on, in their order. */
async function planned(args: readonly string[], input?: string): Promise<string[]> {
  const { stdout } = await run([...args, ...quick, '--plan', '--json'], input);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { input: string }).input);
}

async function refusal(args: readonly string[], code: number, input?: string): Promise<string> {
  const before = await filesIn('.');
  const ran = await run(args, input);
  expect(ran).toMatchObject({ code, stdout: '' });
  expect(ran.stderr).toMatch(/^pareidolia: [^\n]+\n$/);
  expect(await filesIn('.')).toEqual(before);
  return ran.stderr.slice('pareidolia: '.length).trimEnd();
}

describe('a folder', () => {
  test('gives its pictures in natural order, without hidden files, results and other files', async () => {
    await photos('in/img_10.jpg', 'in/img_2.jpg', 'in/Img_1.JPG', 'in/.hidden.jpg', 'in/sub/deep.jpg');
    await photos('in/img_2-dream.jpg', 'in/img_2-dream-rerun.jpg');
    await photo().png().toFile(join(cwd, 'in/b.png'));
    await photo().tiff().toFile(join(cwd, 'in/a.TIF'));
    await writeFile(join(cwd, 'in/notes.txt'), 'no picture');
    expect(await planned(['in'])).toEqual(['in/a.TIF', 'in/b.png', 'in/Img_1.JPG', 'in/img_2.jpg', 'in/img_10.jpg']);
    expect(await planned(['in/', 'in/b.png', './in/img_2.jpg'])).toHaveLength(5);
  });

  test('with --recursive keeps its structure, and a second run dreams no dreams', async () => {
    await photos('in/a.jpg', 'in/sub/a.jpg', 'in/sub/deep/b.jpg', 'in/.git/c.jpg');
    const { code, stderr } = await run(['in', '-r', '-o', 'in/out', ...quick]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/\n3 pictures: 3 dreamed\.\n$/);
    expect(await filesIn('in/out')).toEqual(['a-dream.png', 'sub/a-dream.png', 'sub/deep/b-dream.png']);
    const again = await run(['in', '-r', '-o', 'in/out', ...quick]);
    expect(again.code).toBe(8);
    expect(again.stderr).toContain('\n3 pictures: 3 failed.\n');
    expect(again.stderr).toContain('in/a.jpg: in/out/a-dream.png exists already.');
    expect(await filesIn('in/out')).toHaveLength(3);
    await rm(join(cwd, 'in/out/sub/a-dream.png'));
    const resumed = await run(['in', '-r', '-o', 'in/out', '--resume', ...quick]);
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toMatch(/\n3 pictures: 1 dreamed, 2 skipped\.\n$/);
    expect(await filesIn('in/out')).toHaveLength(3);
  });

  test('of one picture is a folder still', async () => {
    await photos('in/a.jpg');
    expect((await run(['in', '-o', 'out', ...quick])).code).toBe(0);
    expect(await filesIn('out')).toEqual(['a-dream.png']);
    await writeFile(join(cwd, 'in/a.jpg'), 'damaged');
    expect((await run(['in', '-o', 'out2', ...quick])).code).toBe(8);
  });

  test('may hold links; a circle of folders is not followed', async (context) => {
    if (process.platform === 'win32') context.skip('Windows needs a privilege for links');
    await photos('in/a.jpg', 'b.jpg');
    await symlink('../b.jpg', join(cwd, 'in/link.jpg'));
    await symlink('nowhere.jpg', join(cwd, 'in/broken.jpg'));
    await symlink('.', join(cwd, 'in/circle'));
    expect(await planned(['in', '-r'])).toEqual(['in/a.jpg', 'in/link.jpg']);
  });

  test('without pictures is refused', async () => {
    await photos('in/sub/a.jpg', 'in/a-dream.jpg');
    expect(await refusal(['in'], 3)).toMatch(
      /^in: no picture in this folder\. .+ add --recursive for those inside it\.$/,
    );
  });

  test('never has two results of one name', async () => {
    await photos('in/x.jpg', 'other/x.jpg');
    expect(await refusal(['in', 'other', '-o', 'out'], 2)).toBe(
      'in/x.jpg and other/x.jpg would both be written to out/x-dream.png. Rename one, or run them apart.',
    );
    await photo().png().toFile(join(cwd, 'in/x.png'));
    expect(await refusal(['in', '-o', 'out'], 2)).toMatch(/^in\/x\.jpg and in\/x\.png would both be written to /);
  });
});

describe('a glob that no shell has expanded', () => {
  test.each([
    ['in/*.jpg', ['in/a.jpg', 'in/b (1).jpg', 'in/img_2.jpg', 'in/img_10.jpg']],
    ['in/img_?.jpg', ['in/img_2.jpg']],
    ['in/[ai]*.{jpg,png}', ['in/a.jpg', 'in/img_2.jpg', 'in/img_10.jpg']],
    ['in/*', ['in/a.jpg', 'in/b (1).jpg', 'in/c.png', 'in/img_2.jpg', 'in/img_10.jpg']],
    ['in/b (1)*', ['in/b (1).jpg']],
    ['**/*.png', ['in/c.png', 'in/sub (x)/d.png']],
    ['in/sub (x)/*', ['in/sub (x)/d.png']],
    ['in/*-dream.*', ['in/a-dream.jpg']],
    ['in/[!a]*.jpg', ['in/b (1).jpg', 'in/img_2.jpg', 'in/img_10.jpg']],
  ])('%s', async (glob, names) => {
    await photos('in/a.jpg', 'in/b (1).jpg', 'in/img_10.jpg', 'in/img_2.jpg', 'in/.h.jpg', 'in/a-dream.jpg');
    await mkdir(join(cwd, 'in/sub (x)'));
    await photo().png().toFile(join(cwd, 'in/c.png'));
    await photo().png().toFile(join(cwd, 'in/sub (x)/d.png'));
    await writeFile(join(cwd, 'in/notes.txt'), 'no picture');
    expect(await planned([glob])).toEqual(names);
  });

  test('keeps the structure beneath its first special character', async () => {
    await photos('in/one/x.jpg', 'in/two/x.jpg');
    expect((await run(['in/**/x.jpg', '-o', 'out', ...quick])).code).toBe(0);
    expect(await filesIn('out')).toEqual(['one/x-dream.png', 'two/x-dream.png']);
    expect(await planned([join(cwd, 'in/*/x.jpg')])).toHaveLength(2);
  });

  test('that matches nothing is refused', async () => {
    await photos('a.jpg');
    expect(await refusal(['*.png'], 3)).toBe('*.png: no picture has such a name. Check the pattern.');
  });

  test('is a file where one has that name', async () => {
    await photos('[ab]*.jpg', 'a.jpg');
    expect(await planned(['[ab]*.jpg'])).toEqual(['[ab]*.jpg']);
    expect((await run(['[ab]*.jpg', '-o', 'one.png', ...quick])).code).toBe(0);
  });
});

describe('--files-from', () => {
  test('reads a name a line, in any of the usual encodings', async () => {
    await photos('a.jpg', 'b c.jpg', 'ü.jpg', 'sub/in.jpg');
    const names = ['b c.jpg', 'a.jpg', 'ü.jpg', 'sub/in.jpg'];
    const text = 'b c.jpg\n\na.jpg\nü.jpg\nsub\na.jpg\n';
    await writeFile(join(cwd, 'list'), text);
    await writeFile(join(cwd, 'windows'), `\ufeff${text.replaceAll('\n', '\r\n')}`);
    await writeFile(join(cwd, 'powershell'), `\ufeff${text.replaceAll('\n', '\r\n')}`, 'utf16le');
    for (const list of ['list', 'windows', 'powershell']) expect(await planned(['--files-from', list])).toEqual(names);
    expect(await planned(['ü.jpg', '--files-from', '-'], text)).toEqual(['ü.jpg', 'b c.jpg', 'a.jpg', 'sub/in.jpg']);
  });

  test('takes names as they are: no globs, no flags, - is a file', async () => {
    await photos('*.jpg', '-f', '-');
    expect(await planned(['--files-from', '-'], '*.jpg\n-f\n-')).toEqual(['*.jpg', '-f', './-']);
  });

  test('goes with find -print0, whatever the names', async (context) => {
    if (process.platform === 'win32' || !isInstalled('find')) context.skip('needs find');
    await photos('in/a b.jpg', 'in/new\nline.jpg', `in/"it's".jpg`, 'in/-dash.jpg', 'in/$(x).jpg', 'in/日本.jpg');
    const { code, stderr } = await runCli(['dream', '--files-from', '-', '-o', 'out/', ...quick], {
      cwd,
      under: ['sh', '-c', 'find in -name "*.jpg" -print0 | "$@"', 'sh'],
    });
    expect({ code, last: stderr.trim().split('\n').at(-1) }).toEqual({ code: 0, last: '6 pictures: 6 dreamed.' });
    expect(stderr).toContain('Dreamed in/new?line.jpg into out/new?line-dream.png ');
    expect(await filesIn('out')).toHaveLength(6);
    expect(await filesIn('out')).toContain('new\nline-dream.png');
  });

  test('goes on after a name that is no picture', async () => {
    await photos('a.jpg');
    const { code, stderr } = await run(['--files-from', '-', '-o', 'out', ...quick], 'none.jpg\na.jpg\n');
    expect(code).toBe(8);
    expect(stderr).toMatch(/\n2 pictures: 1 dreamed, 1 failed\.\n {2}none\.jpg: no such file\. Check the name\.\n$/);
  });

  test('is refused when it is missing, empty, or takes a standard input that is taken', async () => {
    await photos('a.jpg');
    expect(await refusal(['--files-from', 'none'], 2)).toBe(
      '--files-from none: there is no such file. Check the name.',
    );
    expect(await refusal(['--files-from', '-'], 2, '\n\n')).toContain(
      'expected names of pictures, one a line, got none.',
    );
    for (const more of [['-'], ['a.jpg', '--mask', '-']]) {
      expect(await refusal(['--files-from', '-', ...more], 2, 'a.jpg')).toMatch(/^-: standard input can be read once/);
    }
  });
});

test('twenty pictures, one of them damaged', async () => {
  await photos('in/img_1.jpg');
  for (let i = 2; i <= 20; i++) await cp(join(cwd, 'in/img_1.jpg'), join(cwd, `in/img_${i}.jpg`));
  await writeFile(join(cwd, 'in/img_7.jpg'), 'damaged');
  const { code, stdout, stderr } = await run(['in', '-o', 'out', '--json', ...quick]);
  expect(code).toBe(8);
  const inputs = stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { input: string }).input);
  expect(inputs).toEqual(Array.from({ length: 20 }, (_, i) => `in/img_${i + 1}.jpg`));
  expect(stderr).toMatch(/\n20 pictures: 19 dreamed, 1 failed\.\n {2}in\/img_7\.jpg: expected a JPEG.+\n$/);
  expect(await filesIn('out')).toHaveLength(19);
});
