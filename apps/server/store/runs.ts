import { randomBytes } from 'node:crypto';
import type { Queue } from '../queue/queue.js';
import type { Connection, Database } from './database.js';
import { recordEvent } from './events.js';
import { type JobFile, type JobProgress, type JobRecipe, type JobRow, jobColumns, type Reason } from './job.js';
import {
  countParts,
  enqueue,
  type JobPreview,
  lockJob,
  lockParts,
  savePreview,
  saveProgress,
  settle,
} from './job-changes.js';
import { addInputs, filesOf, type NamedInput } from './jobs.js';

/** A job that a worker has begun. What it says is heard only while this attempt is the job's latest. */
export type Run = Pick<JobRow, 'id' | 'attempt'>;

/** A worker as others see it. */
export interface WorkerFacts {
  readonly id: string;
  /** Name of its machine. */
  readonly host: string;
  /** How many jobs it runs at a time. */
  readonly jobs: number;
}

/** A part that a job is cut into. */
export interface NewPart {
  readonly recipe: JobRecipe;
  readonly inputs: readonly NamedInput[];
}

/** So many crashes of its process, or losses of its worker without any progress between, put a job into quarantine. */
const mostCrashes = 2;

/** Jobs as workers see them. */
export class Runs {
  readonly #database: Database;
  readonly #queue: Queue;

  constructor(database: Database, queue: Queue) {
    this.#database = database;
    this.#queue = queue;
  }

