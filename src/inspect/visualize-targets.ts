import { nearestNames, type WeightedLayer } from '../dream/index.js';
import { OptionError } from '../errors.js';
import type { Size } from '../image/index.js';
import type { Network } from '../models/index.js';

/** What one picture is to show: parts of layers that are excited together. */
export interface VisualizationTarget {
  /** As it can be asked for by itself, such as `mixed4:12+mixed5:3*0.5`. */
  readonly name: string;
  /** The dream option `layers` that climbs it. */
  readonly layers: string;
  /**
   * The dream option `objective`: the mean of the squares where a whole layer is among its parts (Lucid's `deepdream`),
   * else the mean.
   */
  readonly objective: 'mean' | 'mean-square';
}

/** One of the parts that a target adds up. */
interface Part extends WeightedLayer {
  /** The selection as it is told: `12`, or a class's name; absent for a whole layer. */
  readonly told?: string | undefined;
}

/** More pictures than anyone looks at are a slip of the finger. */
const mostTargets = 10_000;

/**
 * Reads what is to be visualized.
 *
 * - `mixed4` a whole layer, `mixed4:12` a channel, `mixed4:12@8,9` the neuron of that channel in column 8 and row 9 of the
 *   layer's grid, `mixed4:12@` the neuron in its middle
 * - `mixed4:0-15,40` a picture for each of these channels
 * - `logits:285`, `logits:tabby cat` a class by its number or, where the network has them, its name
 * - `mixed4:12+mixed5:3*0.5` both in one picture, the second at half weight; `mixed4:12-mixed5:3` suppresses the second
 *
 * Where several parts of a sum stand for several channels, there is a picture for each combination.
 *
 * @param size of the pictures, which the middle of a layer depends on
 * @throws OptionError `option/layer` for what cannot be read, and layers and classes that the network does not have
 */
export function parseTargets(text: string, network: Network, size: Size): VisualizationTarget[] {
  const terms = termsOf(text, network).map((term) => parseTerm(term, network, size));
  const count = terms.reduce((product, parts) => product * parts.length, 1);
  if (count > mostTargets) throw refused(text, `at most ${mostTargets} pictures`, `${count}`);
  const combinations = terms.reduce<Part[][]>(
    (lists, parts) => lists.flatMap((list) => parts.map((part) => [...list, part])),
    [[]],
  );
  return combinations.map((parts) => ({
    name: parts.map(nameOf).join('+').replaceAll('+-', '-'),
    layers: parts.map(layersOf).join(','),
    objective: parts.some(({ channels }) => !channels) ? 'mean-square' : 'mean',
  }));
}

/** Splits a sum. A minus sign counts only after a number or place, as it may stand in names and ranges. */
function termsOf(text: string, network: Network): string[] {
  if (network.findTensor(text.trim()) !== undefined) return [text.trim()];
  return text
    .replace(/(?<=[:@*][^+]*[\d@]\s*)-(?=\s*[^\d\s.])/g, '+-')
    .split('+')
    .map((term) => term.trim());
}

