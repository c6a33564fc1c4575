/** Where a job is. `waiting` is for its parts; the last four are ends. */
export const jobStates = [
  ...(['queued', 'running', 'waiting', 'paused'] as const),
  ...(['done', 'failed', 'canceled', 'quarantined'] as const),
] as const;

/** Where a job is. */
export type JobState = (typeof jobStates)[number];

/** What is made. */
export const jobKinds = ['dream', 'zoom', 'video', 'visualize', 'atlas', 'activations', 'grid'] as const;

/** What is made. */
export type JobKind = (typeof jobKinds)[number];

/** What a job is asked to do, as it was checked. */
export interface JobRecipe {
  readonly kind: JobKind;
  readonly [field: string]: unknown;
}

/** Why a job did not come to its end. */
export interface Reason {
  /** A stable name, such as `option/layer`, `crashed` or `part-failed`. */
  readonly code: string;
  /** One sentence for people. */
  readonly message: string;
}

/** How far a job is. */
export interface JobProgress {
  /** Part of the work that is done, 0 to 1. */
  readonly progress01: number;
  /** Steps, frames, pictures or parts that are done. */
  readonly done: number;
  /** How many there are in all. */
  readonly total: number;
  /** The objective before the latest step, where there is one. */
  readonly objective?: number;
  /** Milliseconds that the rest will take at the speed so far, where that is known. */
  readonly remainingMs?: number;
  /** Of dreams: the octave, counted from 1, how many there are, and the step in it, counted from 1. */
  readonly at?: { readonly octave: number; readonly octaves: number; readonly step: number };
}

/** A job as the database has it. */
export interface JobRow {
  readonly id: string;
  readonly kind: JobKind;
  readonly client: string;
  readonly recipe: JobRecipe;
  readonly state: JobState;
  /** What its next run is for: `run` the work, or `join` the parts. */
  readonly stage: 'run' | 'join';
  /** -10 to 10; higher ones go first. */
  readonly priority: number;
  /** Among those of its priority, higher ones go first. */
  readonly place: number;
  /** The job that it is a part of. */
  readonly parent: string | null;
  /** Which part it is, from 0. */
  readonly part: number | null;
  /** How many parts it was cut into. */
  readonly parts: number | null;
  readonly partsDone: number;
  readonly delivery: string | null;
  /** How often it was begun. What an earlier attempt still says does not count. */
  readonly attempt: number;
  /** How often its process has died. */
  readonly crashes: number;
  /** How often in a row its worker was lost before it had come any further. */
  readonly lost: number;
  readonly worker: string | null;
  /** What is wanted of it while it runs. */
  readonly wish: 'cancel' | 'pause' | 'keep' | null;
  readonly progress: JobProgress | null;
  readonly reason: Reason | null;
  /** Number of its latest event. */
  readonly seq: number;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** The columns of {@link JobRow}. */
export const jobColumns = `id, kind, client, recipe, state, stage, priority, place::float8 as place, parent, part, parts,
  parts_done as "partsDone", delivery, attempt, crashes, lost, worker, wish, progress, reason,
  seq::float8 as seq, created_at as "createdAt", started_at as "startedAt", finished_at as "finishedAt"`;

/** States that a job stays in until someone asks for more. */
export const endStates: readonly JobState[] = ['done', 'failed', 'canceled', 'quarantined'];

/** A file of a job: what it is made from, or what it made. */
export interface JobFile {
  readonly name: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
}

/** Something that happened to a job. */
export interface JobEvent {
  readonly job: string;
  /** Counted from 1 for each job. */
  readonly seq: number;
  readonly type: 'state' | 'progress' | 'preview';
  readonly data: unknown;
}
