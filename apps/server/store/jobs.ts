import { createHash, randomBytes } from 'node:crypto';
import { canonicalJson } from '../../../src/index.js';
import type { Queue } from '../queue/queue.js';
import { Refusal } from '../refusal.js';
import type { Connection, Database } from './database.js';
import {
  endStates,
  type JobFile,
  type JobKind,
  type JobRecipe,
  type JobRow,
  type JobState,
  jobColumns,
} from './job.js';
import { countParts, endParts, enqueue, join, lockJob, lockParts, rankOf, settle, setWish } from './job-changes.js';

/** A job that somebody asks for. */
export interface NewJob {
  readonly recipe: JobRecipe;
  /** Digests of the pictures that it is made from. */
  readonly inputs: readonly NamedInput[];
  readonly client: string;
  /** -10 to 10. */
  readonly priority: number;
  /** Whether it waits until it is resumed. */
  readonly paused: boolean;
  /** The client's own name for the request: the same one again gives the same job. */
  readonly requestKey?: string | undefined;
}

/** A picture that a job is made from. */
export interface NamedInput {
  readonly name: string;
  readonly sha256: string;
}

/** How many jobs may be unfinished. */
export interface JobLimits {
  readonly queue: number;
  readonly perClient: number;
}

/** Which jobs are listed. */
export interface JobFilter {
  readonly state?: JobState | undefined;
  readonly kind?: JobKind | undefined;
  /** Only jobs that were made before this one. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Where a job shall stand among those of its priority. */
export type Place = 'first' | 'last' | { readonly before: string };

/** Jobs as those see them who ask for them. */
export class Jobs {
  readonly #database: Database;
  readonly #queue: Queue;
  readonly #limits: JobLimits;
  /** Told that there may be something to do. */
  readonly onQueued: () => void;

  constructor(database: Database, queue: Queue, limits: JobLimits, onQueued: () => void = () => {}) {
    this.#database = database;
    this.#queue = queue;
    this.#limits = limits;
    this.onQueued = onQueued;
  }