  /** Takes the next job. That it may crash the worker is written down before it begins. */
  claim(worker: string): Promise<JobRow | undefined> {
    return this.#database.transaction(async (connection) => {
      const delivery = await this.#queue.take(connection);
      if (!delivery) return undefined;
      const [job] = await connection.query<JobRow>(
        `update pareidolia.jobs set state = 'running', attempt = attempt + 1, lost = lost + 1, worker = $3, wish = null,
         heartbeat_at = now(), started_at = coalesce(started_at, now())
         where id = $1 and delivery = $2::uuid and state = 'queued' returning ${jobColumns}`,
        [delivery.job, delivery.id, worker],
      );
      if (!job) {
        await this.#queue.remove(connection, delivery.id);
        return undefined;
      }
      await recordEvent(connection, job.id, 'state', { state: 'running', attempt: job.attempt });
      return job;
    });
  }

  /** What is wanted of the jobs that a worker runs, by their ids. */
  async wishes(worker: string): Promise<ReadonlyMap<string, { attempt: number; wish: JobRow['wish'] }>> {
    const rows = await this.#database.query<{ id: string; attempt: number; wish: JobRow['wish'] }>(
      "select id, attempt, wish from pareidolia.jobs where worker = $1 and state = 'running'",
      [worker],
    );
    return new Map(rows.map(({ id, ...rest }) => [id, rest]));
  }

  /**
   * Says that a worker lives, and so do the jobs that it runs.
   *
   * @param running their ids
   */
  async heartbeat(worker: WorkerFacts, running: readonly string[]): Promise<void> {
    await this.#database.query(
      `insert into pareidolia.workers (id, host, jobs) values ($1, $2, $3)
       on conflict (id) do update set jobs = $3, seen_at = now()`,
      [worker.id, worker.host, worker.jobs],
    );
    if (running.length === 0) return;
    await this.#database.query(
      `update pareidolia.jobs set heartbeat_at = now()
       where worker = $1 and state = 'running' and id in (select jsonb_array_elements_text($2::jsonb))`,
      [worker.id, JSON.stringify(running)],
    );
  }

  /** Takes a worker off the list. */
  async leave(worker: string): Promise<void> {
    await this.#database.query('delete from pareidolia.workers where id = $1', [worker]);
  }

  /** Files of a job, in their order. */
  files(id: string, role: 'input' | 'result' | 'checkpoint'): Promise<JobFile[]> {
    return filesOf(this.#database, id, role);
  }

  /** Results of all parts of a job, in their order. */
  async partResults(id: string): Promise<{ readonly recipe: JobRecipe; readonly files: readonly JobFile[] }[]> {
    const parts = await this.#database.query<JobRow>(
      `select ${jobColumns} from pareidolia.jobs where parent = $1 order by part`,
      [id],
    );
    const results = [];
    for (const part of parts) results.push({ recipe: part.recipe, files: await this.files(part.id, 'result') });
    return results;
  }

  /** Writes down how far a job is, and with it the whole that it is a part of. */
  async progress(run: Run, progress: JobProgress): Promise<void> {
    await this.#while(run, async (connection, job) => {
      await saveProgress(connection, run.id, progress);
      const whole = job.parent === null ? undefined : await lockJob(connection, job.parent);
      if (whole?.state === 'waiting') await countParts(connection, whole);
    });
  }

  /** Keeps the latest preview of a job, which is that of the whole as well. */
  async preview(run: Run, preview: JobPreview): Promise<void> {
    await this.#while(run, async (connection, job) => {
      await savePreview(connection, run.id, preview);
      if (job.parent !== null) await savePreview(connection, job.parent, preview);
    });
  }

  /** Keeps a file to go on from, in the place of an earlier one of its name: the job has come further. */
  async checkpoint(run: Run, { name, sha256 }: NamedInput): Promise<void> {
    await this.#while(run, async (connection) => {
      await connection.query(
        `insert into pareidolia.files (job, role, position, name, sha256) values ($1, 'checkpoint', 0, $2, $3)
         on conflict (job, role, name) do update set sha256 = $3`,
        [run.id, name, sha256],
      );
      await connection.query('update pareidolia.jobs set lost = 0 where id = $1', [run.id]);
    });
  }

  /** A job is done, and these are its files, all of them stored and compared with their digests. */
  async finish(run: Run, files: readonly NamedInput[]): Promise<boolean> {
    return this.#while(run, async (connection, job) => {
      await connection.query("delete from pareidolia.files where job = $1 and role in ('result', 'checkpoint')", [
        run.id,
      ]);
      for (const [position, { name, sha256 }] of files.entries()) {
        await connection.query(
          "insert into pareidolia.files (job, role, position, name, sha256) values ($1, 'result', $2, $3, $4)",
          [run.id, position, name, sha256],
        );
      }
      const progress: JobProgress = { ...(job.progress ?? { done: 1, total: 1 }), progress01: 1, remainingMs: 0 };
      await saveProgress(connection, run.id, { ...progress, done: progress.total });
      await settle(connection, this.#queue, job, { state: 'done' });
    });
  }

  /** A job cannot be done, and trying again would not help. */
  async fail(run: Run, reason: Reason): Promise<void> {
    await this.#while(run, (connection, job) => settle(connection, this.#queue, job, { state: 'failed', reason }));
  }

  /** A job's process has died: it is tried once more. */
  async crash(run: Run, message: string): Promise<void> {
    await this.#while(run, async (connection, job) => {
      const crashes = job.crashes + 1;
      await connection.query('update pareidolia.jobs set crashes = $2, lost = 0 where id = $1', [run.id, crashes]);
      await this.#again(connection, { ...job, crashes, lost: 0 }, message);
    });
  }

  /** A worker gives a job back, which goes on from its last checkpoint; or leaves it paused. */
  async release(run: Run, paused: boolean): Promise<void> {
    await this.#while(run, async (connection, job) => {
      await connection.query('update pareidolia.jobs set lost = 0 where id = $1', [run.id]);
      if (job.wish === 'cancel') await settle(connection, this.#queue, job, { state: 'canceled' });
      else if (paused || job.wish === 'pause') await settle(connection, this.#queue, job, { state: 'paused' });
      else await enqueue(connection, this.#queue, job);
    });
  }

  /** A job has stopped because it was canceled. */
  async canceled(run: Run): Promise<void> {
    await this.#while(run, (connection, job) => settle(connection, this.#queue, job, { state: 'canceled' }));
  }

  /** Cuts a job into parts that any worker can take. */
  async split(run: Run, parts: readonly NewPart[]): Promise<void> {
    await this.#while(run, async (connection, job) => {
      if (job.wish === 'cancel') return settle(connection, this.#queue, job, { state: 'canceled' });
      await connection.query('update pareidolia.jobs set parts = $2, parts_done = 0, lost = 0 where id = $1', [
        run.id,
        parts.length,
      ]);
      for (const [index, part] of parts.entries()) {
        const id = randomBytes(16).toString('hex');
        await connection.query(
          `insert into pareidolia.jobs (id, kind, client, recipe, state, priority, place, parent, part)
           values ($1, $2, $3, $4::jsonb, 'paused', $5, $6, $7, $8)`,
          [id, part.recipe.kind, job.client, JSON.stringify(part.recipe), job.priority, job.place, job.id, index],
        );
        await addInputs(connection, id, part.inputs);
      }
      await settle(connection, this.#queue, job, { state: 'waiting' });
      const paused = job.wish === 'pause';
      for (const part of paused ? [] : await lockParts(connection, job.id)) {
        await enqueue(connection, this.#queue, part);
      }
      if (paused) return settle(connection, this.#queue, job, { state: 'paused' });
    });
  }

  /**
   * Takes jobs back from workers that are gone.
   *
   * @param silentMs how long a worker must not have been heard of; 0 takes back all, for those who know that they are alone
   */
  async reclaim(silentMs: number): Promise<number> {
    const lost = await this.#database.query<Run>(
      `select id, attempt from pareidolia.jobs
       where state = 'running' and heartbeat_at <= now() - $1 * interval '1 millisecond'`,
      [silentMs],
    );
    for (const run of lost) {
      await this.#while(run, (connection, job) => this.#again(connection, job, 'its worker was lost'));
    }
    await this.#database.query(
      "delete from pareidolia.workers where seen_at <= now() - $1 * interval '1 millisecond'",
      [silentMs],
    );
    return lost.length;
  }

  /** Puts a job that crashed back into the queue, or into quarantine where it did so too often. */
  async #again(connection: Connection, job: JobRow, message: string): Promise<void> {
    const crashes = Math.max(job.crashes, job.lost);
    if (job.wish === 'cancel') return settle(connection, this.#queue, job, { state: 'canceled' });
    if (crashes >= mostCrashes) {
      const reason = { code: 'crashed', message: `It was begun ${crashes} times and crashed each time: ${message}.` };
      return settle(connection, this.#queue, job, { state: 'quarantined', reason });
    }
    if (job.wish === 'pause') return settle(connection, this.#queue, job, { state: 'paused' });
    return enqueue(connection, this.#queue, job);
  }

  /** Changes a job if this run is still its latest. */
  #while(run: Run, change: (connection: Connection, job: JobRow) => Promise<unknown>): Promise<boolean> {
    return this.#database.transaction(async (connection) => {
      const job = await lockJob(connection, run.id);
      if (job?.state !== 'running' || job.attempt !== run.attempt) return false;
      await change(connection, job);
      return true;
    });
  }
}
