/** Runs the command line as a user does: another process, in a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** The program's file. */
export const main = fileURLToPath(new URL('../../apps/cli/main.js', import.meta.url));

/** How to run the command line. */
export interface RunOptions {
  /** Current folder of the process. */
  readonly cwd: string;
  /** Bytes for standard input. Default: none, and it is at its end. */
  readonly input?: Uint8Array;
  /** Environment variables to set; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** User to run as; only root can choose. */
  readonly uid?: number;
  /** A command and its arguments to run Node with, such as `prlimit`. */
  readonly under?: readonly string[];
  /** Told of every line on standard error as it comes. */
  readonly onLine?: (line: string, child: ChildProcess) => void;
  /** Told once the process has started. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** What came of it. */
export interface Ran {
  /** The exit code, as shells report it: 128 + signal for a process that a signal ended. */
  readonly code: number;
  readonly stdout: string;
  readonly stdoutBytes: Buffer;
  readonly stderr: string;
  /** Seconds from start to end. */
  readonly seconds: number;
}

/** What tells this program how to write is the business of each test. */
const inherited = Object.fromEntries(
  Object.entries(process.env).filter(([key]) => !/^(FORCE_COLOR|NO_COLOR|PAREIDOLIA_.*|NODE_.*)$/.test(key)),
);

/** Runs `pareidolia` with some arguments to its end. */
export async function runCli(args: readonly string[], options: RunOptions): Promise<Ran> {
  const { cwd, input, env = {}, uid, under = [], onLine, onStart } = options;
  const [program, ...rest] = [...under, process.execPath, main, ...args];
  const startedAt = performance.now();
  const child = spawn(program!, rest, { cwd, env: { ...inherited, ...env }, ...(uid !== undefined && { uid }) });
  const stdout: Buffer[] = [];
  let stderr = '';
  let told = 0;
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
    for (let end = stderr.indexOf('\n', told); end >= 0; end = stderr.indexOf('\n', told)) {
      onLine?.(stderr.slice(told, end), child);
      told = end + 1;
    }
  });
  // A process that ends without reading what it is given closes the pipe.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  onStart?.(child);
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit, signal) => resolve(exit ?? 128 + constants.signals[signal!]));
  });
  const stdoutBytes = Buffer.concat(stdout);
  return { code, stdout: stdoutBytes.toString(), stdoutBytes, stderr, seconds: (performance.now() - startedAt) / 1000 };
}

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** A new folder, which goes when the tests of the file are over. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pareidolia-cli-'));
  folders.push(folder);
  return folder;
}

/** The names in a folder, sorted. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).sort();
}

/** A dream of a moment: an early layer, one scale, one step, one thread. */
export const quick = ['--layers', 'mixed0', '--octaves', '1', '--steps', '1', '--threads', '1'] as const;
