/** A job in a process of its own: what goes wrong natively, or takes too much memory, ends this process and no other. */
import { setPriority } from 'node:os';
import { sep } from 'node:path';
import { PareidoliaError } from '../../../src/platform/node/index.js';
import { allowDecoders } from '../decoder/allow-decoders.js';
import { runTask } from '../kinds/run-task.js';
import type { FromProcess, Outcome, Task, ToProcess } from './protocol.js';

/** Of 19: a third of what an ordinary process gets, where there is not enough for both. */
const lowPriority = 5;
const stopping = new AbortController();
let kept: (() => void) | undefined;

function say(message: FromProcess): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send!(message, undefined, {}, () => resolve());
    else resolve();
  });
}

async function work(task: Task): Promise<Outcome> {
  allowDecoders(task.recipe.kind === 'video' ? 'movies' : 'pictures');
  try {
    return await runTask(task, {
      stop: stopping.signal,
      progress: (progress) => void say({ type: 'progress', progress }),
      preview: (preview) => void say({ type: 'preview', preview }),
      checkpoint: async (name, path) => {
        const stored = new Promise<void>((resolve) => {
          kept = resolve;
        });
        await say({ type: 'checkpoint', name, path });
        await stored;
      },
    });
  } catch (error) {
    if (!(error instanceof PareidoliaError)) throw error;
    return { type: 'failed', reason: { code: error.code, message: withoutPaths(error.message, task) } };
  }
}

/** Where files lie is nothing for those who asked: what was given goes by the beginning of its digest. */
function withoutPaths(message: string, { folder, inputs }: Task): string {
  const named = Object.entries(inputs).reduce(
    (text, [sha256, path]) => text.replaceAll(path, sha256.slice(0, 12)),
    message,
  );
  return named.replaceAll(`${folder}${sep}`, '');
}

process.on('message', (message: ToProcess) => {
  if (message.type === 'stop') stopping.abort(message.how);
  else if (message.type === 'kept') kept?.();
  else
    void work(message.task)
      .then(say)
      .then(() => process.exit(0));
});
// Without a worker nobody waits for the result, and another process may already be at it.
process.on('disconnect', () => process.exit(1));
// A terminal's Ctrl-C goes to all its processes; the worker decides what becomes of this one.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
// Whoever waits for an answer comes before whoever waits for a dream.
setPriority(lowPriority);
