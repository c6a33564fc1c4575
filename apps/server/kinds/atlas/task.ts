import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ChannelsPlan,
  canonicalJson,
  createNodePlatform,
  createRecipe,
  directionOfChannel,
  type Network,
  type NodePlatform,
  OptionError,
  type Picture,
  planChannels,
  recipeModel,
  visualizeChannels,
} from '../../../../src/platform/node/index.js';
import type { MadeFile, Outcome, Task } from '../../worker/protocol.js';
import { loadNamed, memoryLimit } from '../materials.js';
import { channelInput, noiseInput } from '../noise.js';
import { fileNameOf, pictureOfPart, writeJson, writePng, writeSheet } from '../picture-file.js';
import type { TaskTools } from '../task-tools.js';
import type { AtlasRecipe } from './recipe.js';

/** A channel as a part has drawn it. */
interface DrawnChannel {
  readonly channel: number;
  readonly file: string;
  readonly objectiveFirst: number;
  readonly objectiveLast: number;
}

/** Few enough that many workers have something to do, and that not much is lost with one; starting costs a second. */
const channelsOfPart = 16;
/** As many as there are on a full sheet, which is square. */
const channelsOfSheet = 256;
const listName = 'channels.json';

/** Draws the channels of a layer: a part for every few of them, and sheets of all. */
export async function atlasTask(task: Task, tools: TaskTools): Promise<Outcome> {
  const recipe = task.recipe as AtlasRecipe;
  if (task.stage === 'join') return joined(task, recipe);
  const network = await loadNamed(recipe.model);
  const { picture: start } = noiseInput(recipe.size, recipe.options.seed!);
  const planned = planChannels(network, start, recipe.options, memoryLimit());
  if (recipe.part) return drawn(task, tools, network, planned, start);
  const channels = channelsIn(recipe.channels, planned.count, planned.layer);
  const parts = Array.from({ length: Math.ceil(channels.length / channelsOfPart) }, (_, i) => {
    const part = channels.slice(i * channelsOfPart, (i + 1) * channelsOfPart);
    return { recipe: { ...recipe, part }, inputs: [] };
  });
  return { type: 'parts', parts };
}

/** Draws the channels of a part, but for those that an earlier attempt has drawn. */
async function drawn(
  task: Task,
  tools: TaskTools,
  network: Network,
  planned: ChannelsPlan,
  start: Picture,
): Promise<Outcome> {
  const { part, size, options } = task.recipe as AtlasRecipe;
  const done = await drawnBefore(task);
  const missing = part!.filter((channel) => !done.some((each) => each.channel === channel));
  const most = Math.max(1, Math.min(task.threads, missing.length, Math.floor(memoryLimit() / planned.plan.peakBytes)));
  const platforms: NodePlatform[] = [];
  try {
    while (platforms.length < most)
      platforms.push(await createNodePlatform({ threads: 1, scratchFolder: task.folder }));
    // Channels come from several sides, and the list is one file.
    let keeping = Promise.resolve();
    await visualizeChannels(planned, missing, start, {
      platforms,
      signal: tools.stop,
      drawn: async ({ channel, picture, objectiveFirst, objectiveLast }) => {
        const recipe = createRecipe({
          options: planned.plan.options,
          output: { format: 'png', depth: '8', quality: null },
          model: recipeModel(network),
          input: noiseInput(size, options.seed!).input,
          direction: channelInput(channel, planned.count, directionOfChannel(channel, planned.count)),
          runtime: { name: platforms[0]!.runtime, version: platforms[0]!.runtimeVersion, threads: 1 },
        });
        const name = `${fileNameOf(planned.layer)}-${String(channel).padStart(4, '0')}.png`;
        const { path } = await writePng(task, name, picture, canonicalJson(recipe));
        keeping = keeping.then(async () => {
          done.push({ channel, file: name, objectiveFirst, objectiveLast });
          await keep(task, tools, name, path);
          await keep(task, tools, listName, (await writeJson(task, listName, done)).path);
          const count = part!.length;
          tools.progress({
            progress01: done.length / count,
            done: done.length,
            total: count,
            objective: objectiveLast,
          });
        });
        await keeping;
      },
    });
  } catch (error) {
    if (tools.stop.aborted) return { type: 'stopped' };
    throw error;
  } finally {
    await Promise.all(platforms.map((each) => each.close()));
  }
  done.sort((a, b) => a.channel - b.channel);
  const files: MadeFile[] = done.map(({ file }) => ({
    ...{ name: file, path: join(task.folder, file), mediaType: 'image/png', width: size, height: size },
  }));
  return { type: 'done', files: [await writeJson(task, listName, done), ...files] };
}

