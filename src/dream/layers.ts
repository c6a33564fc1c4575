import { OptionError } from '../errors.js';
import type { Network } from '../models/index.js';
import { nearestNames } from './nearest-names.js';
import { describe } from './option.js';

/** A layer to excite, or a part of it. */
export interface WeightedLayer {
  /** The tensor's name in the network. */
  readonly name: string;
  /** How much it counts; negative suppresses it. */
  readonly weight: number;
  /** The channels that count, from 0; absent for all of them. */
  readonly channels?: readonly number[];
  /** The channels that count are those that a picture excites most or least; `resolveLayers` finds which they are. */
  readonly ranked?: {
    /** From which end of the ranking. */
    readonly which: 'strongest' | 'weakest';
    /** How many. */
    readonly count: number;
  };
  /** The one place of the layer that counts, in the layer's own grid; absent for all of it. */
  readonly place?: {
    /** Column, from 0 at the left. */
    readonly x: number;
    /** Row, from 0 at the top. */
    readonly y: number;
  };
}

/** More channels than any layer has. */
const maxChannels = 100_000;

/**
 * Reads a list of layers against a network.
 *
 * - `mixed3,mixed5:0.5` two layers, the second at half weight; a negative weight suppresses
 * - `mixed*` all layers whose names match, `*` standing for anything
 * - `mixed4[12]`, `mixed4[12 40-47]` single channels
 * - `mixed4[12]@8,9` one neuron: a channel at column 8 and row 9 of the layer's grid
 * - `mixed4[strongest 10]`, `mixed4[weakest 5]` the channels that the picture excites most or least
 * - `logits[tabby]`, `logits[tabby; tiger cat]` classes by their labels, where the network has some
 *
 * A name that itself ends in `:number` is found before the number is taken for a weight.
 *
 * @throws OptionError `option/layer` listing the nearest names, or saying what cannot be read
 */
export function parseLayers(text: string, network: Network): WeightedLayer[] {
  const layers = splitList(text).flatMap((part) => parseLayer(part, network));
  if (layers.length === 0 || layers.every(({ weight }) => weight === 0)) {
    throw new OptionError(
      'option/layer',
      `--layers: expected at least one layer with a weight, got ${describe(text)}.`,
    );
  }
  return layers;
}

/** Splits at commas, except those between channels in brackets and the one between the two numbers of a place. */
function splitList(text: string): string[] {
  return text
    .split(/(?<!@\s*\d+\s*),(?![^[\]]*\])/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function parseLayer(part: string, network: Network): WeightedLayer[] {
  const whole = network.findTensor(part);
  if (whole !== undefined) return [{ name: whole, weight: 1 }];
  const [, target = part, number] = /^(.*):([^:[@]*)$/.exec(part) ?? [];
  const selected = parseSelection(target, network);
  if (number === undefined) return selected.map((layer) => ({ ...layer, weight: 1 }));
  const weight = number.trim() === '' ? Number.NaN : Number(number);
  if (!Number.isFinite(weight)) {
    throw new OptionError(
      'option/layer',
      `--layers: expected a number after "${target.trim()}:", got ${describe(number)}.`,
    );
  }
  return selected.map((layer) => ({ ...layer, weight }));
}

/** A name or pattern, with the channels and the place that may follow it. */
function parseSelection(text: string, network: Network): Omit<WeightedLayer, 'weight'>[] {
  const whole = network.findTensor(text.trim());
  if (whole !== undefined) return [{ name: whole }];
  const [, pattern = text, channelText, x, y] =
    /^(.*?)(?:\[([^\]]*)\])?\s*(?:@\s*(\d+)\s*,\s*(\d+))?$/.exec(text.trim()) ?? [];
  const name = pattern.trim();
  const selection = {
    ...(channelText !== undefined && parseChannels(channelText, name, network)),
    ...(x !== undefined && { place: { x: Number(x), y: Number(y) } }),
  };
  return matching(name, network).map((tensor) => ({ name: tensor, ...selection }));
}

type Channels = Pick<WeightedLayer, 'channels' | 'ranked'>;

function parseChannels(text: string, name: string, network: Network): Channels {
  const [, which, count] = /^\s*(strongest|weakest)\s+(\d+)\s*$/.exec(text) ?? [];
  if (which && Number(count) > 0 && Number(count) < maxChannels) {
    return { ranked: { which: which as 'strongest' | 'weakest', count: Number(count) } };
  }
  if (/\p{L}/u.test(text) && network.labels) return { channels: parseLabels(text, network.labels) };
  const channels: number[] = [];
  for (const part of text.split(/[\s+;,]+/).filter((part) => part !== '')) {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    const [low, high] = [Number(first), Number(last)];
    if (first === undefined || high < low || channels.length + high - low >= maxChannels) {
      throw new OptionError(
        'option/layer',
        `--layers: expected channel numbers such as ${name}[12] or ${name}[3 7-9], got ${describe(text)}.`,
      );
    }
    for (let channel = low; channel <= high; channel++) channels.push(channel);
  }
  if (channels.length === 0) {
    throw new OptionError('option/layer', `--layers: expected channel numbers such as ${name}[12], got none.`);
  }
  return { channels: [...new Set(channels)] };
}

/** Classes by label, of which each may be one of several names with commas between them: `tabby` is `tabby, tabby cat`. */
function parseLabels(text: string, labels: readonly string[]): number[] {
  const namesOf = (label: string) => [label, ...label.split(',')].map((name) => name.trim().toLowerCase());
  return text.split(';').map((part) => {
    const wanted = part.trim().toLowerCase();
    const index = labels.findIndex((label) => namesOf(label).includes(wanted));
    if (index >= 0) return index;
    const near = nearestNames(part.trim(), labels, 5);
    throw new OptionError(
      'option/layer',
      `--layers: the network knows no class ${describe(part.trim())}. The nearest names are ${near.join('; ')}.`,
    );
  });
}

/** Layers as {@link parseLayers} reads them. */
export function formatLayers(layers: readonly WeightedLayer[]): string {
  return layers
    .map(({ name, weight, channels, ranked, place }) => {
      const ranking = ranked ? `[${ranked.which} ${ranked.count}]` : '';
      const numbers = channels ? `[${channels.join(' ')}]` : ranking;
      return `${name}${numbers}${place ? `@${place.x},${place.y}` : ''}${weight === 1 ? '' : `:${weight}`}`;
    })
    .join(',');
}

function matching(name: string, network: Network): string[] {
  const tensor = network.findTensor(name);
  if (tensor !== undefined) return [tensor];
  if (name.includes('*')) {
    const pieces = name.split('*');
    const found = network.tensorNames.filter((candidate) => consistsOf(candidate, pieces));
    if (found.length > 0) return found;
  }
  const near = nearestNames(name, network.tensorNames, 5);
  throw new OptionError(
    'option/layer',
    `--layers: the network has no layer ${describe(name)}. The nearest names are ${near.join(', ')}; \`pareidolia layers\` lists them all.`,
  );
}

/** Whether a name is made of these pieces in this order, with anything between them. */
function consistsOf(name: string, pieces: readonly string[]): boolean {
  const [first, ...others] = pieces as [string, ...string[]];
  const last = others.pop() ?? '';
  let end = first.length;
  for (const piece of others) {
    const start = name.indexOf(piece, end);
    if (start < 0) return false;
    end = start + piece.length;
  }
  return name.startsWith(first) && name.endsWith(last) && end + last.length <= name.length;
}
