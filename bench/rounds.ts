/** Timing things beside one another: each does one step in turn, so that what slows the machine slows all of them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What one step of a contestant took. */
export interface Step {
  /** Milliseconds. */
  readonly ms: number;
  /** Milliseconds of processor time over all threads; on a busy machine it says more than the clock, with one thread. */
  readonly cpuMs: number;
  /** The most memory that the process has held so far, in MiB. */
  readonly peakMiB: number;
  /** The objective before the step. */
  readonly objective: number;
}

/** Something that takes a step whenever it is asked to. */
export interface Contestant {
  readonly name: string;
  step(): Promise<Step>;
  close(): void;
}

/** A contestant's steps. */
export interface Timed {
  readonly name: string;
  /** The median, in milliseconds. */
  readonly ms: number;
  /** The least processor time, in milliseconds. */
  readonly cpuMs: number;
  readonly peakMiB: number;
  readonly objectives: readonly number[];
}

/**
 * A process that answers every line on its standard input with what one step took, in JSON; its first line says that it
 * is ready.
 *
 * @returns undefined when it ends before that, as when what it needs is not installed
 */
export async function startContestant(
  name: string,
  command: string,
  args: readonly string[],
): Promise<Contestant | undefined> {
  const child: ChildProcess = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const failed = new Promise<undefined>((resolve) => {
    child.on('error', () => resolve(undefined));
    child.on('exit', () => resolve(undefined));
  });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const answer = (): Promise<string | undefined> =>
    Promise.race([lines.next().then(({ value }) => value as string | undefined), failed]);
  if ((await answer()) === undefined) return undefined;
  return {
    name,
    async step() {
      child.stdin!.write('\n');
      const line = await answer();
      if (line === undefined) throw new Error(`${name} ended in the middle of a step`);
      return JSON.parse(line) as Step;
    },
    close: () => void child.stdin!.end(),
  };
}

/** One step of everyone first, to warm up, then so many rounds. */
export async function timeRounds(contestants: readonly Contestant[], rounds: number): Promise<Timed[]> {
  const steps = new Map<Contestant, Step[]>(contestants.map((contestant) => [contestant, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [contestant, taken] of steps) taken.push(await contestant.step());
  }
  return [...steps].map(([{ name }, taken]) => ({
    name,
    ms: median(taken.slice(1).map(({ ms }) => ms)),
    cpuMs: Math.min(...taken.slice(1).map(({ cpuMs }) => cpuMs)),
    peakMiB: taken.at(-1)!.peakMiB,
    objectives: taken.map(({ objective }) => objective),
  }));
}

/** The middle value. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
