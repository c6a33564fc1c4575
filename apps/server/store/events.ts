import type { Connection } from './database.js';
import type { JobEvent } from './job.js';

/**
 * Writes down that something happened to a job. The job's row is locked by it, so that events become visible in the
 * order of their numbers. Of progress and previews only the latest stays.
 */
export async function recordEvent(
  connection: Connection,
  job: string,
  type: JobEvent['type'],
  data: unknown,
): Promise<number> {
  const [row] = await connection.query<{ seq: number }>(
    'update pareidolia.jobs set seq = seq + 1 where id = $1 returning seq::float8 as seq',
    [job],
  );
  if (!row) return 0;
  if (type !== 'state') {
    await connection.query('delete from pareidolia.events where job = $1 and type = $2', [job, type]);
  }
  await connection.query('insert into pareidolia.events (job, seq, type, data) values ($1, $2, $3, $4::jsonb)', [
    job,
    row.seq,
    type,
    JSON.stringify(data),
  ]);
  return row.seq;
}

/**
 * What happened to some jobs since.
 *
 * @param since number of the last event that is known, by job
 */
export function eventsSince(connection: Connection, since: ReadonlyMap<string, number>): Promise<JobEvent[]> {
  return connection.query<JobEvent>(
    `select e.job, e.seq::float8 as seq, e.type, e.data
     from pareidolia.events e join jsonb_each_text($1::jsonb) known on known.key = e.job
     where e.seq > known.value::bigint order by e.job, e.seq`,
    [JSON.stringify(Object.fromEntries(since))],
  );
}
