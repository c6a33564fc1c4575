import PgBoss from 'pg-boss';
import type { Connection, Database } from '../store/database.js';
import { orderedId } from './ordered-id.js';

/** A job handed to a worker. */
export interface Delivery {
  /** Of this delivery; the next one of the same job has another. */
  readonly id: string;
  /** The job's id. */
  readonly job: string;
}

/** Where jobs wait for workers. What is done with it in a transaction happens when that does, or not at all. */
export interface Queue {
  /**
   * Hands a job to whoever takes it first.
   *
   * @param rank higher ones go first; jobs of the same rank go in the order they were sent
   * @returns the delivery's id
   */
  send(connection: Connection, job: string, rank: number): Promise<string>;
  /** Takes the next job; undefined when none waits. */
  take(connection: Connection): Promise<Delivery | undefined>;
  /** Takes a delivery back, whether it waits or a worker has it. */
  remove(connection: Connection, delivery: string): Promise<void>;
  /** Changes the rank of a delivery that waits. */
  rank(connection: Connection, delivery: string, rank: number): Promise<void>;
  /** Stops the queue's own housekeeping. */
  close(): Promise<void>;
}

const name = 'jobs';

/**
 * Opens the queue: pg-boss, in the same database as the jobs, so that a job and its delivery are committed together.
 *
 * pg-boss neither retries nor expires here: whether a worker is alive is seen by its heartbeats, and what becomes of a
 * job then depends on its crashes.
 */
export async function openQueue(database: Database): Promise<Queue> {
  const boss = new PgBoss({
    db: executorOf(database),
    schedule: false,
    supervise: true,
    maintenanceIntervalSeconds: 600,
    deleteAfterHours: 1,
  });
  // Its housekeeping is tried again later.
  boss.on('error', () => {});
  await boss.start();
  await boss.createQueue(name);
  return {
    async send(connection, job, rank) {
      const options = { id: orderedId(), db: executorOf(connection), priority: rank, retryLimit: 0, expireInHours: 23 };
      const id = await boss.send(name, { job }, { ...options, retentionDays: 3650 });
      if (id === null) throw new Error('internal: pg-boss takes every delivery');
      return id;
    },
    async take(connection) {
      const [delivery] = await boss.fetch<{ job: string }>(name, { db: executorOf(connection), batchSize: 1 });
      return delivery && { id: delivery.id, job: delivery.data.job };
    },
    remove: (connection, delivery) => boss.deleteJob(name, delivery, { db: executorOf(connection) }),
    async rank(connection, delivery, rank) {
      // pg-boss has no call for it; the table is part of what it documents.
      await connection.query(
        "update pgboss.job set priority = $3 where name = $1 and id = $2::uuid and state = 'created'",
        [name, delivery, rank],
      );
    },
    close: () => boss.stop({ graceful: false, wait: false, close: false }),
  };
}

/** A connection as pg-boss calls it. */
function executorOf(connection: Connection): PgBoss.Db {
  return { executeSql: async (text, values) => ({ rows: await connection.query(text, values ?? []) }) };
}
