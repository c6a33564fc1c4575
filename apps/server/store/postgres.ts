import pg from 'pg';
import type { Database } from './database.js';

/** Connections of one process; a worker needs two, a server a few more. */
const mostConnections = 8;

/** Opens a database on a PostgreSQL server. Connections that break are replaced. */
export function openPostgres(connectionString: string): Database {
  const pool = new pg.Pool({ connectionString, max: mostConnections, application_name: 'pareidolia' });
  // A connection that breaks while nobody uses it is no failure: the next query opens another.
  pool.on('error', () => {});
  return {
    shared: true,
    query: (sql, parameters) => rowsOf(pool, sql, parameters),
    async transaction(work) {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        await client.query('begin');
        const result = await work({ query: (sql, parameters) => rowsOf(client, sql, parameters) });
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch((failure: Error) => {
          broken = failure;
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    close: () => pool.end(),
  } satisfies Database;
}

async function rowsOf<Row>(
  to: Pick<pg.Pool, 'query'> | Pick<pg.PoolClient, 'query'>,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> {
  const answer: unknown = await (parameters.length > 0 ? to.query(sql, [...parameters]) : to.query(sql));
  const last = (Array.isArray(answer) ? answer.at(-1) : answer) as { rows: Row[] };
  return last.rows;
}
