import type { JobProgress } from '../store/job.js';
import type { MadePreview } from '../worker/protocol.js';

/** What a task tells while it runs. */
export interface TaskTools {
  /**
   * Aborted when it shall finish its step and end: by the reason `keep` with what there is as its result, by any other
   * with a checkpoint.
   */
  readonly stop: AbortSignal;
  /** Says how far it is. */
  readonly progress: (progress: JobProgress) => void;
  /** Shows how it looks. */
  readonly preview: (preview: MadePreview) => void;
  /** Has a file kept for going on from, in the place of an earlier one of its name, and waits until it is. The file stays. */
  readonly checkpoint: (name: string, path: string) => Promise<void>;
}
