/** Zoom movies whose process is killed, at any moment and at every stage, and made whole afterwards. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../mutate.js';
import { photo } from './photos.js';
import { namesIn, newFolder, quick, runCli } from './run-cli.js';

const frames = 48;
const movie = 'movie.mp4';
const folder = `${movie}.frames`;
const args = [
  ...['zoom', 'photo.png', '-o', movie, ...quick, '--jitter', '4', '--seed', '3', '--frames', String(frames)],
  ...['--rotate', '1', '--drift', 'luma', '--camera', '20 zoom=1.06 layers=mixed1', '--progress', 'json'],
];

let cwd: string;
/** Every file of the movie that nothing interrupted, by name. */
let whole: Map<string, Buffer>;

async function newPhoto(): Promise<string> {
  const made = await newFolder();
  await photo(64, 48).toFile(join(made, 'photo.png'));
  return made;
}

async function filesOf(place: string): Promise<Map<string, Buffer>> {
  const names = [movie, ...(await namesIn(join(place, folder))).map((name) => join(folder, name))];
  const there = names.filter((name) => existsSync(join(place, name)));
  return new Map(await Promise.all(there.map(async (name) => [name, await readFile(join(place, name))] as const)));
}

beforeAll(async () => {
  const place = await newPhoto();
  expect((await runCli(args, { cwd: place })).code).toBe(0);
  whole = await filesOf(place);
  expect(whole.size).toBe(frames + 2);
  cwd = await newPhoto();
});

/** How many frames the list of the folder has. */
function listed(): number {
  const text = existsSync(join(cwd, folder, 'movie.json')) && readFileSync(join(cwd, folder, 'movie.json'), 'utf8');
  return text ? JSON.parse(text).frames.length : 0;
}

/** What a process left behind that was killed. */
interface Left {
  /** How many frames it had finished, as far as it told. */
  readonly told: number;
  /** Names beside the movie and in the folder of those that never were finished. */
  readonly unfinished: readonly string[];
}

/**
 * Runs the command and kills it. Whatever is there then under its own name must be whole.
 *
 * @param when is told of every line of progress; kills by returning true, at once or later
 * @returns undefined when it came to its end before
 */
