import type { ListedJob } from '../../../server/client/client.js';
import { inputOf } from '../../engine/server-results.js';
import { attach, cancelJob, followed, isUnfinished } from '../state/server-actions.js';
import { useStudio } from '../state/store.js';
import { useWords } from '../words/index.js';
import { timeIn } from '../words/time.js';
import { Button } from './button.js';

/** What the server is making, whoever asked for it. */
export function ServerJobs({ className = '' }: { readonly className?: string }) {
  const words = useWords();
  const jobs = useStudio(({ place, server }) => (place === 'server' ? server?.jobs : undefined));
  const unfinished = jobs?.filter(isUnfinished) ?? [];
  if (unfinished.length === 0) return null;
  return (
    <section aria-labelledby="server-jobs" className={className}>
      <h2 id="server-jobs" className="text-base font-semibold">
        {words.server.jobs}
      </h2>
      <ul className="mt-2 divide-y divide-line rounded-xl border border-line bg-surface">
        {unfinished.map((job) => (
          <Job key={job.id} job={job} />
        ))}
      </ul>
    </section>
  );
}

function Job({ job }: { readonly job: ListedJob }) {
  const words = useWords();
  const { kind, state, progress, recipe } = job;
  const name = inputOf(recipe)?.name ?? '';
  const title = words.server.job(words.server.kinds[kind] ?? kind, name);
  const { progress01 = 0, remainingMs } = progress ?? {};
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-40 flex-1">
        <p className="truncate font-medium">{title}</p>
        <p className="text-sm text-muted tabular-nums">
          {words.server.states[state]}
          {state === 'running' && remainingMs !== undefined && ` · ${words.dream.left(timeIn(words, remainingMs))}`}
        </p>
        <progress
          value={progress01}
          max={1}
          aria-label={title}
          className="mt-1 block h-1.5 w-full appearance-none overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
        />
      </div>
      <div className="flex gap-2">
        {followed.includes(kind) && (
          <Button
            aria-label={words.server.watchName(title)}
            onClick={() => {
              window.location.hash = '#/';
              void attach(job);
            }}
          >
            {words.server.watch}
          </Button>
        )}
        <Button aria-label={words.server.cancelName(title)} onClick={() => void cancelJob(job)}>
          {words.dream.cancel}
        </Button>
      </div>
    </li>
  );
}