  /**
   * Takes a job on. Once it has returned the job is committed with its place in the queue.
   *
   * @returns the job, and whether it is new
   * @throws Refusal 429 where there are too many, 409 for a request key that was used for something else, 422 for
   *   pictures that are not there
   */
  async create(wanted: NewJob): Promise<{ readonly job: JobRow; readonly fresh: boolean }> {
    const { recipe, client, priority, requestKey } = wanted;
    const requestDigest = createHash('sha256').update(canonicalJson({ recipe, priority })).digest('hex');
    const id = randomBytes(16).toString('hex');
    const made = await this.#database.transaction(async (connection) => {
      if (requestKey !== undefined) {
        const earlier = await findRequest(connection, client, requestKey, requestDigest);
        if (earlier) return { job: earlier, fresh: false };
      }
      await this.#refuseTooMany(connection, client);
      const state = wanted.paused ? 'paused' : 'queued';
      const rank = rankOf({ priority, place: 0, attempt: 0 });
      const delivery = wanted.paused ? null : await this.#queue.send(connection, id, rank);
      const [job] = await connection.query<JobRow>(
        `insert into pareidolia.jobs (id, kind, client, recipe, state, priority, request_key, request_digest, delivery, seq)
         values ($1, $2, $3, $4::jsonb, $5, $6, $7, $8, $9::uuid, 1)
         on conflict (client, request_key) where request_key is not null do nothing returning ${jobColumns}`,
        [id, recipe.kind, client, JSON.stringify(recipe), state, priority, requestKey ?? null, requestDigest, delivery],
      );
      if (!job) {
        // The same request came twice at the same moment.
        if (delivery !== null) await this.#queue.remove(connection, delivery);
        const earlier = await findRequest(connection, client, requestKey!, requestDigest);
        return { job: earlier!, fresh: false };
      }
      await addInputs(connection, id, wanted.inputs);
      await connection.query(
        "insert into pareidolia.events (job, seq, type, data) values ($1, 1, 'state', $2::jsonb)",
        [id, JSON.stringify({ state })],
      );
      return { job, fresh: true };
    });
    if (made.fresh) this.onQueued();
    return made;
  }

  /** A job by its id; undefined when there is none. */
  async find(id: string): Promise<JobRow | undefined> {
    const [row] = await this.#database.query<JobRow>(`select ${jobColumns} from pareidolia.jobs where id = $1`, [id]);
    return row;
  }

  /** Jobs that are no parts, the newest first. */
  list({ state, kind, before, limit }: JobFilter): Promise<JobRow[]> {
    return this.#database.query<JobRow>(
      `select ${jobColumns} from pareidolia.jobs
       where parent is null and ($1::text is null or state = $1) and ($2::text is null or kind = $2)
         and ($3::text is null or (created_at, id) < (select created_at, id from pareidolia.jobs where id = $3))
       order by created_at desc, jobs.id desc limit $4`,
      [state ?? null, kind ?? null, before ?? null, limit],
    );
  }

  /** The parts of a job, in their order. */
  parts(id: string): Promise<JobRow[]> {
    return this.#database.query<JobRow>(`select ${jobColumns} from pareidolia.jobs where parent = $1 order by part`, [
      id,
    ]);
  }

  /** Files of a job, in their order. */
  files(id: string, role: 'input' | 'result'): Promise<JobFile[]> {
    return filesOf(this.#database, id, role);
  }

  /** The latest preview of a job. */
  async preview(id: string): Promise<{ readonly mediaType: string; readonly bytes: Uint8Array } | undefined> {
    const [row] = await this.#database.query<{ mediaType: string; bytes: Uint8Array }>(
      'select media_type as "mediaType", bytes from pareidolia.previews where job = $1',
      [id],
    );
    return row;
  }

  /** How many jobs there are in each state; parts do not count. */
  async counts(): Promise<Readonly<Record<string, number>>> {
    const rows = await this.#database.query<{ state: string; count: number }>(
      'select state, count(*)::int as count from pareidolia.jobs where parent is null group by state',
    );
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  }

  /** Cancels a job and its parts. What runs stops at once, which is seen a moment later. */
  cancel(id: string): Promise<JobRow> {
    return this.#change(id, async (connection, job) => {
      if (endStates.includes(job.state)) return;
      if (job.state === 'running') return setWish(connection, id, 'cancel');
      await settle(connection, this.#queue, job, { state: 'canceled' });
      if (job.parts !== null) await endParts(connection, this.#queue, id);
    });
  }

  /** Takes a job out of the queue until it is resumed. One that runs finishes its step first. */
  pause(id: string): Promise<JobRow> {
    return this.#change(id, async (connection, job) => {
      if (job.state === 'paused') return;
      refuseUnless(job, ['queued', 'running', 'waiting'], 'paused');
      if (job.state === 'running') return setWish(connection, id, 'pause');
      await settle(connection, this.#queue, job, { state: 'paused' });
      for (const part of job.parts === null ? [] : await lockParts(connection, id)) {
        if (part.state === 'running') await setWish(connection, part.id, 'pause');
        else if (part.state === 'queued') await settle(connection, this.#queue, part, { state: 'paused' });
      }
    });
  }

  /** Ends a job that runs after its step, and keeps what there is as its result. */
  keep(id: string): Promise<JobRow> {
    return this.#change(id, async (connection, job) => {
      refuseUnless(job, ['running'], 'stopped and kept');
      if (!canKeep.includes(job.kind)) {
        throw new Refusal(409, 'job/kind', `A job of kind ${job.kind} has nothing to keep before its end. Cancel it.`);
      }
      await setWish(connection, id, 'keep');
    });
  }

  /** Puts a job that was paused back into the queue; it goes on from its last checkpoint. */
  resume(id: string): Promise<JobRow> {
    return this.#change(id, async (connection, job) => {
      refuseUnless(job, ['paused'], 'resumed');
      await this.#begin(connection, job, ['paused']);
    });
  }

  /** Begins a job again that failed, was canceled or is in quarantine; it goes on from its last checkpoint. */
  retry(id: string): Promise<JobRow> {
    return this.#change(id, async (connection, job) => {
      refuseUnless(job, ['failed', 'canceled', 'quarantined'], 'retried');
      await this.#refuseTooMany(connection, job.client);
      await this.#begin(connection, job, ['failed', 'canceled', 'quarantined']);
    });
  }

  /** Gives a job another priority, or another place among those of its priority. */
  move(id: string, { priority, place }: { priority?: number | undefined; place?: Place | undefined }): Promise<JobRow> {
    return this.#change(id, async (connection, job) => {
      refuseUnless(job, ['queued', 'paused'], 'moved');
      const rank = { ...job, priority: priority ?? job.priority };
      if (place !== undefined) rank.place = await this.#placeFor(connection, rank, place);
      await connection.query('update pareidolia.jobs set priority = $2, place = $3 where id = $1', [
        id,
        rank.priority,
        rank.place,
      ]);
      if (job.delivery) await this.#queue.rank(connection, job.delivery, rankOf(rank));
    });
  }

  /** Jobs that ended before this moment go, with their parts; their files are unused then. */
  async forget(before: Date): Promise<number> {
    const rows = await this.#database.query(
      'delete from pareidolia.jobs where parent is null and finished_at < $1 returning id',
      [before],
    );
    return rows.length;
  }

  /** The job that ended first goes, with its parts. */
  async forgetOldest(): Promise<number> {
    const rows = await this.#database.query(
      `delete from pareidolia.jobs where id = (
         select id from pareidolia.jobs where parent is null and finished_at is not null order by finished_at limit 1
       ) returning id`,
    );
    return rows.length;
  }

  /** Puts a job, or what is left of its parts, into the queue. */
  async #begin(connection: Connection, job: JobRow, from: readonly JobState[]): Promise<void> {
    await connection.query('update pareidolia.jobs set crashes = 0, lost = 0 where id = $1', [job.id]);
    if (job.parts === null || job.stage === 'join') return enqueue(connection, this.#queue, job);
    await settle(connection, this.#queue, job, { state: 'waiting' });
    for (const part of await lockParts(connection, job.id)) {
      if (part.state === 'running') await setWish(connection, part.id, null);
      if (!from.includes(part.state)) continue;
      await connection.query('update pareidolia.jobs set crashes = 0, lost = 0 where id = $1', [part.id]);
      await enqueue(connection, this.#queue, part);
    }
    if ((await countParts(connection, job)) === job.parts) await join(connection, this.#queue, job);
  }

  async #change(id: string, change: (connection: Connection, job: JobRow) => Promise<void>): Promise<JobRow> {
    const changed = await this.#database.transaction(async (connection) => {
      const job = await lockJob(connection, id);
      if (!job) throw noJob(id);
      await change(connection, job);
      return (await lockJob(connection, id))!;
    });
    this.onQueued();
    return changed;
  }

  async #refuseTooMany(connection: Connection, client: string): Promise<void> {
    const [open] = await connection.query<{ all: number; own: number }>(
      `select count(*)::int as all, count(*) filter (where client = $1)::int as own from pareidolia.jobs
       where parent is null and state in ('queued', 'running', 'waiting', 'paused')`,
      [client],
    );
    const { queue, perClient } = this.#limits;
    if (open!.all >= queue) {
      throw new Refusal(429, 'queue/full', `The queue is full: ${queue} jobs are unfinished. Try again later.`, 30);
    }
    if (open!.own >= perClient) {
      const message = `You have ${open!.own} unfinished jobs, at most ${perClient} may be. Try again later.`;
      throw new Refusal(429, 'queue/client-full', message, 30);
    }
  }

  async #placeFor(connection: Connection, job: JobRow, place: Place): Promise<number> {
    if (place === 'first' || place === 'last') {
      const [ends] = await connection.query<{ first: number; last: number }>(
        `select coalesce(max(place), 0)::float8 as first, coalesce(min(place), 0)::float8 as last
         from pareidolia.jobs where state = 'queued' and priority = $1 and id <> $2`,
        [job.priority, job.id],
      );
      return place === 'first' ? ends!.first + 1 : ends!.last - 1;
    }
    const other = await lockJob(connection, place.before);
    if (!other) throw noJob(place.before);
    refuseUnless(other, ['queued'], 'stood before');
    if (other.priority !== job.priority) {
      const message = `The jobs have different priorities, ${job.priority} and ${other.priority}. Give both the same first.`;
      throw new Refusal(409, 'job/priority', message);
    }
    // All that stand before the other one move up by two, which makes room for one between.
    const ahead = await connection.query<JobRow>(
      `select ${jobColumns} from pareidolia.jobs
       where state = 'queued' and priority = $1 and id <> $2 and id <> $3
         and (place > $4 or (place = $4 and (created_at, id) < ($5, $3))) for update`,
      [job.priority, job.id, other.id, other.place, other.createdAt],
    );
    for (const each of ahead) {
      const moved = { ...each, place: each.place + 2 };
      await connection.query('update pareidolia.jobs set place = $2 where id = $1', [each.id, moved.place]);
      if (each.delivery) await this.#queue.rank(connection, each.delivery, rankOf(moved));
    }
    return other.place + 1;
  }
}

