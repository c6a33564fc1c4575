import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Blobs } from '../storage/blobs.js';
import { digestOfFile, type Staging } from '../storage/staging.js';
import type { JobFile, JobRow } from '../store/job.js';
import type { Run, Runs } from '../store/runs.js';
import type { MadeFile, Outcome, PartResult, Task } from './protocol.js';
import { type RunningTask, runProcess, type Told } from './run-process.js';

/** What a worker works with. */
export interface WorkerOptions {
  readonly runs: Runs;
  readonly blobs: Blobs;
  readonly staging: Staging;
  /** How many jobs it runs at a time. */
  readonly jobs: number;
  /** Threads that each of them computes with. */
  readonly threads: number;
  /** The least time between the checkpoints of a job; 0 for one after every step. */
  readonly checkpointEveryMs: number;
  /** A worker that has not been heard of for so long is gone. */
  readonly silentMs: number;
  /** Whether other processes put jobs into the queue as well. */
  readonly shared: boolean;
  /** Told what went wrong with the worker itself. */
  readonly log: (text: string) => void;
}

/** A job that is running here. */
interface Here {
  readonly run: Run;
  readonly job: JobRow;
  task?: RunningTask;
  /** Why it was ended from here. */
  ending?: 'cancel' | 'pause' | 'keep' | 'leave' | 'lost';
}

/** How often the queue is looked into where nobody says that there is something: others may have put it there, or not. */
const pollMs = { shared: 250, alone: 2_000 } as const;
/** How soon a wish is seen: a cancelled job must be gone within 500 ms. */
const wishMs = 150;
/** How much a worker that is to end waits for steps and checkpoints. */
const patienceMs = 8_000;

/** Takes jobs from the queue, runs each in a process of its own, and stores what they make. */
export class Worker {
  readonly id = `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`;
  readonly #options: WorkerOptions;
  readonly #here = new Map<string, Here>();
  readonly #loops: Promise<void>[] = [];
  readonly #timers: NodeJS.Timeout[] = [];
  #leaving = false;
  readonly #sleepers = new Set<() => void>();

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  /** Begins to work. */
  async start(): Promise<void> {
    const { runs, jobs, silentMs } = this.#options;
    const heartbeat = () => runs.heartbeat({ id: this.id, host: hostname(), jobs }, [...this.#here.keys()]);
    await heartbeat();
    this.#every(wishMs, () => this.#grantWishes());
    this.#every(silentMs / 5, heartbeat);
    this.#every(silentMs / 2, async () => {
      await runs.reclaim(silentMs);
    });
    for (let i = 0; i < jobs; i++) this.#loops.push(this.#loop());
  }

