import type { Service } from './service.js';
import type { Jobs } from './store/jobs.js';

const dayMs = 24 * 60 * 60_000;
/** What was uploaded stays at least so long, so that a job can be made of it. */
const unusedMs = 60 * 60_000;

/**
 * Lets go of what is kept no longer: jobs that ended long ago, then the oldest of the others while their files take too
 * much room, and files that nobody uses.
 */
export async function sweepNow({ settings, blobs }: Service, jobs: Jobs): Promise<void> {
  const { days, bytes } = settings.retention;
  await jobs.forget(new Date(Date.now() - days * dayMs));
  await blobs.sweep(unusedMs);
  while ((await blobs.totalBytes()) > bytes && (await jobs.forgetOldest()) > 0) await blobs.sweep(unusedMs);
}
