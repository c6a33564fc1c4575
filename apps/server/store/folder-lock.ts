import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { OutputError } from '../../../src/platform/node/index.js';

/** A folder that belongs to this process. */
export interface FolderLock {
  /** Gives the folder back. */
  release(): Promise<void>;
}

/** Who holds a lock. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process started, as the kernel counts; empty where that cannot be known. */
  readonly started: string;
  readonly token: string;
}

/** The tokens of the locks that this process has. */
const own = new Set<string>();

const refreshMs = 2_000;
/** A holder on another machine, who cannot be asked, is gone when the lock has not been refreshed for so long. */
const staleMs = 15_000;

/**
 * Takes a folder for this process alone, as long as it lives. The lock of a process that was killed is taken over.
 *
 * @throws OutputError `output/exists` when another process has it
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'server.lock');
  const mine: Holder = {
    pid: process.pid,
    host: hostname(),
    started: await startOf(process.pid),
    token: randomUUID(),
  };
  while (!(await create(path, mine))) {
    const holder = await holderOf(path);
    if (holder === undefined) continue;
    if (await isAlive(holder, path)) {
      throw new OutputError(
        'output/exists',
        `${folder} is in use by another server (process ${holder.pid} on ${holder.host}). Stop it, or choose another folder with --data.`,
      );
    }
    await takeAway(path, holder);
  }
  own.add(mine.token);
  const refresh = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), refreshMs);
  refresh.unref();
  return {
    async release() {
      clearInterval(refresh);
      own.delete(mine.token);
      if ((await holderOf(path))?.token === mine.token) await rm(path, { force: true });
    },
  };
}

async function create(path: string, holder: Holder): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(JSON.stringify(holder));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new OutputError('output/write', `${path}: the lock cannot be made (${(error as Error).message}).`, {
      cause: error,
    });
  }
}

/** Who holds the lock; undefined when it has just gone. */
async function holderOf(path: string): Promise<Holder | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Holder;
  } catch {
    // Being written, or its writer was killed in between.
    return { pid: 0, host: '', started: '', token: '' };
  }
}

async function isAlive(holder: Holder, path: string): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  if (!info) return false;
  const fresh = Date.now() - info.mtimeMs < staleMs;
  if (holder.host !== hostname()) return fresh;
  if (holder.pid === process.pid) return own.has(holder.token);
  if (!isRunning(holder.pid)) return false;
  const started = await startOf(holder.pid);
  return started === '' ? fresh : started === holder.started;
}

/** Removes the lock of one who is gone. Of several who try, the one whose rename succeeds does. */
async function takeAway(path: string, holder: Holder): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const moved = await holderOf(aside);
  // Between the look and the rename another one may have taken the lock: it gets it back.
  if (moved && moved.token !== holder.token) await rename(aside, path).catch(() => undefined);
  else await rm(aside, { force: true });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid > 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The boot and the tick that a process started at, which tell it from a later one of the same number. */
async function startOf(pid: number): Promise<string> {
  try {
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything; the start is the 22nd field, the 20th behind it.
    return `${boot} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return '';
  }
}
