import type { Database } from './database.js';

/**
 * How the tables came to be, one step after the other; a step that was published is never changed. They stand beside
 * pg-boss's own, which know of deliveries; these know of jobs.
 */
const steps: readonly string[] = [
  `
  create table pareidolia.blobs (
    sha256 text primary key,
    size_bytes bigint not null,
    media_type text not null,
    width int,
    height int,
    used_at timestamptz not null default now()
  );
  create table pareidolia.jobs (
    id text primary key,
    kind text not null,
    client text not null,
    request_key text,
    request_digest text,
    recipe jsonb not null,
    state text not null,
    stage text not null default 'run',
    priority int not null default 0,
    place bigint not null default 0,
    parent text references pareidolia.jobs on delete cascade,
    part int,
    parts int,
    parts_done int not null default 0,
    delivery uuid,
    attempt int not null default 0,
    crashes int not null default 0,
    lost int not null default 0,
    worker text,
    heartbeat_at timestamptz,
    wish text,
    progress jsonb,
    reason jsonb,
    seq bigint not null default 0,
    created_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz
  );
  create unique index jobs_request on pareidolia.jobs (client, request_key) where request_key is not null;
  create index jobs_state on pareidolia.jobs (state, created_at);
  create index jobs_parent on pareidolia.jobs (parent, part) where parent is not null;
  create table pareidolia.files (
    job text not null references pareidolia.jobs on delete cascade,
    role text not null,
    position int not null,
    name text not null,
    sha256 text not null references pareidolia.blobs,
    primary key (job, role, name)
  );
  create index files_blob on pareidolia.files (sha256);
  create table pareidolia.events (
    job text not null references pareidolia.jobs on delete cascade,
    seq bigint not null,
    type text not null,
    data jsonb not null,
    primary key (job, seq)
  );
  create table pareidolia.previews (
    job text primary key references pareidolia.jobs on delete cascade,
    seq bigint not null,
    media_type text not null,
    bytes bytea not null
  );
  create table pareidolia.workers (
    id text primary key,
    host text not null,
    jobs int not null,
    seen_at timestamptz not null default now()
  );
  `,
];

/** An arbitrary number that processes which set up the same database at once wait for each other by. */
const setupLock = 731_404_129;

/** Makes the tables, or brings those of an earlier version up to this one. */
export async function migrate(database: Database): Promise<void> {
  await database.transaction(async (connection) => {
    await connection.query(`select pg_advisory_xact_lock(${setupLock})`);
    await connection.query('create schema if not exists pareidolia');
    await connection.query('create table if not exists pareidolia.version (number int not null)');
    const [row] = await connection.query<{ number: number }>('select number from pareidolia.version');
    const done = row?.number ?? 0;
    for (const step of steps.slice(done)) await connection.query(step);
    if (!row) await connection.query('insert into pareidolia.version values ($1)', [steps.length]);
    else if (done < steps.length) await connection.query('update pareidolia.version set number = $1', [steps.length]);
  });
}
