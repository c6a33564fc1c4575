import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  canonicalJson,
  contactSheet,
  encodePicture,
  extractRecipe,
  type Network,
  PareidoliaError,
  type Picture,
  type Recipe,
  readPicture,
  readPictureFile,
  type SheetOptions,
  sheetPlaces,
  version,
  writeWhole,
} from '../../../src/platform/node/index.js';
import { writeCell } from './dream-cells.js';

/** What an atlas is about. */
export interface AtlasFacts {
  readonly network: Network;
  readonly layer: string;
  /** How many channels the layer has. */
  readonly count: number;
  /** Width and height of each picture. */
  readonly size: number;
  readonly steps: number;
  readonly seed: number;
  /** The recipe of a channel's picture. */
  readonly recipeOf: (channel: number) => Recipe;
  /** What its file is called. */
  readonly fileOf: (channel: number) => string;
}

/** How far a channel was excited: its mean over the layer at the first step, and at the end. */
export interface Excitement {
  readonly objectiveFirst: number;
  readonly objectiveLast: number;
}

/** As many as there are on a full sheet, which is square. */
const sheetPictures = 256;

/** The pictures, sheets and the list of an atlas in their folder. */
export class AtlasFolder {
  readonly #folder: string;
  readonly #facts: AtlasFacts;
  readonly #done = new Map<number, Excitement>();
  #writing: Promise<void> = Promise.resolve();

  private constructor(folder: string, facts: AtlasFacts) {
    this.#folder = folder;
    this.#facts = facts;
  }

  /** Finds out which channels are there already, whole and made in the same way. */
  static async open(folder: string, facts: AtlasFacts): Promise<AtlasFolder> {
    const atlas = new AtlasFolder(folder, facts);
    for (const [channel, excitement] of await readList(join(folder, listName))) {
      if (channel < facts.count && (await atlas.#holds(channel))) atlas.#done.set(channel, excitement);
    }
    return atlas;
  }

  /** The channels that are there. */
  get channels(): number[] {
    return [...this.#done.keys()].sort((a, b) => a - b);
  }

  /** Writes the picture of a channel, and then that it is there. */
  async add(channel: number, picture: Picture, excitement: Excitement): Promise<void> {
    const { recipeOf, fileOf } = this.#facts;
    const file = join(this.#folder, fileOf(channel));
    await writeCell({ picture, recipe: recipeOf(channel) }, file, { metadata: true, force: true });
    this.#done.set(channel, excitement);
    // Channels come from several sides, and the list is one file.
    this.#writing = this.#writing.then(() => this.#writeList());
    await this.#writing;
  }

  /** Draws the sheets of all channels that are there. */
  async writeSheets(): Promise<string[]> {
    const { fileOf, layer, network, size, steps } = this.#facts;
    const names: string[] = [];
    for (const { name, channels } of this.#sheets()) {
      const cells = [];
      for (const channel of channels) {
        const { picture } = await readPictureFile(join(this.#folder, fileOf(channel)));
        cells.push({ picture, caption: String(channel) });
      }
      const title = titleOf(layer, network, size, steps);
      const bytes = await encodePicture(contactSheet(cells, layoutFor(channels, title)), { format: 'png' });
      await writeWhole(join(this.#folder, name), bytes, { overwrite: true });
      names.push(name);
    }
    await this.#writeList();
    return names;
  }

  async #holds(channel: number): Promise<boolean> {
    const { recipeOf, fileOf } = this.#facts;
    const name = fileOf(channel);
    const bytes = await readFile(join(this.#folder, name)).catch(() => undefined);
    if (!bytes) return false;
    try {
      if ((await extractRecipe(bytes, name)) !== canonicalJson(recipeOf(channel))) return false;
      await readPicture(bytes, { name });
      return true;
    } catch (error) {
      if (error instanceof PareidoliaError) return false;
      throw error;
    }
  }

  #sheets(): { readonly name: string; readonly channels: readonly number[] }[] {
    const { channels } = this;
    const count = Math.ceil(channels.length / sheetPictures);
    return Array.from({ length: count }, (_, i) => ({
      name: count === 1 ? 'sheet.png' : `sheet-${i + 1}.png`,
      channels: channels.slice(i * sheetPictures, (i + 1) * sheetPictures),
    }));
  }

  async #writeList(): Promise<void> {
    const { network, layer, count, size, steps, seed, fileOf } = this.#facts;
    const title = titleOf(layer, network, size, steps);
    const pictures = this.#sheets().flatMap(({ name, channels }) => {
      const cells = channels.map((channel) => ({ picture: { width: size, height: size }, caption: String(channel) }));
      const places = sheetPlaces(cells, layoutFor(channels, title));
      return channels.map((channel, i) => ({
        channel,
        file: fileOf(channel),
        ...this.#done.get(channel)!,
        sheet: name,
        ...places[i],
      }));
    });
    const list = {
      pareidolia: version,
      kind: 'atlas',
      network: { name: network.name, sha256: network.sha256 },
      ...{ layer, count, size, steps, seed, pictures },
    };
    await writeWhole(join(this.#folder, listName), new TextEncoder().encode(`${JSON.stringify(list, null, 1)}\n`), {
      overwrite: true,
    });
  }
}

const listName = 'atlas.json';

function layoutFor({ length }: readonly number[], title: string): SheetOptions {
  return { columns: Math.ceil(Math.sqrt(length)), gap: 6, textScale: 1, title };
}

function titleOf(layer: string, network: Network, size: number, steps: number): string {
  return `${layer} of ${network.name}, ${size}x${size}, ${steps} steps`;
}

/** What an earlier list says of its channels; nothing where there is none that can be read. */
async function readList(path: string): Promise<[channel: number, Excitement][]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  try {
    const { pictures } = JSON.parse(text) as { pictures: (Excitement & { channel: number })[] };
    return pictures
      .filter((each) => [each.channel, each.objectiveFirst, each.objectiveLast].every(Number.isFinite))
      .map(({ channel, objectiveFirst, objectiveLast }) => [channel, { objectiveFirst, objectiveLast }]);
  } catch {
    // Whatever it is, everything is drawn again and a new list is written.
    return [];
  }
}
