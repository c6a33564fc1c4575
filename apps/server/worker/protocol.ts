import type { JobProgress, JobRecipe, Reason } from '../store/job.js';

/** What a job process is given to do. */
export interface Task {
  readonly recipe: JobRecipe;
  readonly stage: 'run' | 'join';
  /** The process's own folder, which goes with it. */
  readonly folder: string;
  /** Pictures it is made from: path by digest. */
  readonly inputs: Readonly<Record<string, string>>;
  /** What parts have made, when they are to be joined. */
  readonly parts: readonly PartResult[];
  /** Files that an earlier attempt kept to go on from: path by name. */
  readonly checkpoint: Readonly<Record<string, string>>;
  /** Threads to compute with. */
  readonly threads: number;
  /** The least time between checkpoints; 0 for one after every step. */
  readonly checkpointEveryMs: number;
}

/** What a part has made. */
export interface PartResult {
  readonly recipe: JobRecipe;
  readonly files: readonly { readonly name: string; readonly path: string }[];
}

/** A file that a job process has made, in its folder. */
export interface MadeFile {
  readonly name: string;
  readonly path: string;
  readonly mediaType: string;
  /** Pixels a row, of pictures. */
  readonly width?: number;
  /** Rows, of pictures. */
  readonly height?: number;
}

/** A small picture of the work as it stands. */
export interface MadePreview {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A part to cut a job into. */
export interface TaskPart {
  readonly recipe: JobRecipe;
  readonly inputs: readonly { readonly name: string; readonly sha256: string }[];
}

/** How a task ended. */
export type Outcome =
  | { readonly type: 'done'; readonly files: readonly MadeFile[] }
  | { readonly type: 'parts'; readonly parts: readonly TaskPart[] }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly reason: Reason };

/** What the worker says to a job process. */
export type ToProcess =
  | { readonly type: 'begin'; readonly task: Task }
  /** Finish the step, keep a checkpoint, or what there is as the result, and end. */
  | { readonly type: 'stop'; readonly how: 'pause' | 'keep' }
  /** The file is stored. */
  | { readonly type: 'kept' };

/** What a job process says to its worker. */
export type FromProcess =
  | Outcome
  | { readonly type: 'progress'; readonly progress: JobProgress }
  | { readonly type: 'preview'; readonly preview: MadePreview }
  /** A file to keep for going on from, in the place of an earlier one of its name; the process waits for `kept`. */
  | { readonly type: 'checkpoint'; readonly name: string; readonly path: string };
