import {
  canonicalJson,
  createNodePlatform,
  createRecipe,
  dream,
  type Network,
  OptionError,
  parseTargets,
  planDream,
  recipeModel,
  visualizationOptionsOf,
} from '../../../../src/platform/node/index.js';
import type { Outcome, Task } from '../../worker/protocol.js';
import { encodePreview, progressOf } from '../dream/task.js';
import { loadNamed, memoryLimit } from '../materials.js';
import { noiseInput } from '../noise.js';
import { fileNameOf, pictureOfPart, writePng, writeSheet } from '../picture-file.js';
import type { TaskTools } from '../task-tools.js';
import type { VisualizeRecipe } from './recipe.js';

/** More pictures than anyone looks at are a slip of the finger. */
const mostPictures = 1000;

/** Draws what parts of a network look for: one part of the job for each picture, and a sheet of all. */
export async function visualizeTask(task: Task, tools: TaskTools): Promise<Outcome> {
  const recipe = task.recipe as VisualizeRecipe;
  if (task.stage === 'join') return joined(task, recipe);
  const network = await loadNamed(recipe.model);
  const { part } = recipe;
  if (part) return drawn(task, tools, network, { ...recipe, part });
  const size = { width: recipe.size, height: recipe.size };
  const targets = new Map(
    recipe.targets.flatMap((text) => parseTargets(text, network, size)).map((target) => [target.name, target]),
  );
  if (targets.size > mostPictures) {
    throw new OptionError('option/invalid', `targets: expected at most ${mostPictures} pictures, got ${targets.size}.`);
  }
  const [only] = targets.values();
  if (targets.size === 1) return drawn(task, tools, network, { ...recipe, part: only! });
  return {
    type: 'parts',
    parts: [...targets.values()].map((each) => ({ recipe: { ...recipe, part: each }, inputs: [] })),
  };
}

async function drawn(
  task: Task,
  tools: TaskTools,
  network: Network,
  { size, options, part }: VisualizeRecipe & Required<Pick<VisualizeRecipe, 'part'>>,
): Promise<Outcome> {
  const platform = await createNodePlatform({ threads: task.threads, scratchFolder: task.folder });
  try {
    const { picture: start, input } = noiseInput(size, options.seed!);
    const climbed = visualizationOptionsOf({ ...options, layers: part.layers, objective: part.objective });
    const plan = planDream(network, start, climbed, { memoryBytes: memoryLimit() });
    for await (const event of dream(plan, start, { platform, stop: tools.stop, previewEveryMs: 500 })) {
      if (event.type === 'step') tools.progress(progressOf(event, plan.totalSteps));
      else if (event.type === 'preview') tools.preview(await encodePreview(event));
      else if (event.type === 'finished') {
        if (event.stopped) return { type: 'stopped' };
        const recipe = createRecipe({
          options: plan.options,
          output: { format: 'png', depth: '8', quality: null },
          model: recipeModel(network),
          input,
          runtime: { name: platform.runtime, version: platform.runtimeVersion, threads: platform.cores },
        });
        const name = `${fileNameOf(part.name)}.png`;
        return { type: 'done', files: [await writePng(task, name, event.picture, canonicalJson(recipe))] };
      }
    }
    throw new Error('internal: a dream ends with its result');
  } finally {
    await platform.close();
  }
}

async function joined(task: Task, { targets, model }: VisualizeRecipe): Promise<Outcome> {
  const files = [];
  const cells = [];
  for (const { recipe, files: made } of task.parts) {
    const { part } = recipe as VisualizeRecipe;
    const { file, picture } = await pictureOfPart(task, made[0]!.path, made[0]!.name);
    files.push(file);
    cells.push({ picture, caption: part!.name });
  }
  const sheet = await writeSheet(task, 'sheet.png', cells, { title: `${targets.join(', ')} of ${model.name}` });
  return { type: 'done', files: [sheet, ...files] };
}
