import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromProcess, Outcome, Task, ToProcess } from './protocol.js';

/** A job process, seen from its worker. */
export interface RunningTask {
  /** How the task ended; `crashed` says how the process did when it ended without a word. */
  readonly ended: Promise<Outcome | { readonly type: 'crashed'; readonly how: string }>;
  /** Number of the process. */
  readonly pid: number | undefined;
  /** Lets it finish its step and keep a checkpoint, or what there is as its result. */
  stop(how: 'pause' | 'keep'): void;
  /** Ends it at once. */
  kill(): void;
}

/** What a job process says while it runs. */
export type Told = Extract<FromProcess, { type: 'progress' | 'preview' | 'checkpoint' }>;

const program = fileURLToPath(new URL('./job-process.js', import.meta.url));

/** What the environment of a job process holds; nothing of databases, keys and tokens. */
const passedOn =
  /^(PATH|HOME|TMPDIR|TEMP|TMP|LANG|LC_.*|SystemRoot|LOCALAPPDATA|XDG_CACHE_HOME|PAREIDOLIA_CACHE|PAREIDOLIA_CATALOGUE)$/;

/**
 * Starts a process for a task.
 *
 * @param heard is given what the process says; the process is told of a file that it is kept once that is done
 */
export function runProcess(task: Task, heard: (told: Told) => Promise<void>): RunningTask {
  const child = fork(program, {
    cwd: task.folder,
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => passedOn.test(name))),
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const say = (message: ToProcess): void => {
    // A process that has just died has nobody who listens; its end is seen elsewhere.
    if (child.connected) child.send(message, () => {});
  };
  say({ type: 'begin', task });
  return {
    ended: endOf(child, heard, say),
    pid: child.pid,
    stop: (how) => say({ type: 'stop', how }),
    kill: () => child.kill('SIGKILL'),
  };
}

async function endOf(
  child: ChildProcess,
  heard: (told: Told) => Promise<void>,
  say: (message: ToProcess) => void,
): Promise<Outcome | { type: 'crashed'; how: string }> {
  let outcome: Outcome | undefined;
  let failure: { readonly error: unknown } | undefined;
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  // In their order: a preview must not overtake a checkpoint.
  let queue = Promise.resolve();
  child.on('message', (message: FromProcess) => {
    if (message.type !== 'progress' && message.type !== 'preview' && message.type !== 'checkpoint') {
      outcome = message;
      return;
    }
    queue = queue.then(async () => {
      if (failure) return;
      await heard(message);
      if (message.type === 'checkpoint') say({ type: 'kept' });
    });
    queue = queue.catch((error: unknown) => {
      failure ??= { error };
      child.kill('SIGKILL');
    });
  });
  const how = await new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(`its process could not be started (${error.message})`));
    child.on('close', (code, signal) => resolve(describeEnd(code, signal, complaint)));
  });
  await queue;
  if (failure) throw failure.error;
  return outcome ?? { type: 'crashed', how };
}

function describeEnd(code: number | null, signal: string | null, complaint: string): string {
  const said = complaint
    .trim()
    .split('\n')
    .find((line) => /error/i.test(line))
    ?.trim()
    .slice(0, 200);
  const what = signal === null ? `its process ended with exit code ${code}` : `its process was ended by ${signal}`;
  return said === undefined ? what : `${what} (${said.replace(/[\p{Cc}\p{Cf}]/gu, '?')})`;
}