/** One term of a sum: a part for each of its channels. */
function parseTerm(text: string, network: Network, size: Size): Part[] {
  if (text === '') throw refused(text, 'a target such as mixed4:12', 'none');
  const whole = network.findTensor(text);
  if (whole !== undefined) return [{ name: whole, weight: 1 }];
  const [, minus = '', rest = text, factor = '1'] = /^(-?)(.*?)(?:\*\s*(-?\d*\.?\d+(?:e-?\d+)?))?$/.exec(text) ?? [];
  const weight = Number(factor) * (minus ? -1 : 1);
  const [, layer = rest, selection, at, x, y] =
    /^(.*?)(?::([^:@]*))?(@\s*(?:(\d+)\s*,\s*(\d+))?)?$/.exec(rest.trim()) ?? [];
  const name = tensorOf(layer.trim(), text, network);
  const place =
    at === undefined ? {} : { place: x === undefined ? middleOf(name, network, size) : { x: Number(x), y: Number(y) } };
  const parts: Part[] =
    selection === undefined
      ? [{ name, weight, ...place }]
      : selectionOf(selection.trim().replace(/^(["'])(.*)\1$/, '$2'), text, network).map(({ channel, told }) => ({
          ...{ name, weight, ...place },
          ...{ channels: [channel], told },
        }));
  checkParts(parts, text, network, size);
  return parts;
}

/** Refuses channels and places that the layer does not have. The parts are of one layer and one place. */
function checkParts(parts: readonly Part[], text: string, network: Network, { width, height }: Size): void {
  const { name, place } = parts[0]!;
  const [, count = 0, rows = 0, columns = 0] = network.at(width, height, [name]).values[0]!.shape;
  const most = Math.max(...parts.flatMap(({ channels = [0] }) => channels));
  if (most >= count) throw refused(text, `channels from 0 to ${count - 1} of ${name}`, `${most}`);
  if (!place || (place.x < columns && place.y < rows)) return;
  throw refused(text, `places up to @${columns - 1},${rows - 1} of ${name}`, `@${place.x},${place.y}`);
}

function tensorOf(layer: string, text: string, network: Network): string {
  const tensor = network.findTensor(layer);
  if (tensor !== undefined) return tensor;
  const near = nearestNames(layer, network.tensorNames, 5).join(', ');
  throw refused(
    text,
    'the name of a layer',
    `${shown(layer)}, which the network does not have. The nearest names are ${near}; \`pareidolia layers\` lists them all`,
  );
}

function middleOf(name: string, network: Network, { width, height }: Size): { x: number; y: number } {
  const [, , rows, columns] = network.at(width, height, [name]).values[0]!.shape;
  if (!rows || !columns) throw refused(`${name}@`, 'a layer with height and width', 'one without');
  return { x: Math.floor(columns / 2), y: Math.floor(rows / 2) };
}

/** Channels by number, or the class of a name. */
function selectionOf(selection: string, text: string, network: Network): { channel: number; told: string }[] {
  if (!/^[\d\s,-]+$/.test(selection)) {
    return [{ channel: classOf(selection, text, network), told: selection }];
  }
  const channels = selection.split(',').flatMap((part) => {
    const [, first, last = first] = /^\s*(\d+)(?:\s*-\s*(\d+))?\s*$/.exec(part) ?? [];
    const count = Number(last) - Number(first) + 1;
    if (!(count >= 1 && count <= mostTargets)) {
      throw refused(text, 'channels such as 12 or 0-15,40', shown(selection));
    }
    return Array.from({ length: count }, (_, i) => Number(first) + i);
  });
  return [...new Set(channels)].map((channel) => ({ channel, told: String(channel) }));
}

/** The number of a class that has this name, or has it among several with commas between them. */
function classOf(label: string, text: string, network: Network): number {
  const { labels } = network;
  if (!labels || label === '') {
    throw refused(text, 'channel numbers such as 12 or 0-15,40', label === '' ? 'none' : shown(label));
  }
  const wanted = label.toLowerCase();
  const named = labels.map((each) => each.toLowerCase());
  const exact = named.indexOf(wanted);
  const found = exact >= 0 ? exact : named.findIndex((each) => each.split(/,\s*/).includes(wanted));
  if (found >= 0) return found;
  const names = labels.flatMap((each) => each.split(/,\s*/));
  const near = nearestNames(label, names, 3).join('; ');
  throw refused(text, 'a class of the network', `${shown(label)}. The nearest are ${near}`);
}

function nameOf({ name, told, place, weight }: Part): string {
  const chosen = told === undefined ? '' : `:${told}`;
  const where = place ? `@${place.x},${place.y}` : '';
  const factor = Math.abs(weight) === 1 ? '' : `*${Math.abs(weight)}`;
  return `${weight < 0 ? '-' : ''}${name}${chosen}${where}${factor}`;
}

function layersOf({ name, channels, place, weight }: Part): string {
  const chosen = channels ? `[${channels.join(' ')}]` : '';
  const where = place ? `@${place.x},${place.y}` : '';
  return `${name}${chosen}${where}${weight === 1 ? '' : `:${weight}`}`;
}

function refused(text: string, expected: string, got: string): OptionError {
  return new OptionError('option/layer', `${text === '' ? 'targets' : shown(text)}: expected ${expected}, got ${got}.`);
}

/** Text from a command line as a message may show it. */
function shown(text: string): string {
  const cut = text.length > 100 ? `${text.slice(0, 100)}…` : text;
  return `"${cut.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')}"`;
}
