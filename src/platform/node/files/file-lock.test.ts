import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { type FileLock, holderText, type LockHolder, takeLock } from './file-lock.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pareidolia-lock-'));
  path = join(folder, 'movie.lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const holder: LockHolder = { pid: 999_999_999, host: hostname(), since: '2020-01-02T03:04:05.678Z', started: '' };

/** Whether a lock was taken, and if so lets it go. */
function taken(lock: FileLock): boolean {
  if ('release' in lock) lock.release();
  return 'release' in lock;
}

test('a lock says who holds it, and goes when it is released', async () => {
  const lock = await takeLock(path);
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid, host: hostname() });
  expect(await takeLock(path)).toEqual({ heldBy: JSON.parse(await readFile(path, 'utf8')) });
  expect(taken(lock)).toBe(true);
  expect(await readdir(folder)).toEqual([]);
  expect(taken(await takeLock(path))).toBe(true);
});

/** Longer ago than a holder may be silent. */
const longAgo = new Date(Date.now() - 120_000);
const elsewhere = { ...holder, host: 'elsewhere' };

test.each([
  ['a process that runs', { ...holder, pid: process.ppid }, new Date(), false],
  [
    'a process whose number belongs to another by now',
    { ...holder, pid: process.ppid, started: 'x 1' },
    new Date(),
    true,
  ],
  [
    'a process of which it is not known when it started, and that is silent',
    { ...holder, pid: process.ppid },
    longAgo,
    true,
  ],
  ['another machine, where it is kept fresh', elsewhere, new Date(), false],
  ['another machine, that is silent', elsewhere, longAgo, true],
  ['a process that is gone', holder, new Date(), true],
  ['an earlier process with the number of this one', { ...holder, pid: process.pid }, new Date(), true],
  ['nobody: it is damaged', { pid: 'x' }, new Date(), true],
])('the lock of %s', async (_, found, refreshed, expected) => {
  await writeFile(path, JSON.stringify(found));
  await utimes(path, refreshed, refreshed);
  expect(taken(await takeLock(path))).toBe(expected);
  expect(await readdir(folder)).toEqual(expected ? [] : ['movie.lock']);
});

test('the lock of a process that runs says when it started, and is kept fresh', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const lock = await takeLock(path);
  if (process.platform === 'linux') {
    expect(JSON.parse(await readFile(path, 'utf8')).started).toMatch(/^[0-9a-f-]{36} \d+$/);
  }
  await utimes(path, longAgo, longAgo);
  vi.advanceTimersByTime(2_000);
  await vi.waitFor(async () => expect((await stat(path)).mtimeMs).toBeGreaterThan(longAgo.getTime() + 1000));
  // What another one has taken over meanwhile is not removed.
  await writeFile(path, JSON.stringify(elsewhere));
  expect(taken(lock)).toBe(true);
  expect(await readdir(folder)).toEqual(['movie.lock']);
});

test('of many who take over what a process left behind, one has it', async () => {
  await writeFile(path, JSON.stringify(holder));
  const locks = await Promise.all(Array.from({ length: 8 }, () => takeLock(path)));
  expect(locks.filter((lock) => 'release' in lock)).toHaveLength(1);
  expect(locks.filter(taken)).toHaveLength(1);
  expect(await readdir(folder)).toEqual([]);
});

test('folders that were made for it go with it, unless something is in them', async () => {
  const inside = join(folder, 'a/b/movie.lock');
  expect(taken(await takeLock(inside, { makesFolder: true }))).toBe(true);
  expect(await readdir(folder)).toEqual([]);
  const lock = await takeLock(inside, { makesFolder: true });
  await writeFile(join(folder, 'a/mine'), '');
  expect(taken(lock)).toBe(true);
  expect(await readdir(join(folder, 'a'))).toEqual(['mine']);
});

test('who holds it, for people', () => {
  expect(holderText(holder)).toBe('process 999999999 since 2020-01-02 03:04:05 UTC');
  const now = new Date().toISOString();
  expect(holderText({ ...elsewhere, pid: 7, since: now })).toBe(
    `process 7 on elsewhere since ${now.slice(11, 19)} UTC`,
  );
});
