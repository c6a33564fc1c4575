import type { JobKind } from '../store/job.js';
import type { Outcome, Task } from '../worker/protocol.js';
import { dreamTask } from './dream/task.js';
import type { TaskTools } from './task-tools.js';

/** What does the work of each kind of job, in a process of its own. */
const tasks: Readonly<Partial<Record<JobKind, (task: Task, tools: TaskTools) => Promise<Outcome>>>> = {
  dream: dreamTask,
};

/** Does what a job is about. */
export function runTask(task: Task, tools: TaskTools): Promise<Outcome> {
  return tasks[task.recipe.kind]!(task, tools);
}
