/** A folder that is watched. */
import { appendFile, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { writePhoto } from './photos.js';
import { namesIn, newFolder, quick, type Ran, runCli } from './run-cli.js';

let cwd: string;
beforeEach(async () => {
  cwd = await newFolder();
});

/** Watches the current folder, and does something at each line that begins with these words. */
async function watch(steps: Readonly<Record<string, () => unknown>>, ...flags: readonly string[]): Promise<Ran> {
  const errors: unknown[] = [];
  const ran = await runCli(['dream', '.', '--watch', '-o', 'out', ...quick, ...flags], {
    cwd,
    onLine: (line, child) => {
      for (const [words, act] of Object.entries(steps)) {
        if (!line.startsWith(words)) continue;
        Promise.resolve(act())
          .then((next) => void (next === stop && child.kill('SIGINT')))
          .catch((error: unknown) => {
            errors.push(error);
            child.kill('SIGKILL');
          });
      }
    },
  });
  expect(errors).toEqual([]);
  return ran;
}

const stop = Symbol('stop');
const photo = (name: string) => writePhoto(join(cwd, name));

test('dreams what is there and what comes, each once, and Ctrl-C ends it with a report', async () => {
  await photo('a.jpg');
  const { code, stdout, stderr } = await watch({
    'Dreamed a.jpg': () => photo('b.jpg'),
    'Dreamed b.jpg': () => wait(1800).then(() => stop),
  });
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toMatch(
    /^Watching \. for pictures\. Ctrl-C ends it\.\nDreamed a\.jpg .+\nDreamed b\.jpg .+\n2 pictures: 2 dreamed\.\n$/,
  );
  expect(await namesIn(join(cwd, 'out'))).toEqual(['a-dream.png', 'b-dream.png']);
});

test('leaves alone what earlier runs have dreamed, but not with --force', async () => {
  await photo('a.jpg');
  expect((await runCli(['dream', 'a.jpg', '-o', 'out/', ...quick], { cwd })).code).toBe(0);
  const old = await readFile(join(cwd, 'out/a-dream.png'));
  const first = await watch({ Watching: () => photo('b.jpg'), 'Dreamed b.jpg': () => stop });
  expect(first.code).toBe(0);
  expect(first.stderr).toMatch(/\n2 pictures: 1 dreamed, 1 skipped\.\n$/);
  expect((await readFile(join(cwd, 'out/a-dream.png'))).equals(old)).toBe(true);

  let dreams = 0;
  const touched = () => utimes(join(cwd, 'a.jpg'), 1e9, 1e9);
  const second = await watch({ 'Dreamed a.jpg': () => (++dreams === 1 ? touched() : stop) }, '--force');
  expect(second.code).toBe(0);
  expect(second.stderr).toMatch(/\n3 pictures: 3 dreamed\.\n$/);
  expect((await readFile(join(cwd, 'out/a-dream.png'))).equals(old)).toBe(false);
});

test('waits for a file that grows', async () => {
  await photo('whole');
  const bytes = await readFile(join(cwd, 'whole'));
  const { code, stderr } = await watch({
    Watching: async () => {
      for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 8)) {
        await appendFile(join(cwd, 'grows.jpg'), bytes.subarray(at, at + Math.ceil(bytes.length / 8)));
        await wait(300);
      }
    },
    'Dreamed grows.jpg': () => stop,
    pareidolia: () => stop,
  });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stderr).not.toContain('truncated');
});

test('tries a picture that fails once, and again when it has changed', async () => {
  await writeFile(join(cwd, 'bad.jpg'), 'damaged');
  await writeFile(join(cwd, 'worse.jpg'), 'damaged');
  await photo('whole');
  const { code, stderr } = await watch({
    'pareidolia: worse.jpg': () => wait(1800).then(() => rename(join(cwd, 'whole'), join(cwd, 'bad.jpg'))),
    'Dreamed bad.jpg': () => stop,
  });
  expect(code).toBe(8);
  expect(stderr.match(/^pareidolia: (bad|worse)\.jpg: expected a JPEG/gm)).toHaveLength(2);
  expect(stderr).toMatch(/\n2 pictures: 1 dreamed, 1 failed\.\n {2}worse\.jpg: .+\n$/);
});

test('a picture that has gone before its turn is no failure', async () => {
  for (const name of ['a.jpg', 'b.jpg']) await photo(name);
  const gone = () => rename(join(cwd, 'b.jpg'), join(cwd, 'b'));
  const flags = ['--steps', '40', '--progress', 'json'];
  const { code, stderr } = await watch(
    { '{"type":"octave"': gone, 'Dreamed a.jpg': () => wait(500).then(() => stop) },
    ...flags,
  );
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stderr).toMatch(/\n1 picture: 1 dreamed\.\n$/);
});

test('two pictures never have one result', async () => {
  await photo('a.jpg');
  const { code, stderr } = await watch({
    'Dreamed a.jpg': () => photo('a.jpeg'),
    'pareidolia: a.jpeg': () => stop,
  });
  expect(code).toBe(8);
  expect(stderr).toContain('pareidolia: a.jpeg: out/a-dream.png is for the dream of a.jpg. Rename one of the two.\n');
});

test('Ctrl-C in the middle of a dream keeps it, and begins no other', async () => {
  for (const name of ['a.jpg', 'b.jpg']) await photo(name);
  const { code, stderr } = await watch({ '{"type":"octave"': () => stop }, '--steps', '2000', '--progress', 'json');
  expect(code).toBe(130);
  expect(stderr).toContain('To make it whole: pareidolia rerun out/a-dream.png\n');
  expect(stderr).toMatch(/\n2 pictures: 1 stopped, 1 not begun\.\n$/);
  expect(await namesIn(join(cwd, 'out'))).toEqual(['a-dream.png']);
});

test('what can never work is said at once', async () => {
  await photo('a.jpg');
  const refused = async (...args: string[]): Promise<string> => {
    const { code, stderr } = await runCli(['dream', '--watch', ...args], { cwd });
    expect(code).toBe(2);
    return stderr;
  };
  expect(await refused('a.jpg')).toBe('pareidolia: --watch: expected one folder, got a.jpg. Name the folder alone.\n');
  expect(await refused('.', '.')).toContain('got 2 names.');
  expect(await refused('.', '--plan')).toBe('pareidolia: --watch does not go with --plan. Leave one of them out.\n');
  expect(await refused('.', '-o', '-')).toContain('-o -: standard output takes one picture');
  expect(await refused('.', '--format', 'webp', '--depth', '16')).toContain('expected a PNG or TIFF for 16 bits');
  const { code } = await runCli(['dream', '.', '--watch', '--model', 'none.onnx'], { cwd });
  expect(code).toBe(4);
});