  /** There may be something to do. */
  wake(): void {
    for (const wake of this.#sleepers) wake();
  }

  /** Finishes the steps in progress, keeps checkpoints, and gives the jobs back. */
  async stop(): Promise<void> {
    this.#leaving = true;
    this.wake();
    for (const here of this.#here.values()) {
      here.ending ??= 'leave';
      here.task?.stop('pause');
    }
    const impatient = setTimeout(() => {
      for (const { task } of this.#here.values()) task?.kill();
    }, patienceMs);
    await Promise.all(this.#loops);
    clearTimeout(impatient);
    for (const timer of this.#timers) clearInterval(timer);
    await this.#options.runs.leave(this.id);
  }

  /** Does something again and again, never twice at a time; where it fails it is tried again the next time. */
  #every(ms: number, work: () => Promise<void>): void {
    let busy = false;
    const timer = setInterval(() => {
      if (busy) return;
      busy = true;
      void work()
        .catch((error: unknown) => this.#options.log(`worker: ${messageOf(error)}`))
        .finally(() => {
          busy = false;
        });
    }, ms);
    this.#timers.push(timer);
  }

  async #loop(): Promise<void> {
    while (!this.#leaving) {
      const job = await this.#options.runs.claim(this.id).catch((error: unknown) => {
        this.#options.log(`worker: ${messageOf(error)}`);
        return undefined;
      });
      if (job) {
        await this.#runJob(job);
        // It may have been cut into parts, or been the last one of a whole.
        this.wake();
      } else if (!this.#leaving) await this.#sleep();
    }
  }

  #sleep(): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#sleepers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, pollMs[this.#options.shared ? 'shared' : 'alone']);
      this.#sleepers.add(wake);
    });
  }

  async #runJob(job: JobRow): Promise<void> {
    const here: Here = { run: { id: job.id, attempt: job.attempt }, job };
    this.#here.set(job.id, here);
    const folder = await this.#options.staging.folder();
    try {
      const task = await this.#taskFor(job, folder);
      if (this.#leaving) here.ending ??= 'leave';
      if (here.ending === undefined) {
        here.task = runProcess(task, (told) => this.#hear(here, told));
        // A wish that came while the process was being started.
        if (here.ending !== undefined) this.#end(here);
        await this.#conclude(here, await here.task.ended);
      } else await this.#conclude(here, { type: 'stopped' });
    } catch (error) {
      // Storage or database: the job is not to blame, but trying for ever would not help either.
      this.#options.log(`job ${job.id}: ${messageOf(error)}`);
      await this.#options.runs.crash(here.run, messageOf(error)).catch((again: unknown) => {
        this.#options.log(`job ${job.id}: ${messageOf(again)}`);
      });
    } finally {
      this.#here.delete(job.id);
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #taskFor(job: JobRow, folder: string): Promise<Task> {
    const { runs, blobs, threads, checkpointEveryMs } = this.#options;
    const pathsBy = async (files: readonly JobFile[], key: 'name' | 'sha256'): Promise<Record<string, string>> => {
      const paths: Record<string, string> = {};
      for (const file of files) paths[file[key]] = await blobs.storage.local(file.sha256, folder);
      return paths;
    };
    const parts: PartResult[] = [];
    if (job.stage === 'join') {
      for (const { recipe, files } of await runs.partResults(job.id)) {
        const paths = await pathsBy(files, 'name');
        parts.push({ recipe, files: files.map(({ name }) => ({ name, path: paths[name]! })) });
      }
    }
    return {
      recipe: job.recipe,
      stage: job.stage,
      folder,
      inputs: await pathsBy(await runs.files(job.id, 'input'), 'sha256'),
      parts,
      checkpoint: await pathsBy(await runs.files(job.id, 'checkpoint'), 'name'),
      threads,
      checkpointEveryMs,
    };
  }

  async #hear({ run }: Here, told: Told): Promise<void> {
    const { runs } = this.#options;
    if (told.type === 'progress') await runs.progress(run, told.progress);
    else if (told.type === 'preview') await runs.preview(run, told.preview);
    else {
      const { sha256 } = await this.#store({ name: told.name, path: told.path, mediaType: 'application/octet-stream' });
      await runs.checkpoint(run, { name: told.name, sha256 });
    }
  }

  async #conclude(here: Here, ended: Outcome | { type: 'crashed'; how: string }): Promise<void> {
    const { runs } = this.#options;
    const { run, ending } = here;
    if (ended.type === 'done') {
      const files = [];
      for (const file of ended.files) files.push({ name: file.name, sha256: (await this.#store(file)).sha256 });
      await runs.finish(run, files);
    } else if (ending === 'lost') return;
    else if (ending === 'cancel' || (ending === 'keep' && ended.type === 'stopped')) await runs.canceled(run);
    else if (ended.type === 'parts') await runs.split(run, ended.parts);
    else if (ended.type === 'failed') await runs.fail(run, ended.reason);
    else if (ended.type === 'stopped' || ending === 'leave') await runs.release(run, ending === 'pause');
    else await runs.crash(run, ended.how);
  }

  /** Stores a file that a job process has made. */
  async #store({ path, mediaType, width, height }: MadeFile) {
    const { blobs } = this.#options;
    const facts = { mediaType, ...(width !== undefined && height !== undefined && { width, height }) };
    return blobs.add({ path, ...(await digestOfFile(path)) }, facts);
  }

  /** Does what is wanted of the jobs that run here. */
  async #grantWishes(): Promise<void> {
    // What begins while the database is asked is not in its answer.
    const asked = [...this.#here.values()];
    if (asked.length === 0) return;
    const wishes = await this.#options.runs.wishes(this.id);
    for (const here of asked) {
      const wanted = wishes.get(here.run.id);
      const mine = wanted?.attempt === here.run.attempt;
      if (!mine && here.task) here.ending = 'lost';
      else if (wanted?.wish) here.ending = wanted.wish;
      if (here.ending !== undefined) this.#end(here);
    }
  }

  #end({ task, ending }: Here): void {
    // Nothing of a canceled job is wanted: it does not get to finish its step.
    if (ending === 'cancel' || ending === 'lost') task?.kill();
    else task?.stop(ending === 'keep' ? 'keep' : 'pause');
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