/** What is worth having before it is finished. */
const canKeep: readonly JobKind[] = ['dream', 'zoom'];

/** Files of a job, in their order. */
export function filesOf(
  connection: Connection,
  job: string,
  role: 'input' | 'result' | 'checkpoint',
): Promise<JobFile[]> {
  return connection.query<JobFile>(
    `select f.name, f.sha256, b.size_bytes::float8 as "sizeBytes", b.media_type as "mediaType"
     from pareidolia.files f join pareidolia.blobs b using (sha256) where f.job = $1 and f.role = $2 order by f.position`,
    [job, role],
  );
}

/** Names the pictures that a job is made from, which keeps them from being swept away. */
export async function addInputs(connection: Connection, job: string, inputs: readonly NamedInput[]): Promise<void> {
  for (const [position, { name, sha256 }] of inputs.entries()) {
    const added = await connection.query(
      `insert into pareidolia.files (job, role, position, name, sha256)
       select $1, 'input', $2::int, $3, sha256 from pareidolia.blobs where sha256 = $4 for share returning job`,
      [job, position, name, sha256],
    );
    if (added.length === 0) {
      const message = `There is no picture ${sha256}. Upload it first: PUT /api/pictures.`;
      throw new Refusal(422, 'picture/missing', message);
    }
  }
}

async function findRequest(
  connection: Connection,
  client: string,
  key: string,
  digest: string,
): Promise<JobRow | undefined> {
  const [row] = await connection.query<JobRow & { digest: string }>(
    `select ${jobColumns}, request_digest as digest from pareidolia.jobs where client = $1 and request_key = $2`,
    [client, key],
  );
  if (row && row.digest !== digest) {
    const message = 'This Idempotency-Key was used for another job. Take a new one for each job.';
    throw new Refusal(409, 'job/key-reused', message);
  }
  return row;
}

function refuseUnless(job: JobRow, states: readonly JobState[], what: string): void {
  if (states.includes(job.state)) return;
  const message = `The job is ${job.state}; only one that is ${states.join(' or ')} can be ${what}.`;
  throw new Refusal(409, 'job/state', message);
}

/** There is no such job. */
export function noJob(id: string): Refusal {
  return new Refusal(404, 'job/missing', `There is no job ${id}.`);
}
