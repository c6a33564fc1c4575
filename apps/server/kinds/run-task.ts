import type { JobKind } from '../store/job.js';
import type { Outcome, Task } from '../worker/protocol.js';
import { activationsTask } from './activations/task.js';
import { atlasTask } from './atlas/task.js';
import { dreamTask } from './dream/task.js';
import { gridTask } from './grid/task.js';
import type { TaskTools } from './task-tools.js';
import { videoTask } from './video/task.js';
import { visualizeTask } from './visualize/task.js';
import { zoomTask } from './zoom/task.js';

/** What does the work of each kind of job, in a process of its own. */
const tasks: Readonly<Record<JobKind, (task: Task, tools: TaskTools) => Promise<Outcome>>> = {
  dream: dreamTask,
  zoom: zoomTask,
  video: videoTask,
  visualize: visualizeTask,
  atlas: atlasTask,
  activations: activationsTask,
  grid: gridTask,
};

/** Does what a job is about. */
export function runTask(task: Task, tools: TaskTools): Promise<Outcome> {
  return tasks[task.recipe.kind](task, tools);
}