async function killed(when: (line: string, pid: number) => boolean | Promise<boolean>): Promise<Left | undefined> {
  let told = 0;
  const { code } = await runCli(args, {
    cwd,
    onLine: async (line, child) => {
      const [, index] = /^\{"type":"frame".*"index":(\d+)/.exec(line) ?? [];
      if (index) told = Number(index) - 1;
      const kills = when(line, child.pid!);
      if (kills === true || (await kills)) child.kill('SIGKILL');
    },
  });
  const there = await filesOf(cwd);
  const unfinished = [...there.keys(), ...(await namesIn(cwd))].filter((name) => name.endsWith('.tmp'));
  if (code === 0) return undefined;
  expect(code).toBe(137);
  for (const [name, bytes] of there) {
    if (/\d{5}\.png$|mp4$/.test(name) && !name.endsWith('.tmp'))
      expect(bytes.equals(whole.get(name)!), name).toBe(true);
  }
  expect(listed()).toBeGreaterThanOrEqual(told);
  return { told, unfinished };
}

/**
 * Waits without letting go of the thread, so that what follows comes at that very moment.
 *
 * @returns false when the moment has passed unseen: another process may have had the processor just then
 */
function until(moment: () => boolean, passed: () => boolean): boolean {
  const end = performance.now() + 20_000;
  while (performance.now() < end) {
    if (moment()) return true;
    if (passed()) return false;
  }
  return expect.fail('neither did the moment come nor did it pass');
}

function namesNow(place: string): string[] {
  return readdirSync(place);
}

function movieBegunBy(pid: number): string | undefined {
  return namesNow(cwd).find((name) => name.startsWith(`.${movie}.${pid}-`));
}

const numbered = (frame: number): string => `${String(frame).padStart(5, '0')}.png`;

describe('a movie', () => {
  test('that is killed at 20 random moments loses a frame each time, at most', async () => {
    const random = seededRandom(Date.now());
    for (let kill = 0; kill < 20; kill++) {
      let lines = Math.floor(random() * 10);
      const before = listed();
      const left = await killed(async () => {
        if (lines-- !== 0) return false;
        await new Promise((resolve) => setTimeout(resolve, random() * 10));
        return true;
      });
      expect(left).toBeDefined();
      expect(listed()).toBeGreaterThanOrEqual(before);
    }
  });

  /**
   * Kills while a frame is made. A frame takes some milliseconds: where it was further on before the signal came, the next
   * one is killed.
   *
   * @param inTime whether what is left shows that the signal came in time
   */
  async function killedMaking(when: (line: string) => boolean, inTime: (left: Left) => boolean): Promise<Left> {
    for (let attempt = 0; attempt < 5; attempt++) {
      const left = await killed(when);
      if (left && inTime(left)) return left;
    }
    return expect.fail('the signal never came in time');
  }

  test('that is killed while it dreams loses the frame it dreams', async () => {
    let before = 0;
    const left = await killedMaking(
      (line) => {
        if (!line.includes('"type":"octave"')) return false;
        before = listed();
        return true;
      },
      ({ unfinished }) => unfinished.length === 0 && listed() === before,
    );
    expect(left.told).toBe(before);
  });

  test('that is killed before a frame has its name loses that frame', async () => {
    let before = 0;
    const left = await killedMaking(
      (line) => {
        if (!line.includes('"type":"finished"')) return false;
        before = listed();
        const begun = (name: string): boolean => name.startsWith(`.${numbered(before + 1)}.`);
        return until(
          () => namesNow(join(cwd, folder)).some(begun),
          () => existsSync(join(cwd, folder, numbered(before + 1))),
        );
      },
      ({ unfinished }) => unfinished.length === 1,
    );
    expect(left.told).toBe(before);
    expect(listed()).toBe(before);
  });

  test('that is killed when a frame has its name and is in no list loses that frame', async () => {
    let [before, file] = [0, ''];
    await killedMaking(
      (line) => {
        if (!line.includes('"type":"finished"')) return false;
        before = listed();
        file = join(cwd, folder, numbered(before + 1));
        return until(
          () => existsSync(file) && listed() === before,
          () => listed() > before,
        );
      },
      () => listed() === before,
    );
    expect(existsSync(file)).toBe(true);
  });

  /** Kills while the movie is written. Where the moment passes unseen, the movie is written once more. */
  async function killedWriting(moment: (file: string) => boolean): Promise<Left> {
    for (let attempt = 0; attempt < 5; attempt++) {
      const left = await killed((line, pid) => {
        const isThere = (): boolean => {
          const file = movieBegunBy(pid);
          return file !== undefined && moment(join(cwd, file));
        };
        return line.startsWith('Writing') && until(isThere, () => existsSync(join(cwd, movie)));
      });
      if (left) return left;
      await rm(join(cwd, movie));
    }
    return expect.fail('the moment was never seen');
  }

  test('that is killed while it is encoded loses no frame', async () => {
    const left = await killedWriting(() => true);
    expect(left.unfinished).toHaveLength(1);
    expect([listed(), existsSync(join(cwd, movie))]).toEqual([frames, false]);
  });

  test('that is killed while its index is written loses no frame', async () => {
    const left = await killedWriting((file) => existsSync(file) && readFileSync(file).includes('moov'));
    expect(left.unfinished).toHaveLength(1);
    expect([listed(), existsSync(join(cwd, movie))]).toEqual([frames, false]);
  });

  test('is then the same, frame by frame and as a file, as if nothing had happened', async () => {
    const { code, stderr } = await runCli(args, { cwd });
    expect(code).toBe(0);
    expect(stderr).toContain(`All ${frames} frames were there.`);
    const made = await filesOf(cwd);
    expect([...made.keys()]).toEqual([...whole.keys()]);
    for (const [name, bytes] of whole) expect(made.get(name)!.equals(bytes), name).toBe(true);
    expect(await namesIn(cwd)).toEqual([movie, folder, 'photo.png']);
  });
});
