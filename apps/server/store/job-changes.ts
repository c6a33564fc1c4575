import type { Queue } from '../queue/queue.js';
import type { Connection } from './database.js';
import { recordEvent } from './events.js';
import { type JobRow, type JobState, jobColumns, type Reason } from './job.js';

/** What changes with a job's state. */
export interface Change {
  readonly state: JobState;
  readonly reason?: Reason;
}

const rankPerPriority = 100_000_000;

/** The queue's rank of a job: its priority, its place, and a job that has begun before one that has not. */
export function rankOf({ priority, place, attempt }: Pick<JobRow, 'priority' | 'place' | 'attempt'>): number {
  return priority * rankPerPriority + place * 2 + (attempt > 0 ? 1 : 0);
}

/** A job, whose row stays locked until the transaction ends. */
export async function lockJob(connection: Connection, id: string): Promise<JobRow | undefined> {
  // Part and whole are always locked in this order, so that nobody waits for one who waits for him.
  await connection.query(
    'select 1 from pareidolia.jobs where id = (select parent from pareidolia.jobs where id = $1) for update',
    [id],
  );
  const [row] = await connection.query<JobRow>(`select ${jobColumns} from pareidolia.jobs where id = $1 for update`, [
    id,
  ]);
  return row;
}

/** Parts of a job, in their order, locked. */
export function lockParts(connection: Connection, id: string): Promise<JobRow[]> {
  return connection.query<JobRow>(
    `select ${jobColumns} from pareidolia.jobs where parent = $1 order by part for update`,
    [id],
  );
}

/** Gives a job to the queue. */
export async function enqueue(connection: Connection, queue: Queue, job: JobRow): Promise<void> {
  if (job.delivery) await queue.remove(connection, job.delivery);
  const delivery = await queue.send(connection, job.id, rankOf(job));
  await connection.query(
    `update pareidolia.jobs set state = 'queued', delivery = $2, worker = null, wish = null, heartbeat_at = null,
     reason = null, finished_at = null where id = $1`,
    [job.id, delivery],
  );
  await recordEvent(connection, job.id, 'state', { state: 'queued' });
}

/** Takes a job out of the queue, or off its worker, and leaves it in another state. */
export async function settle(connection: Connection, queue: Queue, job: JobRow, change: Change): Promise<void> {
  const { state, reason } = change;
  const ends = state === 'done' || state === 'failed' || state === 'canceled' || state === 'quarantined';
  if (job.delivery) await queue.remove(connection, job.delivery);
  await connection.query(
    `update pareidolia.jobs set state = $2, delivery = null, worker = null, wish = null, heartbeat_at = null,
     reason = $3::jsonb, finished_at = case when $4 then now() else finished_at end where id = $1`,
    [job.id, state, reason ? JSON.stringify(reason) : null, ends],
  );
  await recordEvent(connection, job.id, 'state', { state, ...(reason && { reason }) });
  if (ends && job.parent) await tellParent(connection, queue, job, change);
}

/** A part has come to its end: the last one lets the whole be joined, one that failed ends the whole. */
async function tellParent(
  connection: Connection,
  queue: Queue,
  part: JobRow,
  { state, reason }: Change,
): Promise<void> {
  const parent = (await lockJob(connection, part.parent!))!;
  if (state === 'done') {
    const done = await countParts(connection, parent);
    if (parent.state === 'waiting' && done === parent.parts) await join(connection, queue, parent);
  } else if (parent.state === 'waiting') {
    const why: Reason = { code: reason?.code ?? state, message: `Part ${part.part! + 1}: ${reason?.message ?? state}` };
    await settle(connection, queue, parent, { state: state === 'canceled' ? 'canceled' : 'failed', reason: why });
    await endParts(connection, queue, parent.id);
  }
}

/** Counts the parts of a job that are done, and writes down how far the whole is. */
export async function countParts(connection: Connection, parent: Pick<JobRow, 'id' | 'parts'>): Promise<number> {
  const [row] = await connection.query<{ done: number; sum: number }>(
    `select count(*) filter (where state = 'done')::int as done,
       coalesce(sum(case when state = 'done' then 1 else (progress->>'progress01')::float8 end), 0)::float8 as sum
     from pareidolia.jobs where parent = $1`,
    [parent.id],
  );
  const { done, sum } = row!;
  await connection.query('update pareidolia.jobs set parts_done = $2 where id = $1', [parent.id, done]);
  // Joining them counts as one more.
  await saveProgress(connection, parent.id, { progress01: sum / (parent.parts! + 1), done, total: parent.parts! });
  return done;
}

/** Puts a job all of whose parts are done into the queue, to be joined. */
export async function join(connection: Connection, queue: Queue, job: JobRow): Promise<void> {
  await connection.query("update pareidolia.jobs set stage = 'join' where id = $1", [job.id]);
  await enqueue(connection, queue, { ...job, stage: 'join' });
}

/** Cancels what is left of the parts of a job. */
export async function endParts(connection: Connection, queue: Queue, parent: string): Promise<void> {
  for (const part of await lockParts(connection, parent)) {
    if (part.state === 'running') await setWish(connection, part.id, 'cancel');
    else if (part.state === 'queued' || part.state === 'paused') {
      await settle(connection, queue, part, { state: 'canceled' });
    }
  }
}

/** Asks the worker of a job for something, or for nothing any more. */
export async function setWish(connection: Connection, id: string, wish: JobRow['wish']): Promise<void> {
  await connection.query('update pareidolia.jobs set wish = $2 where id = $1', [id, wish]);
}

/** Writes down how far a job is. */
export async function saveProgress(connection: Connection, id: string, progress: unknown): Promise<void> {
  await connection.query('update pareidolia.jobs set progress = $2::jsonb where id = $1', [
    id,
    JSON.stringify(progress),
  ]);
  await recordEvent(connection, id, 'progress', progress);
}

/** A small picture of a job as it stands. */
export interface JobPreview {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Keeps the latest preview of a job. */
export async function savePreview(connection: Connection, id: string, preview: JobPreview): Promise<void> {
  const { mediaType, bytes, width, height } = preview;
  const seq = await recordEvent(connection, id, 'preview', { width, height, mediaType });
  await connection.query(
    `insert into pareidolia.previews (job, seq, media_type, bytes) values ($1, $2, $3, $4)
     on conflict (job) do update set seq = $2, media_type = $3, bytes = $4`,
    [id, seq, mediaType, bytes],
  );
}