/** Has a copy kept to go on from; the file itself is a result. */
async function keep(task: Task, tools: TaskTools, name: string, path: string): Promise<void> {
  const copy = join(task.folder, `kept-${name}`);
  await copyFile(path, copy);
  await tools.checkpoint(name, copy);
}

async function drawnBefore(task: Task): Promise<DrawnChannel[]> {
  const list = task.checkpoint[listName];
  if (list === undefined) return [];
  const done: DrawnChannel[] = [];
  for (const each of JSON.parse(await readFile(list, 'utf8')) as DrawnChannel[]) {
    const path = task.checkpoint[each.file];
    if (path === undefined) continue;
    await copyFile(path, join(task.folder, each.file));
    done.push(each);
  }
  return done;
}

async function joined(task: Task, { layer, size, model, options }: AtlasRecipe): Promise<Outcome> {
  const channels: (DrawnChannel & { readonly picture: Picture })[] = [];
  const files: MadeFile[] = [];
  for (const { files: made } of task.parts) {
    const paths = new Map(made.map(({ name, path }) => [name, path]));
    for (const each of JSON.parse(await readFile(paths.get(listName)!, 'utf8')) as DrawnChannel[]) {
      const { file, picture } = await pictureOfPart(task, paths.get(each.file)!, each.file);
      files.push(file);
      channels.push({ ...each, picture });
    }
  }
  const title = `${layer} of ${model.name}, ${size}x${size}, ${options.steps} steps`;
  const sheets: MadeFile[] = [];
  const count = Math.ceil(channels.length / channelsOfSheet);
  for (let i = 0; i < count; i++) {
    const shown = channels.slice(i * channelsOfSheet, (i + 1) * channelsOfSheet);
    const cells = shown.map(({ picture, channel }) => ({ picture, caption: String(channel) }));
    const name = count === 1 ? 'sheet.png' : `sheet-${i + 1}.png`;
    const columns = Math.ceil(Math.sqrt(shown.length));
    sheets.push(await writeSheet(task, name, cells, { columns, gap: 6, textScale: 1, title }));
  }
  const list = channels.map(({ picture: _, ...each }) => each);
  const atlas = await writeJson(task, 'atlas.json', {
    kind: 'atlas',
    layer,
    size,
    steps: options.steps,
    channels: list,
  });
  return { type: 'done', files: [...sheets, atlas, ...files] };
}

/** Channels by their numbers: `all`, or such as `0-63,100`. */
function channelsIn(text: string, count: number, layer: string): number[] {
  if (text === 'all') return [...Array(count).keys()];
  const channels = text.split(',').flatMap((part) => {
    const [, first, last = first] = /^\s*(\d+)(?:\s*-\s*(\d+))?\s*$/.exec(part) ?? [];
    const [low, high] = [Number(first), Number(last)];
    if (first === undefined || high < low || high >= count) {
      const message = `channels: expected channels from 0 to ${count - 1} of ${layer}, such as 0-63,100, got "${text}".`;
      throw new OptionError('option/invalid', message);
    }
    return Array.from({ length: high - low + 1 }, (_, i) => low + i);
  });
  return [...new Set(channels)].sort((a, b) => a - b);
}
