import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { writePhoto } from './photos.js';
import { namesIn, newFolder, quick, runCli } from './run-cli.js';

let cwd: string;
beforeEach(async () => {
  cwd = await newFolder();
  for (const name of ['a.jpg', 'b.jpg']) await writePhoto(join(cwd, name));
});

const dream = (...args: string[]) => runCli(['dream', ...args, ...quick], { cwd });

test('several pictures go into a folder, which is made when it is missing', async () => {
  const { code, stdout, stderr } = await dream('a.jpg', 'b.jpg', '-o', 'dreams', '--json', '--format', 'webp');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const reports = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { output: string; seed: number });
  expect(reports.map(({ output }) => output)).toEqual(['dreams/a-dream.webp', 'dreams/b-dream.webp']);
  expect(reports[0]!.seed).not.toBe(reports[1]!.seed);
  expect(await namesIn(join(cwd, 'dreams'))).toEqual(['a-dream.webp', 'b-dream.webp']);
});

test('without -o several pictures go into the current folder', async () => {
  expect((await dream('a.jpg', 'b.jpg')).code).toBe(0);
  expect(await namesIn(cwd)).toEqual(['a-dream.png', 'a.jpg', 'b-dream.png', 'b.jpg']);
});

test('pictures that fail are named, the others are made, and the exit code is 8', async () => {
  await writeFile(join(cwd, 'bad.jpg'), (await readFile(join(cwd, 'a.jpg'))).subarray(0, 700));
  await writePhoto(join(cwd, 'tiny.jpg'), 8, 8);
  await writeFile(join(cwd, 'a-dream.png'), 'precious');
  const { code, stdout, stderr } = await dream('a.jpg', 'bad.jpg', 'none.jpg', 'tiny.jpg', 'b.jpg');
  expect({ code, stdout }).toEqual({ code: 8, stdout: '' });
  const lines = stderr.trim().split('\n');
  expect(lines).toHaveLength(10);
  expect(lines[0]).toMatch(/^pareidolia: a\.jpg: a-dream\.png exists already\. Use --force/);
  expect(lines[1]).toMatch(/^pareidolia: bad\.jpg: expected a whole JPEG, got a truncated or damaged one/);
  expect(lines[2]).toBe('pareidolia: none.jpg: no such file. Check the name.');
  expect(lines[3]).toMatch(/^pareidolia: tiny\.jpg: The picture is 8×8 pixels, expected at least /);
  expect(lines[4]).toMatch(/^Dreamed b\.jpg into b-dream\.png /);
  expect(lines[5]).toBe('5 pictures: 1 dreamed, 4 failed.');
  expect(lines.slice(6)).toEqual(lines.slice(0, 4).map((line) => line.replace('pareidolia:', ' ')));
  expect(await namesIn(cwd)).toEqual(['a-dream.png', 'a.jpg', 'b-dream.png', 'b.jpg', 'bad.jpg', 'tiny.jpg']);
  expect(await readFile(join(cwd, 'a-dream.png'), 'utf8')).toBe('precious');
});

test('with --json a picture that fails has a line of its own', async () => {
  const { code, stdout } = await dream('none.jpg', 'b.jpg', '--json');
  expect(code).toBe(8);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(lines).toMatchObject([
    { input: 'none.jpg', error: { code: 'image/missing', message: 'none.jpg: no such file. Check the name.' } },
    { input: 'b.jpg', output: 'b-dream.png', width: 96 },
  ]);
});

test('--progress json tells which picture of how many', async () => {
  const { stderr } = await dream('a.jpg', 'b.jpg', '--progress', 'json');
  const places = stderr.split('\n').filter((line) => line.includes('"type":"picture"'));
  expect(places.map((line) => JSON.parse(line) as object)).toEqual([
    { type: 'picture', input: 'a.jpg', index: 1, count: 2 },
    { type: 'picture', input: 'b.jpg', index: 2, count: 2 },
  ]);
});

test('what is wrong with every picture is said once, and no folder is made', async () => {
  const { code, stderr } = await runCli(['dream', 'a.jpg', 'b.jpg', '-o', 'new', '--layers', 'mixd3'], { cwd });
  expect(code).toBe(2);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(await namesIn(cwd)).toEqual(['a.jpg', 'b.jpg']);
});

test('two pictures never go into one file', async () => {
  await mkdir(join(cwd, 'sub'));
  await writePhoto(join(cwd, 'sub/a.jpg'));
  for (const output of [[], ['-o', 'dreams/']]) {
    const { code, stderr } = await dream('a.jpg', 'sub/a.jpg', '--force', ...output);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^pareidolia: a\.jpg and sub\/a\.jpg would both be written to (dreams\/)?a-dream\.png\. .+\n$/,
    );
  }
  const { code, stderr } = await dream('a.jpg', 'b.jpg', '-o', '-');
  expect(code).toBe(2);
  expect(stderr).toBe(
    'pareidolia: -o -: standard output takes one picture that is named itself, not several. Name a folder.\n',
  );
  expect(await namesIn(cwd)).toEqual(['a.jpg', 'b.jpg', 'sub']);
});

test('--plan tells about every picture', async () => {
  await writePhoto(join(cwd, 'b.jpg'), 120, 100);
  const text = await dream('a.jpg', 'b.jpg', '--plan');
  expect(text.stdout).toMatch(/^a\.jpg: 96×80, mixed0\n[\s\S]*\nb\.jpg: 120×100, mixed0\n/);
  const { stdout } = await dream('a.jpg', 'b.jpg', '--plan', '--json');
  const plans = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(plans).toMatchObject([{ input: 'a.jpg' }, { input: 'b.jpg', totalSteps: 1 }]);
});

test('Ctrl-C leaves out the pictures that are not begun', async () => {
  const args = ['dream', 'a.jpg', 'b.jpg', ...quick, '--steps', '2000', '--progress', 'json'];
  const { code, stderr } = await runCli(args, {
    cwd,
    onLine: (line, child) => void (line.includes('"stepsDone":2,') && child.kill('SIGINT')),
  });
  expect(code).toBe(130);
  expect(stderr).toContain('To make it whole: pareidolia rerun a-dream.png\n');
  expect(stderr).toContain('2 pictures: 1 stopped, 1 not begun.\n');
  expect(await namesIn(cwd)).toEqual(['a-dream.png', 'a.jpg', 'b.jpg']);
});
