import { join } from 'node:path';
import {
  activations,
  channelMeans,
  contactSheet,
  createNodePlatform,
  fitted,
  heatMap,
  heatOverlay,
  type LayerActivations,
  type Picture,
  pictureOf,
  resize,
  stacked,
  writeNpy,
  writeWhole,
} from '../../../../src/platform/node/index.js';
import type { MadeFile, Outcome, Task } from '../../worker/protocol.js';
import { loadNamed, memoryLimit, readInput } from '../materials.js';
import { fileNameOf, writeJson, writePng } from '../picture-file.js';
import type { ActivationsRecipe } from './recipe.js';

/** Draws a contact sheet of the activations that a picture causes, and lists the means of all channels. */
export async function activationsTask(task: Task): Promise<Outcome> {
  const recipe = task.recipe as ActivationsRecipe;
  const network = await loadNamed(recipe.model);
  const platform = await createNodePlatform({ threads: task.threads, scratchFolder: task.folder });
  try {
    const picture = pictureOf(await readInput(task, recipe.input, recipe.size));
    const limits = { memoryBytes: memoryLimit() };
    const looked = await activations(network, picture, recipe.layers, platform, limits);
    const small = shrunk(looked.picture, recipe.cell);
    const sheets = looked.layers.map((layer) => sheetOf(layer, small, recipe));
    const layers = looked.layers.map((layer) => ({
      name: layer.name,
      shape: layer.shape,
      field: layer.field,
      ...(recipe.npy && { npy: arrayName(layer) }),
      means: [...channelMeans(layer)],
    }));
    const { width, height } = looked.picture;
    const files = [
      await writePng(task, 'activations.png', stacked(sheets)),
      await writeJson(task, 'activations.json', { kind: 'activations', width, height, layers }),
    ];
    if (recipe.npy) for (const layer of looked.layers) files.push(await writeArray(task, layer));
    return { type: 'done', files };
  } finally {
    await platform.close();
  }
}

/** What the file of a layer's activations is called. */
function arrayName({ name }: LayerActivations): string {
  return `activations-${fileNameOf(name)}.npy`;
}

async function writeArray(task: Task, layer: LayerActivations): Promise<MadeFile> {
  const name = arrayName(layer);
  const path = join(task.folder, name);
  await writeWhole(path, writeNpy(layer.shape, layer.data), { overwrite: true });
  return { name, path, mediaType: 'application/octet-stream' };
}

/** The picture, and the maps of a layer's strongest channels. */
function sheetOf(layer: LayerActivations, photo: Picture, { top, overlay, input }: ActivationsRecipe): Picture {
  const means = channelMeans(layer);
  const strongest = layer.channels.toSorted((a, b) => means[b]! - means[a]!).slice(0, top);
  const maps = strongest.map((channel) => ({
    picture: overlay ? heatOverlay(layer, channel, photo) : heatMap(layer, channel, photo),
    caption: `${channel}  ${means[channel]!.toPrecision(2)}`,
  }));
  const [count, height, width] = layer.shape;
  const title = `${layer.name}: ${strongest.length} of ${count} channels, ${width}x${height}`;
  const columns = Math.max(4, Math.ceil(Math.sqrt(maps.length + 1)));
  return contactSheet([{ picture: photo, caption: input.name }, ...maps], { columns, title });
}

function shrunk(picture: Picture, longest: number): Picture {
  const { width, height } = fitted(picture, longest);
  return { width, height, data: resize(picture.data, picture, { width, height }) };
}
