import { randomBytes } from 'node:crypto';
import { readFileSync, rmdirSync, rmSync } from 'node:fs';
import { link, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import { OutputError } from '../../../errors.js';
import { isRunning } from './is-running.js';
import { makeFolder } from './make-folder.js';
import { writeWhole } from './write-whole.js';

/** The process that holds a lock. */
export interface LockHolder {
  /** Its number on its machine. */
  readonly pid: number;
  /** The name of its machine. */
  readonly host: string;
  /** Since when, as ISO 8601 has it. */
  readonly since: string;
  /** The boot and the tick that it started at, which tell it from a later one of its number; empty where unknown. */
  readonly started: string;
}

/** How to take a lock. */
export interface LockOptions {
  /** Whether a missing folder is made; it goes with the lock if nothing else came into it. Default: false. */
  readonly makesFolder?: boolean;
}

/** A lock that was taken, or who has it. */
export type FileLock =
  | {
      /** Lets it go. */
      readonly release: () => void;
    }
  | {
      /** Who has it. */
      readonly heldBy: LockHolder;
    };

/** Others may be quicker to take over what nobody holds, but not time and again. */
const mostAttempts = 10;

/** How often a lock says that its holder lives. */
const refreshMs = 2_000;
/** A holder who cannot be asked is gone when it has said nothing for so long: its machine may have been busy, or asleep. */
const staleMs = 60_000;

/** The locks that this process has or is about to take. */
const own = new Map<string, LockHolder>();

/**
 * Takes a lock: a file that says who holds it. It goes when it is released or the process ends. One that a process left
 * behind which was killed is taken over: on this machine at once, also where another process has its number by now; on
 * another machine, or where the system does not tell when processes started, after a minute.
 *
 * @param path the lock's own file
 * @throws OutputError `output/write` when it cannot be written
 */
export async function takeLock(path: string, { makesFolder = false }: LockOptions = {}): Promise<FileLock> {
  const lock = resolve(path);
  const before = own.get(lock);
  if (before) return { heldBy: before };
  const mine: LockHolder = {
    ...{ pid: process.pid, host: hostname(), since: new Date().toISOString() },
    started: startOf(process.pid),
  };
  own.set(lock, mine);
  try {
    const made = makesFolder ? await makeFolder(dirname(lock)) : undefined;
    const heldBy = await takenBy(lock, mine);
    if (!heldBy) return { release: releaseLater(lock, JSON.stringify(mine), made) };
    own.delete(lock);
    return { heldBy };
  } catch (error) {
    own.delete(lock);
    throw error;
  }
}

/** @returns the process that has it already; undefined once it is taken */
async function takenBy(lock: string, mine: LockHolder): Promise<LockHolder | undefined> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    if (await appears(lock, JSON.stringify(mine))) return undefined;
    const text = await readFile(lock, 'utf8').catch(() => '');
    const holder = holderFrom(text);
    if (holder && (await mayLive(holder, lock))) return holder;
    await takeAway(lock, text);
  }
  throw new OutputError('output/write', `${lock}: a lock that nobody holds cannot be removed. Delete it.`);
}

/** Who holds a lock, for people: `process 4711 since 18:03:20`, with the day when that is another one. */
export function holderText({ pid, host, since }: LockHolder): string {
  const [day, time] = since.split('T') as [string, string];
  const [today] = new Date().toISOString().split('T');
  const where = host === hostname() ? '' : ` on ${host}`;
  return `process ${pid}${where} since ${day === today ? '' : `${day} `}${time.slice(0, 8)} UTC`;
}

async function appears(lock: string, text: string): Promise<boolean> {
  try {
    await writeWhole(lock, Buffer.from(text));
    return true;
  } catch (cause) {
    if (cause instanceof OutputError && cause.code === 'output/exists') return false;
    throw cause;
  }
}

/**
 * Keeps a lock fresh, and lets it go at the end of the process, or when the function that is returned is called.
 *
 * @param text what is in it
 * @param made the outermost folder that was made for it
 */
function releaseLater(lock: string, text: string, made: string | undefined): () => void {
  const refresh = setInterval(() => void utimes(lock, new Date(), new Date()).catch(() => undefined), refreshMs);
  refresh.unref();
  const release = (): void => {
    if (!own.delete(lock)) return;
    clearInterval(refresh);
    // After a long sleep it may be somebody else's.
    if (textOf(lock) === text) rmSync(lock, { force: true });
    if (made !== undefined) removeEmpty(dirname(lock), made);
    process.off('exit', release);
  };
  process.on('exit', release);
  return release;
}

/** Removes a folder and those that it is in, up to the outermost, unless there is something in them. */
function removeEmpty(folder: string, outermost: string): void {
  try {
    rmdirSync(folder);
  } catch {
    return;
  }
  if (folder !== resolve(outermost)) removeEmpty(dirname(folder), outermost);
}

function holderFrom(text: string): LockHolder | undefined {
  try {
    const { pid, host, since, started = '' } = JSON.parse(text) as LockHolder;
    return typeof pid === 'number' && typeof host === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(since)
      ? { pid, host, since, started }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Whether another process may still be there. In containers numbers come again. */
async function mayLive({ pid, host, started }: LockHolder, lock: string): Promise<boolean> {
  if (host === hostname()) {
    if (pid === process.pid || !isRunning(pid)) return false;
    const now = startOf(pid);
    if (now !== '' && started !== '') return now === started;
  }
  const found = await stat(lock).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs < staleMs;
}

/** The boot and the tick that a process started at; empty where the system does not tell. */
function startOf(pid: number): string {
  const boot = textOf('/proc/sys/kernel/random/boot_id').trim();
  // The name in parentheses may hold anything; the start is the 22nd field, the 20th behind it.
  const facts = textOf(`/proc/${pid}/stat`);
  const tick = facts.slice(facts.lastIndexOf(')') + 2).split(' ')[19];
  return boot === '' || tick === undefined ? '' : `${boot} ${tick}`;
}

/** What is in a small file; nothing where it cannot be read. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Removes a lock that nobody holds. Where another process took it over meanwhile, that one keeps it. */
async function takeAway(lock: string, text: string): Promise<void> {
  const aside = `${lock}.${randomBytes(6).toString('hex')}`;
  try {
    await rename(lock, aside);
  } catch {
    return;
  }
  if ((await readFile(aside, 'utf8').catch(() => '')) !== text) await link(aside, lock).catch(() => undefined);
  await rm(aside, { force: true });
}
